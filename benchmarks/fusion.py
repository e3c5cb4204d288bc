r"""Compares the fusion rules, and constants of reciprocal rank, by recall of the fused hits.

    python -m benchmarks.fusion --questions NEWS/news-dev.jsonl --corpus NEWS/articles
    python -m benchmarks.fusion --questions WIKI/wiki-dev.json \\
        --corpus WIKI/wiki-dev.json --corpus WIKI/wiki-train.json

Both searches run once for each question; only the fusion differs. Every answerable question counts.
`--index` reuses the index of an earlier run. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.common import machine, table
from pullquote.answering.retrieval.retriever import collapse
from pullquote.evaluate import read_questions
from pullquote.evaluate.asked_question import first_right
from pullquote.evaluate.evaluation import with_article_ids
from pullquote.evaluate.gold_file import evaluation_corpus
from pullquote.index.services import rebuild_index
from pullquote.newsroom.assistant import Assistant, open_assistant
from pullquote.schema import Filters
from pullquote.schema.fusion import Fusion
from pullquote.schema.settings import Settings

CONSTANTS = (60, 30, 15, 10, 5, 3, 1)
"""Constants of reciprocal rank; the other rules have none."""

Tried = tuple[Fusion, int]
TRIED: list[Tried] = [
    (rule, constant)
    for rule in Fusion
    for constant in (CONSTANTS if rule is Fusion.RECIPROCAL_RANK else CONSTANTS[:1])
]
DEPTHS = (1, 3, 5, 10, 20)


def main() -> None:
    """Measure and print."""
    given = _arguments()
    with evaluation_corpus(given.questions, corpora=given.corpus, index=given.index) as made:
        if made.corpus is not None and made.index is not None:
            rebuild_index(made.corpus, made.index)
        with open_assistant(settings=Settings(index=made.index)) as assistant:
            ranks = list(_ranks(assistant, given.questions))
    print(f"{len(ranks)} answerable questions; {machine()}\n")
    print(
        table(
            ["rule", "constant", *(f"recall@{k}" for k in DEPTHS), "mean reciprocal rank"],
            _rows(ranks),
        )
    )


def _ranks(assistant: Assistant, questions: Path) -> Iterator[dict[Tried, int | None]]:
    """For each rule and constant, the rank of the first right passage of each question."""
    generation, settings = assistant.generation, assistant.settings
    for gold in with_article_ids(read_questions(questions), generation.articles()):
        if not gold.answerable:
            continue
        filters = Filters(comments=gold.comments)
        asked = assistant.retriever.question(gold.question, generation)
        both = assistant.retriever.search(
            asked, generation, depth=settings.candidates, filters=filters
        )
        found: dict[Tried, int | None] = {}
        for rule, constant in TRIED:
            fused = rule.fuse([both.dense, both.lexical], k=constant)
            passages = collapse(generation.passages(list(fused)))
            found[rule, constant] = first_right(gold, islice(passages, max(DEPTHS)))
        yield found


def _rows(ranks: Sequence[dict[Tried, int | None]]) -> list[list[str]]:
    rows = []
    for tried in TRIED:
        found = [rank for one in ranks if (rank := one[tried]) is not None]
        shares = [sum(rank <= depth for rank in found) / len(ranks) for depth in DEPTHS]
        reciprocal = sum(1 / rank for rank in found) / len(ranks)
        rows.append([*map(str, tried), *(f"{share:.3f}" for share in (*shares, reciprocal))])
    return rows


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    parser.add_argument("--index", default=None)
    return parser.parse_args()


if __name__ == "__main__":
    main()
