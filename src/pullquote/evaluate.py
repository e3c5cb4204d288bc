"""Gold questions -> figures: what was found, and what was answered."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pullquote.answers import normalise
from pullquote.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuestion:
    """A question with the spans that answer it (none: the corpus does not say) and where.

    `articles` are the ids of the articles that support the answer; any of them is right.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    articles: frozenset[str]
    comments: bool = False

    @property
    def answerable(self) -> bool:
        """Whether the corpus says."""
        return bool(self.answers)

    def found_in(self, article: str, text: str) -> bool:
        """Whether text of that article holds an accepted answer."""
        folded = text.casefold()
        return article in self.articles and any(a.casefold() in folded for a in self.answers)


def read_questions(path: Path) -> list[GoldQuestion]:
    """The gold questions in a JSON Lines file.

    Each line has `id`, `question`, `answers` (verbatim, best first; empty when the corpus does not
    say), `article` and optionally `also` (more articles) and `comments`.

    Raises:
        SettingsError: the file cannot be read; the message says which line.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The questions in {path} cannot be read: {error}") from error
    return [_parsed(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _parsed(path: Path, number: int, line: str) -> GoldQuestion:
    try:
        gold = json.loads(line)
        if not isinstance(gold["answers"], list):
            raise TypeError("answers is not a list")
        supporting = [gold["article"], *gold.get("also", ())]
        return GoldQuestion(
            id=str(gold["id"]),
            question=gold["question"],
            answers=tuple(gold["answers"]),
            articles=frozenset(article for article in supporting if article is not None),
            comments=bool(gold.get("comments", False)),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{path}, line {number} is not a gold question: {error!r}") from error


def recall(ranks: Sequence[int | None], *, k: int) -> float:
    """The share of questions, 0 to 1, whose first right passage stands among the first `k`.

    Ranks start at 1; None says that no right passage was found at all.
    """
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks) if ranks else 0.0


def exact_match(answer: str, gold: Sequence[str]) -> bool:
    """Whether an answer equals an accepted one after SQuAD's normalisation."""
    return any(normalise(answer) == normalise(accepted) for accepted in gold)


def contains(answer: str, gold: Sequence[str]) -> bool:
    """Whether an answer contains an accepted one after SQuAD's normalisation."""
    padded = f" {normalise(answer)} "
    return any(f" {normalise(accepted)} " in padded for accepted in gold)


def token_f1(answer: str, gold: Sequence[str]) -> float:
    """The best token F1, 0 to 1, of an answer against the accepted ones.

    Source: the SQuAD evaluation, Rajpurkar et al., EMNLP 2016.
    """
    return max((_f1(normalise(answer).split(), normalise(g).split()) for g in gold), default=0.0)


def _f1(found: Sequence[str], wanted: Sequence[str]) -> float:
    shared = sum((Counter(found) & Counter(wanted)).values())
    return 2 * shared / (len(found) + len(wanted)) if shared else 0.0
