"""Dates and times, as articles give them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Annotated

from pydantic import BeforeValidator


def _parse_moment(value: object) -> object:
    """Parse `YYYY-MM-DD` as a date, and a longer string as a datetime; return others unchanged."""
    if not isinstance(value, str):
        return value
    return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)


Moment = Annotated[datetime | date, BeforeValidator(_parse_moment)]
"""A day, or a day and time, with a time zone if the article gave one."""


LATEST_ZONE = timezone(timedelta(hours=-12))
"""The time zone furthest behind UTC. A time that has passed there has passed everywhere."""

NEVER = 2**62
"""A time in seconds since 1970 that never comes."""


def day_of(moment: datetime | date | None) -> date | None:
    """The calendar day of a moment, in the article's own time zone."""
    return moment.date() if isinstance(moment, datetime) else moment


def instant_of(moment: datetime | date) -> float:
    """A moment in seconds since 1970. If it has no time zone, `LATEST_ZONE` is assumed."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=LATEST_ZONE)).timestamp()
