"""What numbers count or measure: units, currencies, and nouns."""

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
