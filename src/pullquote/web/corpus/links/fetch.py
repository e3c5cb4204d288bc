"""Fetches a web page: follows redirects, and limits time, bytes and types.

No cookie, password or referrer is sent, and each page is requested once.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

import anyio
import httpcore
import httpx

from pullquote.parsing.archives.warc import PAGE_SUFFIXES, media_type
from pullquote.web.corpus.links.address import LinkRefused, check_address, site_failed
from pullquote.web.corpus.links.body import PageBody
from pullquote.web.corpus.links.network import GuardedNetwork
from pullquote.web.corpus.links.status import refused_status

LINK_SECONDS = 30.0
"""How long fetching a page may take, with all redirects."""

MOST_REDIRECTS = 5

_REDIRECTS = frozenset((301, 302, 303, 307, 308))

_READABLE = "HTML, plain text, Markdown, PDF, Word, LibreOffice, RTF, EPUB, RSS and Atom"


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page with the address where it was found, its unpacked content and its HTTP headers."""

    url: httpx.URL
    headers: Sequence[tuple[bytes, bytes]]
    content: bytes


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """TLS with the certificates of the system, and those of Mozilla."""
    return httpcore.default_ssl_context()


class PageFetcher:
    """Fetches pages of at most `most` bytes, from public sites and from `networks`."""

    def __init__(
        self, *, most: int, networks: Iterable[str] = (), seconds: float = LINK_SECONDS
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._network = GuardedNetwork(networks)

    async def fetch(self, url: httpx.URL) -> FetchedPage:
        """The page at an address, or at the one to which that address leads.

        Raises:
            LinkRefused: there is no such page, or it is not one that the corpus can have.
        """
        try:
            with anyio.fail_after(self._seconds):
                return await self._follow(url)
        except TimeoutError as error:
            reason = f"{url.host} did not deliver the page within {self._seconds:g} seconds."
            raise site_failed(f"{reason} Try again later.") from error

    async def _follow(self, url: httpx.URL) -> FetchedPage:
        """The page to which an address leads after a few redirects."""
        for _ in range(MOST_REDIRECTS + 1):
            # A new pool for each request, so that each connection is checked.
            async with httpcore.AsyncConnectionPool(
                ssl_context=_trusted(), network_backend=self._network
            ) as pool:
                found = await self._request(pool, url)
            if isinstance(found, FetchedPage):
                return found
            url = found
        raise site_failed(
            f"The address leads through more than {MOST_REDIRECTS} others. Open it in a browser, "
            "and add the address that the browser then shows."
        )

    async def _request(
        self, pool: httpcore.AsyncConnectionPool, url: httpx.URL
    ) -> FetchedPage | httpx.URL:
        """The page, or the address to which the site redirects."""
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        try:
            async with pool.stream("GET", target, headers=_request_headers(url)) as response:
                response.extensions["network_stream"].head_ended()
                headers = _Headers(response.headers)
                if response.status in _REDIRECTS and (location := headers["location"]):
                    return redirected(url, location)
                self._check(url, response.status, headers)
                content = await self._read(url, response, headers)
        except httpcore.TimeoutException as error:
            raise site_failed(f"{url.host} does not answer. Try again later.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise _failure(url, error) from error
        return FetchedPage(url, response.headers, content)

    def _check(self, url: httpx.URL, status: int, headers: _Headers) -> None:
        """Refuse a response that is not a page of a known type."""
        if status != 200:
            raise refused_status(url.host, status)
        kind = media_type(headers["content-type"])
        if kind not in PAGE_SUFFIXES:
            what = f"is of the type {kind[:80]!r}" if kind else "does not state its type"
            raise LinkRefused(
                f"The page {what}, and cannot be read. Pages can be {_READABLE}. If it is one of "
                "these, save it in a browser, and add the file.",
                status=415,
            )

    async def _read(self, url: httpx.URL, response: httpcore.Response, headers: _Headers) -> bytes:
        """The unpacked content of a response."""
        body = PageBody(url.host, headers["content-encoding"], most=self._most)
        length = headers["content-length"]
        if length.isdecimal():
            body.announce(int(length))
        async for chunk in response.aiter_stream():
            body.add(chunk)
        return body.content()


class _Headers:
    """The headers of a response by their names in lower case; "" if there is none of a name."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        pairs = [(name.decode("ascii", "replace"), value) for name, value in raw]
        self._values = {name.lower(): value.decode(errors="replace") for name, value in pairs}

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "").strip()


def _request_headers(url: httpx.URL) -> list[tuple[bytes, bytes]]:
    agent = f"pullquote/{version('pullquote')} (fetches single pages for a reader)"
    return [
        (b"Host", url.netloc),
        (b"User-Agent", agent.encode()),
        (b"Accept", b"text/html, application/xhtml+xml, application/pdf, */*;q=0.5"),
        (b"Accept-Encoding", b"gzip"),
        (b"Connection", b"close"),
    ]


def redirected(url: httpx.URL, location: str) -> httpx.URL:
    """The address to which a site redirects."""
    try:
        return check_address(url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise site_failed(
            f"{url.host} redirects to something that is not a web address. Open it in a browser, "
            "and add the address that the browser then shows."
        ) from error


def _failure(url: httpx.URL, error: Exception) -> LinkRefused:
    """The refusal after a connection has failed."""
    # The pool raises errors "from None"; the error of TLS is then only the context.
    cause = error.__context__ if isinstance(error, httpcore.ConnectError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return site_failed(
            f"The certificate of {url.host} is not valid: {cause.verify_message}. Check the "
            "address. If the site is your own, name the file with its authority's certificate in "
            "the environment variable SSL_CERT_FILE."
        )
    if isinstance(cause, ssl.SSLError):
        return site_failed(
            f"No secure connection to {url.host} is possible. Try the address with http:// instead."
        )
    if isinstance(error, httpcore.ConnectError):
        reason = f"{url.host} does not accept connections. Check the address, or try again later."
        return site_failed(reason)
    return site_failed(f"{url.host} did not deliver the whole page. Try again later.")
