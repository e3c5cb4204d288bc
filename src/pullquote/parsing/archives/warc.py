"""Parses WARC files, in which crawlers store web pages. Each response becomes an article."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import SEEK_END
from types import MappingProxyType
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from pullquote.parsing.archives.gzip_members import GzipMembers
from pullquote.parsing.archives.members import UNPRINTABLE, ExpansionMeter, parse_member
from pullquote.parsing.source import Format, ParsedItem, SourceFile
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import megabytes

FORMAT = Format(
    name="warc",
    suffixes=(".warc", ".warc.gz"),
    summary="web crawls: each page is an article, with an id such as `crawl.warc.gz#https://…`",
    streamed=True,
)

_LONGEST_HEADER = 1 << 18
_LONGEST_ADDRESS = 2_000
_STATUS_OK = 200
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r\n")
_CHARSET = re.compile(r"""; *charset *= *["']?([\w.:-]{1,40})""", re.ASCII | re.IGNORECASE)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE_SUFFIXES: Mapping[str, str] = MappingProxyType(
    {
        "text/html": ".html",
        "application/xhtml+xml": ".html",
        "text/plain": ".txt",
        "text/markdown": ".md",
        "application/pdf": ".pdf",
        _DOCX: ".docx",
        "application/vnd.oasis.opendocument.text": ".odt",
        "application/rtf": ".rtf",
        "text/rtf": ".rtf",
        "application/epub+zip": ".epub",
        "application/rss+xml": ".rss",
        "application/atom+xml": ".atom",
    }
)
"""The suffix of the parser for each content type."""

_FAULTS = (OSError, ValueError, EOFError, RuntimeError, zlib.error)
"""The errors that FastWARC and zlib raise for damaged files."""


@dataclass(frozen=True, slots=True)
class _PageHeaders:
    """What the headers of a response say about its body.

    `suffix` selects the parser. `content_encoding` is in lower case and may be empty.
    """

    suffix: str
    charset: str | None
    chunked: bool
    content_encoding: str


def parse_warc(file: SourceFile) -> Iterator[ParsedItem]:
    """Parse a crawl. The article ids are like "crawl.warc.gz#https://…" or contain the record's id.

    Raises:
        ArticleError: the file is not a WARC or is a zip bomb, or is damaged before its end.
    """
    stream = file.stream()
    meter = ExpansionMeter(file, size=stream.seek(0, SEEK_END))
    for record in _records(stream, file):
        meter.count(record.content_length)
        yield from _parse_record(record, file)


def _records(stream: BinaryIO, file: SourceFile) -> Iterator[Any]:
    """The records of a crawl. Each record is valid until the next record is requested."""
    stream.seek(0)
    try:
        yield from ArchiveIterator(stream, parse_http=False, max_header_len=_LONGEST_HEADER)
    except _FAULTS as error:
        message = " ".join(str(error).split())[:200]
        raise ArticleError(file.id, f"it is not a valid WARC file: {message}") from error


def _parse_record(record: Any, file: SourceFile) -> Iterator[ParsedItem]:  # noqa: ANN401
    if record.record_type not in (WarcRecordType.response, WarcRecordType.resource):
        return
    url = record.headers.get("WARC-Target-URI")
    name = record.record_id if url is None else url.strip("<>")
    name = str(record.stream_pos) if name is None else name
    name = UNPRINTABLE.sub("\ufffd", name[:_LONGEST_ADDRESS])
    if name.endswith("/robots.txt"):  # every crawl contains this page, which is never an article
        return
    here = f"{file.id}#{name}"
    most = file.limits.member_bytes
    if record.content_length > most:
        yield ArticleError(here, f"it is larger than {megabytes(most)}")
        return
    try:
        headers = _page_headers(record)
        if headers is None:
            return
        content = _decode_body(record.reader.read(), headers, most=most)
    except _FAULTS as error:
        yield ArticleError(here, f"it cannot be unpacked: {error}")
        return
    page = replace(file, charset=headers.charset)
    yield from parse_member(name, content, page, suffix=headers.suffix, url=url)


def _page_headers(record: Any) -> _PageHeaders | None:  # noqa: ANN401
    """The headers of a record if it is a page; None for failures, scripts and images."""
    headers = record.headers
    if record.record_type == WarcRecordType.response:
        # We decode the body, because FastWARC loses the records after a body that is damaged or not
        # read completely.
        record.parse_http(auto_decode="none")
        headers = record.http_headers
        if headers is None or headers.status_code != _STATUS_OK:
            return None
    content_type = media_type(headers.get("Content-Type", ""))
    if content_type not in PAGE_SUFFIXES:
        return None
    charset = _CHARSET.search(headers.get("Content-Type", ""))
    chunked = "chunked" in headers.get("Transfer-Encoding", "").casefold()
    encoding = headers.get("Content-Encoding", "").strip().casefold()
    label = None if charset is None else charset[1]
    return _PageHeaders(PAGE_SUFFIXES[content_type], label, chunked, encoding)


def media_type(content_type: str) -> str:
    """The media type in a `Content-Type`, in lower case and without its parameters."""
    return content_type.partition(";")[0].strip().casefold()


def _decode_body(content: bytes, headers: _PageHeaders, *, most: int) -> bytes:
    """The body of a response, with its transfer and content encoding undone.

    Raises:
        ValueError: the encoding is unknown, or the body is larger than `most` bytes.
    """
    content = _join_chunks(content) if headers.chunked else content
    encoding = headers.content_encoding
    if encoding in ("", "identity"):
        return content
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError(f"its encoding {encoding[:20]!r} is not supported")
    if encoding == "deflate" and content[:1] != b"\x78":
        body = zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, most + 1)
    else:
        body = GzipMembers(most=most, or_zlib=True).unpack(content)
    if len(body) > most:
        raise ValueError(f"it is larger than {megabytes(most)}")
    return body


def _join_chunks(content: bytes) -> bytes:
    """The body of a chunked transfer; unchanged if the crawler has already joined the chunks."""
    parts: list[bytes] = []
    at = 0
    while (size := _CHUNK.match(content, at)) is not None:
        end = size.end() + int(size[1], 16)
        parts.append(content[size.end() : end])
        at = end + len(b"\r\n")
        if end == size.end():
            return b"".join(parts)
    return b"".join(parts) if parts else content
