"""Draws a page of a PDF file as an image, with words that were quoted from it in boxes."""

from __future__ import annotations

import ctypes
import io
import math
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
from pypdfium2 import raw

from pullquote.parsing.files import load_file
from pullquote.parsing.pdf.ocr import recognise_runs
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import Limits

if TYPE_CHECKING:
    from PIL.Image import Image

_WIDTH = 1400
"""Pixels, so that small print can be read."""
_MOST_PIXELS = 6_000_000
_MOST_CHARACTERS = 200_000
_PAPER, _MARKER, _LINE = (255, 255, 255), (255, 238, 150), (168, 96, 0)
_RECOGNITION_SECONDS = 30.0
"""By the clock. If OCR takes longer, the page is shown without boxes."""
_MARGIN = 3
"""Pixels between the words and the lines of their box."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedPage:
    """A page, counted from 1, of a file of the corpus with this SHA-256, and words on the page.

    `before` and `after` are words around the quote, which tell apart two places with equal words.
    `ocr` has Tesseract's languages if the page was read by OCR; if not, it is empty.
    """

    file: str
    version: str
    page: int
    quote: str = ""
    before: str = ""
    after: str = ""
    ocr: str = ""


def page_image(corpus: Path, quoted: QuotedPage, *, limits: Limits) -> bytes:
    """A page as a PNG image. If the words are found on it, boxes are around them.

    PDFium may crash and cannot be interrupted: see `workers.page_drawing`.

    Raises:
        ArticleError: the file or the page cannot be read, or the file has changed.
    """
    file = load_file(corpus / quoted.file, id=quoted.file, limits=limits)
    if file.version != quoted.version:
        raise ArticleError(file.id, "it has changed since it was indexed")
    try:
        with pypdfium2.PdfDocument(file.content) as pdf:
            if quoted.page > len(pdf):
                raise ArticleError(file.id, f"it has no page {quoted.page}")
            return _png(pdf[quoted.page - 1], quoted)
    except pypdfium2.PdfiumError as error:
        raise ArticleError(file.id, f"page {quoted.page} cannot be drawn") from error


def _png(page: pypdfium2.PdfPage, quoted: QuotedPage) -> bytes:
    width, height = page.get_size()
    scale = min(_WIDTH / width, math.sqrt(_MOST_PIXELS / (width * height)))
    image = page.render(scale=scale).to_pil().convert("RGB")
    words = _RecognisedWords(page, quoted.ocr) if quoted.ocr else _Words(page)
    image = _with_boxes(image, words.boxes(quoted, size=image.size))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _with_boxes(image: Image, boxes: list[Box]) -> Image:
    """The image with boxes, which darken nothing but white."""
    from PIL import Image, ImageChops, ImageDraw  # noqa: PLC0415 - not before it is needed

    marks = Image.new("RGB", image.size, _PAPER)
    draw = ImageDraw.Draw(marks)
    for left, top, right, bottom in boxes:
        around = (left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN)
        draw.rectangle(around, fill=_MARKER, outline=_LINE, width=2)
    return ImageChops.multiply(image, marks)


class _Words:
    """The letters and digits of a page, in the order of the file, each with its number."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page
        self._text = page.get_textpage()
        count = min(self._text.count_chars(), _MOST_CHARACTERS)
        self._letters = ""
        self._numbers: list[int] = []
        for number in range(count):
            found = letters_of(chr(raw.FPDFText_GetUnicode(self._text, number)))
            self._letters += found
            self._numbers += [number] * len(found)

    def boxes(self, quoted: QuotedPage, *, size: tuple[int, int]) -> list[Box]:
        """The boxes around the quote, one for each line, in an image of that size."""
        found = _place_of_quote(self._letters, quoted)
        if not found:
            return []
        first, last = self._numbers[found.start], self._numbers[found.stop - 1]
        count = raw.FPDFText_CountRects(self._text, first, last - first + 1)
        return lines_of([self._box(number, size) for number in range(count)])

    def _box(self, number: int, size: tuple[int, int]) -> Box:
        sides = [ctypes.c_double() for _ in range(4)]
        raw.FPDFText_GetRect(self._text, number, *map(ctypes.byref, sides))
        left, top, right, bottom = (side.value for side in sides)
        corners = (self._pixel(left, top, size), self._pixel(right, bottom, size))
        (a, b), (c, d) = corners  # on a turned page, any corner may be the upper left one
        return min(a, c), min(b, d), max(a, c), max(b, d)

    def _pixel(self, x: float, y: float, size: tuple[int, int]) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(
            self._page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down)
        )
        return across.value, down.value


class _RecognisedWords:
    """The letters and digits that OCR finds on a page, each with the box of its word, in points.

    Tesseract reads the page once more, and finds what it found when the file was parsed.
    """

    def __init__(self, page: pypdfium2.PdfPage, languages: str) -> None:
        self._size = page.get_size()
        self._letters = ""
        self._boxes: list[Box] = []
        for run in recognise_runs(page, languages, seconds=_RECOGNITION_SECONDS):
            for word in run.words:
                found = letters_of(word.text)
                self._letters += found
                self._boxes += [(word.left, word.top, word.right, word.bottom)] * len(found)

    def boxes(self, quoted: QuotedPage, *, size: tuple[int, int]) -> list[Box]:
        """The boxes around the words of the quote, one for each line, in an image of that size."""
        found = _place_of_quote(self._letters, quoted)
        across, down = size[0] / self._size[0], size[1] / self._size[1]
        return lines_of(
            [
                (left * across, top * down, right * across, bottom * down)
                for left, top, right, bottom in dict.fromkeys(self._boxes[found.start : found.stop])
            ]
        )


def lines_of(boxes: list[Box]) -> list[Box]:
    """The boxes with those joined that stand beside each other on a line, such as two fonts'."""
    joined: list[Box] = []
    for box in boxes:
        last = joined[-1] if joined else None
        if last is not None and _beside(last, box):
            joined[-1] = (
                min(last[0], box[0]),
                min(last[1], box[1]),
                max(last[2], box[2]),
                max(last[3], box[3]),
            )
        else:
            joined.append(box)
    return joined


def _beside(one: Box, other: Box) -> bool:
    """Whether two boxes share more than half a line, with less than its height between them."""
    height = min(one[3] - one[1], other[3] - other[1])
    shared = min(one[3], other[3]) - max(one[1], other[1])
    gap = max(one[0], other[0]) - min(one[2], other[2])
    return 2 * shared > height and gap < max(one[3] - one[1], other[3] - other[1])


def letters_of(text: str) -> str:
    """The letters and digits of a text, in lower case and without ligatures.

    Hyphens at line ends, spaces and quotation marks differ between a page and its article.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _place_of_quote(page: str, quoted: QuotedPage) -> range:
    """Where a quote is among the letters of its page; empty if that is not certain."""
    return place_of(
        page, letters_of(quoted.quote), letters_of(quoted.before), letters_of(quoted.after)
    )


def place_of(page: str, quote: str, before: str, after: str) -> range:
    """Where the quote is among the letters of a page; empty if that is not certain."""
    if not quote:
        return range(0)
    for left, right in ((before, after), (before, ""), ("", after), ("", "")):
        around = left + quote + right
        start = page.find(around)
        if start >= 0 and page.find(around, start + 1) < 0:
            return range(start + len(left), start + len(left) + len(quote))
    return range(0)
