"""Finds numbers and quantities: "about £1.7m", "between 8 and 10 people", "two-thirds", "3-2"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from pullquote.english.values.models import FoundValue, Qualifier, Quantity, Score
from pullquote.english.word_lists import NUMBERS, TENS

MOST_DIGITS = 18
"""A longer row of digits is a code, such as the number of an account."""

_SHARE_STEP = Decimal(5)
"""Per cent. "About a third" is about 31 to 36 per cent."""

_SMALL = {word: number for number, word in enumerate(NUMBERS)}
_TENS = {word: 10 * number for number, word in enumerate(TENS, start=2)}
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


_BELOW_100 = rf"(?:(?:{_any(_TENS)})(?:[- ](?:{_any(NUMBERS[1:10])}))?|{_any(NUMBERS)})"
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


_METRES = {
    **{"mm": "0.001", "millimetre": "0.001", "cm": "0.01", "centimetre": "0.01", "m": "1"},
    **{"metre": "1", "meter": "1", "km": "1000", "kilometre": "1000", "kilometer": "1000"},
    **{"inch": "0.0254", "foot": "0.3048", "feet": "0.3048", "ft": "0.3048", "yard": "0.9144"},
    **{"mile": "1609.344"},
}
_SQUARE = {"acre": "4046.8564224", "hectare": "10000", "ha": "10000", "sq km": "1000000"}
_CUBIC = {"litre": "0.001", "liter": "0.001", "cc": "0.000001", "gallon": "0.00454609"}
_KILOGRAMS = {
    **{"gram": "0.001", "g": "0.001", "kg": "1", "kilo": "1", "kilogram": "1", "kilogramme": "1"},
    **{"tonne": "1000", "ton": "1000", "ounce": "0.028349523", "stone": "6.35029318"},
    **{"lb": "0.45359237"},
}
_SECONDS = {
    **{"second": "1", "minute": "60", "min": "60", "hour": "3600", "day": "86400"},
    **{"week": "604800", "fortnight": "1209600"},
}
_YEARS = {"month": str(Decimal(1) / 12), "year": "1", "decade": "10", "century": "100"}
_RATES = {"km/h": "1", "kph": "1", "kmh": "1", "mph": "1.609344"}
_CURRENCIES = {
    **{"dollar": "USD", "euro": "EUR", "sterling": "GBP", "pound": "GBP", "yen": "JPY"},
    **{"yuan": "CNY", "renminbi": "CNY", "baht": "THB", "rouble": "RUB", "ruble": "RUB"},
    **{"zloty": "PLN", "rand": "ZAR", "shekel": "ILS", "forint": "HUF", "hryvnia": "UAH"},
}
_SIGNS = {
    **{"US$": "USD", "A$": "AUD", "C$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD"},
    **{"R$": "BRL", "$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "฿": "THB"},
    **{"₽": "RUB", "₩": "KRW", "₪": "ILS", "₺": "TRY", "₴": "UAH", "zł": "PLN", "Rs": "INR"},
}
_CODES = (
    "USD EUR GBP JPY CHF CNY INR AUD CAD NZD HKD SGD SEK NOK DKK PLN CZK HUF RUB TRY ZAR BRL MXN "
    "THB KRW ILS UAH"
).split()
_OWN_NAMES = (
    "crown taler thaler peso franc rupee krona krone kroner kronor lira dinar dirham riyal shilling"
).split()
"""Currencies of several countries, or of none; their plain noun is the unit."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its name, and how many of it the written unit is: 1,000 kg in a tonne."""

    name: str
    factor: Decimal = Decimal(1)


def _scaled(name: str, factors: dict[str, str], pattern: str = "{}") -> dict[str, Unit]:
    return {
        pattern.format(written): Unit(name, Decimal(factor)) for written, factor in factors.items()
    }


def _powered(name: str, words: tuple[str, ...], power: int) -> dict[str, Unit]:
    return {
        f"{word} {length}": Unit(name, Decimal(factor) ** power)
        for length, factor in _METRES.items()
        for word in words
    }


