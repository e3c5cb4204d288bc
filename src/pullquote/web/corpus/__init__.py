"""The Corpus page: lists articles and their states, rebuilds the index, accepts files and links.

The server renders the page with links and forms, and splits the list into pages, so an index may
have a million articles. The page's script sends files and links; apart from that it only avoids
reloads.
"""

from pullquote.web.corpus.routes import CORPUS, CorpusPage

PAGES = CorpusPage

__all__ = ["CORPUS", "PAGES", "CorpusPage"]
