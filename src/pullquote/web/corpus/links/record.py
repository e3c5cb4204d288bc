"""A fetched page as a WARC file with one record.

WARC is the format of web archives. A record states the address of the page and the time at which it
was fetched, and has the HTTP headers, which may name the page's encoding.
"""

from __future__ import annotations

from io import BytesIO

from fastwarc.warc import WarcRecord, WarcRecordType

from pullquote.web.corpus.links.fetch import FetchedPage

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
