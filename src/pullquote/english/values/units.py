"""What numbers count or measure: units, currencies, nouns, and what happened to people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

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
_NOT_PLURAL = frozenset("s as is was has this thus plus minus less yes his hers its us".split())
_FURTHER = re.compile(r"(?i) (?:more|other|additional|further|extra)(?= (?!than\b))")
_WORD = re.compile(r"[ -]+([^\W\d_][\w’']*)")
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
        match = _WORD.match(text, end)
        if match is None or (word := match[1].casefold()) in _STOPS:
            return None
        end = match.end()
        if word in _STATE_OF:
            people = _WORD.match(text, end)
            whom = people is not None and people[1].casefold() in PEOPLE
            return Counted("people", _STATE_OF[word], people.end() if whom and people else end)
        if word in PEOPLE or (_PERSON.search(word) and word not in _THINGS):
            return Counted("people", _state_after(text, end), end)
        if match[1][0].isupper() and not text.isupper():
            return None
        if one != _is_plural(word):
            noun = singular(word)
            return Counted(_SAME.get(noun, noun), "", end)
    return None


def _is_plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "'s", "’s"))


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
