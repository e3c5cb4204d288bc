"""The error for a link that is not added."""

from __future__ import annotations

from pullquote.schema.errors import PullquoteError

ELSEWHERE = 424
"""The HTTP status if the site is the reason. A proxy may replace the text of a 502 or 504."""


class LinkRefused(PullquoteError):
    """A page is not fetched or not stored; `status` is the HTTP status of the refusal."""

    def __init__(self, reason: str, *, status: int) -> None:
        self.status = status
        super().__init__(reason)


def site_failed(reason: str) -> LinkRefused:
    """The refusal if the site of the page is the reason; another attempt may help."""
    return LinkRefused(reason, status=ELSEWHERE)
