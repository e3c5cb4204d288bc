"""Unpacks a page that a browser saved with all its parts in one file (MHTML).

The file is split at its boundary, and only the part with the page is decoded. Pictures take no time
to decode. Parts inside other parts are ignored. The format is described in RFC 2557.
"""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from pullquote.schema.errors import ArticleError

_HEADER_BYTES = 1 << 14
"""Maximum size of the headers of a file or part, in bytes. A browser writes fewer than 1,000."""
_MOST_PARTS = 10_000
_BLANK = re.compile(rb"\r?\n\r?\n")
_HTML = frozenset(("text/html", "application/xhtml+xml"))


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The bytes of the HTML, with its encoding label and address if the archive states them."""

    content: bytes
    charset: str | None
    url: str | None


def is_mhtml(content: bytes) -> bool:
    """Whether a file begins like MHTML, whatever the file is called."""
    start = content[:_HEADER_BYTES].lstrip()
    return (
        re.match(rb"[A-Za-z-]+:", start) is not None
        and re.search(rb"(?im)^content-type:\s*multipart/related", start) is not None
    )


def unpack(content: bytes, *, path: str) -> SavedPage:
    """The page in an archive, which is the first part that contains HTML.

    Raises ArticleError if there is no such part.
    """
    headers, body = _split_headers(content.lstrip())
    boundary = headers.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise ArticleError(path, "it is a saved page (MHTML) that is not divided into parts")
    separator = b"--" + boundary.encode("utf-8", "surrogateescape")
    for part_bytes in body.split(separator, _MOST_PARTS + 1)[1 : _MOST_PARTS + 1]:
        part_headers, part = _split_headers(part_bytes.lstrip(b"\r\n"))
        if part_headers.get_content_type() in _HTML:
            charset = part_headers.get_param("charset")
            addresses = (
                headers.get("Snapshot-Content-Location"),
                part_headers.get("Content-Location"),
            )
            return SavedPage(
                _decode(part, part_headers),
                charset if isinstance(charset, str) else None,
                next((str(address).strip() for address in addresses if address), None),
            )
    raise ArticleError(path, "it is a saved page (MHTML) without HTML")


def _split_headers(part: bytes) -> tuple[Message, bytes]:
    """The headers and the body of a part. If the part has no blank line, all of it is the body."""
    blank = _BLANK.search(part, 0, _HEADER_BYTES)
    if blank is None:
        return Message(), part
    headers = BytesHeaderParser().parsebytes(part[: blank.start()] + b"\n\n")
    return headers, part[blank.end() :]


def _decode(body: bytes, headers: Message) -> bytes:
    match str(headers.get("Content-Transfer-Encoding", "")).strip().lower():
        case "quoted-printable":
            return quopri.decodestring(body)
        case "base64":
            clean = re.sub(rb"[^A-Za-z0-9+/]", b"", body.split(b"=", 1)[0])
            # A single letter at the end encodes no byte and is cut off. The padding is added again.
            clean = clean[: len(clean) - (len(clean) % 4 == 1)]
            return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
        case _:
            return body
