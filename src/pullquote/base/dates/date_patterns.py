"""Names of months and weekdays in the languages that we parse, and patterns of dates with them.

`training/date_names.py` takes the names from CLDR and writes them to `date_names.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

_NAMES = json.loads((files(__package__) / "date_names.json").read_text(encoding="utf-8"))

MONTHS: Mapping[str, int] = MappingProxyType(_NAMES["months"])
"""The number of each month by its name in lower case and without a full stop."""

WEEKDAYS: tuple[str, ...] = tuple(_NAMES["weekdays"])
"""Days of the week in languages other than English, in lower case."""

_YEAR = r"(?P<year>(?:1[5-9]|20)[0-9]{2})(?![0-9])"
_OF_YEAR = rf"{_YEAR}(?:\s*(?:года?|року|г|р)\b\.?)?"
# Not `\b`, because it does not count the last sign of a name in Hindi as a letter.
_MONTH = rf"(?P<name>{'|'.join(MONTHS)})(?!\w)\.?"
_WEEKDAY = (
    r"(?:(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
    rf"|{'|'.join(WEEKDAYS)})\b\.?[,،]?\s*)?"
)
_WEEKDAY_EAST = (
    r"(?:\s*(?:[(（][^()（）]{1,4}[)）]|(?:星期|周|週)[一二三四五六日天]"
    r"|[月火水木金土日]曜日?|[월화수목금토일]요일))?"
)
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er|º|°)?"
DATES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_WEEKDAY}{_DAY}(?:\.|\s+(?:of|de))?[\s-]+{_MONTH}[,،]?[\s-]*(?:del?\s+)?{_OF_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s*{_DAY},?\s+{_YEAR}"
        r"(?:,?\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)?",
        rf"{_YEAR}\.?\s+{_MONTH}\s*{_DAY}\.?",
        rf"{_YEAR}\s*[年년]\s*(?P<month>[0-9]{{1,2}})\s*[月월]\s*{_DAY}\s*[日일号]{_WEEKDAY_EAST}",
        rf"(?:ngày\s+)?{_DAY}\s+tháng\s+(?P<month>[0-9]{{1,2}}),?\s+(?:năm\s+)?{_YEAR}",
        rf"{_WEEKDAY}{_YEAR}(?P<sep>[-/]|\.\s*)(?P<month>[0-9]{{1,2}})(?P=sep){_DAY}(?![0-9])\.?",
        rf"{_WEEKDAY}{_DAY}(?P<sep>[-/.])(?P<month>[0-9]{{1,2}})(?P=sep){_YEAR}",
        r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])",
    )
)
"""Patterns of a date. Each has the groups `year` and `day`, and either `month` or `name`."""
