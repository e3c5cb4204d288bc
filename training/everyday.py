"""Reads what people might type about the newsroom's articles: questions, and follow-ups."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pullquote.evaluate import GoldQuestion
from training.reader.examples import article_rows

QUESTIONS = Path(__file__).parent / "everyday-questions.jsonl"
CONVERSATIONS = Path(__file__).parent / "conversations.jsonl"


@dataclass(frozen=True, slots=True)
class EverydayQuestion:
    """A question, the sentences that settle it, and for a list the variants of each item.

    Without evidence the article does not settle the question. `gold.answers` may be empty although
    it does: keywords have no answer, only evidence.
    """

    gold: GoldQuestion
    evidence: tuple[str, ...]
    items: tuple[tuple[str, ...], ...]


def read_everyday(newsroom: Path, questions: Path, *, held_out: bool) -> list[EverydayQuestion]:
    """The questions about the articles that train readers, or about those that do not."""
    chosen = _articles(newsroom, held_out=held_out)
    return [
        _question(row["id"], number, asked)
        for row in map(json.loads, questions.read_text(encoding="utf-8").splitlines())
        if row["id"] in chosen
        for number, asked in enumerate(row["questions"])
    ]


def read_follow_ups(
    newsroom: Path, conversations: Path, *, held_out: bool
) -> list[EverydayQuestion]:
    """The turns that lean on an earlier one, as they are searched for; see `read_everyday`."""
    chosen = _articles(newsroom, held_out=held_out)
    return [
        EverydayQuestion(
            GoldQuestion(
                id=f"{row['id']}-turn-{number}",
                question=str(turn["searched"]),
                answers=tuple(turn["answers"]),
                articles=frozenset({f"{turn['article'] or row['id']}.md"}),
                kind="follow-up",
            ),
            evidence=tuple(turn["evidence"]),
            items=(),
        )
        for row in map(json.loads, conversations.read_text(encoding="utf-8").splitlines())
        if row["id"] in chosen
        for number, turn in enumerate(row["turns"])
        if turn["from"] is not None
    ]


def _articles(newsroom: Path, *, held_out: bool) -> frozenset[str]:
    return frozenset(row["id"] for row in article_rows(newsroom, held_out=held_out))


def _question(article: str, number: int, asked: dict[str, Any]) -> EverydayQuestion:
    answers: list[str] = list(asked["answers"])
    items: list[list[str]] = list(asked.get("all") or [])
    return EverydayQuestion(
        GoldQuestion(
            id=f"{article}-everyday-{number}",
            question=str(asked["question"]),
            answers=tuple(answers),
            articles=frozenset({f"{article}.md"}),
            kind=str(asked["kind"]),
        ),
        evidence=tuple(asked["evidence"]),
        items=tuple(map(tuple, items)),
    )
