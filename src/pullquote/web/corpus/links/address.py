"""The web address that a user enters, and the name of the file for its page."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import httpx

from pullquote.web.pages import RequestRefused

ELSEWHERE = 424
"""The HTTP status if the site is the reason. A proxy may replace the text of a 502 or 504."""


class LinkRefused(RequestRefused):
    """A page is not fetched or not stored."""


def site_failed(reason: str) -> LinkRefused:
    """The refusal if the site of the page is the reason; another attempt may help."""
    return LinkRefused(reason, status=ELSEWHERE)


LONGEST_ADDRESS = 2_000
"""The longest web address, in characters. Browsers and archives of the web allow about as many."""

_SCHEMES = ("http", "https")

_NAMES_ITS_ADDRESS = re.compile(r"[a-z0-9.-]+(?:/[a-z0-9.-]+)*")
"""Addresses that can be told from their file names: "/" becomes "_", and "_" does not occur."""

_READABLE_BYTES = 120
"""The longest readable part of a file name, in bytes of UTF-8."""


def parse_address(text: str) -> httpx.URL:
    """The web address in a text, without its fragment. If it has no scheme, it is https.

    Raises:
        LinkRefused: it is not the address of a web page, or contains a user name.
    """
    given = text.strip()
    if not given or len(given) > LONGEST_ADDRESS:
        raise _wrong_length()
    try:
        url = httpx.URL(given if "://" in given else f"https://{given}")
        _ = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError) as error:
        raise _not_an_address() from error
    return check_address(url)


def check_address(url: httpx.URL) -> httpx.URL:
    """The address without its fragment, if a page may be fetched from it.

    Raises:
        LinkRefused: the scheme is not http or https, there is no host or a user name, the host or
            the port is not one, or the address is too long.
    """
    try:
        host, text = url.host, str(url)  # httpx decodes the name only now
    except ValueError as error:
        raise _not_an_address() from error
    if url.scheme not in _SCHEMES or not host.strip("."):
        raise _refused("A web address must begin with http:// or https:// and name a site.")
    if url.userinfo:
        reason = "The address contains a user name or a password. Remove the part before the “@”."
        raise _refused(reason)
    if url.port is not None and not 0 < url.port < 1 << 16:
        raise _not_an_address()
    if len(text) > LONGEST_ADDRESS:
        raise _wrong_length()
    return url.copy_with(fragment=None)


def file_name(url: httpx.URL) -> str:
    """The name of the file for a page: host and path, such as "post.example_2024_pier.warc".

    Two addresses have the same name only if they differ in nothing but the scheme or a slash at the
    end. If host and path do not suffice, the name ends with a part of a digest.
    """
    target = url.raw_path.decode("ascii").removesuffix("/")
    address = f"{url.netloc.decode('ascii')}{target}"
    readable = _readable(f"{url.host}{url.path.removesuffix('/')}")
    names_it = _NAMES_ITS_ADDRESS.fullmatch(address) and len(address) <= _READABLE_BYTES
    if readable and names_it:
        return f"{readable}.warc"
    return f"{readable}~{hashlib.sha256(address.encode()).hexdigest()[:12]}.warc"


def _readable(text: str) -> str:
    """A text as a part of a file name: letters and digits of any script, and hyphens."""
    plain = unicodedata.normalize("NFC", text.replace("/", "_"))
    shown = (c if unicodedata.category(c)[0] in "LMN" or c in "._-" else "-" for c in plain)
    words = re.sub(r"-{2,}", "-", "".join(shown))
    return words.encode()[:_READABLE_BYTES].decode(errors="ignore").strip(".-_")


def _not_an_address() -> LinkRefused:
    return _refused("This is not a web address. Copy it from the browser again.")


def _wrong_length() -> LinkRefused:
    return _refused(f"A web address has 1 to {LONGEST_ADDRESS:,} characters.")


def _refused(reason: str) -> LinkRefused:
    return LinkRefused(reason, status=422)
