"""Parses emails (`.eml`): an article that was sent by email.

The subject is the headline. The body is parsed as plain text, or as simple HTML if there is no
plain part or if it only points to the HTML. Attachments are ignored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from itertools import pairwise

from pullquote.parsing.blocks import (
    TextBlock,
    article_from_blocks,
    clean_text,
    with_headline,
)
from pullquote.parsing.decode import Decoded, decode, wrong_kind
from pullquote.parsing.documents.properties import believable_title, metadata_from_properties
from pullquote.parsing.html_blocks import html_to_blocks
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import Format, SourceFile
from pullquote.parsing.trace import is_tracing, trace_dropped
from pullquote.schema import Article, Role
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import megabytes

_QUOTED = re.compile(r"(?:> ?)*>")
_ITEM = re.compile(r"(?:[*•·‣–—+-]|\(?[0-9]{1,3}[.)]|\(?[A-Za-z][.)])\s")
_SIGNATURE = "-- "
_SENTENCE_END = frozenset('.!?:;…。！？：」』”"')
_NARROWEST = 50
"""A shorter line is never continued by the line below it."""
_WIDEST = 100
"""A mail with a longer line of several words is not broken at a fixed width."""
_USUAL_WIDTHS = (66, 78)
"""The width at which lines are broken is taken to be between these, in characters."""
_SPACE_AT_END = 10
"""How much shorter than the width a line may be that ends with a space, in characters."""


@dataclass(frozen=True, slots=True)
class _MailLine:
    """A line without its quote marks and the white space around it.

    `depth` is the number of quote marks, `spaced` says that the line ended with a space, and
    `indent` is the white space before its words.
    """

    text: str
    depth: int
    spaced: bool
    width: int
    indent: str


def mail_paragraphs(text: str, *, flowed: bool = False, delete_spaces: bool = False) -> list[str]:
    """The paragraphs of a mail, in order.

    `flowed` and `delete_spaces` are the parameters "format" and "delsp" of its content type.
    """
    lines = [_read_line(line, flowed=flowed) for line in text.splitlines()]
    soft = flowed and any(above.spaced and below.text for above, below in pairwise(lines))
    width = None if soft else _wrap_width(lines)
    paragraphs: list[str] = []
    above: _MailLine | None = None
    for line in lines:
        if not line.text:
            above = None
            continue
        if (
            above is not None
            and (above.spaced if soft else _continues(above, line, width=width))
            and above.depth == line.depth
        ):
            gap = "" if soft and delete_spaces else _gap(above.text, line.text)
            paragraphs[-1] += f"{gap}{line.text}"
        else:
            paragraphs.append(line.text)
        above = line
    return paragraphs


def _read_line(line: str, *, flowed: bool) -> _MailLine:
    """A line of the text. The separator of a signature is a line that is never continued."""
    quoted = _QUOTED.match(line)
    depth = 0 if quoted is None else quoted[0].count(">")
    rest = line if quoted is None else line[quoted.end() :]
    if flowed and rest.startswith(" "):
        rest = rest[1:]
    words = rest.strip()
    spaced = rest.endswith(" ") and rest != _SIGNATURE
    indent = rest[: len(rest) - len(rest.lstrip())]
    return _MailLine(words, depth, spaced, _columns(words), indent)


def _columns(text: str) -> int:
    """The number of columns of a text in a font of equal widths."""
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def _wrap_width(lines: Sequence[_MailLine]) -> int | None:
    """The width at which lines were broken, or None if they were not broken at a fixed width."""
    widths = sorted(
        line.width
        for line, below in pairwise(lines)  # the lines that another line may continue
        if below.text and line.width >= _NARROWEST and line.depth == below.depth
    )
    if not widths or any(line.width > _WIDEST and " " in line.text for line in lines):
        return None
    low, high = _USUAL_WIDTHS
    return min(max(widths[len(widths) * 4 // 5], low), high)


def _continues(above: _MailLine, line: _MailLine, *, width: int | None) -> bool:
    """Whether a line continues the paragraph of the line above, in a text without marks."""
    address = above.text.isascii() and " " not in above.text
    indented = "\t" in line.indent or len(line.indent) > len(above.indent) + 1
    if above.width < _NARROWEST or address or indented or _ITEM.match(line.text):
        return False
    if line.text[0].islower() and above.text[-1] not in _SENTENCE_END:
        return above.width <= _WIDEST
    if width is None:
        return False
    full = above.width + 1 + _columns(line.text.split(maxsplit=1)[0])
    return full > width - (_SPACE_AT_END if above.spaced else 0)


def _gap(above: str, below: str) -> str:
    """A space, or nothing between two characters of a script without spaces."""
    wide = all(unicodedata.east_asian_width(letter) in "WF" for letter in (above[-1], below[0]))
    return "" if wide else " "


FORMAT = Format(
    name="eml",
    suffixes=(".eml",),
    summary="an article that was sent by email; attachments are not read",
)

_LARGEST = 64 << 20
"""Maximum size of an email, in bytes. Mail servers accept 25 to 50 MB."""
_MOST_PARTS = 1_000
"""Maximum number of parts in an email. For each level of nesting, Python's parser scans every line
again."""
_PREFIX = re.compile(
    r"(?:(?:re|fwd?|aw|wg|antw|tr|rv|res|enc|rif|sv|vs|r|i)\s*(?:\[[0-9]+\])?:\s*)+", re.IGNORECASE
)
"""Marks of replies and forwarded mails, as programs write them in several languages."""
_ENOUGH_WORDS = 50
_SHORT_PLAIN = 2
"""A plain part with fewer than `_ENOUGH_WORDS` words is not read if the HTML has this many times as
many words: it then says that the mail should be looked at in a browser."""
_PICTURE = re.compile(r"<(?:img|svg|picture)\b", re.IGNORECASE)
_HEADER_FAULTS = (ValueError, LookupError, AttributeError, TypeError, OverflowError, RecursionError)
"""The errors that Python's parser raises for malformed headers, found by fuzzing."""
_BOUNDARY = re.compile(rb"(?i)\bboundary\s*=")


