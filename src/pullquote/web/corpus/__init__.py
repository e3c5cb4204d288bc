"""The Corpus page: lists the articles and their states, rebuilds the index, accepts uploads.

The server renders the page with links and forms, and splits the list into pages, so an index may
have a million articles. The page's script uploads files; apart from that it only avoids reloads.
"""

from pullquote.web.corpus.routes import CORPUS, CorpusPage

__all__ = ["CORPUS", "CorpusPage"]
