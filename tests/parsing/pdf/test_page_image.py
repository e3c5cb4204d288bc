"""Pictures of PDF pages: the cited words are in boxes, and only where they are certain to be."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from parsing.pdf.test_ocr import needs_tesseract, scanned
from parsing.pdf.test_parser import LEFT, RIGHT, lines, pdf, together
from pullquote.parsing.pdf.page_image import QuotedPage, letters_of, lines_of, page_image, place_of
from pullquote.parsing.workers.page_drawing import draw_page
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import Limits

LIMITS = Limits()
PIXELS = 1400 / 595.28
"""Pixels for each point of an A4 page."""


def rotated(content: bytes) -> bytes:
    """The file with its first page turned by a quarter."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument(content) as document:
        document[0].set_rotation(90)
        document.save(out)
    return out.getvalue()


def quoted(corpus: Path, content: bytes, quote: str, *, page: int = 1) -> QuotedPage:
    """A page of a new file of the corpus."""
    (corpus / "a.pdf").write_bytes(content)
    version = hashlib.sha256(content).hexdigest()
    return QuotedPage(file="a.pdf", version=version, page=page, quote=quote)


def opened(image: bytes) -> Image.Image:
    """The picture in PNG."""
    return Image.open(io.BytesIO(image)).convert("RGB")


