"""Parses emails (`.eml`): an article that was sent by email.

The body is parsed as plain text, or as simple HTML if there is no plain part. Attachments are
ignored. If the body has no headline, the subject becomes its headline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

from pullquote.errors import ArticleError
from pullquote.parsing.blocks import TextBlock, article_from_blocks, clean_text, with_headline
from pullquote.parsing.decode import Decoded, decode, wrong_kind
from pullquote.parsing.documents.properties import believable_title, metadata_from_properties
from pullquote.parsing.formats import Format
from pullquote.parsing.html_blocks import html_to_blocks
from pullquote.parsing.lines import split_paragraphs
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import SourceFile
from pullquote.parsing.trace import is_tracing, trace_dropped
from pullquote.schema import Article, Role

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
_PREFIX = re.compile(r"(?:(?:re|fwd?|aw|wg|tr|rv)\s*(?:\[[0-9]+\])?:\s*)+", re.IGNORECASE)
_SOFT_BREAK = re.compile(r" \r?\n(?!-- \r?\n)")
_HEADER_FAULTS = (ValueError, LookupError, AttributeError, TypeError, OverflowError, RecursionError)
"""The errors that Python's parser raises for malformed headers, found by fuzzing."""
_BOUNDARY = re.compile(rb"(?i)\bboundary\s*=")


def parse_eml(file: SourceFile) -> tuple[Article, ...]:
    """Parse an email into one article.

    Raises:
        ArticleError: the file is not an email, is too large, or has no body with text.
    """
    message = _parse(file)
    try:
        body = message.get_body(preferencelist=("plain", "html"))
        decoded = None if body is None else _decode(body, path=file.id)
        pieces = [] if body is None or decoded is None else _pieces(decoded.text, body)
    except _HEADER_FAULTS as error:
        raise ArticleError(file.id, "its headers are damaged") from error
    if decoded is None:
        raise ArticleError(file.id, "it has no text, only attachments")
    for part in message.iter_attachments() if is_tracing() else ():
        trace_dropped(
            str(part.get_filename("without a name")), f"attached: {part.get_content_type()}"
        )
    subject = _subject(message)
    properties = _header_metadata(message)
    article = article_from_blocks(file, pieces, properties=properties, encoding=decoded.encoding)
    headed = any(block.role is Role.HEADLINE for block in article.blocks)
    if subject is not None and not headed:
        pieces = [TextBlock(subject, Role.HEADLINE), *pieces]
        article = article_from_blocks(
            file, pieces, properties=properties, encoding=decoded.encoding
        )
    return (article,)


def _parse(file: SourceFile) -> EmailMessage:
    """The message in a file, within the limits."""
    if len(file.content) > _LARGEST:
        raise ArticleError(file.id, f"it is larger than {_LARGEST >> 20} MB")
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


def _decode(body: MIMEPart, *, path: str) -> Decoded:
    """The text of a part, decoded in its declared encoding if the part is valid in it."""
    payload = body.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = body.get_content_charset("utf-8")
    try:
        text = content.decode(charset)
    except (LookupError, UnicodeError):
        return decode(content, path=path)
    if not text.strip():
        raise ArticleError(path, "the file is empty")
    return Decoded(text, charset)


def _pieces(text: str, body: MIMEPart) -> Sequence[TextBlock]:
    """The paragraphs of a body."""
    if body.get_content_type() == "text/html":
        return with_headline(html_to_blocks(text).blocks)
    if body.get_param("format") == "flowed":
        text = _SOFT_BREAK.sub(" ", text)
    paragraphs = (text[s.start : s.end] for s in split_paragraphs(text))
    return [TextBlock(" ".join(clean_text(paragraph).split())) for paragraph in paragraphs]


def _subject(message: EmailMessage) -> str | None:
    """The subject, without prefixes such as "Fwd:"."""
    return believable_title(_PREFIX.sub("", str(_header(message, "Subject")).strip(), count=1))


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
