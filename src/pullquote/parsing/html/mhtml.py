"""A page that a browser saved with all its parts in one file (MHTML): its HTML, and its address.

The parts are cut at the boundary and only that of the page is decoded, so that pictures cost
nothing and nothing is nested. Source of the form: RFC 2557.
"""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from pullquote.errors import ArticleError

_HEAD = 1 << 14
"""Bytes in which the headers of a file or part end; a browser writes fewer than 1,000."""
_MOST_PARTS = 10_000
_BLANK = re.compile(rb"\r?\n\r?\n")
_HTML = frozenset(("text/html", "application/xhtml+xml"))


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The bytes of the HTML in an archive, its encoding by name, and its address, where given."""

    content: bytes
    charset: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class _Part:
    headers: Message
    body: bytes


def is_mhtml(content: bytes) -> bool:
    """Whether a file begins as an archive of a page does, whatever its name."""
    head = content[:_HEAD].lstrip()
    return (
        re.match(rb"[A-Za-z-]+:", head) is not None
        and re.search(rb"(?im)^content-type:\s*multipart/related", head) is not None
    )


def unpack(content: bytes, *, path: str) -> SavedPage:
    """The page in an archive: its first part of HTML.

    Raises ArticleError where there is none.
    """
    whole = _split_headers(content.lstrip())
    boundary = whole.headers.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise ArticleError(path, "it is a saved page (MHTML) whose parts cannot be told apart")
    edge = b"--" + boundary.encode("utf-8", "surrogateescape")
    for number, piece in enumerate(_pieces(whole.body, edge)):
        if number >= _MOST_PARTS:
            break
        part = _split_headers(piece)
        if part.headers.get_content_type() in _HTML:
            charset = part.headers.get_param("charset")
            places = (whole.headers.get("Snapshot-Content-Location"),
                      part.headers.get("Content-Location"))  # fmt: skip
            return SavedPage(
                _decode(part),
                charset if isinstance(charset, str) else None,
                next((str(place).strip() for place in places if place), None),
            )
    raise ArticleError(path, "it is a saved page (MHTML) that holds no HTML")


def _pieces(body: bytes, edge: bytes) -> list[bytes]:
    """The parts of an archive as they stand in it, without their edges."""
    return [piece.lstrip(b"\r\n") for piece in body.split(edge, _MOST_PARTS + 1)[1:]]


def _split_headers(piece: bytes) -> _Part:
    """A part in headers and body; without headers where no blank line ends them."""
    blank = _BLANK.search(piece, 0, _HEAD)
    if blank is None:
        return _Part(Message(), piece)
    headers = BytesHeaderParser().parsebytes(piece[: blank.start()] + b"\n\n")
    return _Part(headers, piece[blank.end() :])


def _decode(part: _Part) -> bytes:
    """The bytes of a part; what its encoding does not allow is left out."""
    match str(part.headers.get("Content-Transfer-Encoding", "")).strip().lower():
        case "quoted-printable":
            return quopri.decodestring(part.body)
        case "base64":
            clean = re.sub(rb"[^A-Za-z0-9+/]", b"", part.body.split(b"=", 1)[0])
            # One letter too many is no byte; the padding is made anew.
            clean = clean[: len(clean) - (len(clean) % 4 == 1)]
            return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
        case _:
            return part.body
