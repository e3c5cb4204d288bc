"""Parses the date lines of newspapers; missing parts are never filled in.

dateutil is not used because it takes missing parts from today, reads "2024-03-04" with `dayfirst`
as 3 April, and accepts "10 12" as a date.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Generic, TypeVar

from pullquote.base.dates.date_order import is_month_first

LONGEST = 120
"""Maximum length of a date line, in characters. This limits the time that a search takes."""

_SEPARATOR = re.compile(
    r"[\s,،、|•·@–—-]*(?:(?:at|on|um|à|a\s+las|alle|às|kl\.?|om|o|в|о|الساعة)\b"
    r"|(?<=[0-9])T(?=[0-9]))?\s*",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:(?P<colon>[:.h時时点])?(?P<minute>[0-9]{2})分?"
    r"(?:[:.](?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?(?P<hours>\s*(?:hrs?|hours|uhr)\b)?(?![0-9])",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\s*\(?(?:(?P<name>[A-Z]{1,5}|(?<=[0-9])z)\b)?\s*(?P<offset>[+−-][0-9]{1,2}(?::?[0-9]{2})?\b)?\)?"
)
# Hours east of Greenwich. ET, PT and IST may mean several offsets, so such a time stays naive.
_HOURS = {
    **{"Z": 0.0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "CEST": 2},
    **{"EET": 2, "EEST": 3, "SAST": 2, "MSK": 3, "PKT": 5, "ICT": 7, "WIB": 7, "SGT": 8},
    **{"HKT": 8, "PHT": 8, "MYT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "AEST": 10},
    **{"AEDT": 11, "NZST": 12, "NZDT": 13, "AST": -4, "EDT": -4, "EST": -5, "CDT": -5},
    **{"CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8},
}
_AMBIGUOUS_ZONES = {"ET", "CT", "MT", "PT", "IST", "LT"}
_CHANGED = (
    "updated?|modified|edited|aktualisiert|geändert|mise? à jour|modifiée?|actualizado|modificado"
    "|aggiornato|modificato|atualizado|bijgewerkt|uppdaterad|opdateret|oppdatert|zaktualizowano"
    "|обновлено|оновлено|güncelleme|تم التحديث|تحديث|更新时间|更新時間|更新日|更新于|更新|수정"
)
_APPEARED = (
    "published|posted|issued|created|date|veröffentlicht|erschienen|erstellt|datum|stand|publiée?|paru"
    "|publicado|pubblicato|gepubliceerd|publicerad|udgivet|publisert|opublikowano|опубликовано|опубліковано"
    "|yayınlanma|تاريخ النشر|نشر|发布时间|發布時間|发布于|发布|發布|公開日|公開|掲載|입력|게시"
)
_ON = r"(?:on|at|am|le|el|il|em|op|den|dnia|в|في)\b"
_LABEL = re.compile(
    rf"(?:(?:first|last|originally|zuletzt)\s+)?(?:(?P<changed>{_CHANGED})|(?:{_APPEARED}))(?!\w)"
    rf"(?:\s+{_ON})?\s*[:：|]?\s*(?:{_ON}\s+)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s|•·,;()\[\]/–—-]*(?:[0-9]+\s*min(?:ute)?s?(?:\s+read)?\s*$)?")
_Value = TypeVar("_Value")
_DIGIT = re.compile(r"\d")
_EITHER_ORDER = ("-", "/")
"""The signs with which some papers put the month first. With a full stop, the day comes first."""
_HAS_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationDates:
    """The dates in a date line. `labelled` means that a label says which date is which."""

    published: datetime | date | None = None
    modified: datetime | date | None = None
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class _Match(Generic[_Value]):
    """A parsed value, and the position in the line where it ends."""

    value: _Value
    end: int


def parse_moment(text: str) -> datetime | date | None:
    """Parse a text that is only a date or time; None for other texts.

    A day without a time is a `date`. A time is aware only if its zone is stated and unambiguous.
    In dates such as `14/03/2024`, the day comes first unless that is impossible, or unless the file
    that is being parsed puts the month first. If that is in doubt, it is no date; see `date_order`.
    """
    if (line := _normalise_line(text)) is None:
        return None
    found = _match_moment(line, 0)
    return found.value if found is not None and found.end == len(line) else None


def parse_publication_dates(text: str) -> PublicationDates | None:
    """Parse a date line; None for other lines.

    A date without a label is the date of publication. Labels such as "Updated" mark the date of
    modification.
    """
    if (line := _normalise_line(text)) is None:
        return None
    published: datetime | date | None = None
    modified: datetime | date | None = None
    labelled, at = False, 0
    while at < len(line):
        label = _LABEL.match(line, at)
        found = _match_moment(line, at if label is None else label.end())
        if found is None:
            return None
        labelled = labelled or label is not None
        if label is not None and label["changed"] is not None:
            modified = found.value
        elif published is None:
            published = found.value
        else:
            return None
        after = _BETWEEN.match(line, found.end)
        at = found.end if after is None else after.end()
    return PublicationDates(published=published, modified=modified, labelled=labelled)


def _normalise_line(text: str) -> str | None:
    """The stripped line with ASCII digits and without direction marks.

    None if the line is too long for a date line, or contains no year.
    """
    text = text.strip()
    if len(text) > LONGEST or _DIGIT.search(text) is None:
        return None
    if not text.isascii():
        shown = (c for c in text if unicodedata.category(c) != "Cf")
        text = "".join(str(int(c)) if c.isdecimal() else c for c in shown)
    return text if len(text) <= LONGEST and _HAS_YEAR.search(text) else None


def _match_moment(text: str, at: int) -> _Match[datetime | date] | None:
    """The date at `at`, with a time before or after it, or without a time."""
    day = _match_date(text, at)
    if day is not None:
        clock = _match_clock(text, _skip_separator(text, day.end))
        end = day.end if clock is None else clock.end
    else:
        clock = _match_clock(text, at)
        day = None if clock is None else _match_date(text, _skip_separator(text, clock.end))
        if day is None:
            return None
        end = day.end
    return _Match(day.value if clock is None else datetime.combine(day.value, clock.value), end)


def _skip_separator(text: str, at: int) -> int:
    """The end of the separator between a date and a time."""
    join = _SEPARATOR.match(text, at)
    return at if join is None else join.end()


def _match_date(text: str, at: int) -> _Match[datetime | date] | None:
    from pullquote.base.dates.date_patterns import DATES, MONTHS  # noqa: PLC0415 - slow to load

    match = next((m for pattern in DATES if (m := pattern.match(text, at))), None)
    if match is None:
        return None
    parts = match.groupdict()
    year, day = int(parts["year"]), int(parts["day"])
    if "name" in parts:
        # The pattern ignores case, so a dotless "ı" matches "i", but no month's name contains "ı".
        month = MONTHS.get(parts["name"].casefold(), 0)
    else:
        month = int(parts["month"])
        if match.start("year") > match.start("day"):
            in_doubt = max(day, month) <= 12 and day != month and parts.get("sep") in _EITHER_ORDER
            month_first = is_month_first() if in_doubt else month > 12
            if month_first is None:
                return None
            if month_first:
                day, month = month, day
    try:
        return _Match(date(year, month, day), match.end())
    except ValueError:
        return None


def _match_clock(text: str, at: int) -> _Match[time] | None:
    """The time of day at `at`, with its zone if the zone is unambiguous."""
    match = _CLOCK.match(text, at)
    if match is None:
        return None
    zone = _match_zone(text, match.end())
    # A bare "15" or "1545" is a time only if am, hrs or GMT follows.
    bare = match["minute"] is None or match["colon"] is None
    if bare and match["half"] is None and match["hours"] is None and zone is None:
        return None
    hour = int(match["hour"])
    if match["half"] is not None:
        hour = hour % 12 + (12 if match["half"] in "pP" else 0)
    minute, second = (int(match[part]) if match[part] else 0 for part in ("minute", "second"))
    try:
        clock = time(hour, minute, second, tzinfo=None if zone is None else zone.value)
    except ValueError:
        return None
    return _Match(clock, match.end() if zone is None else zone.end)


def _match_zone(text: str, at: int) -> _Match[tzinfo | None] | None:
    """The time zone at `at`, or None. If the zone is ambiguous, the match has the value None."""
    match = _ZONE.match(text, at)
    if match is None or (match["name"] is None and match["offset"] is None):
        return None
    name = "UTC" if match["name"] is None else match["name"].upper()
    if name in _AMBIGUOUS_ZONES:
        return _Match(None, match.end())
    if name not in _HOURS:
        return None
    offset = timedelta(hours=_HOURS[name])
    if match["offset"] is not None:
        digits = match["offset"][1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        size = timedelta(hours=int(hours), minutes=int(minutes))
        offset += size if match["offset"][0] == "+" else -size
    if abs(offset) >= timedelta(days=1):
        return None
    return _Match(timezone(offset) if offset else UTC, match.end())
