"""Finds the day in a question whose state of things is asked for: "as of 3 March".

A day in a question usually dates an event: "what happened on 12 March?" may be answered by later
articles. So a phrase such as "on 12 March" counts only beside words that ask for a state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from itertools import chain

from pullquote.english.questions.when import DATE, RELATIVE, DateRange, date_range_of
from pullquote.english.values.periods import part_of_days
from pullquote.english.word_lists import WEEKDAYS


class Place(Enum):
    """How a phrase puts a state in time.

    - `BY`: "by 12 March", "until 12 March".
    - `ON`: "on 12 March".
    - `IN`: "in March".
    - `BACK_IN`: "back in March".
    - `AT`: "at the end of March", "in early March".
    - `FRONT`: any of these at the beginning of the question, but for `BY`.
    """

    BY = auto()
    ON = auto()
    IN = auto()
    BACK_IN = auto()
    AT = auto()
    FRONT = auto()


@dataclass(frozen=True, slots=True)
class StateWords:
    """Words that ask for a state if a phrase of one of the `places` is beside them."""

    places: Set[Place]
    words: re.Pattern[str]
    never: re.Pattern[str] | None = None

    def asks(self, question: str) -> bool:
        """Whether the question asks for a state; "…" stands for its phrase."""
        if self.never is not None and self.never.search(question):
            return False
        return self.words.search(question) is not None


_POINTS = frozenset({Place.ON, Place.AT, Place.BACK_IN, Place.FRONT})
_ANY = frozenset(Place)
_NOT_BY = _ANY - {Place.BY}

_AMOUNT = r"(?:how (?:many|much|far)|what (?:share|part|proportion|percentage)|(?:the )?number of)"
_HOPED = (
    r"(?:expect|suppos|promis|plann?|hop|want|agre|vow|pledg|meant|schedul|order|requir|aim|intend"
    r"|demand|decid|due|set|told|ask|forc|predict|forecast|project|estimat)"
)
_DEADLINE = re.compile(
    rf"(?i)\b(?:had|have|has|was|were) to\b|\b{_HOPED}(?:e?d|e?s?|ing)\b(?: \S+){{0,5}} to\b"
    r"|\b(?:will|would|shall|should|must|can|could|may|might|need|wants?|aims?|hopes?|target|goal"
    r"|plans?|deadline|going to|(?:is|are) \S+ to)\b"
)
"""Words for what is to be done by a day."""

_TOLL = (
    r"(?:toll|tally|body count|number of (?:\w+ )?(?:dead|deaths|victims|cases|infections|missing"
    r"|injured|arrests|casualties))"
)
_ESTIMATE = r"(?:estimates?|forecasts?|predictions?|projections?|valuations?|assessments?)"
_VALUE = (
    rf"(?:{_TOLL}|{_ESTIMATE}|figures?|counts?|costs?|price(?: tag)?|bill|budget|offers?|bids?"
    r"|date|day|start|opening|launch|completion|deadline|schedule|total)"
)
_MEANT = r"(?:supposed|meant|due|expected|scheduled|planned|intended|going|set)"

STATES = (
    # "how many were still missing at the end of March?"
    StateWords(_ANY, re.compile(r"(?i)\b(?:was|were|had|did)\b.*\bstill\b(?! life)|\bso far\b")),
    # "how many had been rescued on 12 March?"
    StateWords(_POINTS, re.compile(rf"(?i)\b{_AMOUNT}\b.*\bhad\b(?! to\b)")),
    # "who had resigned by 12 March?"
    StateWords(frozenset({Place.BY}), re.compile(r"(?i)\bhad\b(?! to\b)"), _DEADLINE),
    # "how many were found by 12 March?"
    StateWords(
        frozenset({Place.BY}),
        re.compile(rf"(?i)\b{_AMOUNT}\b.*\b(?:was|were|did|has|have)\b"),
        _DEADLINE,
    ),
    # "what was known about the cause on 12 March?"
    StateWords(
        _ANY,
        re.compile(
            r"(?i)\b(?:was|were|had been)\b.*(?<!well[ -])(?<!best[ -])\bknown\b(?! as| for)"
            r"|\b(?:was|were)\b.*\b(?:thought|believed|suspected|assumed) to\b"
        ),
    ),
    # "when was it supposed to open in March?"
    StateWords(
        _NOT_BY,
        re.compile(
            r"(?i)\b(?:when|(?:what|which) (?:date|day|time|month))\b.*"
            rf"\b(?:was|were)\b.*\b{_MEANT}\b"
        ),
    ),
    # "how much was it supposed to cost in March?"
    StateWords(
        _NOT_BY,
        re.compile(
            rf"(?i)\bhow (?:much|long|big|high|far)\b.*\b(?:was|were)\b.*\b{_MEANT}\b"
            r"(?: \S+){0,4}? to (?:cost|be|take|last|weigh|reach|measure)\b"
        ),
    ),
    # "what was the planned cost in March?"
    StateWords(
        _NOT_BY,
        re.compile(
            r"(?i)\b(?:was|were)\b.*\b(?:planned|expected|estimated|proposed|scheduled|projected"
            rf"|latest|newest|current|official)\b(?: \w+){{0,2}} {_VALUE}\b"
        ),
    ),
    # "what was the forecast at the end of March?"
    StateWords(
        frozenset({Place.AT, Place.BACK_IN}),
        re.compile(rf"(?i)\bwhat (?:was|were)\b.*\b(?:{_ESTIMATE}|offers?|bids?|plan)\b"),
    ),
    # "how much was the union demanding at the end of March?"
    StateWords(
        _NOT_BY,
        re.compile(
            r"(?i)\b(?:was|were)\b.*\b(?:demanding|asking for|offering|seeking|bidding|proposing"
            r"|calling for|insisting on|forecasting|predicting|expecting|estimating|promising"
            r"|planning|hoping)\b"
        ),
    ),
    # "how many were missing on 12 March?"
    StateWords(
        _ANY - {Place.IN},
        re.compile(
            r"(?i)\b(?:was|were)\b.*\b(?:missing|trapped|unaccounted for|stranded|stuck|homeless"
            r"|displaced|at large|in (?:hospital|intensive care|custody)|without (?:power|water"
            r"|electricity|heating|gas)|feared dead|on the run)\b"
        ),
    ),
    # "what was the death toll on 12 March?"
    StateWords(
        _ANY - {Place.IN},
        re.compile(rf"(?i)\b(?:was|were|did)\b.*\b{_TOLL}\b|\b{_TOLL}\b(?: \S+)* …\W*$"),
    ),
    # "who was in charge on 12 March?"
    StateWords(
        _POINTS,
        re.compile(
            r"(?i)\bwho (?:was|were)\b.*\b(?:in (?:charge|command|front|office|the lead)|ahead"
            r"|leading|heading|expected)\b|\bwho (?:chaired|headed|managed|coached|owned)\b"
        ),
    ),
    # "what date was being given on 12 March?"
    StateWords(_POINTS, re.compile(r"(?i)\b(?:was|were) being \w+")),
    # "where did the talks stand on 12 March?"
    StateWords(
        _ANY, re.compile(r"(?i)^\W*(?:…\W*)?(?:how|where|what)\b.*\bdid\b.*\bstand(?: at)? …")
    ),
)
"""One rule each."""

THEN_ON = re.compile(
    r"(?i)\b(?:appl(?:y|ies|ied)|(?:take|takes|took|into) (?:effect|force)|in force|effective"
    r"|valid|starts?|begins?|banned|allowed|compulsory|required)\b"
)
"""Words beside which "as of 3 March" means "from 3 March on"."""


MOST_CHARACTERS = 400
"""A longer question is not looked at, so that no rule takes long on hostile text."""

_PART = (
    r"(?:the )?(?:very )?(?:start|beginning|end|close|evening|night|morning|afternoon) of"
    r"|the (?:middle|second half) of|mid|(?:early|late)(?: in)?"
)
_POINT = rf"(?:(?P<part>{_PART})[ -](?:the month of )?)?(?P<day>{DATE})(?!['’\w-])"
_STOOD = (
    r"as (?:things|it|they|that|matters) (?:stood|was|were)(?: (?:at|on|in|by|back in))?",
    r"as (?:was )?(?:known|reported|estimated|believed|planned|stated|announced|understood)"
    r" (?:at|on|in|by|back in)",
    r"(?:as )?seen (?:from|at|in|on)|(?:according to|by) what was known (?:at|on|in|by)|state of",
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

_ALONE = ("early", "late", "mid")
"""Parts that need no preposition: "early in March"."""

_PLACES = {"on": Place.ON, "in": Place.IN, "back in": Place.BACK_IN}

_FROM_NOW = rf"{RELATIVE}|{'|'.join(WEEKDAYS)}"
"""Days that are relative to the newest article."""

_AS_MUCH = re.compile(r"(?i)\bas (?:\S+ ){1,6}$")
"""Before the second "as" of a comparison: "as much snow as at the end of March"."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The words `question[start:end]`, which ask for the state of things at the end of a day.

    `date_words` name a day, month or year, and `part` a part of it, such as "the end of".
    """

    start: int
    end: int
    date_words: str
    part: str | None

    def day(self, *, newest: date, near: Sequence[date] = ()) -> date | None:
        """The last day that counts; None if there is no such day up to the `newest` article.

        "March" is the March that is nearest to the days in `near`, or else the last one.
        """
        anchors = [newest]
        if re.fullmatch(_FROM_NOW, self.date_words.lower()) is None:
            anchors += [
                min(newest, day + timedelta(days=more)) for day in near for more in (0, 365)
            ]
        periods = [date_range_of(self.date_words, today=today) for today in anchors]
        days = [_day_in(period, self.part) for period in periods if period is not None]
        distance = {day: sum(abs(day - other).days for other in near) for day in days}
        return min((day for day in days if day <= newest), key=distance.__getitem__, default=None)


def as_of(question: str) -> AsOf | None:
    """The phrase that names the day whose state is asked for; None if there is none."""
    if len(question) > MOST_CHARACTERS:
        return None
    found = chain(_explicit(question), _placed(question))
    named = (match for match in found if not match["day"].lower().startswith(("today", "this")))
    match = next(named, None)
    if match is None:
        return None
    return AsOf(match.start(), match.end(), match["day"], match["part"])


def without(question: str, phrase: AsOf) -> str:
    """The question without the phrase."""
    text = f"{question[: phrase.start]} {question[phrase.end :]}"
    rest = re.sub(r"\s+(?=[?!.,;:]|$)", "", " ".join(text.split())).lstrip(" ,")
    return rest if re.search(r"\w", rest) else question


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
    word, part = (match["place"] or "").lower(), (match["part"] or "").lower()
    complete = part.startswith(_ALONE) if not word else part or word != "at"
    if not complete:
        return None
    if word in ("by", "until", "up to"):
        return None if match["day"].lower() == "may" and not part else Place.BY
    if fronted and word:
        return Place.FRONT
    return Place.AT if part and word != "back in" else _PLACES[word]


def _day_in(period: DateRange, part: str | None) -> date:
    """The last day of a period, or of a part of it."""
    which = re.match(r"(?:the )?(?:very )?(early|start|beginning|mid)", (part or "").lower())
    if which is None:
        return period.last
    return min(part_of_days(which[1], (period.first, period.last))[1], period.last)
