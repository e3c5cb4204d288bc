"""The Corpus page: lists the articles and their states, rebuilds the index, accepts uploads.

The server renders it with links and forms and pages the list, so an index may have a million
articles. Its script only avoids reloading.
"""

from pullquote.web.corpus.routes import CORPUS, CorpusPage

__all__ = ["CORPUS", "CorpusPage"]
