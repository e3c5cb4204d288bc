"""Recognises the text of pages that are pictures (OCR), with the program Tesseract.

Its words go through the same layout analysis as text from a file.
"""

from __future__ import annotations

import csv
import io
import math
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from statistics import median

import pypdfium2

from pullquote.parsing.pdf.layout.text_runs import WIDEST_GAP, PageText, TextRun
from pullquote.schema.errors import SettingsError

PROGRAM = "tesseract"
SECONDS = 120.0
"""By the clock. On one core of a server, a full page takes three to seven seconds."""


def check_ocr(languages: str) -> None:
    """Check that Tesseract is installed, with these languages, such as "eng+deu"; "" needs none.

    Raises:
        SettingsError: it is not; the message says what to install.
    """
    if not languages:
        return
    if shutil.which(PROGRAM) is None:
        raise SettingsError(
            f'The setting ocr is "{languages}", but the program {PROGRAM} is not installed. '
            "Install it (on Debian and Ubuntu: apt-get install tesseract-ocr), or remove the "
            "setting."
        )
    known = set(tesseract("--list-langs").decode(errors="replace").split())
    missing = [one for one in languages.split("+") if one not in known]
    if missing:
        raise SettingsError(
            f'The setting ocr is "{languages}", but {PROGRAM} does not know {", ".join(missing)}. '
            f"Install the language (on Debian and Ubuntu: apt-get install tesseract-ocr-"
            f"{missing[0].replace('_', '-')}), or change the setting."
        )


def tesseract(*arguments: str, given: bytes = b"", seconds: float = SECONDS) -> bytes:
    """What Tesseract prints; on one core, since several files are read at a time.

    Raises:
        OSError, subprocess.SubprocessError: it cannot be run, fails, or takes too long.
    """
    done = subprocess.run(  # noqa: S603 - arguments of our own, and no shell
        [PROGRAM, *arguments],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        timeout=seconds,
        check=True,
    )
    return done.stdout


_PIXELS_PER_POINT = 300 / 72
"""300 pixels an inch, for which Tesseract's models were made."""
_MOST_PIXELS = 20_000_000
_LEAST_CERTAIN = 0.6
"""Words with a lower mean are left out. Tesseract finds some even where a picture has no text."""
_BOX = ("left", "top", "width", "height")
_WORD = "5"
"""The level of the rows of Tesseract's table that are words."""


def recognise_page(page: pypdfium2.PdfPage, languages: str) -> tuple[PageText, float] | None:
    """The text of a page that is a picture, and how certain it is: the mean over letters, 0 to 1.

    None if no line is certain enough, or it takes long.
    """
    found = recognise_runs(page, languages)
    if not found:
        return None
    letters = sum(len(one.run.text) for one in found)
    certainty = sum(len(one.run.text) * one.certainty for one in found) / letters
    text = PageText(tuple(one.run for one in found), page.get_height(), unmapped=0)
    return text, round(certainty, 2)


@dataclass(frozen=True, slots=True)
class RecognisedRun:
    """Words beside each other on a line, and the mean certainty of the words, 0 to 1."""

    run: TextRun
    certainty: float
    words: tuple[RecognisedWord, ...]


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word, its box in points from the top left of the page, and how certain it is, 0 to 1."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    certainty: float


def recognise_runs(
    page: pypdfium2.PdfPage, languages: str, *, seconds: float = SECONDS
) -> list[RecognisedRun]:
    """The runs in the picture of a page that are certain enough; none if it takes longer."""
    width, height = page.get_size()
    scale = min(_PIXELS_PER_POINT, math.sqrt(_MOST_PIXELS / (width * height)))
    picture = io.BytesIO()
    page.render(scale=scale, grayscale=True).to_pil().save(picture, "PNG")
    try:
        given = picture.getvalue()
        table = tesseract("-", "-", "-l", languages, "tsv", given=given, seconds=seconds)
    except (OSError, subprocess.SubprocessError):
        return []
    return list(runs_of(table.decode(errors="replace"), scale=scale))


def runs_of(table: str, *, scale: float) -> Iterator[RecognisedRun]:
    """The runs in Tesseract's table that are certain enough; `scale` is pixels for each point.

    Tesseract may take two short columns for one. So a line is cut at wide gaps, as lines of text
    are, and the layout analysis decides whether they are gutters.
    """
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [row for row in rows if row["level"] == _WORD and row["text"].strip()]
    for _, paragraph in groupby(words, key=lambda row: (row["block_num"], row["par_num"])):
        lines = [
            [_word(row, scale) for row in line]
            for _, line in groupby(paragraph, key=lambda row: row["line_num"])
        ]
        # Each line has other letters, but all have one height.
        height = median(max(w.bottom for w in line) - min(w.top for w in line) for line in lines)
        for run in chain.from_iterable(_cut(line, WIDEST_GAP * height) for line in lines):
            certainty = sum(word.certainty for word in run) / len(run)
            if certainty >= _LEAST_CERTAIN:
                yield RecognisedRun(_text_run(run, height), certainty, tuple(run))


def _word(row: Mapping[str, str], scale: float) -> RecognisedWord:
    left, top, width, height = (float(row[name]) / scale for name in _BOX)
    certainty = float(row["conf"]) / 100
    return RecognisedWord(row["text"].strip(), left, left + width, top, top + height, certainty)


def _cut(line: Sequence[RecognisedWord], gap: float) -> Iterator[list[RecognisedWord]]:
    """The words of a line in groups with a wider gap between them."""
    run = [line[0]]
    for before, word in pairwise(line):
        if word.left - before.right > gap:
            yield run
            run = []
        run.append(word)
    yield run


def _text_run(words: Sequence[RecognisedWord], height: float) -> TextRun:
    return TextRun(
        text=" ".join(word.text for word in words),
        left=words[0].left,
        right=words[-1].right,
        top=min(word.top for word in words),
        bottom=max(word.bottom for word in words),
        height=height,
    )
