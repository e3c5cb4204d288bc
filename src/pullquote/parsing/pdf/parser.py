"""Parses PDF files: text in reading order, with the page number of each block.

The stored text contains the columns one after another. Words that were split at the end of a line
are joined. Running heads, page numbers and line numbers are dropped. A row of a table is one block.
Where the order of the text is doubtful, a block begins that says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pypdfium2
from pypdfium2 import raw

from pullquote.parsing.blocks import article_from_blocks
from pullquote.parsing.decode import wrong_kind
from pullquote.parsing.documents.properties import metadata_from_properties, parse_property_date
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.pdf.layout.reading_order import order_columns
from pullquote.parsing.pdf.layout.running_heads import drop_running_heads
from pullquote.parsing.pdf.layout.text_blocks import text_blocks
from pullquote.parsing.pdf.layout.text_runs import PageText, extract_words
from pullquote.parsing.pdf.ocr import recognise_page
from pullquote.parsing.source import Format, SourceFile
from pullquote.schema import Article, Block, Moment
from pullquote.schema.errors import ArticleError

_MAGIC = b"%PDF-"
_MAGIC_WITHIN = 1024
"""How many bytes PDFium searches for the mark, since mail gateways put lines above it."""
_MOST_PAGES = 5_000
"""Maximum number of pages in a file. A year of a weekly paper has fewer; a hostile file may claim
any number."""
_MOST_ON_A_PAGE = 200_000
"""Maximum number of characters on a page. A broadsheet page has 30,000."""
_MOST_CHARACTERS = 10_000_000
"""Maximum number of characters in a file. The Bible has half as many."""
_MOST_DRAWN = 2_000
"""How many objects of a page without text are searched for pictures."""
_MOST_RECOGNISED = 1_000
"""Maximum number of pages of a file that are read as pictures, which takes seconds for each."""
_OUTLINES = 50
"""If a page without text has more shapes than this, its letters are drawn as outlines."""
_DATE = re.compile(
    r"(?:D:)?(?P<day>[0-9]{8})(?P<clock>[0-9]{4,6})?(?P<zone>Z|[+-][0-9]{2}'?[0-9]{2})?.*",
    re.DOTALL,
)


def extract_pdf(file: SourceFile) -> PdfContent:
    """Extract the text and the properties of a PDF file.

    PDFium cannot be interrupted. If each form in a file of 2 KB draws the next form ten times,
    PDFium is busy for hours. The time limit of worker processes ends this.

    Raises:
        ArticleError: the file is not a PDF, is damaged or protected, or has too much text.
    """
    if _MAGIC not in file.content[:_MAGIC_WITHIN]:
        raise ArticleError(file.id, wrong_kind(file.content, expected="a PDF document"))
    try:
        pdf = pypdfium2.PdfDocument(file.content)
    except pypdfium2.PdfiumError as error:
        raise ArticleError(file.id, _why(error)) from error
    try:
        return PdfContent(pdf, file)
    finally:
        pdf.close()


def _why(error: pypdfium2.PdfiumError) -> str:
    """The reason for an error from PDFium."""
    if error.err_code == raw.FPDF_ERR_PASSWORD:
        return "it is protected by a password"
    if error.err_code == raw.FPDF_ERR_SECURITY:
        return "it is encrypted in an unknown way"
    return "it is a damaged PDF document, or cut off"


class PdfContent:
    """The text of all pages, the numbers of unreadable pages, and the properties in `info`.

    An unreadable page is a picture, or is damaged. `unmapped` is true if the file states no Unicode
    value for some letters. `recognised` has the certainty of each page that was read as a picture.
    """

    def __init__(self, pdf: pypdfium2.PdfDocument, file: SourceFile) -> None:
        self._pdf = pdf
        self._file = file
        self.pages: list[PageText] = []
        self.unread: list[int] = []
        self.damaged = False
        self.recognised: dict[int, float] = {}
        if len(pdf) > _MOST_PAGES:
            raise ArticleError(file.id, f"it has more than {_MOST_PAGES} pages")
        characters = 0
        for number in range(1, len(pdf) + 1):
            text = self._extract_page(number)
            if text is None:
                self.unread.append(number)
                text = PageText((), 1.0, unmapped=0)
            characters += sum(len(run.text) for run in text.runs)
            if characters > _MOST_CHARACTERS:
                raise ArticleError(file.id, f"it has more than {_MOST_CHARACTERS} characters")
            self.pages.append(text)
        self.unmapped = any(text.unmapped for text in self.pages)
        self.info: dict[str, str] = pdf.get_metadata_dict(skip_empty=True)

    def properties(self) -> ArticleMetadata:
        """The metadata in the document properties."""
        return metadata_from_properties(
            title=self.info.get("Title"),
            authors=(self.info.get("Author", ""),),
            published=_moment(self.info.get("CreationDate", "")),
            modified=_moment(self.info.get("ModDate", "")),
            tags=(self.info.get("Keywords", ""),),
        )

    def _extract_page(self, number: int) -> PageText | None:
        """The text of a page, or None if the page is unreadable."""
        try:
            page = self._pdf[number - 1]
        except pypdfium2.PdfiumError:
            self.damaged = True
            return None
        try:
            text = extract_words(page, most=_MOST_ON_A_PAGE)
            readable = text is not None and (text.runs or not (text.unmapped or _is_picture(page)))
            if text is not None and not readable and self._file.ocr:
                return self._recognise(page, number)
        except pypdfium2.PdfiumError:
            self.damaged = True
            return None
        finally:
            page.close()
        if text is None:
            reason = f"page {number} has more than {_MOST_ON_A_PAGE} characters"
            raise ArticleError(self._file.id, reason)
        return text if readable else None

    def _recognise(self, page: pypdfium2.PdfPage, number: int) -> PageText | None:
        """The text in the picture of a page, or None if there is none, or too many were read."""
        if len(self.recognised) >= _MOST_RECOGNISED:
            return None
        self._file.on_progress()
        found = recognise_page(page, self._file.ocr)
        if found is None:
            return None
        text, self.recognised[number] = found
        return text


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    """Whether a page without text is a picture or a drawing, rather than blank."""
    drawn = min(raw.FPDFPage_CountObjects(page.raw), _MOST_DRAWN)
    kinds = [raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page.raw, i)) for i in range(drawn)]
    pictures = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
    return any(kind in pictures for kind in kinds) or len(kinds) > _OUTLINES


def _moment(text: str) -> Moment | None:
    """Parse a date in the format of PDF, such as "D:20240604072000+02'00'"."""
    match = _DATE.fullmatch(text)
    if match is None:
        return parse_property_date(text)
    if match["clock"] is None:
        return parse_property_date(match["day"])
    zone = "" if match["zone"] is None else match["zone"].replace("'", "")
    day, clock = match["day"], match["clock"]
    time = ":".join(clock[i : i + 2] for i in range(0, len(clock) - len(clock) % 2, 2))
    return parse_property_date(f"{day[:4]}-{day[4:6]}-{day[6:]}T{time}{zone}")


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
    return (article.model_copy(update={"blocks": blocks, "unread_pages": tuple(content.unread)}),)


def _with_certainty(block: Block, recognised: Mapping[int, float]) -> Block:
    if block.page is None or block.page not in recognised:
        return block
    return block.model_copy(update={"recognised": recognised[block.page]})


def _why_empty(content: PdfContent) -> str:
    if content.unmapped:
        return f"its letters have no Unicode values, so its words cannot be read; {_ADVICE}"
    if content.damaged:
        return "its pages are damaged"
    if content.unread:
        return f"its pages are pictures; {_ADVICE}"
    return "its pages are blank"
