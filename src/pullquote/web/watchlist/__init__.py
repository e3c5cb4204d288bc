"""The page of the standing questions, and its feed."""

from pullquote.web.watchlist.routes import WatchlistPage

PAGES = WatchlistPage

__all__ = ["PAGES", "WatchlistPage"]
