"""Fetches a web page: follows redirects, and limits time, bytes and types.

No cookie, password or referrer is sent, and each page is requested once. A page is stored as a WARC
file with one record. WARC is the format of web archives. A record states the address of the page
and the time at which it was fetched, and has the HTTP headers, which may name the page's encoding.
"""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from io import BytesIO

import anyio
import httpcore
import httpx
from fastwarc.warc import WarcRecord, WarcRecordType

from pullquote.parsing.archives.gzip_members import GzipMembers
from pullquote.parsing.archives.warc import PAGE_SUFFIXES, media_type
from pullquote.schema.file_limits import megabytes
from pullquote.web.corpus.links.address import LinkRefused, check_address, site_failed
from pullquote.web.corpus.links.network import GuardedNetwork

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


MOST_CHUNKS = 20_000
"""Chunks of a page. A site may send each byte as a chunk, and each takes time that others wait for;
a page of 20 MB has some 5,000."""


class PageBody:
    """Collects the content of a page from a host, at most `most` bytes.

    Raises:
        LinkRefused: the content is packed in an unknown way.
    """

    def __init__(self, host: str, encoding: str, *, most: int) -> None:
        self._host = host
        self._most = most
        self._arrived = self._chunks = 0
        self._content = bytearray()
        self._unpacker = None
        if encoding.casefold() in ("gzip", "x-gzip"):
            self._unpacker = GzipMembers(most=most)
        elif encoding.casefold() not in ("", "identity"):
            raise site_failed(
                f"{host} sends the page packed as {encoding[:20]!r}, although that was not asked "
                "for. Save the page in a browser, and add the file."
            )

    def announce(self, size: int) -> None:
        """Refuse a page whose announced size is too large."""
        if size > self._most:
            raise self._too_large()

    def add(self, chunk: bytes) -> None:
        """Add the next bytes that have arrived.

        Raises:
            LinkRefused: the page is too large or damaged, or has too many chunks.
        """
        self._arrived += len(chunk)
        self.announce(self._arrived)
        self._chunks += 1
        if self._chunks > MOST_CHUNKS:
            raise site_failed(
                f"{self._host} sends the page in more than {MOST_CHUNKS:,} pieces. Save it in a "
                "browser, and add the file."
            )
        if self._unpacker is None:
            self._content += chunk
            return
        try:
            # One byte more than allowed shows that there is too much; no more is unpacked.
            self._content += self._unpacker.unpack(chunk)
        except zlib.error as error:
            raise self._damaged() from error
        self.announce(len(self._content))

    def content(self) -> bytes:
        """The whole content.

        Raises:
            LinkRefused: it is empty or incomplete.
        """
        if self._unpacker is not None and not self._unpacker.is_complete:
            raise self._damaged()
        if not self._content:
            reason = f"{self._host} sent an empty page. Open the address in a browser to check it."
            raise site_failed(reason)
        return bytes(self._content)

    def _too_large(self) -> LinkRefused:
        return LinkRefused(
            f"The page is larger than {megabytes(self._most)}, the limit in the settings "
            "upload_bytes and limits.member_bytes.",
            status=413,
        )

    def _damaged(self) -> LinkRefused:
        return site_failed(f"{self._host} did not deliver the whole page. Try again later.")


_STORED = frozenset((b"content-type", b"content-language", b"date", b"last-modified"))
"""The headers that say something about the content. The content itself is stored unpacked."""


def warc_of(page: FetchedPage) -> bytes:
    """The WARC file of a page that was fetched just now."""
    record = WarcRecord()
    record.init_headers(record_type=WarcRecordType.response)
    record.headers["WARC-Target-URI"] = str(page.url)
    record.headers["Content-Type"] = "application/http; msgtype=response"
    record.set_bytes_content(_head(page) + page.content)
    written = BytesIO()
    record.write(written, checksum_data=True)
    return written.getvalue()


def _head(page: FetchedPage) -> bytes:
    """The status line and the stored headers."""
    stored = [b"%b: %b\r\n" % pair for pair in page.headers if pair[0].lower() in _STORED]
    length = b"Content-Length: %d\r\n" % len(page.content)
    return b"".join((b"HTTP/1.1 200 OK\r\n", *stored, length, b"\r\n"))
