"""Finds quantities in a text: "about £1.7m", "between 8 and 10 people", "two-thirds", "3-2"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pullquote.english.values.models import FoundValue, Qualifier, Quantity, Score
from pullquote.english.values.numbers import (
    FIRST_WORDS,
    FRACTION,
    NUMBER,
    ORDINAL,
    WrittenNumber,
    number_of,
    ordinal_of,
    share_of,
)
from pullquote.english.values.units import (
    CURRENCY,
    UNIT,
    Unit,
    counted_by,
    currency_of,
    singular,
    state_around,
    unit_of,
)

_QUALIFIERS = {
    Qualifier.ABOUT: "about|around|some|roughly|approximately|approx\\.?|an estimated|estimated|"
    "circa|ca\\.|c\\.|in the region of|more or less|something like|~|well about",
    Qualifier.AT_LEAST: "at least|no fewer than|no less than|not less than|a minimum of|minimum",
    Qualifier.AT_MOST: "at most|no more than|not more than|as many as|as much as|up to|a maximum "
    "of|maximum",
    Qualifier.JUST_OVER: "just over|slightly more than|a little over|just above|little more than|"
    "just more than",
    Qualifier.MORE_THAN: "more than|over|above|in excess of|upwards of|well over|exceeding",
    Qualifier.NEARLY: "nearly|almost|just under|close to|just below|slightly less than|just short "
    "of|almost all of",
    Qualifier.LESS_THAN: "less than|fewer than|under|below|well under",
}
_QUALIFIED = {
    word.replace("\\", ""): kind for kind, words in _QUALIFIERS.items() for word in words.split("|")
}
_LONGEST_QUALIFIER = max(len(words.split()) for words in _QUALIFIED)
_FURTHER = frozenset("the its a further another".split())
_SIGN_BEFORE = re.compile(rf"(?i)(?<![^\W\d_]){CURRENCY}\s?$")
_NUMBER = re.compile(
    rf"(?i)(?<![\w.,])(?P<number>{NUMBER})(?P<plus>\+)?"
    rf"(?:(?P<joint>\s?[-–—]\s?|,? (?:to|or|and) )(?:{CURRENCY}\s?)?(?P<other>{NUMBER}))?"
)
_UNIT = re.compile(rf"(?i)[ -]?(?P<unit>{UNIT})")
_PER = re.compile(r"(?i)(?: an? | per |[- ]an?-|/)([a-z]+)")
_FRACTION = re.compile(
    rf"(?i)(?<![\w-])(?P<share>{FRACTION})(?![\w-])(?!\s(?:an?\s|past\b|time\b|final|way\b))"
)
_OF_TIME = re.compile(
    r"(?i)(?<!\w)(?P<count>half an?|a quarter of an|an?)\s(?P<unit>hour|minute|week|fortnight|month"
    r"|year|decade|century|mile|tonne|kilometre|acre|litre)\b(?!\s+(?:ago|later|earlier|before))"
)
_ORDINAL = re.compile(rf"(?i)(?<![\w-])(?P<ordinal>{ORDINAL})")
_FIRST_FEW = re.compile(rf"(?i) {NUMBER}")
"""After an ordinal that is none: "the first two"."""
_AGED = re.compile(r"(?i)\baged?\s+(?:of\s+)?$")
_APPOSED = re.compile(r"\b[A-Z][\w’'-]+, $")
_YEAR_OLD = re.compile(r"(?i)[- ]years?[- ](?:old|of age)\b")
_SCORE = re.compile(
    r"(?i)(?<![\w.,/–-])(\d{1,3})( [a-z]+)?(?:[-–—]| to | v )(\d{1,3})(?![\w/]|[.,]\d)"
)
_NEAR = 100
"""In characters around a score."""
_CONTEST = re.compile(
    r"(?i)\b(?:won|win|wins|winning|beat|beats|beaten|lost|lose|draw|drew|drawn|score|goals?|ahead|"
    r"lead|led|vot(?:e|ed|es|ing)|victory|defeat\w*|match|half-time|halftime|final)\b"
)
_METRES = re.compile("[0-9]{1,4}m")
_CHANGED = re.compile(
    r"(?i)\b(?:ris(?:e|es|en|ing)|rose|gr[eo]w\w*|fall\w*|fell|cut|up|down|drop\w*|rais\w+|lower\w*|"
    r"reduced|increas\w+|revised|jump\w*|climb\w*|went|gone|changed) from\s+$"
)
"""Before two numbers that are not a range: "rose from 5 to 7 per cent"."""
_SPECIAL = re.compile(r"(?i)(?:no one|nobody|no-one|(?P<times>twice|thrice))\b")
_OR_SO = re.compile(r"(?i) or so\b")
_MINUS_BEFORE = re.compile(r"(?<![\w−-])[-−]$")
_TOKEN = re.compile(r"[^\W_]+")
_WORD_BEFORE = re.compile(r"[\w’'~.-]+")
_BEGINNINGS = FIRST_WORDS | frozenset("half a an no nil none nobody twice thrice quarter".split())


def quantities_in(text: str, *, exact_words: bool = False) -> Iterator[FoundValue]:
    """The quantities in a text, in order. With `exact_words`, the text is the words of an answer.

    Ordinal numbers, and "a week" and the like, count only among the words of an answer.
    """
    finders = [*_FINDERS, *_FINDERS_IN_ANSWERS] if exact_words else _FINDERS
    taken = 0
    for token in _TOKEN.finditer(text):
        at = token.start()
        if at < taken or not (token[0][0].isdecimal() or token[0].casefold() in _BEGINNINGS):
            continue
        found = [one for find in finders if (one := find(text, at)) is not None]
        if found:
            longest = max(found, key=lambda one: one.end)
            yield replace(longest, start=max(longest.start, taken))
            taken = longest.end


def _score_at(text: str, at: int) -> FoundValue | None:
    """A score such as "3-2" or "57 to 43"; a rising pair is one only where a contest is named."""
    match = _SCORE.match(text, at)
    if match is None or text[max(0, at - 5) : at].casefold() == "from ":
        return None
    first, second = int(match[1]), int(match[3])
    falls = first >= second or match[2] is not None
    if falls or (
        _CONTEST.search(text, max(0, at - _NEAR), at + _NEAR) and not _UNIT.match(text, match.end())
    ):
        return FoundValue(at, match.end(), Score(first, second))
    return None


def _share_at(text: str, at: int) -> FoundValue | None:
    match = _FRACTION.match(text, at)
    share = None if match is None else share_of(match["share"])
    if match is None or share is None:
        return None
    qualifier, start = _qualifier_before(text, at)
    return FoundValue(start, match.end(), _quantity(share, share, Unit("%"), qualifier))


def _time_at(text: str, at: int) -> FoundValue | None:
    match = _OF_TIME.match(text, at)
    unit = None if match is None else unit_of(match["unit"])
    if match is None or unit is None:
        return None
    count = match["count"].casefold()
    number = Decimal("0.25" if "quarter" in count else "0.5" if "half" in count else "1")
    written = WrittenNumber(number, number)
    qualifier, start = _qualifier_before(text, at)
    return FoundValue(start, match.end(), _quantity(written, written, unit, qualifier))


def _ordinal_at(text: str, at: int) -> FoundValue | None:
    match = _ORDINAL.match(text, at)
    if match is None or _FIRST_FEW.match(text, match.end()):
        return None
    counted = counted_by(text, match.end(), one=True)
    number = Decimal(ordinal_of(match["ordinal"]))
    value = _plain(number, "" if counted is None else singular(counted.unit))
    value = replace(value, ordinal=True, state="" if counted is None else counted.state)
    return FoundValue(at, match.end() if counted is None else counted.end, value)


def _special_at(text: str, at: int) -> FoundValue | None:
    """Nobody, and "twice"."""
    match = _SPECIAL.match(text, at)
    if match is None:
        return None
    if match["times"]:
        number = Decimal(2 if match["times"].casefold() == "twice" else 3)
        return FoundValue(at, match.end(), _plain(number, "time"))
    nobody = replace(_plain(Decimal(0), "people"), state=state_around(text, at, match.end()))
    return FoundValue(at, match.end(), nobody)


def _plain(number: Decimal, unit: str) -> Quantity:
    one = Decimal(1)
    return Quantity(low=number, high=number, step=one, rounded=one, unit=unit)


def _qualifier_before(text: str, at: int) -> tuple[Qualifier, int]:
    """The qualifier that ends directly before a position, and where it begins."""
    words = list(_WORD_BEFORE.finditer(text, max(0, at - 30), at))[-_LONGEST_QUALIFIER - 1 :]
    if words and words[-1][0].casefold() in _FURTHER:
        words.pop()
    for first in range(max(0, len(words) - _LONGEST_QUALIFIER), len(words)):
        qualifier = _QUALIFIED.get(" ".join(word[0] for word in words[first:]).casefold())
        if qualifier is not None:
            return qualifier, words[first].start()
    return Qualifier.EXACT, at


def _amount_at(text: str, at: int) -> FoundValue | None:
    negative = _MINUS_BEFORE.search(text, max(0, at - 2), at)
    match = _NUMBER.match(text, at if negative is None else at - 1)
    return None if match is None else _amount(text, match)


def _amount(text: str, match: re.Match[str]) -> FoundValue | None:
    """The quantity at a match of `_NUMBER`, with its unit, rate, noun and state."""
    sign = _SIGN_BEFORE.search(text, max(0, match.start() - 5), match.start())
    start = match.start() if sign is None else sign.start()
    low = number_of(match["number"])
    joined = _is_range(text, start, match)
    high = number_of(match["other"]) if joined else low
    if low is None or high is None:
        return None
    if joined:
        low = _scaled_like(low, high, match)
        if low.number >= high.number:
            high, joined = low, False
    end = match.end("other" if joined else "number")
    qualifier, start = _qualifier_before(text, start)
    if match["plus"] and not joined:
        qualifier, end = Qualifier.AT_LEAST, match.end("plus")
    unit, end = _unit_at(text, end) if sign is None else (Unit(currency_of(sign[0])), end)
    if _METRES.fullmatch(match["number"]) and not unit.name and not counted_by(text, end):
        low, high, unit = _in_metres(low), _in_metres(high), Unit("m")
    if (old := _YEAR_OLD.match(text, match.end("number"))) is not None and not joined:
        unit, end = Unit("year"), old.end()
    if _is_age(text, start, end) and not unit.name:
        unit = Unit("year")
    name, state, per, end = _counted(text, match, end, unit.name)
    number = match["number"].casefold()
    if not name and (number == "no" or (number in ("none", "nil") and end < len(text))):
        return None
    if (about := _OR_SO.match(text, end)) is not None:
        qualifier, end = Qualifier.ABOUT, about.end()
    value = _quantity(low, high, Unit(name, unit.factor), qualifier, state=state, per=per)
    return FoundValue(start, end, value)


def _is_age(text: str, start: int, end: int) -> bool:
    """Whether a number is an age: "aged 34", or "Ida Roe, 34, a teacher"."""
    if _AGED.search(text, max(0, start - 10), start):
        return True
    apposed = _APPOSED.search(text, max(0, start - 30), start)
    return apposed is not None and re.match(r"[0-9]{1,2}[,.;)]", text[start : end + 1]) is not None


def _counted(text: str, match: re.Match[str], end: int, unit: str) -> tuple[str, str, str, int]:
    """The unit or noun after a number, what happened to people, the rate, and where it all ends."""
    if unit:
        rate = _PER.match(text, end)
        if rate is None or singular(rate[1]) in ("year", "month"):
            return unit, "", "", end
        return unit, "", singular(rate[1]), rate.end()
    counted = counted_by(text, end, one=match["number"].casefold() in ("one", "1"))
    state = ""
    if counted is not None:
        unit, state, end = counted.unit, counted.state, counted.end
    if not unit or unit == "people":
        state = state or state_around(text, match.start(), end)
    return unit or ("people" if state else ""), state, "", end


def _quantity(
    low: WrittenNumber,
    high: WrittenNumber,
    unit: Unit,
    qualifier: Qualifier,
    *,
    state: str = "",
    per: str = "",
) -> Quantity:
    return Quantity(
        low=low.number * unit.factor,
        high=high.number * unit.factor,
        step=min(low.step, high.step) * unit.factor,
        rounded=min(low.rounded, high.rounded) * unit.factor,
        qualifier=qualifier,
        unit=unit.name,
        state=state,
        per=per,
        scale=unit.factor,
    )


def _is_range(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether two numbers are the ends of a range: "8-10", "between 8 and 10", "two or three"."""
    if match["other"] is None or match["plus"]:
        return False
    joint = match["joint"].strip().casefold()
    before = text[max(0, start - 20) : start]
    if joint.endswith("and"):
        return re.search(r"(?i)\bbetween\s+$", before) is not None
    return _CHANGED.search(before) is None


def _scaled_like(low: WrittenNumber, high: WrittenNumber, match: re.Match[str]) -> WrittenNumber:
    """The lower number with the magnitude of the higher: 2,000,000 in "£2-3m"."""
    if high.step < 1000 or low.step > 1 or low.number >= 1000:
        return low
    figures = re.match(r"[0-9.,]+", match["other"])
    if figures is None:
        return low
    factor = high.number / Decimal(figures[0].replace(",", ""))
    return WrittenNumber(low.number * factor, low.step * factor)


def _unit_at(text: str, end: int) -> tuple[Unit, int]:
    """The unit after a number, and the end of its words."""
    found = _UNIT.match(text, end)
    unit = None if found is None else unit_of(found["unit"])
    return (Unit(""), end) if found is None or unit is None else (unit, found.end())


def _in_metres(number: WrittenNumber) -> WrittenNumber:
    """The number of "640m", in which the letter does not mean a million."""
    million = Decimal(10**6)
    return WrittenNumber(number.number / million, number.step / million)


_FINDERS = (_score_at, _share_at, _amount_at, _special_at)
_FINDERS_IN_ANSWERS = (_time_at, _ordinal_at)
