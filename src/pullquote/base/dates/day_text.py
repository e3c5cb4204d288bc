"""Days and times as people write them in English: 31 May 2023, 09:49."""

from __future__ import annotations

from datetime import date, datetime

MONTHS = tuple(
    "January February March April May June July August September October November December".split()
)


def day_text(day: date) -> str:
    """A day as people write it: 31 May 2023."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_text(moment: datetime | date) -> str:
    """A day or time as people write it: 31 May 2023, 09:49."""
    day = day_text(moment)
    return f"{day}, {moment:%H:%M}" if isinstance(moment, datetime) else day
