r"""Measures how rebuilding after a small change, and retrieving, slow down as an index grows.

    python -m benchmarks.growth --corpus NEWS/articles --questions NEWS/news-dev.jsonl \\
        --index INDEX --passages 10000 100000

The corpus is made of copies of the articles, each with its number in every paragraph. The vectors
are those of INDEX, an index of the same articles, jittered (cosine about 0.9 with the original).
So only later changes are embedded. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from benchmarks.common import jittered, machine, table
from pullquote.evaluate import read_questions
from pullquote.index import Generation, IndexFolder
from pullquote.index.encoder import Encoder
from pullquote.index.folder.segments.segment import CODES, VECTORS
from pullquote.index.rebuild.build import rebuild
from pullquote.index.services import current_index_config, encoder_of
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Filters
from pullquote.schema.settings import Settings

REPEATS = 3
NEAREST = 10
AT_ONCE = 50_000

Vectors = npt.NDArray[np.float32]


class JitteredEncoder:
    """Stands in for the encoder during the first build: any text gets a jittered known vector."""

    def __init__(self, encoder: Encoder, known: Vectors) -> None:
        self.identity, self.dimension = encoder.identity, encoder.dimension
        self.count_tokens = encoder.count_tokens
        self._known = known

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text; the same text always gets the same row."""
        rows = [self._vector(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, self.dimension)

    def _vector(self, text: str) -> Vectors:
        return jittered(self._known, int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]))


@dataclass(frozen=True, slots=True)
class GrowthFigures:
    """The figures of one size."""

    articles: int
    passages: int
    built: float
    peak: float
    megabytes: float
    unchanged: float
    changed: float
    removed: float
    opened: float
    retrieving: list[float]
    resident: float
    recall: float
    vectors: float


def measure(options: argparse.Namespace, passages: int, folder: Path) -> GrowthFigures:
    """Build an index of about that many passages, and measure it."""
    corpus, index = folder / "corpus", folder / "index"
    settings = Settings(index=index)
    encoder = encoder_of(settings)
    with closing(IndexFolder(options.index).open()) as generation:
        known = np.concatenate([s.vectors.read() for s in generation.segments])
        per_article = generation.manifest.passages / generation.manifest.articles
    write_copies(options.corpus, corpus, articles=round(passages / per_article))
    started = time.perf_counter()
    report = rebuild(
        IndexFolder(index),
        corpus,
        JitteredEncoder(encoder, known),  # type: ignore[arg-type]
        index_config=current_index_config(settings, encoder),
    )
    built = time.perf_counter() - started
    peak = resident()
    time.sleep(2.5)  # until every file counts as settled
    command(corpus, index)
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    some = sorted(path for path in corpus.rglob("*") if path.is_file())
    return GrowthFigures(
        articles=report.articles,
        passages=report.passages,
        built=built,
        peak=peak,
        megabytes=size / 1e6,
        unchanged=median(lambda _: None, corpus, index),
        changed=median(lambda n: add_line(some[n]), corpus, index),
        removed=median(lambda n: some[-1 - n].unlink(), corpus, index),
        **serving(settings, options.questions),
    )


def write_copies(original: Path, corpus: Path, *, articles: int) -> None:
    """Write copies of the articles under new names, with the copy's number in every paragraph."""
    sources = sorted(path for path in original.rglob("*.txt") if path.is_file())
    for number in range(articles):
        source = sources[number % len(sources)]
        copy = number // len(sources)
        text = source.read_text(encoding="utf-8", errors="replace")
        target = corpus / f"{copy:04}" / source.relative_to(original)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace("\n\n", f" ({copy})\n\n") if copy else text)


def add_line(article: Path) -> None:
    """Add a sentence to an article."""
    with article.open("a", encoding="utf-8") as stream:
        stream.write(f"\n\nThis was added at {time.time_ns()}.\n")


def median(change: Callable[[int], None], corpus: Path, index: Path) -> float:
    """The median seconds of the whole command after a change."""
    taken = []
    for number in range(REPEATS):
        change(number)
        taken.append(command(corpus, index))
    return statistics.median(taken)


def command(corpus: Path, index: Path) -> float:
    """Run rebuild-index as a user does."""
    run = [sys.executable, "-m", "pullquote", "rebuild-index", "--json"]
    started = time.perf_counter()
    subprocess.run(
        [*run, "--corpus", str(corpus), "--index", str(index)], check=True, capture_output=True
    )
    return time.perf_counter() - started


