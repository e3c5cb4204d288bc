"""HTML that notebooks show for replies, reported values, checks and evaluations."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from pullquote.base.dates.day_text import day_text

_DOLLAR = re.compile(r"\$(?![^<>]*>)")
"""A dollar sign in a text. JupyterLab would set what is between two of them as a formula."""

if TYPE_CHECKING:
    from pullquote.base.templating import TemplateFolder


def notebook_html(macro: str, *values: object) -> str:
    """The HTML that a macro of `templates/notebook.html` makes from these values."""
    return _DOLLAR.sub("<span>$</span>", str(_templates().render("notebook.html", macro, *values)))


@cache
def _templates() -> TemplateFolder:
    from pullquote.base.templating import TemplateFolder  # noqa: PLC0415 - only notebooks need jinja2

    return TemplateFolder("pullquote.base", {"percent": lambda share: f"{share:.0%}", "day": _day})


def _day(moment: datetime | date | None) -> str:
    """The day of a moment in words; "" if it is unknown."""
    return "" if moment is None else day_text(moment)
