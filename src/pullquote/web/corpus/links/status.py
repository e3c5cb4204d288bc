"""What a site means by a status, and what a user can do then."""

from __future__ import annotations

from pullquote.web.corpus.links.address import LinkRefused, site_failed

_BY_HAND = "Open it in a browser, save it there, and add the saved file."

_REFUSING = frozenset((401, 402, 403, 405, 406, 407, 418, 451))
"""The page exists, but not for this request: a subscription, a login, or a ban on programs."""

_GONE = frozenset((404, 410))


def refused_status(host: str, status: int) -> LinkRefused:
    """The refusal of a response with a status other than 200."""
    if status in _GONE:
        reason = f"{host} has no page at this address. Check the address, or open it in a browser."
    elif status in _REFUSING:
        reason = f"{host} does not give this page to programs, or wants a login. {_BY_HAND}"
    elif status == 429:
        reason = (
            f"{host} has had too many requests. Try again later, or save the page in a browser."
        )
    elif status >= 500:
        reason = f"{host} has a fault at the moment. Try again later."
    else:
        reason = f"{host} answered without a page. {_BY_HAND}"
    return site_failed(f"{reason} (Its status is {status}.)")
