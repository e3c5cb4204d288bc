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
from pathlib import Path
from statistics import mean
from typing import Any

import pullquote
from benchmarks.common import machine, table
from pullquote import Assistant, Reply
from pullquote.conversation.session import ConversationSession
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
    scored: list[Scored] = []
    for line in lines:
        session = assistant.conversation()
        reply = session.ask(line["question"])
        scored.append(_scored(line, line["id"], reply, session))
    return scored


def _scored(line: dict[str, Any], name: str, reply: Reply, session: ConversationSession) -> Scored:
    """The result of the last question of a conversation."""
    turn, articles = session.turns[-1], session.articles
    gold = gold_question({**line, "id": name})
    first_article = articles[0] if articles else None
    return Scored(
        id=name,
        kind=line["kind"],
        question=line["question"],
        searched=reply.searched_for,
        score=score(reply, gold, first_article=first_article) if gold.answerable else None,
        answered=not reply.abstained,
        article_among_first=not gold.articles.isdisjoint(articles[:FIRST]),
        left_as_typed=turn.searched == line["question"],
        first="" if reply.abstained else reply.answers[0].text,
    )


def conversations(
    assistant: Assistant, lines: Iterable[dict[str, Any]], *, in_full: bool = False
) -> list[Scored]:
    """Ask each turn of a conversation; its kind is first, leaning or alone.

    With `in_full`, the full question that a turn stands for is asked by itself. No completion can
    be expected to do better.
    """
    scored: list[Scored] = []
    for line in lines:
        session = assistant.conversation()
        for number, turn in enumerate(line["turns"]):
            kind = "first" if number == 0 else "alone" if turn["from"] is None else "leaning"
            if in_full:
                session = assistant.conversation()
            reply = session.ask(turn["standalone" if in_full else "question"])
            name = f"{line['id']}-{number}"
            scored.append(_scored({**turn, "kind": kind}, name, reply, session))
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
    parser.add_argument(
        "--in-full", action="store_true", help="also ask the full question that a turn stands for"
    )
    parser.add_argument("--out", type=Path, help="write a line for each question")
    given = parser.parse_args()
    scored: list[Scored] = []
    print(machine())
    with pullquote.open(given.index) as assistant:
        if given.questions is not None:
            scored += everyday(assistant, _lines(given.questions))
            print(f"\n{table(HEAD, rows_by_kind(scored))}")
        if given.conversations is not None:
            turns = conversations(assistant, _lines(given.conversations))
            print(f"\n{table(HEAD, rows_by_kind(turns))}")
            if given.in_full:
                full = conversations(assistant, _lines(given.conversations), in_full=True)
                print(f"\nThe same turns, asked in full:\n\n{table(HEAD, rows_by_kind(full))}")
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
