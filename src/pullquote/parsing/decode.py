"""Decodes the bytes of a file into text, and names the encoding of the file."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from pullquote.schema.errors import ArticleError

# UTF-32 is not supported, as on the web: its byte order mark begins like that of UTF-16, and nobody
# uses UTF-32.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "an image or a recording",
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "an office document or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a compressed file",
    b"SQLite format 3": "a database",
}
_MAGIC = tuple(_BINARY)
# Encodings that newspapers have used. Given all 90 encodings, charset-normalizer takes a short text
# with "£5" for cp775.
_LEGACY = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("cp874", "koi8_r", "iso8859_2", "mac_roman", "cp850", "cp437"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
]
# For each declared encoding, the larger Windows encoding that browsers use in its place.
_WEB_ENCODINGS = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
}
_TEXTUAL = frozenset(codecs.lookup(name).name for name in _LEGACY) | {
    *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    *("koi8-u", "mac-cyrillic", "iso2022_jp", "big5hkscs", "cp866"),
}
_REPLACEMENT = "\ufffd".encode()
_CONTROLS = bytes((*range(9), *range(14, 28), 127))
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LETTER = re.compile(r"[^\W\d_]")
_ACCENTED = re.compile(r"[À-ÖØ-öø-ÿŒœŠšŽžŸƒ]")
# Symbols inside a word, and capitals after a small letter, suggest another encoding.
_UNLIKELY = re.compile(
    r"[a-z][À-ÖØ-ÞŒŠŽŸ]|[^\W\d_][¡¢£¤¥¦©ª¬®°±²³µ¶¸¹º¼½¾¿†‡•‰€]+[^\W\d_]|[¤¦¨¬¯±¸ˆ˜÷×]|[\x80-\x9f]"
)
# Pairs of letters that occur in misread Czech and Hungarian, but in no Western language.
_UNLIKELY_PAIRS = ("øì", "øè", "õö")
_SAMPLE = 1 << 16


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file without its byte order mark, and Python's name for its encoding.

    Bytes that are invalid in that encoding become U+FFFD in the text. The name then ends with the
    number of replaced bytes: "utf-8 (2 replaced)".
    """

    text: str
    encoding: str


def decode(content: bytes, *, path: str, declared: str | None = None) -> Decoded:
    """The text of a file, decoded by its byte order mark or in the encoding that fits best.

    Without a mark, evident UTF-16 is tried first, then UTF-8, then legacy encodings. `declared` is
    the label of an encoding, as used on the web, that the file names. Valid UTF-8 wins over this
    label, because programs that convert a page to UTF-8 often do not change the label.

    Only the mark and lone surrogates are removed from the text. A short text in an old non-Latin
    encoding may be misread. `encoding` names the encoding that was used.

    Raises ArticleError if the file is empty, if it is binary, or if no encoding fits.
    """
    decoded = _decode_marked(content)
    if decoded is None:
        decoded = _decode_unmarked(content, path=path, declared=declared)
    if decoded is None:
        raise ArticleError(path, "its encoding is not recognised; save it as UTF-8")
    if not decoded.text or decoded.text.isspace():
        raise ArticleError(path, "the file is empty")
    return decoded


def binary_kind(content: bytes) -> str | None:
    """The kind of binary file whose first bytes these are, or None."""
    if not content.startswith(_MAGIC):
        return None
    return next(kind for magic, kind in _BINARY.items() if content.startswith(magic))


def wrong_kind(content: bytes, *, expected: str) -> str:
    """Why the content of a file does not match its suffix."""
    if not content or content.isspace():
        return "the file is empty"
    kind = binary_kind(content)
    if kind is None:
        return f"its content does not match its extension: it is not {expected}"
    return f"its content does not match its extension: it contains {kind}, not {expected}"


