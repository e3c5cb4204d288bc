"""The bytes of a file to its text, and the name of the encoding that was used."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from pullquote.errors import ArticleError

# Not UTF-32, as on the web: its mark is that of UTF-16 with a NUL, and nobody saves in it.
_MARKS = (
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
# What newspapers have saved text in. All of charset-normalizer's 90 make cp775 of a short "£5".
_LEGACY = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("cp874", "koi8_r", "iso8859_2", "mac_roman", "cp850", "cp437"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
]
# What browsers read instead of what a page names: the sets of Windows that hold it.
_ON_THE_WEB = {
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
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1b\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LETTER = re.compile(r"[^\W\d_]")
_ACCENTED = re.compile(r"[À-ÖØ-öø-ÿŒœŠšŽžŸƒ]")
# Signs that stand inside a word, and capitals after a small letter, betray another encoding.
_UNLIKELY = re.compile(
    r"[a-z][À-ÖØ-ÞŒŠŽŸ]|[^\W\d_][¡¢£¤¥¦©ª¬®°±²³µ¶¸¹º¼½¾¿†‡•‰€]+[^\W\d_]|[¤¦¨¬¯±¸ˆ˜÷×]|[\x80-\x9f]"
)
# Letters that no Western language has both of; Czech and Hungarian, misread, have.
_STRANGERS = ("øì", "øè", "õö")
_SAMPLE = 1 << 16


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file without byte order mark, and its encoding by Python's name.

    Bytes that are no text in that encoding stand in the text as U+FFFD, and the name then ends
    in how many places: "utf-8 (2 replaced)".
    """

    text: str
    encoding: str


def decode(content: bytes, *, path: str, declared: str | None = None) -> Decoded:
    """The text of a file: by its mark, as evident UTF-16, as UTF-8, or in a legacy encoding.

    `declared` is the encoding that it gives itself, by its name on the web. UTF-8 goes first where
    the bytes are valid in it: programs that save pages anew leave the old name in them.

    Nothing but the mark is taken away, and no lone surrogate is let in. A short text in an old
    encoding that is not Latin may be read in another; `encoding` says what was used.

    Raises ArticleError for an empty file, for binary content, and where no encoding fits.
    """
    decoded = _decode_marked(content)
    if decoded is None:
        decoded = _decode_unmarked(content, path=path, declared=declared)
    if decoded is None:
        raise ArticleError(path, "its encoding cannot be told; save it as UTF-8")
    if not decoded.text or decoded.text.isspace():
        raise ArticleError(path, "the file is empty")
    return decoded


def binary_kind(content: bytes) -> str | None:
    """What bytes are that begin as a known kind of binary file does, or None for others."""
    if not content.startswith(_MAGIC):
        return None
    return next(kind for magic, kind in _BINARY.items() if content.startswith(magic))


def wrong_kind(content: bytes, *, expected: str) -> str:
    """Why bytes are not what the name of their file says."""
    if not content or content.isspace():
        return "the file is empty"
    kind = binary_kind(content)
    if kind is None:
        return f"it is not what its name says: it is not {expected}"
    return f"it is not what its name says: it holds {kind}, not {expected}"


def _decode_marked(content: bytes) -> Decoded | None:
    """The text of a file that names its encoding by a byte order mark."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode_as(content[len(mark) :], encoding)
    return None


def _decode_unmarked(content: bytes, *, path: str, declared: str | None) -> Decoded | None:
    """The text of a file without a mark, or None where no encoding fits."""
    kind = binary_kind(content)
    if kind is not None:
        raise ArticleError(path, f"it holds {kind}, not text")
    # As most records of exports are, of which a file may have millions.
    if content.isascii() and _CONTROL.search(content) is None:
        return Decoded(content.decode("ascii"), "utf-8")
    wide = _wide_encoding(content)
    if wide is not None:
        return _decode_as(content, wide)
    controls = len(_CONTROL.findall(content[:_SAMPLE])) / max(1, len(content[:_SAMPLE]))
    lenient = content.decode("utf-8", "replace")
    broken = lenient.count("\ufffd") - content.count(_REPLACEMENT)
    # Text has no control characters but for a slip; random bytes are to 11 in 100.
    if controls > (0.05 if broken else 0.3):
        raise ArticleError(path, "it holds binary data, not text")
    if not broken:
        return Decoded(lenient, "utf-8")
    # A page cut in the middle of a character, or pasted together from two encodings.
    if len(content) - len(lenient) > 2 * broken:
        return Decoded(lenient, f"utf-8 ({broken} replaced)")
    return _decode_declared(content, declared) or _decode_legacy(content)


def _decode_declared(content: bytes, declared: str | None) -> Decoded | None:
    """The text in the encoding that a page names, or None where it names none that fits."""
    if declared is None:
        return None
    try:
        name = codecs.lookup(_ON_THE_WEB.get(declared.lower(), declared)).name
    except (LookupError, ValueError):
        return None
    if name not in _TEXTUAL:
        return None
    decoded = _decode_as(content, name)
    return decoded if decoded.text.count("\ufffd") <= 0.01 * len(decoded.text) else None


def _decode_legacy(content: bytes) -> Decoded | None:
    """The text of a file in an encoding that is older than Unicode.

    Windows-1252 goes first where the text reads as Western: charset-normalizer 3.5 read
    "The firm's profit rose to £600m", with a curly quote, as Central European ("Ł600m").
    """
    western = _decode_as(content, "cp1252")
    if _reads_western(western.text[:_SAMPLE]):
        return western
    match = from_bytes(content[:_SAMPLE], cp_isolation=_LEGACY).best()
    if match is not None:
        guess = _decode_as(content, match.encoding)
        if guess.encoding == match.encoding:
            return guess
    mostly_ascii = sum(byte < 0x80 for byte in content[:_SAMPLE]) > 0.9 * len(content[:_SAMPLE])
    return western if mostly_ascii else None


def _reads_western(text: str) -> bool:
    """Whether text read as Windows-1252 looks like the Latin letters of a Western language.

    In French, German, Spanish and Icelandic news 2 to 12 letters in 100 are accented; in Russian
    or Greek read so, nearly all.
    """
    letters = len(_LETTER.findall(text))
    accented = len(_ACCENTED.findall(text))
    if "\ufffd" in text or accented > 0.2 * letters or _UNLIKELY.search(text):
        return False
    # Icelandic has both of ð and þ; Croatian or Romanian, misread, has one.
    icelandic = ("ð" in text) == ("þ" in text)
    return icelandic and not any(pair[0] in text and pair[1] in text for pair in _STRANGERS)


def _wide_encoding(content: bytes) -> str | None:
    """UTF-16 of the order in which every other byte is mostly NUL, or None."""
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
    """The text in a known encoding, with U+FFFD for what is no text in it."""
    text = _SURROGATE.sub("\ufffd", content.decode(encoding, "replace"))
    try:
        replaced = 0 if text.encode(encoding) == content else text.count("\ufffd")
    except UnicodeEncodeError:
        replaced = text.count("\ufffd")
    return Decoded(text, f"{encoding} ({replaced} replaced)" if replaced else encoding)
