"""Finds quantities in a text: "about £1.7m", "between 8 and 10 people", "two-thirds", "3-2"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pullquote.values.models import FoundValue, Qualifier, Quantity, Score
from pullquote.values.nouns import counted_by, singular, state_around
from pullquote.values.numbers import (
    FRACTION,
    NUMBER,
    ORDINAL,
    WrittenNumber,
    number_of,
    ordinal_of,
    share_of,
)
from pullquote.values.units import CURRENCY, UNIT, Unit, currency_of, unit_of

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
_QUALIFIER = "|".join(
    sorted("|".join(_QUALIFIERS.values()).split("|"), key=len, reverse=True)
)
_QUALIFIED = {
    word.replace("\\", ""): kind
    for kind, words in _QUALIFIERS.items()
    for word in words.split("|")
}
_CURRENCY = rf"(?<![^\W\d_]){CURRENCY}"
_AMOUNT = re.compile(
    rf"(?i)(?:(?<!\w)(?P<qualifier>{_QUALIFIER})\s+(?:the |its |a further |another )?|(?P<about>~))?"
    rf"(?:(?P<sign>{_CURRENCY})\s?)?(?<![\w.,])(?P<number>{NUMBER})(?P<plus>\+)?"
    rf"(?:(?P<joint>\s?[-–—]\s?|,? (?:to|or|and) )(?:{_CURRENCY}\s?)?(?P<other>{NUMBER}))?"
)
_UNIT = re.compile(rf"(?i)[ -]?(?P<unit>{UNIT})")
_PER = re.compile(r"(?i)(?: an? | per |[- ]an?-|/)([a-z]+)")
_FRACTION = re.compile(
    rf"(?i)(?:(?<!\w)(?P<qualifier>{_QUALIFIER})\s+)?(?<![\w-])(?P<share>{FRACTION})(?![\w-])"
    r"(?!\s(?:an?\s|past\b|time\b|final|way\b))"
)
_OF_TIME = re.compile(
    rf"(?i)(?:(?<!\w)(?P<qualifier>{_QUALIFIER})\s+)?(?<!\w)"
    r"(?P<count>half an?|a quarter of an|an?|the)\s(?P<unit>hour|minute|week|fortnight|month|year|"
    r"decade|century|mile|tonne|kilometre|acre|litre)\b(?!\s+(?:ago|later|earlier|before))"
)
_ORDINAL = re.compile(rf"(?i)(?<![\w-])(?P<ordinal>{ORDINAL})")
_AGED = re.compile(r"(?i)\baged?\s+(?:of\s+)?$")
_YEAR_OLD = re.compile(r"(?i)[- ]years?[- ](?:old|of age)\b")
_SCORE = re.compile(r"(?i)(?<![\w.,/–-])(\d{1,3})( [a-z]+)?(?:[-–—]| to | v )(\d{1,3})(?![\w/]|[.,]\d)")
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
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_ONCE = re.compile(r"(?i)(?<!\w)(twice|thrice)\b")
_NOBODY = re.compile(r"(?i)(?<!\w)(?:no one|nobody|no-one)\b")
_OR_SO = re.compile(r"(?i) or so\b")


def quantities_in(text: str, *, exact_words: bool = False) -> Iterator[FoundValue]:
    """The quantities in a text, in order. With `exact_words`, the text is the words of an answer.

    Ordinal numbers, and "a week" and the like, count only among the words of an answer.
    """
    taken = 0
    found = [*_scores(text), *_shares(text), *_amounts(text), *_people(text)]
    if exact_words:
        found += [*_spans_of_time(text), *_ordinals(text)]
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        if one.start >= taken:
            yield one
            taken = one.end


def _qualifier(match: re.Match[str]) -> Qualifier:
    words = " ".join((match["qualifier"] or "").casefold().split())
    return _QUALIFIED.get(words, Qualifier.EXACT)


def _scores(text: str) -> Iterator[FoundValue]:
    """Scores such as "3-2" and "57 to 43"; a rising pair is one only where a contest is named."""
    for match in _SCORE.finditer(text):
        first, second = int(match[1]), int(match[3])
        if text[max(0, match.start() - 5) : match.start()].casefold() == "from ":
            continue
        falls = first >= second or match[2] is not None
        if (falls or _CONTEST.search(text)) and (falls or not _UNIT.match(text, match.end())):
            yield FoundValue(match.start(), match.end(), Score(first, second))


def _shares(text: str) -> Iterator[FoundValue]:
    for match in _FRACTION.finditer(text):
        share = share_of(match["share"])
        if share is not None:
            value = _quantity(share, share, Unit("%"), _qualifier(match))
            yield FoundValue(match.start(), match.end(), value)


def _spans_of_time(text: str) -> Iterator[FoundValue]:
    for match in _OF_TIME.finditer(text):
        count = match["count"].casefold()
        factor = "0.25" if "quarter" in count else "0.5" if "half" in count else "1"
        unit = unit_of(match["unit"])
        if unit is not None and count != "the":
            written = WrittenNumber(Decimal(factor), Decimal(factor))
            value = _quantity(written, written, unit, _qualifier(match))
            yield FoundValue(match.start(), match.end(), value)


def _ordinals(text: str) -> Iterator[FoundValue]:
    for match in _ORDINAL.finditer(text):
        counted = counted_by(text, match.end(), one=True)
        number = Decimal(ordinal_of(match["ordinal"]))
        value = Quantity(
            low=number,
            high=number,
            step=Decimal(1),
            rounded=Decimal(1),
            unit="" if counted is None else singular(counted.unit),
            state="" if counted is None else counted.state,
            ordinal=True,
        )
        yield FoundValue(match.start(), match.end() if counted is None else counted.end, value)


def _people(text: str) -> Iterator[FoundValue]:
    """Nobody, and "twice"."""
    one = Decimal(1)
    for match in _NOBODY.finditer(text):
        state = state_around(text, match.start(), match.end())
        zero = Decimal(0)
        value = Quantity(low=zero, high=zero, step=one, rounded=one, unit="people", state=state)
        yield FoundValue(match.start(), match.end(), value)
    for match in _ONCE.finditer(text):
        number = Decimal(_TIMES[match[1].casefold()])
        value = Quantity(low=number, high=number, step=one, rounded=one, unit="time")
        yield FoundValue(match.start(), match.end(), value)


def _amounts(text: str) -> Iterator[FoundValue]:
    at = 0
    while (match := _AMOUNT.search(text, at)) is not None:
        found = _amount(text, match)
        if found is not None:
            yield found
        at = max(match.end("number"), match.start() + 1) if found is None else found.end


def _amount(text: str, match: re.Match[str]) -> FoundValue | None:
    """The quantity at a match of `_AMOUNT`, with its unit, rate, noun and state."""
    low = number_of(match["number"])
    joined = _is_range(text, match)
    high = number_of(match["other"]) if joined else low
    if low is None or high is None:
        return None
    if joined:
        low = _scaled_like(low, high, match)
        if low.number >= high.number:
            high, joined = low, False
    end = match.end("other" if joined else "number")
    qualifier = Qualifier.AT_LEAST if match["plus"] and not joined else _qualifier(match)
    end = match.end("plus") if match["plus"] and not joined else end
    if match["about"]:
        qualifier = Qualifier.ABOUT
    unit, end = _unit_at(text, end, match)
    if _METRES.fullmatch(match["number"]) and not unit.name and not counted_by(text, end):
        low, high, unit = _in_metres(low), _in_metres(high), Unit("m")
    if (old := _YEAR_OLD.match(text, match.end("number"))) is not None and not joined:
        unit, end = Unit("year"), old.end()
    if _AGED.search(text, max(0, match.start() - 10), match.start()):
        unit = Unit("year")
    return _finished(text, match, end, low, high, unit, qualifier)


def _finished(
    text: str,
    match: re.Match[str],
    end: int,
    low: WrittenNumber,
    high: WrittenNumber,
    unit: Unit,
    qualifier: Qualifier,
) -> FoundValue | None:
    start, name, state, per = match.start(), unit.name, "", ""
    if name and (rate := _PER.match(text, end)) and singular(rate[1]) not in ("year", "month"):
        per, end = singular(rate[1]), rate.end()
    if not name:
        counted = counted_by(text, end, one=low.number == 1)
        if counted is not None:
            name, state, end = counted.unit, counted.state, counted.end
        state = state or state_around(text, start, end)
        if state:
            name = name or "people"
    if (about := _OR_SO.match(text, end)) is not None:
        qualifier, end = Qualifier.ABOUT, about.end()
    if match["number"].casefold() in ("no", "none", "nil") and not name and end < len(text):
        return None
    value = _quantity(low, high, Unit(name, unit.factor), qualifier, state=state, per=per)
    return FoundValue(start, end, value)


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
    )


def _is_range(text: str, match: re.Match[str]) -> bool:
    """Whether two numbers are the ends of a range: "8-10", "between 8 and 10", "two or three"."""
    if match["other"] is None or match["plus"]:
        return False
    joint, before = match["joint"].strip().casefold(), text[max(0, match.start() - 20) : match.start()]
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


def _unit_at(text: str, end: int, match: re.Match[str]) -> tuple[Unit, int]:
    """The unit before or after a number, and the end of its words."""
    if match["sign"]:
        return Unit(currency_of(match["sign"])), end
    found = _UNIT.match(text, end)
    unit = None if found is None else unit_of(found["unit"])
    return (Unit(""), end) if found is None or unit is None else (unit, found.end())


def _in_metres(number: WrittenNumber) -> WrittenNumber:
    """The number of "640m", in which the letter does not mean a million."""
    million = Decimal(10**6)
    return WrittenNumber(number.number / million, number.step / million)
