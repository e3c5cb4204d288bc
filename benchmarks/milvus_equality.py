"""Compares an index in Milvus with one in a folder: answers, and bytes for each article.

    python -m benchmarks.milvus_equality --corpus ARTICLES --questions news-dev.jsonl \
        --index INDEX [--milvus milvus://127.0.0.1:19530/archive]

The script updates the index in the folder INDEX, and builds one in Milvus from its cached vectors.
Then it asks both every question. Without an address, it runs a milvus-lite server in a temporary
folder and measures its disk use.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pullquote
from benchmarks.common import machine, table
from pullquote.evaluate import GoldQuestion, read_questions
from pullquote.evaluate.asked_question import first_right
from pullquote.index.embedding_cache import EMBEDDINGS
from pullquote.index.services import index_of, rebuild_index
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Filters
from pullquote.schema.settings import Settings
from pullquote_milvus.client.server import CONSISTENT_AFTER_SECONDS

STARTS_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """An index's result for a question; `right` is the rank of the first right passage.

    `nearest` and `matching` are the results of each search alone, with scores.
    """

    first: str | None
    abstained: bool
    confidence: float
    answerable: bool
    hits: tuple[int, ...]
    nearest: tuple[tuple[int, float], ...]
    matching: tuple[tuple[int, float], ...]
    rarity: dict[str, float]
    right: int | None
    took_ms: float
    found_ms: float


@contextmanager
def lite_server(folder: Path) -> Iterator[str]:
    """Run a milvus-lite server over a folder, and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [shutil.which("milvus-lite") or "milvus-lite", "server", "--data-dir", str(folder)]
    server = subprocess.Popen(
        [*program, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + STARTS_WITHIN
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if time.monotonic() > until:
                sys.exit("milvus-lite does not start")
            time.sleep(0.2)
        yield f"milvus://127.0.0.1:{port}/equality"
    finally:
        server.terminate()
        server.wait()


def ask(assistant: Assistant, gold: GoldQuestion) -> IndexAnswer:
    """Ask an index a question."""
    started = time.perf_counter()
    found = assistant.find(gold.question)
    found_ms = 1000 * (time.perf_counter() - started)
    reply = assistant.read(found)
    best = next(iter(reply.answers), None)
    everything, deep = Filters(), assistant.settings.candidates
    vector = assistant.encoder.encode_question(gold.question)
    nearest = found.generation.nearest(vector, k=deep, filters=everything)
    words = list(found.question.rarity)
    matching = found.generation.matching(words, k=deep, filters=everything)
    return IndexAnswer(
        first=None if best is None else best.text,
        abstained=reply.abstained,
        confidence=0.0 if best is None else best.confidence,
        answerable=gold.answerable,
        hits=tuple(hit.passage.id for hit in found.hits),
        nearest=tuple(nearest.items()),
        matching=tuple(matching.items()),
        rarity=found.question.rarity,
        right=first_right(gold, (hit.passage for hit in found.hits)) if gold.answerable else None,
        took_ms=reply.took_ms,
        found_ms=found_ms,
    )


def recall(asked: Sequence[IndexAnswer]) -> float:
    """The share of the answerable questions with a right passage among the hits."""
    answerable = [one for one in asked if one.answerable]
    return sum(one.right is not None for one in answerable) / max(1, len(answerable))


def bytes_in(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def compared(local: Sequence[IndexAnswer], remote: Sequence[IndexAnswer]) -> list[list[object]]:
    """How far two indexes agree; each line is a share of the questions."""
    pairs = list(zip(local, remote, strict=True))
    lines = {
        "same first answer": [a.first == b.first for a, b in pairs],
        "same first answer, confidence and silence": [
            (a.first, a.abstained, round(a.confidence, 9))
            == (b.first, b.abstained, round(b.confidence, 9))
            for a, b in pairs
        ],
        "same hits in the same order": [a.hits == b.hits for a, b in pairs],
        "same rarity of every term": [a.rarity == b.rarity for a, b in pairs],
        "same 50 nearest by vectors, and cosines": [a.nearest == b.nearest for a, b in pairs],
        "same 50 best by words, and scores": [a.matching == b.matching for a, b in pairs],
    }
    return [[name, f"{sum(same)} of {len(same)}"] for name, same in lines.items()]


def main() -> None:
    """Run the comparison and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--milvus")
    options = parser.parse_args()
    gold = read_questions(options.questions)
    local = Settings(corpus=options.corpus, index=options.index)
    print(machine())
    print(pullquote.rebuild_index(settings=local).passages, "passages in the folder's index")
    with TemporaryDirectory(prefix="pullquote-") as scratch:
        if options.milvus is not None:
            measure(local, options.milvus, None, gold)
            return
        folder = Path(scratch) / "milvus"
        with lite_server(folder) as address:
            measure(local, address, folder, gold)


def measure(
    local: Settings, address: str, folder: Path | None, gold: Sequence[GoldQuestion]
) -> None:
    """Build the index in Milvus, ask both, and print how far they agree."""
    remote = Settings(corpus=local.corpus, index=address)
    index = index_of(remote)
    shutil.copyfile(index_of(local).local_folder / EMBEDDINGS, index.local_folder / EMBEDDINGS)
    started = time.perf_counter()
    report = rebuild_index(settings=remote)
    print(
        f"{report.articles} articles in {report.passages} passages in Milvus after "
        f"{time.perf_counter() - started:.0f} s; {report.embedded} passages were embedded for it"
    )
    started = time.perf_counter()
    rebuild_index(settings=remote)
    print(f"a rebuild that finds nothing to do: {time.perf_counter() - started:.1f} s")
    asked: dict[str, list[IndexAnswer]] = {}
    for name, settings in (("folder", local), ("Milvus", remote)):
        with Assistant(settings) as assistant:
            ask(assistant, gold[0])
            time.sleep(CONSISTENT_AFTER_SECONDS)  # strongly consistent until then
            asked[name] = [ask(assistant, one) for one in gold]
    print(table(["", "questions"], compared(asked["folder"], asked["Milvus"])))
    rows = [
        [
            name,
            f"{recall(found):.3f}",
            f"{statistics.median(one.found_ms for one in found):.0f} ms",
            f"{statistics.median(one.took_ms for one in found):.0f} ms",
        ]
        for name, found in asked.items()
    ]
    print(table(["index", "recall@10", "finding, median", "answering, median"], rows))
    with_sizes = index.storage(index.open(to_search=False))
    sent = sum(with_sizes.sizes.values())
    figures: list[list[object]] = [
        [f"sent: {name}", f"{size / report.articles:,.0f}"]
        for name, size in with_sizes.sizes.items()
    ]
    figures.append(["sent in all", f"{sent / report.articles:,.0f}"])
    if folder is not None:
        figures.append(["on milvus-lite's disk", f"{bytes_in(folder) / report.articles:,.0f}"])
    here = index_of(local)
    on_disk = sum(here.storage(here.open(to_search=False)).sizes.values())
    figures.append(["in the folder, with cached vectors", f"{on_disk / report.articles:,.0f}"])
    print(table(["bytes an article", ""], figures))


if __name__ == "__main__":
    main()
