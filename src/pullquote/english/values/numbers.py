"""Parses numbers in figures and in English words: "1.7m", "two thousand", "half a million".

No library does all of this: see docs/explanation/libraries.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

MOST_DIGITS = 18
"""A longer row of digits is a code, such as the number of an account."""

_SHARE_STEP = Decimal(5)
"""Per cent. "About a third" is about 31 to 36 per cent."""

_SMALL = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
        start=1,
    )
} | {f"{word[:-1]}ieth": number for word, number in _TENS.items()}
_MAGNITUDES = {
    **{"dozen": 12, "hundred": 100, "thousand": 1000, "k": 1000, "tausend": 1000, "mil": 1000},
    **{"million": 10**6, "millions": 10**6, "m": 10**6, "mn": 10**6, "mln": 10**6, "mio": 10**6},
    **{"millionen": 10**6, "millones": 10**6, "milioni": 10**6, "milliard": 10**9},
    **{"billion": 10**9, "bn": 10**9, "milliarden": 10**9, "milliards": 10**9, "mrd": 10**9},
    **{"trillion": 10**12, "tn": 10**12, "lakh": 10**5, "crore": 10**7},
}
_PARTS = {
    **{"half": 2, "halves": 2, "quarter": 4, "quarters": 4},
    **{f"{word}{s}": n for word, n in _ORDINALS.items() if 3 <= n <= 20 for s in ("", "s")},
}


def _any(words: object) -> str:
    return "|".join(sorted(map(str, words), key=len, reverse=True))  # type: ignore[call-overload]


_BELOW_100 = rf"(?:(?:{_any(_TENS)})(?:[- ](?:{_any(list(_SMALL)[1:10])}))?|{_any(_SMALL)})"
_BELOW_1000 = rf"(?:(?:an?|{_BELOW_100})[ -]hundred(?:(?: and)? {_BELOW_100})?|{_BELOW_100})"
_IN_WORDS = rf"(?:(?:an?|{_BELOW_1000})[ -]thousand(?:(?:,| and)? {_BELOW_1000})?|{_BELOW_1000})\b"
FIGURE = r"(?:[0-9]{1,3}(?:[,\u2009\u202f\u00a0][0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_LARGE = (
    r"(?:[ -]?(?:thousand|tausend|millions?|millionen|millones|milioni|billion|trillion|mln|mio\.?"
    r"|milliard(?:en|s)?|mrd\.?|mn|bn|tn|lakh|crore)\b|[ -]dozen\b|(?<=[0-9])[mk]\b)"
)
_ONE_LARGE = r"(?:a |half an? |a quarter of an? )(?:dozen|hundred|thousand|million|billion)\b"
NUMBER = (
    rf"(?:(?:minus |(?<![\w-])[-−](?=[0-9])|(?<![\w-])−(?=[0-9]))?{FIGURE}{_LARGE}?"
    rf"|(?:half|quarter of) an? {_ONE_LARGE.removeprefix('(?:a |half an? |a quarter of an? )')}"
    rf"|{_ONE_LARGE}|\b{_IN_WORDS}(?: and a half\b)?{_LARGE}?|an? couple(?= of)"
    rf"|\b(?:no|nil|none)\b)"
)
"""A pattern for a number in figures or words, without its unit. Ignore case with it."""

FRACTION = (
    rf"(?:(?:an?|one|two|three|four|five|seven|nine)[- ](?:{_any(_PARTS)})|half)\b"
    rf"|\b(?:{_BELOW_100}|[0-9]{{1,2}}) (?:in|out of)(?: every)? (?:{_BELOW_100}|[0-9]{{1,3}})\b"
)
"""A pattern for a share of a whole: "half", "two-thirds", "one in five"."""

ORDINAL = rf"(?:[0-9]{{1,4}}(?:st|nd|rd|th)|(?:(?:{_any(_TENS)})-)?(?:{_any(_ORDINALS)}))(?![\w-])"
"""A pattern for an ordinal number: "third", "21st"."""


FIRST_WORDS = frozenset([*_SMALL, *_TENS, *_ORDINALS, "minus"])
"""The words that numbers in words begin with, apart from "a", "half" and the like."""


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number, and the value of the last digit that was written."""

    number: Decimal
    step: Decimal

    @property
    def rounded(self) -> Decimal:
        """The value of the last digit that tells something: not of the zeros of a whole number."""
        if self.step < 1 or not self.number or self.number % 1:
            return self.step
        exponent = self.number.normalize().as_tuple().exponent
        return Decimal(10) ** exponent if isinstance(exponent, int) and exponent > 0 else self.step


