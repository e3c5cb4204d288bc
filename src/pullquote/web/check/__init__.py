"""The Check page: an editor pastes or drops a draft, and sees the verdict on each quotation.

The server renders it with a form, so it needs no script. No draft is kept.
"""

from pullquote.web.check.routes import CheckPages

PAGES = CheckPages

__all__ = ["PAGES", "CheckPages"]
