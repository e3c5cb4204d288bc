r"""Measures how long checking a draft takes as an index grows, up to a million passages.

    python -m benchmarks.quotes_growth --corpus NEWS/articles --quotes quotes-dev.jsonl \\
        --folder GROWN --passages 10000 100000 1000000

The corpus is made of copies of the articles, each with its number in every paragraph, so that each
word is in as many passages as in an archive of that size. Checking reads texts and postings, but no
vectors. So a cheap encoder stands in for the model, and most of the build is parsing. An index that
GROWN already has is used again. Prints a Markdown table: the processor time for a draft of 2,000
words with 40 quotations, for the first time and again, and how many quotations were found word for
word. Other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.common import machine, table
from benchmarks.growth import write_copies
from benchmarks.quotes import DRAFT_QUOTES, cases_in, draft_with
from pullquote.index import IndexFolder
from pullquote.index.encoder import EncoderIdentity
from pullquote.index.manifest import IndexConfig
from pullquote.index.rebuild.build import rebuild
from pullquote.newsroom.checking.check import check_draft
from pullquote.newsroom.checking.checker import QuoteChecker
from pullquote.newsroom.checking.quotations import draft_of
from pullquote.schema.settings import Settings

WORDS_PER_TOKEN = 0.75
PASSAGES_PER_ARTICLE = 4
"""About as many as articles of the news corpus have; only the measured number is printed."""


class CheapEncoder:
    """Stands in for the encoder: a vector of eight numbers from the text's digest."""

    identity = EncoderIdentity(name="cheap", digest="cheap", precision="float32")
    dimension = 8

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """About the number of tokens of each text."""
        return [round(len(text.split()) / WORDS_PER_TOKEN) for text in texts]

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One row of length 1 for each text."""
        digests = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
        rows = np.frombuffer(digests, dtype=np.uint8).reshape(-1, 8).astype(np.float32) - 127.5
        unit: npt.NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


@dataclass(frozen=True, slots=True)
class GrownFigures:
    """The figures of one size."""

    articles: int
    passages: int
    built: float | None
    first: float
    again: float
    exact: int


def grown_index(corpus: Path, folder: Path, passages: int) -> tuple[IndexFolder, float | None]:
    """An index of about that many passages, and the seconds of its build; None if it was there."""
    index = IndexFolder(folder / f"{passages}" / "index")
    if (index.path / "CURRENT").exists():
        return index, None
    copies = folder / f"{passages}" / "corpus"
    write_copies(corpus, copies, articles=passages // PASSAGES_PER_ARTICLE)
    settings, encoder = Settings(), CheapEncoder()
    config = IndexConfig(
        encoder=encoder.identity,
        passage_tokens=settings.passage_tokens,
        overlap_sentences=settings.overlap_sentences,
        dense=settings.dense,
    )
    begin = time.perf_counter()
    rebuild(index, copies, encoder, index_config=config)  # type: ignore[arg-type]
    return index, time.perf_counter() - begin


def measure(index: IndexFolder, built: float | None, draft: str) -> GrownFigures:
    """Check the draft twice with one opened index."""
    with closing(index.open()) as generation:
        took: list[float] = []
        for _ in range(2):
            begin = time.process_time()
            report = check_draft(draft_of(draft), QuoteChecker(generation))
            took.append(time.process_time() - begin)
        exact = sum(one.verdict in ("exact", "misattributed") for one in report.quotes)
        manifest = generation.manifest
        return GrownFigures(manifest.articles, manifest.passages, built, took[0], took[1], exact)


def main() -> None:
    """Print a table with a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--quotes", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--passages", type=int, nargs="+", required=True)
    options = parser.parse_args()
    marked = [case.quote.replace("\n", " ") for case in cases_in(options.quotes)]
    quotes = [re.sub(r'["“”„]', "", one) for one in marked]
    chosen = random.Random(20).sample(quotes, DRAFT_QUOTES)
    draft = draft_with(chosen, [one for one in quotes if one not in chosen])
    print(machine())
    rows = []
    for passages in options.passages:
        found = measure(*grown_index(options.corpus, options.folder, passages), draft)
        built = "" if found.built is None else f"{found.built:.0f} s"
        row = (f"{found.articles:,}", f"{found.passages:,}", built)
        rows.append((*row, f"{found.first:.2f} s", f"{found.again:.2f} s", found.exact))
    head = ("articles", "passages", "built in", "checked in", "again", "words found")
    print(table(head, rows))


if __name__ == "__main__":
    main()
