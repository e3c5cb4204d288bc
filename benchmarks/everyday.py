r"""Questions as people type them, and conversations, scored by kind.

    python -m benchmarks.everyday --index NEWS-INDEX --questions NEWS/everyday-dev.jsonl \
        --conversations NEWS/conversations-dev.jsonl [--out ROWS.jsonl]

The folder of the questions has a README with the format. `pullquote.evaluate` asks and scores them
as in `pullquote evaluate`, but each question is the first of a conversation, as in the web chat. A
turn of a conversation is scored like a fact.

Prints a Markdown table. `--out` writes a line for each question, to be read by hand.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pullquote
from benchmarks.common import machine, table
from pullquote import Assistant
from pullquote.evaluate import AskedQuestion, GoldQuestion, evaluate, read_questions
from pullquote.evaluate.by_kind import KindFigures, kind_figures


def asked_alone(assistant: Assistant, questions: Iterable[GoldQuestion]) -> list[AskedQuestion]:
    """Ask each question as the first of a conversation."""
    return asked(assistant, [replace(gold, conversation=gold.id) for gold in questions])


def asked(assistant: Assistant, questions: Sequence[GoldQuestion]) -> list[AskedQuestion]:
    """Ask the questions, turns of a conversation one after another."""
    return list(evaluate(assistant, questions).asked)


def in_full(path: Path) -> list[GoldQuestion]:
    """The turns of conversations, said in full. No completion can be expected to do better."""
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = [turn["standalone"] for line in lines for turn in json.loads(line)["turns"]]
    turns = read_questions(path)
    return [replace(gold, question=text) for gold, text in zip(turns, texts, strict=True)]


def rows_by_kind(scored: Sequence[AskedQuestion]) -> list[tuple[str, ...]]:
    """A row for each kind, in the order of their first question, and one for all."""
    everything = [replace(one, gold=replace(one.gold, kind="all")) for one in scored]
    whole = kind_figures(everything)[0]
    rightly_scored = [one.score for one in scored if one.gold.answerable]
    mean = sum(rightly_scored) / len(rightly_scored) if rightly_scored else None
    return [*map(_row, kind_figures(scored)), _row(replace(whole, score=mean))]


def _row(one: KindFigures) -> tuple[str, ...]:
    replies, rest = one.answerable_replies, one.unanswerable_replies
    silent = replies.nothing / one.answerable if one.answerable else None
    shares = (one.score, silent, one.article_in_three, one.as_typed)
    return (
        one.kind,
        str(one.answerable),
        *("" if share is None else f"{share:.2f}" for share in shares),
        f"{rest.nothing} of {rest.total}",
    )


def _line(one: AskedQuestion) -> str:
    best = one.reply.best
    found = {
        "id": one.gold.id,
        "kind": one.gold.kind,
        "question": one.gold.question,
        "searched": one.reply.searched_for,
        "score": one.score if one.gold.answerable else None,
        "answered": one.answered,
        "article": one.ranks.article,
        "as typed": one.as_typed,
        "first": "" if best is None else best.text,
    }
    return json.dumps(found, ensure_ascii=False)


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
    scored: list[AskedQuestion] = []
    print(machine())
    with pullquote.open(given.index) as assistant:
        if given.questions is not None:
            scored += asked_alone(assistant, read_questions(given.questions))
            print(f"\n{table(HEAD, rows_by_kind(scored))}")
        if given.conversations is not None:
            turns = asked(assistant, read_questions(given.conversations))
            print(f"\n{table(HEAD, rows_by_kind(turns))}")
            if given.in_full:
                full = asked_alone(assistant, in_full(given.conversations))
                print(f"\nThe same turns, asked in full:\n\n{table(HEAD, rows_by_kind(full))}")
            scored += turns
    if given.out is not None:
        given.out.write_text("".join(f"{_line(one)}\n" for one in scored), encoding="utf-8")


HEAD = (
    "kind",
    "answerable",
    "score",
    "silent",
    "article in 3",
    "as typed",
    "silent on unanswerable",
)


if __name__ == "__main__":
    main()
