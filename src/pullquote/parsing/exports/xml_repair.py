"""Repairs the most frequent errors in the XML of feeds, so that a strict parser can read it.

These errors are invalid bytes, characters that XML forbids, HTML's entities and a bare "&". A
parser that recovers from such errors by itself silently loses the words around them.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import BinaryIO

from pullquote.parsing.decode import decode
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import megabytes

LARGEST_ITEM = 16 << 20
"""Maximum number of bytes from the end of one item to the end of the next. libxml2 itself limits a
text to 10 MB and nesting to 256 levels, and limits how far entities can expand."""

_DECLARED = re.compile(rb"""<\?xml[^>]{1,80}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{1,40})["']""")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# Under similar names, Python has other codecs, such as codecs for compressed bytes.
_ENCODINGS = re.compile(
    r"(?i)utf-?8|(us-)?ascii|iso-?8859-?\d+|latin-?\d|(windows-|cp)125\d|koi8-[ru]|gb2312|gbk|gb18030"
    r"|big5|shift[_-]jis|euc-(jp|kr)|mac[_-]?roman"
)
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(
    r"&(?:#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));|([A-Za-z][A-Za-z0-9]{1,31};))?"
)
_OF_XML = frozenset(("lt;", "gt;", "amp;", "quot;", "apos;"))
_LONGEST_REFERENCE = 40
_SAMPLE = 1 << 16
"""How many bytes around the first invalid one decide the encoding."""


class RepairedXml:
    """A readable stream with the repaired XML in UTF-8. The parser calls `read`."""

    def __init__(self, stream: BinaryIO, *, id: str) -> None:
        self._stream = stream
        self._id = id
        beginning = stream.read(1024)
        encoding = next((name for mark, name in _MARKS if beginning.startswith(mark)), None)
        if encoding is None:
            encoding = _fitting_encoding(stream, declared=_declared_encoding(beginning))
            stream.seek(len(beginning))
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._unread = beginning
        self._undecided = ""
        self._item_size = 0

    def begin_item(self) -> None:
        """Reset the size, because an item has ended."""
        self._item_size = 0

    def read(self, size: int) -> bytes:
        """The next bytes, about `size` of them; empty at the end.

        Raises:
            ArticleError: an item is too long.
        """
        while True:
            part = self._unread if self._unread else self._stream.read(size)
            self._unread = b""
            self._item_size += len(part)
            if self._item_size > LARGEST_ITEM:
                raise ArticleError(self._id, f"an item is larger than {megabytes(LARGEST_ITEM)}")
            text = self._undecided + self._decoder.decode(part, final=not part)
            cut = len(text) if not part else _cut_before_reference(text)
            text, self._undecided = text[:cut], text[cut:]
            if text or not part:
                return _REFERENCE.sub(_repair_reference, _NO_XML.sub("\ufffd", text)).encode()


def _declared_encoding(beginning: bytes) -> str | None:
    """The encoding that the XML declaration states, or None if it states none that is known."""
    declared = _DECLARED.match(beginning.lstrip())
    name = "" if declared is None else declared[1].decode()
    try:
        return codecs.lookup(name).name if _ENCODINGS.fullmatch(name) else None
    except LookupError:
        return None


def _fitting_encoding(stream: BinaryIO, *, declared: str | None) -> str:
    """The encoding of a document without a byte order mark.

    It is the declared one, unless that is UTF-8 or missing and the document is not valid UTF-8.
    Such a document is in the encoding that fits its words best, as a text file is.
    """
    if declared not in (None, "utf-8"):
        return str(declared)
    sample = _invalid_part(stream)
    if sample is None:
        return "utf-8"
    try:
        return decode(_words_beyond_ascii(sample), path="").encoding.partition(" ")[0]
    except ArticleError:
        return "utf-8"


def _words_beyond_ascii(content: bytes) -> bytes:
    """Those texts between tags that are not in ASCII: the others say nothing of the encoding."""
    texts = content.replace(b">", b"<").split(b"<")
    return b"\n".join(text for text in texts if not text.isascii())


def _invalid_part(stream: BinaryIO) -> bytes | None:
    """The part of a document that is not valid UTF-8, up to a tag, or None if there is none."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    while part := stream.read(_SAMPLE):
        try:
            decoder.decode(part)
        except UnicodeDecodeError:
            cut = part.rfind(b"<")
            return part if len(part) < _SAMPLE or cut <= 0 else part[:cut]
    return None


def _cut_before_reference(text: str) -> int:
    """The start of a reference that may be cut off at the text's end, or else the text's end."""
    at = text.rfind("&", max(0, len(text) - _LONGEST_REFERENCE))
    return len(text) if at < 0 or ";" in text[at:] else at


def _repair_reference(reference: re.Match[str]) -> str:
    """A reference that is valid in XML, in place of a reference of HTML or an invalid reference."""
    hexadecimal, decimal, name = reference.groups()
    if name in _OF_XML:
        return reference[0]
    if name in html5:
        return html5[name].replace("&", "&amp;").replace("<", "&lt;")
    if name is not None or (hexadecimal is None and decimal is None):
        return f"&amp;{reference[0][1:]}"
    number = int(hexadecimal, 16) if hexadecimal is not None else int(decimal)
    known = number <= 0x10FFFF and not _NO_XML.match(chr(number))
    return reference[0] if known else "\ufffd"
