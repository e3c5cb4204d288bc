"""WARC, in which crawlers keep web pages: a response an article, streamed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import SEEK_END
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from pullquote.errors import ArticleError
from pullquote.limits import megabytes
from pullquote.parsing.archives.members import UNPRINTABLE, Meter, read_member
from pullquote.parsing.formats import Format
from pullquote.parsing.source import Read, SourceFile

FORMAT = Format(
    name="warc",
    suffixes=(".warc", ".warc.gz"),
    summary="crawls of the web: a page an article, `crawl.warc.gz#https://…`",
    streamed=True,
)

_LONGEST_HEADER = 1 << 18
_LONGEST_ADDRESS = 2_000
_FOUND = 200
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r\n")
_ANY_WBITS = zlib.MAX_WBITS | 32
_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
}
"""What pages are sent as, and the suffix of the reader that they are handed to."""

_FAULTS = (OSError, ValueError, EOFError, RuntimeError, zlib.error)
"""What FastWARC and zlib raise at what is damaged."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Which reader a page is for, and how it was cut and packed for the way."""

    suffix: str
    chunked: bool
    packing: str


def read_warc(file: SourceFile) -> Iterator[Read]:
    """The articles of a crawl, as "crawl.warc.gz#https://…" by the address, or the record's id.

    Raises ArticleError where it is no WARC, or a bomb, and from where on it is damaged.
    """
    stream = file.stream()
    meter = Meter(file, size=stream.seek(0, SEEK_END))
    for record in _records(stream, file):
        meter.count(record.content_length)
        yield from _read(record, file)


def _records(stream: BinaryIO, file: SourceFile) -> Iterator[Any]:
    """The records of a crawl, each gone when the next is asked for."""
    stream.seek(0)
    try:
        yield from ArchiveIterator(stream, parse_http=False, max_header_len=_LONGEST_HEADER)
    except _FAULTS as error:
        told = " ".join(str(error).split())[:200]
        raise ArticleError(file.id, f"it is no sound WARC file: {told}") from error


def _read(record: Any, file: SourceFile) -> Iterator[Read]:  # noqa: ANN401
    """The articles of a record."""
    if record.record_type not in (WarcRecordType.response, WarcRecordType.resource):
        return
    url = record.headers.get("WARC-Target-URI")
    name = record.record_id if url is None else url.strip("<>")
    name = str(record.stream_pos) if name is None else name
    name = UNPRINTABLE.sub("\ufffd", name[:_LONGEST_ADDRESS])
    if name.endswith("/robots.txt"):  # every crawl has it, and nobody means it
        return
    here = f"{file.id}#{name}"
    most = file.limits.member_bytes
    if record.content_length > most:
        yield ArticleError(here, f"it has over {megabytes(most)}")
        return
    try:
        page = _page_in(record)
        if page is None:
            return
        content = _unpacked(record.reader.read(), page, most=most)
    except _FAULTS as error:
        yield ArticleError(here, f"it cannot be unpacked: {error}")
        return
    yield from read_member(name, content, file, suffix=page.suffix, url=url)


def _page_in(record: Any) -> _Page | None:  # noqa: ANN401
    """What a record holds, where that is a page; None for failures, scripts and images."""
    headers = record.headers
    if record.record_type == WarcRecordType.response:
        # Decoded here and not there: what is not read to its end, or damaged, costs all below.
        record.parse_http(auto_decode="none")
        headers = record.http_headers
        if headers is None or headers.status_code != _FOUND:
            return None
    kind = headers.get("Content-Type", "").partition(";")[0].strip().casefold()
    if kind not in _KINDS:
        return None
    chunked = "chunked" in headers.get("Transfer-Encoding", "").casefold()
    packing = headers.get("Content-Encoding", "").strip().casefold()
    return _Page(_KINDS[kind], chunked, packing)


def _unpacked(content: bytes, page: _Page, *, most: int) -> bytes:
    """The content of a page as it was before it was cut and packed for the way.

    Raises ValueError where it is packed in another way, or unpacks to more bytes than `most`.
    """
    content = _joined(content) if page.chunked else content
    if page.packing in ("", "identity"):
        return content
    if page.packing not in ("gzip", "x-gzip", "deflate"):
        raise ValueError(f"it is packed by {page.packing[:20]!r}, which is not known")
    bare = page.packing == "deflate" and content[:1] != b"\x78"
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS if bare else _ANY_WBITS)
    found = unpacking.decompress(content, most + 1)
    if len(found) > most:
        raise ValueError(f"it has over {megabytes(most)}")
    return found


def _joined(content: bytes) -> bytes:
    """What was sent in chunks, as one; as it is where a crawler has joined it already."""
    parts: list[bytes] = []
    at = 0
    while (size := _CHUNK.match(content, at)) is not None:
        end = size.end() + int(size[1], 16)
        parts.append(content[size.end() : end])
        at = end + len(b"\r\n")
        if end == size.end():
            return b"".join(parts)
    return b"".join(parts) if parts else content
