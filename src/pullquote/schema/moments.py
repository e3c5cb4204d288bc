"""Days and instants, as articles give them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Annotated

from pydantic import BeforeValidator


def _parse_moment(value: object) -> object:
    """A date for `YYYY-MM-DD`, a datetime for anything longer; other types pass unchanged."""
    if not isinstance(value, str):
        return value
    return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)


Moment = Annotated[datetime | date, BeforeValidator(_parse_moment)]
"""A day, or an instant; it has a time zone if the article gave one."""


LATEST_ZONE = timezone(timedelta(hours=-12))
"""The zone in which an hour comes last. A time without a zone has passed everywhere after it."""

NEVER = 2**62
"""A time in seconds that never comes."""


def day_of(moment: datetime | date | None) -> date | None:
    """The calendar day of a moment, in the article's own time zone."""
    return moment.date() if isinstance(moment, datetime) else moment


def instant_of(moment: datetime | date) -> float:
    """A moment in seconds since 1970; without a zone, the latest that it can be."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=LATEST_ZONE)).timestamp()
