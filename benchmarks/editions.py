"""Measures how much room earlier editions take, and how long writing them takes.

    python -m benchmarks.editions INDEX

Writes one earlier edition of each article of an index into a file, as a rebuild does that replaces
all articles, and reads them back. Prints a Markdown table. The index is not changed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.common import machine, table
from pullquote.index import Generation, IndexFolder
from pullquote.index.editions.edition_file import (
    EarlierEdition,
    EditionFile,
    EditionRow,
    EditionWriter,
)


def main() -> None:
    """Print the sizes and times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    given = parser.parse_args()
    index = IndexFolder(given.index)
    with closing(index.open(to_search=False)) as generation, tempfile.TemporaryDirectory() as made:
        path = Path(made) / "editions" / "one.db"
        started = time.perf_counter()
        texts = write_editions(generation, path)
        written = time.perf_counter() - started
        size = path.stat().st_size
        articles = generation.articles()
        with closing(EditionFile(path)) as editions:
            started = time.perf_counter()
            found = [row.edition for article in articles for row in editions.of(article)]
            read = time.perf_counter() - started
        count = len(found)
        whole = sum(index.storage(generation).sizes.values())
    rows = [
        ["the articles' texts", f"{texts / 1e6:.1f} MB", f"{texts / count:,.0f} bytes"],
        ["the index", f"{whole / 1e6:.1f} MB", f"{whole / count:,.0f} bytes"],
        ["one earlier edition of each", f"{size / 1e6:.1f} MB", f"{size / count:,.0f} bytes"],
    ]
    print(table([f"{count:,} articles", "size", "for each"], rows))
    each = f"{1000 * written / count:.2f} ms to write each, {1000 * read / count:.2f} ms to read it"
    print(f"\n{each}")
    print(machine())


def write_editions(generation: Generation, path: Path) -> int:
    """Write an edition of each article; returns the bytes of their texts."""
    texts = 0
    path.parent.mkdir()
    writer = EditionWriter(path, bound=10)
    for store in generation.stores:
        for number in store.all_rows():
            stored = store.stored_article(number)
            texts += len(stored.article.text.encode())
            edition = EarlierEdition(stored.article, stored.since, time.time_ns() // 1000)
            writer.add(EditionRow.of(edition, file=stored.file))
    writer.close()
    return texts


if __name__ == "__main__":
    main()
