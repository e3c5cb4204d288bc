"""HTML that notebooks show for a reply or an answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pullquote.templating import TemplateFolder


def notebook_html(macro: str, *values: object) -> str:
    """The HTML that a macro of `templates/notebook.html` makes from these values."""
    return str(_templates().render("notebook.html", macro, *values))


@cache
def _templates() -> TemplateFolder:
    from pullquote.templating import TemplateFolder  # noqa: PLC0415 - only notebooks need jinja2

    return TemplateFolder("pullquote", {"percent": lambda share: f"{share:.0%}"})
