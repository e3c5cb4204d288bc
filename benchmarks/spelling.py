"""Measures what the correction of spelling costs with large vocabularies.

    python -m benchmarks.spelling --index INDEX --terms 20000 100000 1000000

The vocabulary of the index is grown to each size with invented terms: the beginning of one real
term and the end of another. Words with a planted error are then looked up in it. The table has the
memory of the list of terms, and the processor time for each unknown word.
"""

from __future__ import annotations

import argparse
import random
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.common import machine, table
from benchmarks.misspelt import with_error
from pullquote.answering.query.spelling import near_words
from pullquote.index import OpenGeneration
from pullquote.newsroom.assistant import open_assistant
from pullquote.schema.settings import Settings

LOOKED_UP = 40
"""Misspelt words for each size."""

LENGTHS = range(5, 12)
"""In letters."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--terms", type=int, nargs="+", default=[20_000, 100_000, 1_000_000])
    given = parser.parse_args()
    with open_assistant(settings=Settings(index=given.index)) as assistant:
        generation = assistant.generation
        real = [str(term) for term in generation.terms()]
        print(f"{len(real):,} terms in the index; {machine()}\n")
        rows = [_row(real, size, generation) for size in given.terms]
    print(table(["terms", "memory of the list, MB", "median ms for a word", "most ms"], rows))


def _row(real: Sequence[str], size: int, generation: OpenGeneration) -> Sequence[object]:
    """The costs with a vocabulary of that many terms."""
    chance = random.Random(size)
    tracemalloc.start()
    vocabulary = _grown(real, size, chance)
    memory, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    whole = [term for term in real if len(term) in LENGTHS and term.isalpha()]
    taken = []
    for term in chance.sample(whole, LOOKED_UP):
        started = time.process_time()
        near_words(with_error(term, chance), vocabulary, generation)
        taken.append(1000 * (time.process_time() - started))
    return f"{size:,}", f"{memory / 1e6:.1f}", f"{median(taken):.0f}", f"{max(taken):.0f}"


def _grown(real: Sequence[str], size: int, chance: random.Random) -> list[str]:
    """Distinct terms: those of the index, or as many of them as fit, and invented ones."""
    found = dict.fromkeys(term.encode().decode() for term in real[:size])
    while len(found) < size:
        begin, end = chance.choices(real, k=2)
        found[begin[: len(begin) // 2 + 1] + end[len(end) // 2 :]] = None
    return list(found)


if __name__ == "__main__":
    main()