@dataclass(frozen=True, slots=True)
class _Body:
    """A part of a mail that may be its body, and its paragraphs."""

    decoded: Decoded
    pieces: Sequence[TextBlock]

    @property
    def words(self) -> int:
        """The number of words."""
        return sum(len(piece.text.split()) for piece in self.pieces)

    def why_empty(self) -> str:
        """Why there is no paragraph."""
        pictures = _PICTURE.search(self.decoded.text) is not None
        return "it has no text, only pictures" if pictures else "it has no text"


def parse_eml(file: SourceFile) -> tuple[Article, ...]:
    """Parse an email into one article.

    Raises:
        ArticleError: the file is not an email, is too large, or has no body with text.
    """
    message = _parse(file)
    try:
        bodies = [message.get_body(preferencelist=(kind,)) for kind in ("plain", "html")]
        read = _best([_read_body(part, path=file.id) for part in bodies if part is not None])
    except _HEADER_FAULTS as error:
        raise ArticleError(file.id, "its headers are damaged") from error
    for part in message.iter_attachments() if is_tracing() else ():
        trace_dropped(
            str(part.get_filename("without a name")), f"attached: {part.get_content_type()}"
        )
    if read is None:
        raise ArticleError(file.id, "it has no text, only attachments")
    if not read.pieces:
        raise ArticleError(file.id, read.why_empty())
    pieces = _with_subject(_subject(message), read.pieces)
    properties = _header_metadata(message)
    return (
        article_from_blocks(file, pieces, properties=properties, encoding=read.decoded.encoding),
    )


def _best(bodies: Sequence[_Body]) -> _Body | None:
    """The body to read: the first, unless it is short and a later one says much more."""
    best: _Body | None = None
    for body in bodies:
        if best is None or (best.words < _ENOUGH_WORDS and body.words > best.words * _SHORT_PLAIN):
            best = body
    return best


def _parse(file: SourceFile) -> EmailMessage:
    """The message in a file, within the limits."""
    if len(file.content) > _LARGEST:
        raise ArticleError(file.id, f"it is larger than {megabytes(_LARGEST)}")
    if len(_BOUNDARY.findall(file.content)) > _MOST_PARTS:
        raise ArticleError(file.id, f"it has more than {_MOST_PARTS} parts")
    try:
        message = message_from_bytes(file.content, policy=policy.default)
        known = [name for name in ("From", "Date", "Subject", "To") if name in message]
    except _HEADER_FAULTS as error:
        raise ArticleError(file.id, "its headers are damaged, or nested too deep") from error
    if not known:
        raise ArticleError(file.id, wrong_kind(file.content, expected="a mail"))
    return message


def _read_body(body: MIMEPart, *, path: str) -> _Body:
    decoded = _decode(body, path=path)
    if body.get_content_type() == "text/html":
        return _Body(decoded, html_to_blocks(decoded.text).blocks)
    paragraphs = mail_paragraphs(
        decoded.text,
        flowed=str(body.get_param("format")).casefold() == "flowed",
        delete_spaces=str(body.get_param("delsp")).casefold() == "yes",
    )
    cleaned = (" ".join(clean_text(paragraph).split()) for paragraph in paragraphs)
    return _Body(decoded, [TextBlock(paragraph) for paragraph in cleaned if paragraph])


def _decode(body: MIMEPart, *, path: str) -> Decoded:
    """The text of a part, decoded in its declared encoding if the part is valid in it."""
    payload = body.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = body.get_content_charset("utf-8")
    try:
        return Decoded(content.decode(charset), charset)
    except (LookupError, UnicodeError):
        return decode(content, path=path)


def _subject(message: EmailMessage) -> str | None:
    """The subject, without prefixes such as "Fwd:"."""
    line = str(_header(message, "Subject")).strip()
    prefix = _PREFIX.match(line)
    return believable_title(line if prefix is None else line[prefix.end() :])


def _with_subject(subject: str | None, pieces: Sequence[TextBlock]) -> Sequence[TextBlock]:
    """The paragraphs below the subject. A first paragraph that repeats the subject is left out."""
    if subject is None:
        return with_headline(pieces)
    same = " ".join(pieces[0].text.split()).casefold() == subject.casefold()
    rest = [
        replace(piece, role=None) if piece.role is Role.HEADLINE else piece
        for piece in (pieces[1:] if same else pieces)
    ]
    return [TextBlock(subject, Role.HEADLINE), *rest]


def _header_metadata(message: EmailMessage) -> ArticleMetadata:
    """The metadata in the headers: the sender and the date."""
    addresses = getattr(_header(message, "From"), "addresses", ())
    when = getattr(_header(message, "Date"), "datetime", None)
    return metadata_from_properties(
        authors=[address.display_name for address in addresses],
        published=when if isinstance(when, datetime) else None,
    )


def _header(message: EmailMessage, name: str) -> str:
    """The value of a header; empty if the header is missing or damaged."""
    try:
        value = message.get(name)
    except _HEADER_FAULTS:
        return ""
    return "" if value is None else value
