"""Finds the day in a question whose state of things is asked for: "as of 3 March".

A day in a question usually dates an event: "what happened on 12 March?" may be answered by later
articles. So a phrase such as "on 12 March" counts only beside words that ask for a state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pullquote.conversation.when import DATE, DateRange, date_range_of
from pullquote.query.state_words import STATES, THEN_ON, Place

MOST_CHARACTERS = 400
"""A longer question is not looked at, so that no rule takes long on hostile text."""

_PARTS = {
    r"(?:the )?(?:very )?(?:end|close) of": 1.0,
    r"late(?: in)?": 1.0,
    r"the (?:middle|second half) of|mid": 2 / 3,
    r"early(?: in)?": 1 / 3,
    r"(?:the )?(?:very )?(?:start|beginning) of": 1 / 4,
}
"""The parts of a month or a year, and which share of it has then passed."""

_POINT = rf"(?:(?P<part>{'|'.join(_PARTS)})[ -](?:the month of )?)?(?P<day>{DATE})(?!['’\w-])"
_STOOD = (
    r"as (?:things|it|they|that|matters) (?:stood|was|were)(?: (?:at|on|in|by|back in))?",
    r"as (?:was )?(?:known|reported|estimated|believed|planned) (?:at|on|in|by|back in)",
    r"(?<!same )as (?:of|at)",
)
_EXPLICIT = re.compile(rf"(?i),? ?\b(?:{'|'.join(_STOOD)}) {_POINT}")
_PLACED = re.compile(
    rf"(?i),? ?\b(?P<place>by|until|up to|on|at|back in|in)? ?\b{_POINT}(?:,(?=\s))?"
)
_FOLLOWS = re.compile(
    r"(?i)\s*(?:[?!.,;:)]|$)|\s+(?:how|what|when|which|who|whose|where|was|were|had|did|is|are|has"
    r"|have|the|a|an|in|on|at|of|for|to|from|with|after|before|according|there|he|she|it|they)\b"
)
"""What follows a day. Other words make it a name, as in "the 12 March attack"."""

_AS_MUCH = re.compile(r"(?i)\bas (?:\S+ ){1,6}$")
"""Before the second "as" of a comparison: "as much snow as at the end of March"."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The words `question[start:end]`, which ask for the state of things at the end of `day`."""

    start: int
    end: int
    day: date


def as_of(question: str, *, newest: date | None) -> AsOf | None:
    """The phrase that names the day whose state is asked for; None if there is none.

    "March" is the last March before `newest`, the day of the newest article. After that day, and
    without any dated article, nothing can be told apart, so the result is None, too.
    """
    if newest is None or len(question) > MOST_CHARACTERS:
        return None
    found = (*_explicit(question), *_placed(question))
    return next((one for match in found if (one := _dated(match, newest)) is not None), None)


def without(question: str, phrase: AsOf) -> str:
    """The question without the phrase."""
    text = f"{question[: phrase.start]} {question[phrase.end :]}"
    return re.sub(r"\s+(?=[?!.,;:]|$)", "", " ".join(text.split())).lstrip(" ,")


def _explicit(question: str) -> Iterator[re.Match[str]]:
    for match in _EXPLICIT.finditer(question):
        if not (THEN_ON.search(question) or _AS_MUCH.search(question[: match.start()] + " ")):
            yield match


def _placed(question: str) -> Iterator[re.Match[str]]:
    """The phrases such as "on 12 March" beside words that ask for a state."""
    for match in _PLACED.finditer(question):
        if not _FOLLOWS.match(question, match.end()) and not match[0].endswith(","):
            continue
        place = _place(match, fronted=not question[: match.start()].strip())
        rest = f"{question[: match.start()]} … {question[match.end() :]}"
        if any(place in state.places and state.asks(rest) for state in STATES):
            yield match


def _place(match: re.Match[str], *, fronted: bool) -> Place | None:
    """Where a phrase puts the state in time; None if the words are only a date."""
    word = (match["place"] or "").lower()
    if word in ("by", "until", "up to"):
        return None if match["day"].lower() == "may" and not match["part"] else Place.BY
    if word == "at" and not match["part"]:
        return None
    if fronted and word:
        return Place.FRONT
    if match["part"] and match["part"].lower().startswith(("the", "end", "close")):
        return Place.AT if word else None
    if word == "back in":
        return Place.BACK_IN
    if word in ("in", "") and match["part"]:
        return Place.AT
    return {"on": Place.ON, "in": Place.IN}.get(word)


def _dated(match: re.Match[str], newest: date) -> AsOf | None:
    if match["day"].lower().startswith(("today", "this")):
        return None
    period = date_range_of(match["day"], today=newest)
    if period is None:
        return None
    day = _day_in(period, match["part"])
    return AsOf(match.start(), match.end(), day) if day <= newest else None


def _day_in(period: DateRange, part: str | None) -> date:
    """The last day of a period, or of a part of it."""
    share = next(
        (share for words, share in _PARTS.items() if part and re.fullmatch(words, part.lower())), 1
    )
    days = (period.last - period.first).days + 1
    return period.first + timedelta(days=max(0, int(days * share) - 1))
