"""Recall of dense, lexical and fused retrieval.

    python -m benchmarks.retrieval --corpus NEWS/articles --questions NEWS/news-dev.jsonl
    python -m benchmarks.retrieval --squad WIKI/wiki-dev.json

With --corpus, articles and gold questions in the project's own format; with --squad, every context
of the file becomes an article. recall@k is the share of answerable questions with a passage that
holds an accepted answer, in an article that supports it, among the first k. Comments are left out,
as they are by default. --index keeps the index for the next run.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.common import machine, table, write_wiki_corpus
from pullquote.assistant import Assistant, rebuild_index
from pullquote.evaluate import GoldQuestion, read_questions, recall
from pullquote.index import Generation
from pullquote.retriever import collapse, fuse
from pullquote.schema import Filters
from pullquote.settings import Settings

CUTS = (1, 5, 10, 20)
DEEPEST = 50


def rankings(assistant: Assistant, gold: GoldQuestion) -> dict[str, list[int]]:
    """Passage numbers by each way of finding them, best first, near-equal ones collapsed."""
    generation = assistant.generation
    question = assistant.retriever.question(gold.question, generation)
    vector = assistant.encoder.encode_question(gold.question)
    dense = generation.nearest(vector, k=DEEPEST, filters=Filters())
    lexical = generation.matching(list(question.rarity), k=DEEPEST, filters=Filters())
    fused = fuse([dense, lexical], k=assistant.settings.rrf_k)
    return {
        name: [passage.id for passage in collapse(map(generation.passage, ranking))]
        for name, ranking in (("dense", dense), ("lexical", lexical), ("fused", fused))
    }


def first_right(generation: Generation, gold: GoldQuestion, ranking: Sequence[int]) -> int | None:
    """The rank, from 1, of the first passage that holds the answer; None when none does."""
    for rank, number in enumerate(ranking, start=1):
        passage = generation.passage(number)
        if gold.found_in(passage.article, passage.text):
            return rank
    return None


def measure(assistant: Assistant, questions: Sequence[GoldQuestion]) -> Iterator[list[str]]:
    """One row for each way of finding passages."""
    answerable = [gold for gold in questions if gold.answerable and not gold.comments]
    ranks: dict[str, list[int | None]] = {}
    for gold in answerable:
        for name, ranking in rankings(assistant, gold).items():
            ranks.setdefault(name, []).append(first_right(assistant.generation, gold, ranking))
    for name, found in ranks.items():
        yield [name, *(f"{recall(found, k=k):.3f}" for k in CUTS)]
    print(
        f"{len(answerable)} answerable questions, {assistant.generation.manifest.passages} passages"
    )


def main() -> None:
    """Build or reuse the index, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--squad", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--passage-tokens", type=int, default=Settings().passage_tokens)
    parser.add_argument("--overlap-sentences", type=int, default=Settings().overlap_sentences)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            index=given.index or Path(folder) / "index",
            corpus=given.corpus or Path(folder) / "corpus",
            passage_tokens=given.passage_tokens,
            overlap_sentences=given.overlap_sentences,
        )
        if given.squad is not None:
            questions = write_wiki_corpus(given.squad, settings.corpus)
        else:
            questions = read_questions(given.questions)
        rebuild_index(settings=settings)
        with Assistant(settings) as assistant:
            rows = list(measure(assistant, questions))
    print(f"{given.passage_tokens} tokens, overlap {given.overlap_sentences}; {machine()}\n")
    print(table(["", *(f"recall@{k}" for k in CUTS)], rows))


if __name__ == "__main__":
    main()
