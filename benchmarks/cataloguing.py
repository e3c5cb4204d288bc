"""Measures how long the first visit to the Corpus page of a very large corpus takes.

python -m benchmarks.cataloguing --articles 1000000

The script writes the metadata of invented articles to a segment's database. It leaves out texts and
passages, which the catalog does not read. Then it catalogues a generation with that one segment.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.common import machine, table
from pullquote.index.catalog.catalog import Catalog
from pullquote.index.catalog.catalog_rows import CatalogQuery
from pullquote.index.folder.segments.segment import rows_of

WORDS = tuple(
    "harbour council mayor vote ferry minister fire otter bridge league health school strike "
    "court budget rain trial police rail market Zürich São Málaga".split()
)
SOURCES = tuple(f"Paper {number}" for number in range(40))
SECTIONS = ("News", "Sport", "Culture", "Business", "Politics")

FIRST_DAY = 730_000
DAYS = 9_000
"""Days of publication: the 25 years to 2024."""


def articles(count: int) -> Iterator[tuple[object, ...]]:
    """The metadata of that many invented articles, always the same."""
    chosen = random.Random(1)
    for row in range(count):
        facts = {
            "title": " ".join(chosen.choices(WORDS, k=7)).capitalize(),
            "authors": [f"Jo Writer {row % 900}"],
            "source": chosen.choice(SOURCES),
            "section": chosen.choice(SECTIONS),
            "language": "en",
            "published": "2001-05-01",
            "status": "usable",
        }
        day = FIRST_DAY + chosen.randrange(DAYS)
        yield row, f"archive/{row // 1000:04}/{row}.txt", day, 0, json.dumps(facts)


def planted(folder: Path, count: int) -> Any:  # noqa: ANN401 - as much of a generation as is read
    """A generation with one segment of that many articles."""
    path = folder / "articles.db"
    with closing(sqlite3.connect(path)) as store, store:
        store.execute(
            "CREATE TABLE articles (row INTEGER PRIMARY KEY, id TEXT, day INTEGER, "
            "released INTEGER, facts TEXT)"
        )
        store.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", articles(count))
    part = SimpleNamespace(
        key="planted",
        deleted=frozenset(),
        entries=lambda now: rows_of("planted", path, deleted=(), now=now),
    )
    return SimpleNamespace(
        name="planted",
        catalog_segments=lambda: [part],
        manifest=SimpleNamespace(failed=()),
        superseded=lambda at: {},
    )


def seconds(work: Callable[[], object]) -> str:
    """The seconds that a function takes."""
    began = time.perf_counter()
    work()
    return f"{time.perf_counter() - began:.2f}"


def main() -> None:
    """Catalogue, list, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=1_000_000)
    count = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as folder:
        generation, catalog, now = planted(Path(folder), count), Catalog(), time.time()
        rows = [
            ["catalogued", seconds(lambda: catalog.update(generation, now=now))],
            ["first page", seconds(lambda: catalog.page(CatalogQuery(), start=0, count=50))],
            [
                "first page of a search for a word",
                seconds(lambda: catalog.page(CatalogQuery(words="otter"), start=0, count=50)),
            ],
        ]
        catalog.close()
    print(table([f"{count:,} articles", "s"], rows))
    print(f"\nload {os.getloadavg()[0]:.1f}; {machine()}")


if __name__ == "__main__":
    main()
