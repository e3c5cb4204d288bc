"""Computes the memory, disk and time that an archive of each size takes.

    python -m benchmarks.scaling --plot docs/pictures/scaling.svg

Everything follows from the few figures below. Those of an index in a folder were measured;
docs/explanation/benchmarks names the script. Those of Milvus's indexes follow from Milvus's rules,
or from the bytes that each stores for a vector. No Milvus cluster of such a size was measured.
Prints the tables of docs/how-to/scaling.md and scaling-milvus.md.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import table

SIZES = (100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
GB, TB, HOUR, DAY = 1e9, 1e12, 3600.0, 86_400.0

# An index in a folder: benchmarks.growth, from 99,332 to 995,616 passages.
PASSAGES_AN_ARTICLE = 8_614 / 2_225
GROWN = 995_616 - 99_332
BYTES_ON_DISK = 7_705e6 / 995_616
BYTES_ASKED = (382 - 270) * 2**20 / GROWN
ASKED_BASE = 270 * 2**20 - 99_332 * BYTES_ASKED
BYTES_BUILT = (2_084 - 811) * 2**20 / GROWN
BUILT_BASE = 811 * 2**20 - 99_332 * BYTES_BUILT
WRITTEN_SECONDS = 850 / 995_616
RETRIEVED_MS = (17.6 - 5.4) / GROWN
RETRIEVED_BASE = 5.4 - 99_332 * RETRIEVED_MS
LISTED_SECONDS = 4.0 / 258_300
"""The time to check an unchanged file of the corpus."""

EMBEDDED_A_CORE = 27.0
"""Passages a second: benchmarks.build, half of what two cores embedded, 45 and 62 of them."""

# Embeddings beside the index: 1,536 bytes, a key, a checksum, and SQLite's own.
BYTES_CACHED = 1_640

DIMENSION = 384
VECTOR = 4 * DIMENSION

# Signatures for revisions and near duplicates, which a rebuild has in memory.
BYTES_OF_A_COPY_TEST = 700

TERMS_A_PASSAGE = 85
"""Distinct terms, counted over news by `--terms`; each has 8 bytes in an inverted list."""

ROW = 2_143
"""Bytes that Milvus stores for a passage besides its vector, also counted by `--terms`."""

HEADROOM = 1.4
"""Bytes of memory for each byte of index: Milvus stops loading at 90 % of a query node, and needs
some for inserts and for moving segments."""

NODE = 64 * GB


@dataclass(frozen=True, slots=True)
class MilvusIndexType:
    """A type of Milvus index, with the bytes of a vector in memory and on the node's SSD."""

    name: str
    settings: str
    memory: float
    disk: float
    source: str


KINDS = (
    MilvusIndexType("FLAT", "compares every vector", VECTOR, 0, "4 bytes per number"),
    MilvusIndexType(
        "HNSW",
        "M 32, efConstruction 200",
        VECTOR + 272,
        0,
        "1,536 for the vector, 272 for the links (measured with FAISS)",
    ),
    MilvusIndexType(
        "IVF_RABITQ",
        "nlist 4√n per segment, refine SQ8",
        DIMENSION / 8 + 8 + DIMENSION,
        0,
        "1 bit and 8 bits per number; needs Milvus 2.6",
    ),
    MilvusIndexType(
        "IVF_RABITQ, not refined",
        "nlist 4√n per segment",
        DIMENSION / 8 + 8,
        0,
        "1 bit per number; needs Milvus 2.6",
    ),
    MilvusIndexType(
        "DISKANN",
        "MaxDegree 56, PQ 0.125, cache 0.1",
        0.225 * VECTOR,
        VECTOR + 4 * 56,
        "Milvus's defaults: codes of an eighth of the vector's size, and a cache of a tenth of it",
    ),
)


def size_text(size: int) -> str:
    """A number of passages in words."""
    for unit, name in ((10**9, "billion"), (10**6, "million")):
        if size >= unit:
            return f"{size / unit:,.3g} {name}"
    return f"{size:,.0f}"


def amount_text(amount: float) -> str:
    """Bytes in words."""
    for unit, name in ((TB, "TB"), (GB, "GB")):
        if amount >= unit:
            return f"{amount / unit:,.3g} {name}"
    return f"{amount / 1e6:,.0f} MB"


def duration_text(seconds: float) -> str:
    """A time in words."""
    if seconds >= 3 * DAY:
        return f"{seconds / DAY:,.0f} days"
    if seconds >= HOUR:
        return f"{seconds / HOUR:.1f} h"
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def folder_table() -> str:
    """An index in a folder, on one machine."""
    rows = [
        [
            size_text(n),
            size_text(int(round(n / PASSAGES_AN_ARTICLE, -3))),
            amount_text(n * (BYTES_ON_DISK + BYTES_CACHED)),
            amount_text(ASKED_BASE + n * BYTES_ASKED),
            amount_text(BUILT_BASE + n * BYTES_BUILT),
            f"{RETRIEVED_BASE + n * RETRIEVED_MS:,.0f}",
            duration_text(n * WRITTEN_SECONDS),
            duration_text(n / PASSAGES_AN_ARTICLE * LISTED_SECONDS),
        ]
        for n in SIZES
    ]
    head = [
        "passages",
        "articles",
        "disk",
        "memory to search",
        "memory to build",
        "retrieving, ms",
        "writing",
        "looking for changes",
    ]
    return table(head, rows)


