"""HTML from the templates in `web/templates/`; see `pullquote.base.templating`."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from pullquote.base.dates.day_text import moment_text
from pullquote.base.plurals import counted
from pullquote.base.templating import TemplateFolder


def render(template: str, macro: str, /, *values: object) -> Markup:
    """The HTML that a template's macro makes from these values."""
    return _templates().render(template, macro, *values)


@cache
def _templates() -> TemplateFolder:
    return TemplateFolder(
        "pullquote.web",
        {
            "counted": counted,
            "fixed": lambda number, digits: f"{number:.{digits}f}",
            "iso": lambda moment: moment.isoformat(),
            "moment": moment_text,
            "thousands": lambda number: f"{number:,}",
        },
    )