def serving(settings: Settings, questions: Path) -> dict[str, Any]:
    """Open an index and retrieve from it in a separate process."""
    code = "import sys, benchmarks.growth as g; g.serve(*sys.argv[1:])"
    run = [sys.executable, "-c", code, str(settings.index), str(questions)]
    done = subprocess.run(run, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def serve(index: str, questions: str) -> None:
    """Print, as JSON, the time to open and to retrieve, and the memory used."""
    started = time.perf_counter()
    IndexFolder(Path(index)).open().close()
    opened = time.perf_counter() - started
    taken = []
    golds = read_questions(Path(questions))[:100]
    with Assistant(Settings(index=Path(index))) as assistant:
        generation = cast("Generation", assistant.generation)
        for gold in golds:
            question = assistant.retriever.question(gold.question, generation)
            assistant.encoder.encode_question(gold.question)  # retrieving finds it embedded
            started = time.perf_counter()
            assistant.retriever.retrieve(question, generation, k=10, filters=Filters())
            taken.append(1000 * (time.perf_counter() - started))
        peak = resident()
        vectors = np.stack([assistant.encoder.encode_question(gold.question) for gold in golds])
        recall = recall_of(generation, vectors)
        folders = [segment.folder for segment in generation.segments]
        files = [f / (CODES if (f / CODES).exists() else VECTORS) for f in folders]
    print(
        json.dumps(
            {
                "opened": opened,
                "retrieving": taken,
                "resident": peak,
                "recall": recall,
                "vectors": sum(file.stat().st_size for file in files) / 1e6,
            }
        )
    )


def resident() -> float:
    """The peak memory of this process, in MiB.

    In a new process, the figure from `resource` starts with its parent's.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    most = next(line for line in lines if line.startswith("VmHWM"))
    return int(most.split()[1]) / 1024


def recall_of(generation: Generation, questions: Vectors) -> float:
    """The share of the ten nearest passages that dense search finds, over all questions."""
    best: list[list[tuple[float, int]]] = [[] for _ in questions]
    for segment in generation.segments:
        for start in range(0, len(segment.passage_ids), AT_ONCE):
            rows = np.arange(start, min(start + AT_ONCE, len(segment.passage_ids)))
            if segment.live is not None:
                rows = rows[segment.live[rows]]
            cosines = questions @ segment.vectors.take(rows).T
            for own, found in zip(cosines, best, strict=True):
                for row in np.argsort(-own)[:NEAREST]:
                    found.append((float(own[row]), int(segment.passage_ids[rows[row]])))
    right = 0
    for question, found in zip(questions, best, strict=True):
        nearest = {number for _, number in sorted(found)[-NEAREST:]}
        right += len(nearest & set(generation.nearest(question, k=NEAREST, filters=Filters())))
    return right / (NEAREST * len(questions))


def main() -> None:
    """Measure every size and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    options = parser.parse_args()
    rows = []
    for passages in options.passages:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(_row(measure(options, passages, Path(folder))))
    print(f"{machine()}\n")
    head = ["", *(row[0] for row in rows)]
    print(table(head, [[name, *(row[i] for row in rows)] for i, name in enumerate(_NAMES, 1)]))


_NAMES = (
    "articles",
    "built without embedding, s, and peak memory, MiB",
    "index, MB",
    "nothing changed, s",
    "one article changed, s",
    "one article removed, s",
    "opened, s",
    "retrieved, ms: median, 95th percentile",
    "memory while searching, MiB",
    "vectors or their codes in it, MB",
    "recall@10 of dense search",
)


def _row(one: GrowthFigures) -> list[str]:
    middle, high = np.percentile(one.retrieving, [50, 95])
    return [
        f"{one.passages:,} passages",
        f"{one.articles:,}",
        f"{one.built:.0f}, {one.peak:,.0f}",
        f"{one.megabytes:.0f}",
        f"{one.unchanged:.2f}",
        f"{one.changed:.2f}",
        f"{one.removed:.2f}",
        f"{one.opened:.2f}",
        f"{middle:.1f}, {high:.1f}",
        f"{one.resident:.0f}",
        f"{one.vectors:.0f}",
        f"{one.recall:.3f}",
    ]


if __name__ == "__main__":
    main()