UNITS: dict[str, Unit] = {
    **_scaled("m", _METRES),
    **_scaled("m²", _SQUARE),
    **_powered("m²", ("square", "sq"), 2),
    **_scaled("m³", _CUBIC),
    **_powered("m³", ("cubic",), 3),
    **_scaled("kg", _KILOGRAMS),
    **_scaled("s", _SECONDS),
    **_scaled("year", _YEARS),
    **_scaled("km/h", _RATES),
    **{written: Unit("%") for written in ("%", "per cent", "percent", "pc", "prozent")},
    **{written: Unit("point") for written in ("percentage point", "point", "pt")},
    **{"°c": Unit("°C"), "c": Unit("°C"), "°f": Unit("°F"), "f": Unit("°F"), "degree": Unit("°")},
    **{"degrees celsius": Unit("°C"), "degrees fahrenheit": Unit("°F"), "°": Unit("°")},
    **{"mw": Unit("MW"), "gw": Unit("MW", Decimal(1000)), "kw": Unit("MW", Decimal("0.001"))},
    **{"megawatt": Unit("MW"), "gigawatt": Unit("MW", Decimal(1000))},
    **{"kwh": Unit("kWh"), "mwh": Unit("kWh", Decimal(1000))},
    **{"p": Unit("GBP", Decimal("0.01")), "pence": Unit("GBP", Decimal("0.01"))},
    **{"penny": Unit("GBP", Decimal("0.01")), "cent": Unit("cent")},
    **{written: Unit(code) for written, code in _CURRENCIES.items()},
    **{written: Unit(written) for written in _OWN_NAMES},
    **{code.lower(): Unit(code) for code in _CODES},
    **{"time": Unit("time")},
}
MEASURES = frozenset(unit.name for unit in UNITS.values()) | set(_SIGNS.values())
"""The units that are no nouns of things to count."""
_UNCHANGED = {"%", "°", "°c", "°f", "c", "f", "m", "p", "cc", "g", "kg", "km", "cm", "mm", "ha"}
_AFTER_FIGURES = frozenset("m c f p g pc pt min".split())
"""Units that are words or letters of their own elsewhere: they follow figures only."""


def _unit_pattern(names: list[str]) -> str:
    plural = [
        rf"{re.escape(name)}{'' if name in _UNCHANGED else '(?:e?s)?'}"
        for name in sorted(names, key=len, reverse=True)
    ]
    return "|".join(plural).replace(r"\ ", r"[ -]")


UNIT = (
    rf"(?:(?:{_unit_pattern([n for n in UNITS if n not in _AFTER_FIGURES])})(?![\w])"
    rf"|(?<=[0-9])[ -]?(?:{_unit_pattern(sorted(_AFTER_FIGURES))})(?![\w]))"
)
"""A pattern for a unit that follows a number. Ignore case with it."""

CURRENCY = (
    "(?:" + "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
    + "|" + "|".join(rf"{code} ?" for code in _CODES) + ")"
)  # fmt: skip
"""A pattern for the sign or code of a currency before a number."""


def unit_of(words: str) -> Unit | None:
    """The unit that words matching `UNIT` name."""
    plain = re.sub(r"[ -]+", " ", words.casefold()).strip()
    for ending in ("", "s", "es"):
        if (unit := UNITS.get(plain.removesuffix(ending))) is not None:
            return unit
    return None


def currency_of(sign: str) -> str:
    """The ISO code of a sign or code that `CURRENCY` matches, in any case."""
    sign = sign.strip().upper()
    return next((code for each, code in _SIGNS.items() if each.upper() == sign), sign)


