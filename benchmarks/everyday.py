r"""Questions as people type them, and conversations, scored by kind.

    python -m benchmarks.everyday --index NEWS-INDEX --questions NEWS/everyday-dev.jsonl \
        --conversations NEWS/conversations-dev.jsonl [--out ROWS.jsonl]

The folder of the questions has a README with the format. `pullquote.evaluate.scoring` says how each
kind is scored; a turn of a conversation is scored like a fact.

Prints a Markdown table. `--out` writes a line for each question, to be read by hand.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

import pullquote
from benchmarks.common import machine, table
from pullquote import Archive, Assistant, Reply, Turn, complete_question, narrow_question
from pullquote.evaluate import gold_question, score

FIRST = 3
"""Hits among which the right article of a turn should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The result of a question; `score` is from 0 to 1, and None if it is unanswerable."""

    id: str
    kind: str
    question: str
    searched: str
    score: float | None
    answered: bool
    article_among_first: bool
    left_as_typed: bool
    first: str


def everyday(assistant: Assistant, lines: Iterable[dict[str, Any]]) -> list[Scored]:
    """Ask each question by itself."""
    return [_scored(assistant, line, line["id"], assistant.ask(line["question"])) for line in lines]


def _scored(assistant: Assistant, line: dict[str, Any], name: str, reply: Reply) -> Scored:
    hits = assistant.retrieve(reply.question)
    articles = list(dict.fromkeys(hit.passage.article for hit in hits))
    gold = gold_question({**line, "id": name})
    first_article = articles[0] if articles else None
    return Scored(
        id=name,
        kind=line["kind"],
        question=line["question"],
        searched=reply.question,
        score=score(reply, gold, first_article=first_article) if gold.answerable else None,
        answered=not reply.abstained,
        article_among_first=not gold.articles.isdisjoint(articles[:FIRST]),
        left_as_typed=reply.question == line["question"],
        first="" if reply.abstained else reply.answers[0].text,
    )


def conversations(
    assistant: Assistant, archive: Archive, lines: Iterable[dict[str, Any]]
) -> list[Scored]:
    """Ask each turn, completed from earlier turns; its kind is first, leaning or alone."""
    scored: list[Scored] = []
    for line in lines:
        turns: tuple[Turn, ...] = ()
        for number, turn in enumerate(line["turns"]):
            kind = "first" if number == 0 else "alone" if turn["from"] is None else "leaning"
            today = datetime.now(UTC)
            narrowed = narrow_question(turn["question"], archive, today=today.date())
            completed = complete_question(narrowed.text, turns)
            reply = assistant.ask(completed.text, filters=narrowed.filters)
            turns += (Turn.of(turn["question"], completed, reply, asked=today),)
            name = f"{line['id']}-{number}"
            scored.append(_scored(assistant, {**turn, "kind": kind}, name, reply))
    return scored


def rows_by_kind(scored: Sequence[Scored]) -> list[tuple[str, ...]]:
    """A row for each kind, in the order of their first question, and one for all."""
    kinds = list(dict.fromkeys(one.kind for one in scored))
    groups = [(kind, [one for one in scored if one.kind == kind]) for kind in kinds]
    return [_row(name, group) for name, group in [*groups, ("all", list(scored))]]


def _row(name: str, group: Sequence[Scored]) -> tuple[str, ...]:
    answerable = [one for one in group if one.score is not None]
    rest = [one for one in group if one.score is None]
    right = mean(one.score or 0 for one in answerable)
    return (
        name,
        str(len(answerable)),
        f"{right:.2f}",
        f"{mean(not one.answered for one in answerable):.2f}",
        f"{mean(one.article_among_first for one in answerable):.2f}",
        f"{mean(one.left_as_typed for one in answerable):.2f}",
        f"{sum(not one.answered for one in rest)} of {len(rest)}",
    )


def main() -> None:
    """Print the tables that the options ask for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--conversations", type=Path)
    parser.add_argument("--out", type=Path, help="write a line for each question")
    given = parser.parse_args()
    scored: list[Scored] = []
    print(machine())
    with pullquote.open(given.index) as assistant:
        if given.questions is not None:
            scored += everyday(assistant, _lines(given.questions))
            print(f"\n{table(HEAD, rows_by_kind(scored))}")
        if given.conversations is not None:
            archive = Archive.of(pullquote.stats(given.index))
            turns = conversations(assistant, archive, _lines(given.conversations))
            print(f"\n{table(HEAD, rows_by_kind(turns))}")
            scored += turns
    if given.out is not None:
        text = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in scored)
        given.out.write_text(text, encoding="utf-8")


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


HEAD = (
    "kind",
    "answerable",
    "score",
    "silent",
    f"article in {FIRST}",
    "as typed",
    "silent on unanswerable",
)


if __name__ == "__main__":
    main()
