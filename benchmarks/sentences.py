"""Measures how the time to find sentences grows with the length of a text.

    python -m benchmarks.sentences

The table has milliseconds of processor time: for sentencex alone, and for `sentence_spans`, which
gives it long paragraphs in pieces. The texts are one paragraph each: a sentence of news that is
repeated, and marks that take sentencex quadratic time. The last column is the longest time that
one piece took. Other threads wait for that long.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from time import process_time
from unittest.mock import patch

import sentencex

from benchmarks.common import machine, table
from pullquote.english.sentences import sentence_spans

TEXTS = {
    "news": "The bridge over the Corrow “will not open in May”, Mr. Abara said on Monday. ",
    "quote marks": "«„“‘\"'a",
    "opening marks": "„",
    "full stops": "你。",
    "brackets": "(a) ",
    "exclamation marks": "a! A ",
}
LENGTHS = (12_500, 25_000, 50_000, 100_000)
_LIBRARY = sentencex.get_sentence_boundaries


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS)
    lengths = parser.parse_args().lengths
    rows = []
    for name, pattern in TEXTS.items():
        texts = [pattern * (length // len(pattern)) for length in lengths]
        alone = [_time(lambda text=text: _LIBRARY("en", text)) for text in texts]
        ours = [_time(lambda text=text: sentence_spans(text)) for text in texts]
        rows.append([name, "sentencex", *(f"{1000 * one:,.1f}" for one in alone), ""])
        longest = f"{1000 * _longest_piece(texts[-1]):,.1f}"
        rows.append(["", "sentence_spans", *(f"{1000 * one:,.1f}" for one in ours), longest])
    print(machine())
    head = ["text", "", *(f"{length:,} characters" for length in lengths), "longest piece"]
    print(table(head, rows))


def _time(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def _longest_piece(text: str) -> float:
    """The longest time that one call of sentencex takes."""
    times: list[float] = []

    def timed(language: str, piece: str) -> object:
        start = process_time()
        try:
            return _LIBRARY(language, piece)
        finally:
            times.append(process_time() - start)

    with patch.object(sentencex, "get_sentence_boundaries", timed):
        sentence_spans(text)
    return max(times)


if __name__ == "__main__":
    main()
