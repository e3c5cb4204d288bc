"""HTML that notebooks show for replies, reported values, checks and evaluations."""

from __future__ import annotations

import re

_DOLLAR = re.compile(r"\$(?![^<>]*>)")
"""A dollar sign in a text. JupyterLab would set what is between two of them as a formula."""


def notebook_html(macro: str, *values: object) -> str:
    """The HTML that a macro of `base/templates/notebook.html` makes from these values."""
    from pullquote.base.templating import render  # noqa: PLC0415 - only notebooks need jinja2

    return _DOLLAR.sub("<span>$</span>", str(render("notebook.html", macro, *values)))