def embedding_table() -> str:
    """How long embedding takes, by the number of cores of a cluster, while one process writes."""
    cores = (2, 16, 128, 1024)
    rows = [
        [
            size_text(n),
            *(duration_text(n / (EMBEDDED_A_CORE * number)) for number in cores),
            duration_text(n * WRITTEN_SECONDS),
            f"{1 / (EMBEDDED_A_CORE * WRITTEN_SECONDS):.0f}",
        ]
        for n in SIZES
    ]
    head = ["passages", *(f"{n} cores" for n in cores), "time to write", "cores that embed as fast"]
    return table(head, rows)


def milvus_table() -> str:
    """The query nodes that each index needs; rows are on their SSDs, read by mmap."""
    rows = []
    for kind in KINDS:
        for n in SIZES[2:]:
            vectors, words = n * kind.memory, n * TERMS_A_PASSAGE * 8
            memory = (vectors + words) * HEADROOM
            rows.append(
                [
                    kind.name,
                    size_text(n),
                    f"{kind.memory:,.0f}",
                    amount_text(vectors),
                    amount_text(words),
                    math.ceil(memory / NODE),
                    amount_text(n * (kind.disk + ROW)),
                ]
            )
    head = ["index", "passages", "bytes a vector", "vectors", "words", "nodes of 64 GB", "SSD"]
    return table(head, rows)


def kinds_table() -> str:
    """The source of each index's figures."""
    rows = [[kind.name, kind.settings, f"{kind.memory:,.0f}", kind.source] for kind in KINDS]
    return table(["index", "settings", "bytes of memory a vector", "consisting of"], rows)


def committer_table() -> str:
    """The memory, disk and time of the one process that rebuilds, on any cluster."""
    rows = [
        [
            size_text(n),
            amount_text(n / PASSAGES_AN_ARTICLE * BYTES_OF_A_COPY_TEST),
            amount_text(n * BYTES_CACHED),
            duration_text(n / PASSAGES_AN_ARTICLE * LISTED_SECONDS),
        ]
        for n in SIZES
    ]
    head = ["passages", "memory for near duplicates", "cached vectors, disk", "looking for changes"]
    return table(head, rows)


def count(corpus: Path) -> tuple[float, float]:
    """The mean distinct terms of a passage, and the mean bytes of its row in Milvus.

    Counts a tenth of the text files of a corpus. A row is the passage, its terms, and its share of
    the article's JSON.
    """
    from pullquote.english.terms import terms  # noqa: PLC0415
    from pullquote.index.passages import embedding_text, split_passages  # noqa: PLC0415
    from pullquote.index.services import encoder_of  # noqa: PLC0415
    from pullquote.parsing import read_articles  # noqa: PLC0415 - only to measure
    from pullquote.schema.settings import Settings  # noqa: PLC0415

    settings, distinct, rows = Settings(), list[int](), list[float]()
    encoder = encoder_of(settings)
    for path in sorted(corpus.rglob("*.txt"))[::10]:
        for article in read_articles(path, id=path.name):
            found = split_passages(
                article,
                count_tokens=encoder.count_tokens,
                budget=settings.passage_tokens,
                overlap=settings.overlap_sentences,
            )
            share = len(article.model_dump_json()) / max(1, len(found))
            for passage in found:
                words = terms(embedding_text(passage))
                distinct.append(len(set(words)))
                rows.append(len(passage.text) + len(passage.context) + len(" ".join(words)) + share)
    return sum(distinct) / len(distinct), sum(rows) / len(rows)


def draw(path: Path) -> None:
    """Plot memory by the number of passages, for each index."""
    from matplotlib import pyplot as plt  # noqa: PLC0415 - an extra

    from pullquote.evaluate.plots import AMBER, BLUE, INK, MUTED, RED, STYLE  # noqa: PLC0415

    lines = {kind.name: [n * kind.memory / GB for n in SIZES] for kind in KINDS[1:]}
    lines["a folder, to ask"] = [(ASKED_BASE + n * BYTES_ASKED) / GB for n in SIZES]
    lines["a folder, to build"] = [(BUILT_BASE + n * BYTES_BUILT) / GB for n in SIZES]
    colours = (INK, BLUE, MUTED, AMBER, "#3a9a5b", RED)
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
        for (name, values), colour in zip(lines.items(), colours, strict=True):
            axes.plot(SIZES, values, color=colour, marker="o", label=name)
        axes.axhline(NODE / GB, color=MUTED, linestyle=":")
        axes.annotate(
            "a machine of 64 GB", (SIZES[0], NODE / GB), (0, 4), textcoords="offset points"
        )
        axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="GB of memory")
        axes.legend(frameon=False)
        axes.set_title("Memory for the vectors of an archive, by index")
        figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Print the tables, and draw if asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--terms", type=Path, help="count the terms of a passage in this corpus")
    asked = parser.parse_args()
    if asked.terms is not None:
        distinct, row = count(asked.terms)
        print(f"{distinct:.1f} distinct terms and {row:.0f} bytes of rows a passage\n")
    for title, made in (
        ("An index in a folder", folder_table()),
        ("Embedding", embedding_table()),
        ("Milvus", milvus_table()),
        ("Where that is from", kinds_table()),
        ("The process that rebuilds", committer_table()),
    ):
        print(f"## {title}\n\n{made}\n")
    if asked.plot is not None:
        draw(asked.plot)


if __name__ == "__main__":
    main()
