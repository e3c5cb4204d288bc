"""Helpers to make turns of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from pullquote.conversation import Filled, Turn
from pullquote.schema import Answer, Citation, Reply, Role

ASKED = datetime(2024, 6, 5, 9, 31, tzinfo=UTC)


def citation(quote: str, *, article: str = "a.md", before: str = "", **facts: object) -> Citation:
    """A citation of a quote, in a sentence that begins with the words before it."""
    given = {
        "title": "A title",
        "published": date(2024, 3, 22),
        "source": "Harbour Post",
        "role": Role.BODY,
        "author": None,
        "sentence": f"{before}{quote}",
        "version": "0" * 64,
        "url": None,
        **facts,
    }
    at = 100 + len(before)
    return Citation(
        article=article, quote=quote, start=at, end=at + len(quote), sentence_start=100, **given
    )


def reply(question: str, *citations: Citation, abstained: bool = False) -> Reply:
    """A reply of one answer for each citation."""
    answers = tuple(Answer(text=c.quote, confidence=0.8, citations=(c,)) for c in citations)
    return Reply(
        question=question,
        abstained=abstained or not answers,
        answers=answers,
        generation="20240605T090000-abcdef",
        took_ms=1.0,
    )


def turn(
    question: str,
    answer: str | None = None,
    *,
    searched: str | None = None,
    article: str = "a.md",
    abstained: bool = False,
    filled: Sequence[Filled] = (),
) -> Turn:
    """A turn with these words as its best answer, or without an answer."""
    cited = () if answer is None else (citation(answer, article=article),)
    return Turn(
        question=question,
        searched=question if searched is None else searched,
        filled=tuple(filled),
        reply=reply(question, *cited, abstained=abstained),
        asked=ASKED,
    )
