"""Reads the questions that people might type about the newsroom's articles, with their evidence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pullquote.evaluate import GoldQuestion
from training.reader.examples import HELD_OUT_DIGITS

QUESTIONS = Path(__file__).parent / "everyday-questions.jsonl"


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
    lines = map(json.loads, newsroom.read_text(encoding="utf-8").splitlines())
    chosen = {
        article["id"]
        for number, article in enumerate(lines, start=1)
        if (number % 10 in HELD_OUT_DIGITS) == held_out
    }
    return [
        _question(row["id"], number, asked)
        for row in map(json.loads, questions.read_text(encoding="utf-8").splitlines())
        if row["id"] in chosen
        for number, asked in enumerate(row["questions"])
    ]


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
