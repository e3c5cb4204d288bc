"""Decides which type of answer a question asks for, and whether words contain such an answer."""

from __future__ import annotations

import re
from enum import StrEnum

from pullquote.english.word_lists import MONTHS, TENS, TO_TWELVE, WEEKDAYS


class AnswerType(StrEnum):
    """The type of answer that a question asks for."""

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
        AnswerType.SPEECH,
        r"\bwhat (?:did|does|has|do|is|was) .*\b(?:say|said|saying|think|tell|call(?:ed)?)\b",
    ),
    (AnswerType.MONEY, r"\bhow much\b|\bwhat\b.*\b(?:cost|price|sum|fine|salary|fee|bill)\b"),
    (
        AnswerType.NUMBER,
        r"\bhow (?:many|old|long|far|big|tall|high|often|fast|large)\b"
        r"|\bwhat (?:number|percentage|share|score)\b",
    ),
    (AnswerType.TIME, r"\bwhen\b|\b(?:what|which) (?:date|day|month|year|time|week)\b"),
    (
        AnswerType.PLACE,
        r"\bwhere\b|\b(?:what|which) (?:city|town|country|place|port|village|island|state)\b",
    ),
    (AnswerType.REASON, r"\bwhy\b|\bwhat (?:caused|reason|made)\b|\breason\b"),
    (
        AnswerType.PERSON,
        r"\bwho(?:m|se)?\b|\b(?:what|which) (?:man|woman|person|minister|player|company|firm)\b",
    ),
)

_MONTHS = "|".join(MONTHS)
_DAYS = "|".join(WEEKDAYS)
_NUMBERS = (
    f"{TO_TWELVE}|{'|'.join(TENS)}|dozen|hundred|thousand|million|billion|half|third|quarter|twice"
)
_OFFICES = (
    "chief|minister|president|spokes\\w+|director|officer|secretary|chair\\w*|manager|coach|captain|"
    "leader|mayor|judge|police|owner|founder|head|union|company|group|professor|doctor|editor"
)
_CAPITALISED = r"(?<![.!?\"'“‘] )(?<!^)\b[A-Z][\w'’-]+"

_SIGNS_IN_WORDS = {
    AnswerType.PERSON: re.compile(rf"{_CAPITALISED}|(?i:\b(?:{_OFFICES})\b)"),
    AnswerType.TIME: re.compile(
        rf"(?i)\b(?:{_MONTHS}|{_DAYS}|today|yesterday|tomorrow|tonight|(?:last|next|this) \w+)\b"
        r"|\b(?:1[0-9]|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\d(?:am|pm)\b"
    ),
    AnswerType.PLACE: re.compile(
        r"\b(?:in|at|near|from|to|of|on|off|outside|into)\s+(?:the\s+)?[A-Z]\w+"
    ),
    AnswerType.MONEY: re.compile(
        r"[$£€¥฿]\s?\d|(?i:\d\s?(?:m|bn|k|million|billion|baht|euros?|pounds?|dollars?|pence)\b)"
    ),
    AnswerType.NUMBER: re.compile(rf"\d|(?i:\b(?:{_NUMBERS})\b)"),
    AnswerType.SPEECH: re.compile(
        r"[\"“”]|(?i:\b(?:said|says|told|added|insisted|warned|called|described|argued|denied)\b)"
    ),
    AnswerType.REASON: re.compile(
        r"(?i)\b(?:because|due to|owing to|so that|in order to|after|since|blamed?|led to|caused?|"
        r"as a result|following|amid|over|fears?|concerns?)\b"
    ),
}


def expected_type(question: str) -> AnswerType:
    """The type of answer that a question asks for, judged by its question word."""
    asked = question.casefold()
    return next((kind for kind, sign in _ASKS if re.search(sign, asked)), AnswerType.ANYTHING)


def contains_type(kind: AnswerType, words: str) -> bool:
    """Whether words contain an answer of that type; always true for `ANYTHING`."""
    return kind is AnswerType.ANYTHING or _SIGNS_IN_WORDS[kind].search(words) is not None


def type_match(kind: AnswerType, words: str) -> float:
    """1 if words contain an answer of that type, -1 if they do not, 0 for `ANYTHING`."""
    if kind is AnswerType.ANYTHING:
        return 0.0
    return 1.0 if contains_type(kind, words) else -1.0
