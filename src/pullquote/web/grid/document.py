"""The HTML of the Grid page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from pullquote.web.grid.query import MAX_GRID_CELLS, MAX_GRID_COLUMNS, MAX_GRID_QUESTIONS
from pullquote.web.pages import PageFrame
from pullquote.web.templating import render

GRID: Final = "grid"
STYLE: Final = "grid.css"
SCRIPT: Final = "grid.js"


def grid_frame() -> PageFrame:
    """The frame of the page."""
    return PageFrame("Grid", GRID, styles=(STYLE,), scripts=(SCRIPT,))


def document_html(frame: PageFrame, sources: Sequence[str]) -> Markup:
    """The page, with the sources to choose from."""
    limits = {
        "questions": MAX_GRID_QUESTIONS,
        "columns": MAX_GRID_COLUMNS,
        "cells": MAX_GRID_CELLS,
    }
    return render("grid/document.html", "document", frame, sources, limits)
