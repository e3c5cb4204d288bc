"""The PDF reader: text in reading order, with the page of each block.

The stored text is put together: columns one after the other, words whole again that were parted
at the end of a line, and neither running heads nor page numbers.
"""

from __future__ import annotations

from pullquote.errors import ArticleError
from pullquote.ingest.pdf.document import Pages, open_document
from pullquote.ingest.pdf.order import in_reading_order
from pullquote.ingest.pdf.paragraphs import to_pieces
from pullquote.ingest.pdf.running import drop_running
from pullquote.ingest.pieces import compose
from pullquote.ingest.source import SourceFile
from pullquote.schema import Article

__all__ = ["read_pdf"]


def read_pdf(file: SourceFile) -> tuple[Article, ...]:
    """The one article of a PDF file.

    Raises ArticleError where it is no PDF or damaged, is protected by a password, is too large,
    or no page of it holds text.
    """
    with open_document(file) as document:
        pages = document.read_pages()
        properties = document.properties()
    if not any(page.runs for page in pages.texts):
        raise ArticleError(file.id, _why_empty(pages))
    columns = [in_reading_order(page.runs) for page in drop_running(pages.texts)]
    article = compose(file, to_pieces(columns), properties=properties)
    return (article.model_copy(update={"unread_pages": pages.unread}),)


def _why_empty(pages: Pages) -> str:
    """Why no page holds text."""
    if pages.nameless:
        return "its letters have no names, so that its words cannot be read; run OCR over it"
    if pages.damaged:
        return "its pages are damaged"
    if pages.unread:
        return "its pages are pictures; run OCR (text recognition) over it"
    return "its pages are blank"
