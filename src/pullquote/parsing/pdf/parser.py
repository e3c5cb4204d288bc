"""The PDF reader: text in reading order, with the page of each block.

The stored text is put together: columns one after the other, words whole again that were parted
at the end of a line, and neither running heads nor page numbers.
"""

from __future__ import annotations

from pullquote.errors import ArticleError
from pullquote.parsing.blocks import compose
from pullquote.parsing.formats import Format
from pullquote.parsing.pdf.document import PdfContent, extract_pdf
from pullquote.parsing.pdf.order import in_reading_order
from pullquote.parsing.pdf.paragraphs import to_pieces
from pullquote.parsing.pdf.running import drop_running
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article

FORMAT = Format(
    name="pdf",
    suffixes=(".pdf",),
    summary=(
        "column by column, words whole again that a line parted, without running heads; a "
        "citation also says the page. Pages that are pictures are named: run OCR over them"
    ),
)


def parse_pdf(file: SourceFile) -> tuple[Article, ...]:
    """The one article of a PDF file.

    Raises ArticleError where it is no PDF or damaged, is protected by a password, is too large,
    or no page of it holds text.
    """
    document = extract_pdf(file)
    if not any(page.runs for page in document.texts):
        raise ArticleError(file.id, _why_empty(document))
    columns = [in_reading_order(page.runs) for page in drop_running(document.texts)]
    article = compose(file, to_pieces(columns), properties=document.properties())
    return (article.model_copy(update={"unread_pages": document.unread}),)


def _why_empty(document: PdfContent) -> str:
    """Why no page holds text."""
    if document.nameless:
        return "its letters have no names, so that its words cannot be read; run OCR over it"
    if document.damaged:
        return "its pages are damaged"
    if document.unread:
        return "its pages are pictures; run OCR (text recognition) over it"
    return "its pages are blank"
