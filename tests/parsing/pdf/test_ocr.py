"""Pages that are pictures: Tesseract reads them if the setting says so, and the text says that."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest

from pdf_pages import LEFT, RIGHT, lines, pdf, together
from pullquote.answering.answers.citing import cite_at
from pullquote.index.passages import split_passages
from pullquote.parsing.pdf.ocr import PROGRAM, check_ocr, runs_of
from pullquote.parsing.pdf.parser import parse_pdf
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError, SettingsError

needs_tesseract = pytest.mark.skipif(
    shutil.which(PROGRAM) is None, reason="needs Tesseract: apt-get install tesseract-ocr"
)
TABLE = "\n".join(
    (
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext",
        "4\t1\t1\t1\t1\t0\t100\t200\t400\t40\t-1\t",
        '5\t1\t1\t1\t1\t1\t100\t210\t180\t30\t96\t"The',
        "5\t1\t1\t1\t1\t2\t290\t200\t210\t40\t90\twall",
        "5\t1\t1\t1\t1\t3\t560\t204\t120\t30\t95\tBoats",
        "5\t1\t1\t1\t2\t1\t100\t260\t180\t20\t92\tis",
        "5\t1\t1\t1\t3\t1\t100\t300\t180\t20\t31\t~;",
        "5\t1\t2\t1\t1\t1\t900\t200\t180\t20\t88\tmended.",
    )
)


def scanned(content: bytes) -> bytes:
    """The file as a scanner would make it: each page is a picture."""
    with pypdfium2.PdfDocument(content) as document:
        first, *others = [page.render(scale=200 / 72, grayscale=True).to_pil() for page in document]
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=200)
    return out.getvalue()


def parsed(content: bytes, *, ocr: str = "eng") -> Article:
    """The article of a PDF file."""
    return parse_pdf(SourceFile(id="a.pdf", version="0", content=content, ocr=ocr))[0]


def test_words_beside_each_other_are_a_run() -> None:
    """In points; a run that is mostly guessed is left out, and a paragraph has one height."""
    first, apart, below, other = runs_of(TABLE, scale=2)
    assert [one.run.text for one in (first, apart, below, other)] == [
        '"The wall',
        "Boats",
        "is",
        "mended.",
    ]
    assert (first.run.left, first.run.right, first.run.top, first.run.bottom) == (50, 250, 100, 120)
    assert first.certainty == pytest.approx(0.93)
    assert {one.run.height for one in (first, apart, below, other)} == {10}


@needs_tesseract
def test_a_picture_of_text_is_read_column_by_column() -> None:
    """Each block says how certain its words are; the same page as text says nothing of the kind."""
    content = pdf(together(lines(*LEFT), lines(*RIGHT, x=310)))
    text, picture = parsed(content), parsed(scanned(content))
    assert picture.text == text.text
    assert {block.recognised for block in text.blocks} == {None}
    assert all(block.recognised is not None and block.recognised > 0.8 for block in picture.blocks)
    assert picture.unread_pages == ()


@needs_tesseract
def test_a_citation_says_that_its_words_were_recognised() -> None:
    """With the certainty, as the page, the terminal and exports show it."""
    article = parsed(scanned(pdf(lines(*LEFT))))
    start = article.text.index("two years")
    citation = cite_at(article, range(start, start + 9))
    assert citation.recognised == article.blocks[-1].recognised
    assert any(detail.startswith("read by OCR, 9") for detail in citation.details)


def test_no_passage_has_recognised_and_other_text() -> None:
    """So no quote has either."""
    article = parsed(pdf(lines(*LEFT), lines(*RIGHT)))
    *others, last = article.blocks
    mixed = article.model_copy(
        update={"blocks": (*others, last.model_copy(update={"recognised": 0.9}))}
    )
    assert len(split_passages(article, count_tokens=_count, budget=200, overlap=0)) == 1
    first, second = split_passages(mixed, count_tokens=_count, budget=200, overlap=0)
    assert first.end <= last.start == second.start


def _count(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def test_without_the_setting_pictures_are_reported() -> None:
    """The reason says how to have them read."""
    with pytest.raises(ArticleError, match='its pages are pictures; the setting ocr = "eng"'):
        parsed(scanned(pdf(lines(*LEFT))), ocr="")


@needs_tesseract
def test_a_picture_without_text_stays_unread() -> None:
    """What Tesseract guesses in it is not quoted."""
    content = scanned(pdf(lines(*LEFT), lambda canvas: canvas.circle(300, 400, 200, fill=1)))
    assert parsed(content).unread_pages == (2,)


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before anything is read."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match="apt-get install tesseract-ocr"):
        check_ocr("eng")
    check_ocr("")


@needs_tesseract
def test_a_missing_language_is_named() -> None:
    """With the package that has it."""
    with pytest.raises(SettingsError, match="does not know tlh"):
        check_ocr("eng+tlh")
