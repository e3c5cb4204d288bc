"""Names of months and weekdays in the languages that we parse. Babel provides them from CLDR."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from babel import Locale

_LANGUAGES = "en es fr de it pt nl sv da nb pl cs ru uk tr ro id el hu fi ar ar_LB fa he hi".split()
"""Croatian is left out: its October, "listopada", means November in Ukrainian and Polish."""
_ABBREVIATING = "en en_GB es fr de it pt nl sv ru".split()
"""Languages in which newspapers abbreviate the names of months."""
_WEEKDAY_LANGUAGES = "es fr de it pt nl sv da nb pl ru uk tr ar".split()
_OTHER_WEEKDAYS = "sonnabend п’ятниця الإثنين".split()
"""Spellings that are missing from CLDR."""


def _month_names(languages: list[str], width: str) -> Iterator[tuple[str, int]]:
    """The names, both as used in dates and as used alone, with the number of the month."""
    for language in languages:
        for forms in Locale.parse(language).months.values():
            for number, name in forms[width].items():
                yield name.lower().removesuffix("."), number


def _weekday_names(languages: list[str]) -> Iterator[str]:
    for language in languages:
        for forms in Locale.parse(language).days.values():
            yield from (name.lower() for name in forms["wide"].values())


MONTHS: Mapping[str, int] = MappingProxyType(
    dict([*_month_names(_LANGUAGES, "wide"), *_month_names(_ABBREVIATING, "abbreviated")])
)
"""The number of each month by its name in lower case and without a full stop."""


WEEKDAYS: tuple[str, ...] = tuple(
    dict.fromkeys([*_weekday_names(_WEEKDAY_LANGUAGES), *_OTHER_WEEKDAYS])
)
"""Days of the week in languages other than English, in lower case."""