def _decode_marked(content: bytes) -> Decoded | None:
    """The text of a file with a byte order mark, or None if there is no such mark."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode_as(content[len(mark) :], encoding)
    return None


def _decode_unmarked(content: bytes, *, path: str, declared: str | None) -> Decoded | None:
    """The text of a file without a byte order mark, or None if no encoding fits."""
    kind = binary_kind(content)
    if kind is not None:
        raise ArticleError(path, f"it contains {kind}, not text")
    # A fast path for most records of exports: a file may have millions of records.
    if content.isascii() and not _controls(content):
        return Decoded(content.decode("ascii"), "utf-8")
    wide = _wide_encoding(content)
    if wide is not None:
        return _decode_as(content, wide)
    controls = _controls(content[:_SAMPLE]) / max(1, len(content[:_SAMPLE]))
    lenient = content.decode("utf-8", "replace")
    broken = lenient.count("\ufffd") - content.count(_REPLACEMENT)
    # Text has almost no control characters; random bytes have 11 in 100.
    if controls > (0.05 if broken else 0.3):
        raise ArticleError(path, "it contains binary data, not text")
    if not broken:
        return Decoded(lenient, "utf-8")
    # UTF-8 with few errors: the text was cut within a character, or joined from two encodings.
    if len(content) - len(lenient) > 2 * broken:
        return Decoded(lenient, f"utf-8 ({broken} replaced)")
    return _decode_declared(content, declared) or _decode_legacy(content)


def _controls(content: bytes) -> int:
    return len(content) - len(content.translate(None, _CONTROLS))


def _decode_declared(content: bytes, declared: str | None) -> Decoded | None:
    """The text in the declared encoding, or None if there is none or it does not fit."""
    if declared is None:
        return None
    try:
        name = codecs.lookup(_WEB_ENCODINGS.get(declared.lower(), declared)).name
    except (LookupError, ValueError):
        return None
    if name not in _TEXTUAL:
        return None
    decoded = _decode_as(content, name)
    return decoded if decoded.text.count("\ufffd") <= 0.01 * len(decoded.text) else None


def _decode_legacy(content: bytes) -> Decoded | None:
    """The text of a file in an encoding older than Unicode, or None if none fits.

    Windows-1252 is tried first if the text looks Western, because charset-normalizer 3.5 makes
    mistakes here. It read "The firm's profit rose to £600m", with a curly quote, as Central
    European ("Ł600m").
    """
    western = _decode_as(content, "cp1252")
    if _looks_western(western.text[:_SAMPLE]):
        return western
    from charset_normalizer import from_bytes  # noqa: PLC0415 - most texts are UTF-8

    match = from_bytes(content[:_SAMPLE], cp_isolation=_LEGACY).best()
    if match is not None:
        guess = _decode_as(content, match.encoding)
        if guess.encoding == match.encoding:
            return guess
    mostly_ascii = sum(byte < 0x80 for byte in content[:_SAMPLE]) > 0.9 * len(content[:_SAMPLE])
    return western if mostly_ascii else None


def _looks_western(text: str) -> bool:
    """Whether text decoded as Windows-1252 looks like a Western language.

    In French, German, Spanish and Icelandic news, 2 to 12 letters in 100 are accented. In misread
    Russian or Greek, nearly all letters are accented.
    """
    letters = len(_LETTER.findall(text))
    accented = len(_ACCENTED.findall(text))
    if "\ufffd" in text or accented > 0.2 * letters or _UNLIKELY.search(text):
        return False
    # Icelandic has both ð and þ; misread Croatian or Romanian has only one of these letters.
    icelandic = ("ð" in text) == ("þ" in text)
    return icelandic and not any(pair[0] in text and pair[1] in text for pair in _UNLIKELY_PAIRS)


def _wide_encoding(content: bytes) -> str | None:
    """UTF-16 in the byte order that the positions of NUL bytes suggest, or None."""
    if len(content) < 16 or b"\0" not in content[:_SAMPLE]:
        return None
    sample = content[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.5 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.5 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _decode_as(content: bytes, encoding: str) -> Decoded:
    """The text in an encoding, with U+FFFD for invalid bytes."""
    text = _SURROGATE.sub("\ufffd", content.decode(encoding, "replace"))
    try:
        replaced = 0 if text.encode(encoding) == content else text.count("\ufffd")
    except UnicodeEncodeError:
        replaced = text.count("\ufffd")
    return Decoded(text, f"{encoding} ({replaced} replaced)" if replaced else encoding)
