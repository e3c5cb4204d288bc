"""Parses the status and the embargo, which say whether and from when an article may be used.

If a value cannot be parsed, the article is withheld: showing an article too late is a smaller
mistake than showing it too early.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from pullquote.base.dates.date_lines import parse_moment
from pullquote.schema import LATEST_ZONE, Status

ENDLESS = datetime.max.replace(tzinfo=UTC)
"""Used as the end of an embargo whose end is unknown."""

_WITHHELD = frozenset(
    "withheld withhold hold held embargoed embargo draft private pending future auto-draft"
    " unpublished".split()
)
_CANCELED = frozenset(
    "canceled cancelled cancel kill killed retracted withdrawn deleted trash removed".split()
)
_NO_EMBARGO = (None, False, "", "false", "no", "none", "null", "0")


def parse_status(value: object) -> Status | None:
    """Parse a status in the words of IPTC or of content management systems.

    "withheld", "stat:withheld" and a URL that ends with "withheld" are equivalent. The result is
    None for a word that does not restrict use, such as "publish" or "ok".
    """
    if not isinstance(value, str):
        return None
    word = value.strip().casefold().replace("#", "/").rpartition("/")[2].rpartition(":")[2]
    if word in _WITHHELD:
        return Status.WITHHELD
    return Status.CANCELED if word in _CANCELED else None


def parse_embargo(value: object) -> datetime | None:
    """Parse the end of an embargo; None if there is no embargo.

    A time without a zone is read in `LATEST_ZONE`, the time zone that reaches it last. A day begins
    at midnight in that zone. If the end cannot be parsed, the embargo is endless.
    """
    if isinstance(value, str):
        value = value.strip()
    if value in _NO_EMBARGO or (isinstance(value, str) and value.casefold() in _NO_EMBARGO):
        return None
    moment = parse_moment(value) if isinstance(value, str) else value
    if not isinstance(moment, date):
        return ENDLESS
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=LATEST_ZONE)
