r"""Compares FAISS's index types: memory, recall, latency and build time, from 10,000 vectors on.

    python -m benchmarks.searching --index INDEX --questions NEWS/news-dev.jsonl \\
        --vectors 10000 100000 1000000 --plot docs/pictures/searching.svg

The vectors are those of INDEX and jittered copies (cosine about 0.9 with the original), in a file.
The candidates of each type are scored exactly from that file, as in pullquote. The questions are
real, and asked one at a time. Recall is the share of the ten nearest that are found: among all
vectors, and among a random thousandth if the type supports filters. Prints a Markdown table for
each number of vectors.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from benchmarks.common import jittered, machine, table
from pullquote.evaluate import read_questions
from pullquote.index import IndexFolder
from pullquote.index.folder.segments.arrays import StoredArray
from pullquote.index.folder.segments.codes import QUERY_BITS
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.settings import Settings

K = 10
DOTS = faiss.METRIC_INNER_PRODUCT
LEAVES = 0.001
AT_ONCE = 50_000
TRAINED_ON = 100_000

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class IndexType:
    """A type of index, and its search parameters for a number of candidates.

    `filtered` makes the parameters with a selector; None if the type supports none.
    """

    name: str
    make: Callable[[int, int], faiss.Index]
    candidates: int
    asked: Callable[[faiss.IDSelector | None], faiss.SearchParameters | None]
    filters: bool = True


@dataclass(frozen=True, slots=True)
class IndexTypeFigures:
    """The figures of one type."""

    name: str
    built: float
    bytes: float
    took: list[float]
    recall: float
    filtered: float | None


def index_types() -> Iterator[IndexType]:
    """The types that are compared."""

    def plain(selector: faiss.IDSelector | None) -> faiss.SearchParameters | None:
        return None if selector is None else faiss.SearchParameters(sel=selector)

    yield IndexType("flat, float32", lambda d, _: faiss.IndexFlatIP(d), K + 8, plain)
    for bits, code in ((16, faiss.ScalarQuantizer.QT_fp16), (8, faiss.ScalarQuantizer.QT_8bit)):
        yield IndexType(
            f"scalar quantised, {bits} bits",
            partial(scalar, code),
            20 * K,
            plain,
        )
    for shortlist in (5, 20, 50):
        yield IndexType(
            f"RaBitQ, {shortlist} for each",
            lambda d, _: rotated(d, faiss.IndexRaBitQ(d, DOTS)),
            shortlist * K,
            lambda selector: faiss.SearchParametersPreTransform(
                index_params=faiss.RaBitQSearchParameters(qb=QUERY_BITS, sel=selector)
            ),
        )
    yield IndexType(
        "RaBitQ fast scan, 20 for each",
        lambda d, _: rotated(d, faiss.IndexRaBitQFastScan(d, DOTS)),
        20 * K,
        lambda _: None,
        filters=False,
    )
    for probed in (16, 64):
        yield IndexType(
            f"inverted lists, 8 bits, {probed} probed",
            inverted,
            20 * K,
            partial(probing, probed),
        )
    for effort in (200, 256):
        yield IndexType(
            f"HNSW, 8 bits, effort {effort}",
            lambda d, _: graph(d),
            20 * K,
            partial(exploring, effort),
        )


def scalar(code: int, dimension: int, _: int) -> faiss.Index:
    """A flat index of quantised components."""
    return faiss.IndexScalarQuantizer(dimension, code, DOTS)


def probing(lists: int, selector: faiss.IDSelector | None) -> faiss.SearchParameters:
    """Search parameters that probe so many inverted lists."""
    return faiss.SearchParametersIVF(nprobe=lists, sel=selector)


def exploring(effort: int, selector: faiss.IDSelector | None) -> faiss.SearchParameters:
    """Search parameters that explore a graph with so much effort."""
    return faiss.SearchParametersHNSW(efSearch=effort, sel=selector)


def rotated(dimension: int, coder: faiss.Index) -> faiss.Index:
    """An index behind a random rotation."""
    rotation = faiss.RandomRotationMatrix(dimension, dimension)
    rotation.init(1)
    return faiss.IndexPreTransform(rotation, coder)


def inverted(dimension: int, vectors: int) -> faiss.Index:
    """An inverted index with four lists for each unit of the vectors' square root."""
    lists = round(4 * math.sqrt(vectors))
    bits = faiss.ScalarQuantizer.QT_8bit
    return faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dimension), dimension, lists, bits, DOTS)


def graph(dimension: int) -> faiss.Index:
    """HNSW with 32 links each."""
    index = faiss.IndexHNSWSQ(dimension, faiss.ScalarQuantizer.QT_8bit, 32, DOTS)
    index.hnsw.efConstruction = 40
    return index


