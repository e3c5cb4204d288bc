"""The Grid page: many questions, each asked of many articles, sources or months.

The server keeps nothing. The page's script asks for one cell after the other, and saves them in the
browser's tab, so that a reload continues.
"""

from pullquote.web.grid.routes import GridPages

PAGES = GridPages

__all__ = ["PAGES", "GridPages"]
