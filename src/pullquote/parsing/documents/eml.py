"""Parses emails (`.eml`): an article that was sent by email.

The subject is the headline. The body is parsed as plain text, or as simple HTML if there is no
plain part or if it only points to the HTML. Attachments are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

from pullquote.parsing.blocks import (
    TextBlock,
    article_from_blocks,
    clean_text,
    with_headline,
)
from pullquote.parsing.decode import Decoded, decode, wrong_kind
from pullquote.parsing.documents.mail_lines import mail_paragraphs
from pullquote.parsing.documents.properties import believable_title, metadata_from_properties
from pullquote.parsing.formats import Format
from pullquote.parsing.html_blocks import html_to_blocks
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import SourceFile
from pullquote.parsing.trace import is_tracing, trace_dropped
from pullquote.schema import Article, Role
from pullquote.schema.errors import ArticleError
from pullquote.schema.limits import megabytes

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
        bodies = [part for part in _bodies(message) if part is not None]
        read = _best([_read_body(part, path=file.id) for part in bodies])
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


def _bodies(message: EmailMessage) -> Iterator[MIMEPart | None]:
    """The part with plain text and the part with HTML, or None if there is none."""
    yield message.get_body(preferencelist=("plain",))
    yield message.get_body(preferencelist=("html",))


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
    """The paragraphs of a part."""
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
