"""HTML that notebooks show for a reply or an answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pullquote.english import day_text
from pullquote.plurals import counted

if TYPE_CHECKING:
    from pullquote.templating import TemplateFolder


def notebook_html(macro: str, value: object) -> str:
    """The HTML that a macro of `templates/notebook.html` makes from a value."""
    return str(_templates().render("notebook.html", macro, value))


@cache
def _templates() -> TemplateFolder:
    from pullquote.templating import TemplateFolder  # noqa: PLC0415 - only notebooks need jinja2

    return TemplateFolder(
        "pullquote",
        {"counted": counted, "day": day_text, "percent": lambda share: f"{share:.0%}"},
    )