PEOPLE = frozenset(
    "people persons person men man women woman children child pupils pupil students student boys "
    "girls boy girl passengers workers employees staff demonstrators protesters marchers fans "
    "spectators visitors voters members patients victims soldiers troops officers inhabitants "
    "residents migrants refugees adults teenagers players customers users households guests "
    "families supporters civilians survivors suspects defendants prisoners detainees nurses "
    "doctors teachers firefighters police miners crew shareholders delegates candidates souls "
    "shoppers commuters travellers tourists concertgoers festivalgoers attendees subscribers "
    "accounts nationals citizens villagers".split()
) - {"accounts", "households", "families"}
_PERSON = re.compile(r"(?:ers|ors|[iy]sts|ees|ians|ants)$")
_THINGS = frozenset(
    "sees trees knees computers containers helicopters letters numbers papers newspapers orders "
    "meters metres litres centers chapters posters quarters factors tractors motors doors floors "
    "degrees fees committees restaurants plants grants waters towers powers trailers boosters "
    "tankers bunkers covers tenders offers lasers servers sensors reactors errors mirrors colours "
    "colors sectors transfers corners shutters printers routers drawers layers rivers dinners "
    "hours tours pictures answers borders shoulders fingers counters filters generators "
    "escalators monitors variants elephants kilometers centimeters skyscrapers freighters "
    "trawlers fighters bombers launchers chambers barriers matters timbers ladders cylinders bees "
    "coffees guarantees".split()
)
_SAME = {
    "home": "house",
    "property": "house",
    "post": "job",
    "position": "job",
    "role": "job",
    "item": "piece",
    "object": "piece",
}
_STATES = {
    "dead": "dead died death deaths killed dies fatalities fatality casualties killing lives body "
    "bodies",
    "injured": "injured wounded hurt injuries injury injuring wounding",
    "missing": "missing unaccounted",
    "arrested": "arrested arrests arrest detained arresting detaining custody",
    "ill": "ill sick sickened infected infections",
    "homeless": "homeless displaced evacuated",
    "hospitalised": "hospitalised hospitalized hospital",
    "rescued": "rescued",
}
_STATE_OF = {word: state for state, words in _STATES.items() for word in words.split()}
_STOPS = frozenset(
    "a an the of in on at to from by for with without were was are is be been had has have did do "
    "will would could should may might can and or but as that which who whom than per after before "
    "since until during over under into out up off so if when while where whose this these those "
    "his her its their our your my said says it he she they we you not only also more less fewer "
    "was year's minutes' hours' between through against across its".split()
)
_FURTHER = re.compile(r"(?i) (?:more|other|additional|further|extra)(?= (?!than\b))")
_NEXT_WORD = re.compile(r"[ -]+([^\W\d_][\w’']*)")
_STATE_AFTER = re.compile(
    r"(?i)\s+(?:(?:were|was|are|is|have|has|had|been|being|also|feared|confirmed|reported|now|still|"
    r"fell|fallen|got|in|taken|to|left|made)\s+){0,3}([a-z]+)\b"
)
_STATE_BEFORE = re.compile(
    r"(?i)\b(killing|killed|injuring|injured|wounding|wounded|detained|arrested|arresting|deaths?|dead)"
    r"(?:\s+(?:toll|count|had|has|have|of|to|rose|rises|risen|is|was|stood|stands|now|at|reached|"
    r"climbed|climbs|were|from)){0,5}\s*$"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a number counts, and where its noun ends."""

    unit: str
    state: str
    end: int


def singular(noun: str) -> str:
    """The singular of a regular plural, in lower case."""
    noun = noun.casefold().removesuffix("’s").removesuffix("'s")
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if noun.endswith(("sses", "shes", "ches", "xes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us")) else noun


def counted_by(text: str, at: int, *, one: bool = False) -> Counted | None:
    """What the words at `at` say that a number before them counts.

    The noun is the first of three words that is a plural, or, after "one", the first word.
    """
    end = at
    if (further := _FURTHER.match(text, at)) is not None:
        end = further.end()
    for _ in range(3):
        match = _NEXT_WORD.match(text, end)
        if match is None or (word := match[1].casefold()) in _STOPS:
            return None
        end = match.end()
        if word in _STATE_OF:
            people = _NEXT_WORD.match(text, end)
            whom = people is not None and people[1].casefold() in PEOPLE
            return Counted("people", _STATE_OF[word], people.end() if whom and people else end)
        if word in PEOPLE or (_PERSON.search(word) and word not in _THINGS):
            return Counted("people", _state_after(text, end), end)
        if match[1][0].isupper() and not text.isupper():
            return None
        plural = len(word) > 3 and word.endswith("s")
        if one != (plural and not word.endswith(("ss", "us", "'s", "’s"))):
            noun = singular(word)
            return Counted(_SAME.get(noun, noun), "", end)
    return None


def _state_after(text: str, at: int) -> str:
    match = _STATE_AFTER.match(text, at)
    return "" if match is None else _STATE_OF.get(match[1].casefold(), "")


def state_around(text: str, start: int, end: int) -> str:
    """What happened to the people of a number, by the words directly after or before it."""
    after = _state_after(text, end)
    if after:
        return after
    before = _STATE_BEFORE.search(text, max(0, start - 60), start)
    return "" if before is None else _STATE_OF[before[1].casefold()]


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
_FURTHER_WORDS = frozenset("the its a further another".split())
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
_IN_METRES = re.compile("[0-9]{1,4}m")
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
    if words and words[-1][0].casefold() in _FURTHER_WORDS:
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
    if _IN_METRES.fullmatch(match["number"]) and not unit.name and not counted_by(text, end):
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
