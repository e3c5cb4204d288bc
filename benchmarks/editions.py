r"""Measures how much room earlier editions take, and how much longer a rebuild takes for them.

    python -m benchmarks.editions NEWS/articles [--rounds 3]

In each round, one word of every article is changed, and the index is rebuilt: once with earlier
editions, and once without. The encoder is a stand-in, because vectors do not matter here. Prints a
Markdown table.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import table
from pullquote.index import IndexFolder
from pullquote.limits import EditionBounds
from pullquote.testing.newsroom import Newsroom


@dataclass(frozen=True, slots=True)
class EditionFigures:
    """The figures after a rebuild; sizes are in bytes."""

    seconds: float
    editions: int
    articles: int


class Rebuilds:
    """Rebuilds of a copy of a corpus, with some bounds for earlier editions."""

    def __init__(self, folder: Path, corpus: Path, *, most: int) -> None:
        shutil.copytree(corpus, folder / "corpus")
        index = IndexFolder(folder / "index", bounds=EditionBounds(most=most))
        self._newsroom = Newsroom(folder, index)

    def texts(self) -> int:
        """The bytes of the corpus."""
        return sum(path.stat().st_size for path in self._files())

    def change(self, number: int) -> None:
        """Change a word in the middle of every article."""
        for path in self._files():
            words = path.read_bytes().split(b" ")
            words[len(words) // 2] = b"correction%d" % number
            path.write_bytes(b" ".join(words))

    def measure(self) -> EditionFigures:
        """Rebuild, and measure."""
        started = time.perf_counter()
        self._newsroom.rebuild()
        seconds = time.perf_counter() - started
        with closing(self._newsroom.open()) as generation:
            sizes = self._newsroom.index.storage(generation).sizes
        return EditionFigures(seconds, sizes.get("earlier editions", 0), sizes["articles"])

    def _files(self) -> list[Path]:
        return sorted(path for path in self._newsroom.corpus.rglob("*") if path.is_file())


def main() -> None:
    """Print the figures after each round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stored = Rebuilds(Path(folder) / "with", given.corpus, most=10)
        without = Rebuilds(Path(folder) / "without", given.corpus, most=0)
        texts = stored.texts()
        rows = []
        for number in range(given.rounds + 1):
            if number:
                stored.change(number)
                without.change(number)
            one, other = stored.measure(), without.measure()
            rows.append(
                [
                    number,
                    f"{one.editions / 1e6:.1f} MB",
                    f"{one.articles / 1e6:.1f} MB",
                    f"{one.seconds:.1f} s",
                    f"{other.seconds:.1f} s",
                ]
            )
    print(f"The corpus has {texts / 1e6:.1f} MB.\n")
    head = [
        "changes of each article",
        "earlier editions",
        "articles",
        "rebuild",
        "without editions",
    ]
    print(table(head, rows))


if __name__ == "__main__":
    main()
