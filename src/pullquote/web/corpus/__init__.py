"""The Corpus page: what the articles are, what has become of each, and how to bring in more.

It is made of links and forms on the server, and a list is cut there, so that an index may hold a
million articles. Its script only spares reloading.
"""

from pullquote.web.corpus.routes import CORPUS, CorpusPage

__all__ = ["CORPUS", "CorpusPage"]
