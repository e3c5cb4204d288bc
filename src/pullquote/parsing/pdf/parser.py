"""Parses PDF files: text in reading order, with the page number of each block.

The stored text contains the columns one after another. Words that were split at the end of a line
are joined. Running heads, page numbers and line numbers are dropped. A row of a table is one block.
Where the order of the text is doubtful, a block begins that says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from pullquote.parsing.blocks import article_from_blocks
from pullquote.parsing.formats import Format
from pullquote.parsing.pdf.content import PdfContent, extract_pdf
from pullquote.parsing.pdf.layout.reading_order import order_columns
from pullquote.parsing.pdf.layout.running_heads import drop_running_heads
from pullquote.parsing.pdf.layout.text_blocks import text_blocks
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article, Block
from pullquote.schema.errors import ArticleError

FORMAT = Format(
    name="pdf",
    suffixes=(".pdf",),
    summary=(
        "text is read column by column, tables row by row. Hyphenated words are joined. Running "
        "heads and line numbers are left out. A citation has the page number, and says if the "
        'layout is uncertain. With the setting `ocr = "eng"`, OCR reads pages that are pictures; '
        "without it, such pages are reported"
    ),
)

_ADVICE = 'the setting ocr = "eng" has them read by text recognition (OCR)'


def parse_pdf(file: SourceFile) -> tuple[Article, ...]:
    """Parse a PDF file into one article.

    Raises:
        ArticleError: the file is not a PDF, is damaged, protected or too large, or contains no
            text.
    """
    content = extract_pdf(file)
    if not any(page.runs for page in content.pages):
        raise ArticleError(file.id, _why_empty(content))
    columns = [order_columns(page.runs, page.rules) for page in drop_running_heads(content.pages)]
    article = article_from_blocks(file, text_blocks(columns), properties=content.properties())
    blocks = tuple(_with_certainty(block, content.recognised) for block in article.blocks)
    return (article.model_copy(update={"blocks": blocks, "unread_pages": content.unread}),)


def _with_certainty(block: Block, recognised: Mapping[int, float]) -> Block:
    """A block with the certainty of its page, if that was read as a picture."""
    if block.page is None or block.page not in recognised:
        return block
    return block.model_copy(update={"recognised": recognised[block.page]})


def _why_empty(content: PdfContent) -> str:
    """The reason why no page has text."""
    if content.unmapped:
        return f"its letters have no Unicode values, so its words cannot be read; {_ADVICE}"
    if content.damaged:
        return "its pages are damaged"
    if content.unread:
        return f"its pages are pictures; {_ADVICE}"
    return "its pages are blank"