def marked(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """The smallest box around everything that is yellow; None if nothing is."""
    red, _, blue = picture.split()
    yellow = ImageChops.subtract(red, blue).point(lambda more: 255 if more > 60 else 0)
    return yellow.getbbox()


def test_the_cited_words_have_a_box(tmp_path: Path) -> None:
    """The words stand on the third line of the right column, 310 points from the left."""
    content = pdf(together(lines(*LEFT), lines(*RIGHT, x=310)))
    image = page_image(tmp_path, quoted(tmp_path, content, "three boats were lost"), limits=LIMITS)
    left, top, right, bottom = marked(opened(image)) or (0, 0, 0, 0)
    assert 310 * PIXELS < left < right < 520 * PIXELS
    assert 112 * PIXELS < top < bottom < 130 * PIXELS


def test_words_over_two_lines_have_two_boxes(tmp_path: Path) -> None:
    """Each line has its own box, so nothing between them is marked."""
    content = pdf(lines(*LEFT))
    image = page_image(tmp_path, quoted(tmp_path, content, "repair the old harbour"), limits=LIMITS)
    left, top, _, bottom = marked(opened(image)) or (0, 0, 0, 0)
    assert bottom - top > 20 * PIXELS
    assert marked(opened(image).crop((left, top, left + 100, (top + bottom) // 2))) is None


def test_a_turned_page_is_shown_as_a_reader_sees_it(tmp_path: Path) -> None:
    """The box turns with the page."""
    content = rotated(pdf(together(lines(*LEFT), lines(*RIGHT, x=310))))
    one = quoted(tmp_path, content, "three boats were lost")
    image = page_image(tmp_path, one, limits=LIMITS)
    width, height = opened(image).size
    assert width > height
    left, top, right, bottom = marked(opened(image)) or (0, 0, 0, 0)
    assert bottom - top > right - left > 0


@needs_tesseract
def test_words_that_were_read_by_ocr_have_a_box(tmp_path: Path) -> None:
    """At the same place as on the page as text, and only there."""
    content = pdf(together(lines(*LEFT), lines(*RIGHT, x=310)))
    one = quoted(tmp_path, scanned(content), "three boats were lost")
    assert marked(opened(page_image(tmp_path, one, limits=LIMITS))) is None
    image = draw_page(tmp_path, replace(one, ocr="eng"), limits=LIMITS)
    left, top, right, bottom = marked(opened(image)) or (0, 0, 0, 0)
    assert 310 * PIXELS < left < right < 520 * PIXELS
    assert 112 * PIXELS < top < bottom < 130 * PIXELS


@needs_tesseract
def test_words_over_two_recognised_lines_have_two_boxes(tmp_path: Path) -> None:
    """Nothing beside them is marked."""
    one = quoted(tmp_path, scanned(pdf(lines(*LEFT))), "repair the old harbour wall")
    image = opened(page_image(tmp_path, replace(one, ocr="eng"), limits=LIMITS))
    left, top, _, bottom = marked(image) or (0, 0, 0, 0)
    assert bottom - top > 20 * PIXELS
    assert marked(image.crop((left, top, left + 100, (top + bottom) // 2))) is None


def test_without_the_program_a_recognised_page_is_shown_without_boxes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The program may be missing on the machine that answers."""
    one = quoted(tmp_path, scanned(pdf(lines(*LEFT))), "of stone")
    monkeypatch.setenv("PATH", str(tmp_path))
    image = page_image(tmp_path, replace(one, ocr="eng"), limits=LIMITS)
    assert marked(opened(image)) is None


def test_words_that_are_not_on_the_page_have_no_box(tmp_path: Path) -> None:
    """The page is drawn all the same."""
    one = quoted(tmp_path, pdf(lines(*LEFT)), "the lighthouse keeper")
    assert marked(opened(page_image(tmp_path, one, limits=LIMITS))) is None


@pytest.mark.parametrize(
    ("before", "after", "start"), [("", "", None), ("b", "", 4), ("", "c", 1), ("x", "x", None)]
)
def test_equal_words_are_distinguished_by_those_around_them(
    before: str, after: str, start: int | None
) -> None:
    """If they cannot be told apart, neither has a box."""
    found = place_of("0aacbaad", "aa", before, after)
    assert (found.start if found else None) == {None: None, 4: 5, 1: 1}[start]


def test_what_a_page_and_its_article_write_differently_does_not_count() -> None:
    """Hyphens, spaces, ligatures and quotation marks."""
    assert letters_of("of\ufb01ces: \u201cco-\noperate\u201d") == letters_of('offices "cooperate"')


def test_boxes_beside_each_other_are_one() -> None:
    """But not those of two lines."""
    assert lines_of([(0, 0, 10, 10), (12, 1, 20, 11), (0, 14, 9, 24)]) == [
        (0, 0, 20, 11),
        (0, 14, 9, 24),
    ]


def test_a_process_of_its_own_draws_the_same_picture(tmp_path: Path) -> None:
    """`draw_page` gives the image of `page_image`."""
    one = quoted(tmp_path, pdf(lines(*LEFT)), "of stone")
    assert draw_page(tmp_path, one, limits=LIMITS) == page_image(tmp_path, one, limits=LIMITS)


def test_a_file_that_has_changed_is_not_drawn(tmp_path: Path) -> None:
    """The words of an article are never shown in another edition of its file."""
    one = quoted(tmp_path, pdf(lines(*LEFT)), "of stone")
    (tmp_path / "a.pdf").write_bytes(pdf(lines(*RIGHT)))
    with pytest.raises(ArticleError, match="changed since it was indexed"):
        draw_page(tmp_path, one, limits=LIMITS)


@pytest.mark.parametrize("page", [2, 4_000_000])
def test_a_page_that_does_not_exist_is_refused(tmp_path: Path, page: int) -> None:
    """The reason names the page."""
    one = quoted(tmp_path, pdf(lines(*LEFT)), "of stone", page=page)
    with pytest.raises(ArticleError, match=f"no page {page}"):
        draw_page(tmp_path, one, limits=LIMITS)


def test_a_page_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """The process ends, and only the picture is missing."""
    one = quoted(tmp_path, pdf(lines(*LEFT)), "of stone")
    with pytest.raises(ArticleError, match="page 1 cannot be drawn"):
        draw_page(tmp_path, one, limits=Limits(seconds=0.001))


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_a_page_that_is_given_up_leaves_no_program_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tesseract ends with the process that started it."""
    started = tmp_path / "started"
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(
        f"#!/bin/sh\necho $$ > {started}.new\nmv {started}.new {started}\nsleep 300\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    killed = replace(quoted(tmp_path, scanned(pdf(lines(*LEFT))), "of stone"), ocr="eng")
    drawing = threading.Thread(target=lambda: fails_to_draw(tmp_path, killed))
    drawing.start()
    while not started.exists():
        time.sleep(0.05)
    child = int(started.read_text())
    os.kill(parent_of(child), signal.SIGPROF)  # as if the page had taken too much time
    drawing.join()
    while Path(f"/proc/{child}").exists() and "Z" not in state_of(child):
        time.sleep(0.05)


def fails_to_draw(corpus: Path, one: QuotedPage) -> None:
    """Draw a page that cannot be drawn."""
    with pytest.raises(ArticleError, match="cannot be drawn"):
        draw_page(corpus, one, limits=LIMITS)


def state_of(process: int) -> str:
    """The state letter of a process, such as S or Z."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()[0]


def parent_of(process: int) -> int:
    """The id of the process that started another one."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()[1])
