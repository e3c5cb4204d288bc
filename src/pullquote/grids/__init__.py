"""Grids: many questions, each asked of many articles, sources or months."""

from pullquote.grids.make import GridRun, grid
from pullquote.grids.saved import SavedGrid

__all__ = ["GridRun", "SavedGrid", "grid"]
