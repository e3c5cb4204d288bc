"""What kind of thing a question asks for, and whether words hold one."""

from __future__ import annotations

import re
from enum import StrEnum


class Expected(StrEnum):
    """The kind of thing that the question word asks for."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    MONEY = "money"
    NUMBER = "number"
    SPEECH = "speech"
    REASON = "reason"
    ANYTHING = "anything"


_ASKS = (
    (
        Expected.SPEECH,
        r"\bwhat (?:did|does|has|do|is|was) .*\b(?:say|said|saying|think|tell|call(?:ed)?)\b",
    ),
    (Expected.MONEY, r"\bhow much\b|\bwhat\b.*\b(?:cost|price|sum|fine|salary|fee|bill)\b"),
    (
        Expected.NUMBER,
        r"\bhow (?:many|old|long|far|big|tall|high|often|fast|large)\b"
        r"|\bwhat (?:number|percentage|share|score)\b",
    ),
    (Expected.TIME, r"\bwhen\b|\b(?:what|which) (?:date|day|month|year|time|week)\b"),
    (
        Expected.PLACE,
        r"\bwhere\b|\b(?:what|which) (?:city|town|country|place|port|village|island|state)\b",
    ),
    (Expected.REASON, r"\bwhy\b|\bwhat (?:caused|reason|made)\b|\breason\b"),
    (
        Expected.PERSON,
        r"\bwho(?:m|se)?\b|\b(?:what|which) (?:man|woman|person|minister|player|company|firm)\b",
    ),
)

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|"
    "fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|third|quarter|twice"
)
_OFFICES = (
    "chief|minister|president|spokes\\w+|director|officer|secretary|chair\\w*|manager|coach|captain|"
    "leader|mayor|judge|police|owner|founder|head|union|company|group|professor|doctor|editor"
)
_CAPITALISED = r"(?<![.!?\"'“‘] )(?<!^)\b[A-Z][\w'’-]+"

_HOLDS = {
    Expected.PERSON: re.compile(rf"{_CAPITALISED}|(?i:\b(?:{_OFFICES})\b)"),
    Expected.TIME: re.compile(
        rf"(?i)\b(?:{_MONTHS}|{_DAYS}|today|yesterday|tomorrow|tonight|(?:last|next|this) \w+)\b"
        r"|\b(?:1[0-9]|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\d(?:am|pm)\b"
    ),
    Expected.PLACE: re.compile(
        r"\b(?:in|at|near|from|to|of|on|off|outside|into)\s+(?:the\s+)?[A-Z]\w+"
    ),
    Expected.MONEY: re.compile(
        r"[$£€¥฿]\s?\d|(?i:\d\s?(?:m|bn|k|million|billion|baht|euros?|pounds?|dollars?|pence)\b)"
    ),
    Expected.NUMBER: re.compile(rf"\d|(?i:\b(?:{_NUMBERS})\b)"),
    Expected.SPEECH: re.compile(
        r"[\"“”]|(?i:\b(?:said|says|told|added|insisted|warned|called|described|argued|denied)\b)"
    ),
    Expected.REASON: re.compile(
        r"(?i)\b(?:because|due to|owing to|so that|in order to|after|since|blamed?|led to|caused?|"
        r"as a result|following|amid|over|fears?|concerns?)\b"
    ),
}


def expected(question: str) -> Expected:
    """The kind of thing a question asks for, by its question word."""
    asked = question.casefold()
    return next((kind for kind, sign in _ASKS if re.search(sign, asked)), Expected.ANYTHING)


def holds(kind: Expected, words: str) -> bool:
    """Whether words hold a thing of that kind; anything holds `ANYTHING`."""
    return kind is Expected.ANYTHING or _HOLDS[kind].search(words) is not None


def fit(kind: Expected, words: str) -> float:
    """1 where words hold a thing of that kind, -1 where they do not, 0 for `ANYTHING`."""
    if kind is Expected.ANYTHING:
        return 0.0
    return 1.0 if holds(kind, words) else -1.0
