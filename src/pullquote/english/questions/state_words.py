"""The words that ask for the state of things on a day, and not for an event of that day."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from enum import Enum, auto


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
