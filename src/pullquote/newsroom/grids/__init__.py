"""Grids: many questions, each asked of many articles, sources or months."""

from pullquote.newsroom.grids.make import GridRun, grid
from pullquote.newsroom.grids.saved import SavedGrid

__all__ = ["GridRun", "SavedGrid", "grid"]