class SearchTrial:
    """The vectors in a file, the questions, and the nearest vectors of each."""

    def __init__(self, stored: StoredArray, questions: Vectors) -> None:
        self.stored, self.questions = stored, questions
        self.mask = np.random.default_rng(2).random(len(stored)) < LEAVES
        cosines = np.concatenate([questions @ part.T for part in self.parts()], axis=1)
        self.nearest = np.argpartition(-cosines, K, axis=1)[:, :K]
        cosines[:, ~self.mask] = -np.inf
        self.nearest_left = np.argpartition(-cosines, K, axis=1)[:, :K]

    def parts(self) -> Iterator[Vectors]:
        """All vectors, in chunks."""
        for start in range(0, len(self.stored), AT_ONCE):
            yield self.stored.read(start, min(start + AT_ONCE, len(self.stored)))

    def measure(self, kind: IndexType, index: faiss.Index, built: float) -> IndexTypeFigures:
        """Ask an index every question."""
        everywhere = kind.asked(None)
        self.found(kind, index, self.questions[0], everywhere)
        took, right, left = [], 0, 0
        for question, nearest in zip(self.questions, self.nearest, strict=True):
            started = time.perf_counter()
            found = self.found(kind, index, question, everywhere)
            took.append(1000 * (time.perf_counter() - started))
            right += len(set(found) & set(nearest.tolist()))
        if kind.filters:
            selector = faiss.IDSelectorBitmap(np.packbits(self.mask, bitorder="little"))
            some = kind.asked(selector)
            for question, nearest in zip(self.questions, self.nearest_left, strict=True):
                found = self.found(kind, index, question, some)
                left += len(set(found) & set(nearest.tolist()))
        whole = K * len(self.questions)
        size = len(faiss.serialize_index(index)) / len(self.stored)
        return IndexTypeFigures(
            kind.name, built, size, took, right / whole, left / whole if kind.filters else None
        )

    def found(
        self,
        kind: IndexType,
        index: faiss.Index,
        question: Vectors,
        parameters: faiss.SearchParameters | None,
    ) -> list[int]:
        """The ten rows with the best exact scores among an index's candidates."""
        _, rows = index.search(question[None], kind.candidates, params=parameters)
        some = np.sort(rows[0][rows[0] >= 0])
        cosines = (self.stored.take(some) * question).sum(axis=1)
        best: list[int] = some[np.argsort(-cosines)[:K]].tolist()
        return best


def write_vectors(path: Path, known: Vectors, count: int) -> StoredArray:
    """Write that many vectors: the known ones first, then jittered copies."""
    with path.open("wb") as stream:
        for start in range(0, count, AT_ONCE):
            rows = np.arange(start, min(start + AT_ONCE, count))
            part = np.stack([known[r] if r < len(known) else jittered(known, int(r)) for r in rows])
            stream.write(part.tobytes())
    return StoredArray(path, "<f4", width=known.shape[1])


def compare(known: Vectors, questions: Vectors, count: int, folder: Path) -> list[IndexTypeFigures]:
    """Measure every type on that many vectors."""
    trial = SearchTrial(write_vectors(folder / "vectors", known, count), questions)
    step = max(1, count // TRAINED_ON)
    sample = trial.stored.take(np.arange(0, count, step))
    measured: list[IndexTypeFigures] = []
    made: dict[str, tuple[faiss.Index, float]] = {}
    for kind in index_types():
        family = kind.name.split(",")[0] + ("8" if "8 bits" in kind.name else "")
        if family not in made:
            made.clear()
            started = time.perf_counter()
            index = kind.make(known.shape[1], count)
            index.train(sample)
            for part in trial.parts():
                index.add(part)
            made[family] = index, time.perf_counter() - started
        measured.append(trial.measure(kind, *made[family]))
        print(_row(measured[-1]), flush=True)
    return measured


def _row(one: IndexTypeFigures) -> list[str]:
    middle, high = np.percentile(one.took, [50, 95])
    return [
        one.name,
        f"{one.bytes:,.0f}",
        f"{one.built:.1f}",
        f"{middle:.1f}",
        f"{high:.1f}",
        f"{one.recall:.3f}",
        "cannot" if one.filtered is None else f"{one.filtered:.3f}",
    ]


HEAD = ["", "bytes a vector", "built, s", "ms", "95th percentile", "recall@10", "filtered"]


def draw(sizes: dict[int, list[IndexTypeFigures]], path: Path) -> None:
    """Plot the 95th percentile of each type's latency by the number of vectors."""
    from matplotlib import pyplot as plt  # noqa: PLC0415 - an extra

    from pullquote.evaluate.plots import AMBER, BLUE, INK, MUTED, STYLE  # noqa: PLC0415

    shown = {
        "flat, float32": AMBER,
        "scalar quantised, 8 bits": MUTED,
        "HNSW, 8 bits, effort 200": INK,
        "RaBitQ, 50 for each": BLUE,
    }
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
        for name, colour in shown.items():
            found = {n: one for n, all_ in sizes.items() for one in all_ if one.name == name}
            late = [float(np.percentile(one.took, 95)) for one in found.values()]
            axes.plot(list(found), late, color=colour, marker="o")
            last = list(found.values())[-1]
            label = f"{name}\n{last.bytes:,.0f} B, recall {last.recall:.3f}"
            axes.annotate(label, (list(found)[-1], late[-1]), (8, -8), textcoords="offset points")
        axes.set(xscale="log", yscale="log", xlabel="vectors", ylabel="ms, 95th percentile")
        axes.set_xlim(right=12 * max(sizes))
        axes.set_title("One question, one core: exact while that is fast, then codes")
        figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Measure every number of vectors and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--vectors", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    with closing(IndexFolder(options.index).open()) as generation:
        known = np.concatenate([s.vectors.read() for s in generation.segments])
    with Assistant(Settings(index=options.index)) as assistant:
        golds = read_questions(options.questions)[:100]
        asked = np.stack([assistant.encoder.encode_question(gold.question) for gold in golds])
    sizes = {}
    for count in options.vectors:
        with tempfile.TemporaryDirectory() as folder:
            sizes[count] = compare(known, asked, count, Path(folder))
    print(f"\n{machine()}")
    for count, measured in sizes.items():
        print(f"\n{count:,} vectors:\n\n{table(HEAD, [_row(one) for one in measured])}")
    if options.plot is not None:
        draw(sizes, options.plot)


if __name__ == "__main__":
    main()