@lru_cache(maxsize=2000)
def number_of(words: str) -> WrittenNumber | None:
    """The number that words matching `NUMBER` mean; None where a row of digits is too long."""
    words = words.casefold().replace("−", "-").strip()
    negative = words.startswith(("-", "minus"))
    words = words.removeprefix("minus").lstrip("- ")
    if match := re.match(FIGURE, words):
        return _figures(match[0], words[match.end() :], negative=negative)
    return _worded(words)


def _figures(figure: str, magnitude: str, *, negative: bool) -> WrittenNumber | None:
    plain = re.sub(r"[^0-9.]", "", figure)
    if len(plain) > MOST_DIGITS:
        return None
    number = Decimal(plain)
    decimals = len(plain.partition(".")[2])
    factor = Decimal(_MAGNITUDES.get(magnitude.strip(" -."), 1))
    value = number * factor * (-1 if negative else 1)
    return WrittenNumber(value, factor / 10**decimals)


def _worded(words: str) -> WrittenNumber:
    if words in ("no", "nil", "none"):
        return WrittenNumber(Decimal(0), Decimal(1))
    if "couple" in words:
        return WrittenNumber(Decimal(2), Decimal(1))
    total, group, step = Decimal(0), Decimal(0), Decimal(1)
    halved = words.endswith("half") or " and a half " in words
    words = words.replace("and a half", "")
    part = Decimal(4 if "quarter" in words else 2 if "half" in words else 1)
    for word in re.findall(r"[a-z]+", words):
        if word in _MAGNITUDES:
            factor = Decimal(_MAGNITUDES[word])
            group = (group or Decimal(1)) + (Decimal("0.5") if halved else 0)
            halved = False
            if factor <= 100:
                group *= factor
            else:
                total, group, step = total + group * factor, Decimal(0), factor
        else:
            group += _SMALL.get(word, 0) + _TENS.get(word, 0)
    number = (total + group) / part + (Decimal("0.5") if halved else 0)
    return WrittenNumber(number, min(step, number) if number % step and number else step)


@lru_cache(maxsize=500)
def share_of(words: str) -> WrittenNumber | None:
    """The percentage that words matching `FRACTION` mean; None for more than the whole."""
    words = words.casefold()
    if match := re.fullmatch(r"(.+?) (?:in|out of)(?: every)? (.+)", words):
        parts, whole = number_of(match[1]), number_of(match[2])
        if parts is None or whole is None or not parts.number < whole.number:
            return None
        return _share(parts.number, whole.number)
    *before, name = re.split(r"[- ]", words)
    count = number_of(before[0]) if before and before[0] not in ("a", "an") else None
    return _share(Decimal(1) if count is None else count.number, Decimal(_PARTS[name]))


def _share(parts: Decimal, whole: Decimal) -> WrittenNumber:
    percent = (100 * parts / whole).quantize(Decimal("1.0000"))
    exact = percent.normalize() if percent % 1 else percent.to_integral_value()
    return WrittenNumber(exact, _SHARE_STEP)


def ordinal_of(words: str) -> int:
    """The number of words that match `ORDINAL`."""
    words = words.casefold()
    if words[0].isdigit():
        return int(re.sub(r"[a-z]+", "", words))
    tens, _, last = words.rpartition("-")
    return _TENS.get(tens, 0) + _ORDINALS[last]
