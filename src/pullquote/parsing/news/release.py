"""Whether and from when on an article may be used, as its source says it.

What cannot be understood keeps an article back: one that is shown late is found when it is missed,
one that is shown early cannot be taken back.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from pullquote.parsing.news.dates import parse_moment
from pullquote.schema import LATEST_ZONE, Status

ENDLESS = datetime.max.replace(tzinfo=UTC)
"""The end of an embargo of which none is known."""

_WITHHELD = frozenset(
    "withheld withhold hold held embargoed embargo draft private pending future auto-draft"
    " unpublished".split()
)
_CANCELED = frozenset(
    "canceled cancelled cancel kill killed retracted withdrawn deleted trash removed".split()
)
_NO = (None, False, "", "false", "no", "none", "null", "0")


def parse_status(value: object) -> Status | None:
    """What a status says: IPTC's own words, or those of content management systems.

    "stat:withheld" and a whole address that ends so are the same. None for any word that says
    nothing about use, such as "publish" or "ok".
    """
    if not isinstance(value, str):
        return None
    word = value.strip().casefold().replace("#", "/").rpartition("/")[2].rpartition(":")[2]
    if word in _WITHHELD:
        return Status.WITHHELD
    return Status.CANCELED if word in _CANCELED else None


def parse_embargo(value: object) -> datetime | None:
    """When an embargo ends; None where there is none.

    An hour without a zone has come when it has come everywhere, and a day when it has begun there.
    An embargo whose end cannot be read has none.
    """
    if isinstance(value, str):
        value = value.strip()
    if value in _NO or (isinstance(value, str) and value.casefold() in _NO):
        return None
    moment = parse_moment(value) if isinstance(value, str) else value
    if not isinstance(moment, date):
        return ENDLESS
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=LATEST_ZONE)
