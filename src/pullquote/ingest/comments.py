"""What readers said below an article: where it begins, and who said what, when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pullquote.ingest.bylines import Byline
from pullquote.ingest.dates import DateLine, parse_moment
from pullquote.ingest.furniture import Furniture, Label, recognise
from pullquote.ingest.paragraph import Mark, Paragraph
from pullquote.schema import Role

_COMMENTS = re.compile(
    r"(?:(?:reader|readers['’]?|user|latest|your) )?comments?(?:\s*[(\[]?[0-9]+[)\]]?)?:?"
    r"|[0-9]+ (?:comments?|responses|replies)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*[|·•,:(–—-]+\s*(?:(?:on|at)\s+)?|\s+(?:(?:says|said|wrote|commented)\s+)?(?:on|at)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CommentHeader:
    """The line above a reader's comment: who wrote it, and when."""

    author: str
    time: datetime | date | None


def find_comments(
    paragraphs: Sequence[Paragraph], found: Sequence[Furniture | None], *, after: int
) -> int:
    """Where readers' comments begin: at their heading or at the first header below some text."""
    text, signed = 0, any(isinstance(item, Byline) for item in found[:after])
    for i in range(after, len(paragraphs)):
        paragraph = paragraphs[i]
        if text and is_comments_heading(paragraph.text):
            return i
        about = isinstance(found[i], Byline | DateLine | Label) or paragraph.role is not None
        header = None if about else read_comment_header(paragraph.text)
        if text and header is not None and not _is_signature(header, signed=signed, text=text):
            return i
        text += found[i] is None and header is None
        signed = signed or isinstance(found[i], Byline)
    return len(paragraphs)


def _is_signature(header: CommentHeader, *, signed: bool, text: int) -> bool:
    """Whether "name | day" below one paragraph is the author's; readers' have a time of day."""
    return text == 1 and not signed and not isinstance(header.time, datetime)


def is_comments_heading(text: str) -> bool:
    """Whether a line is "Comments", "Readers' comments", "3 comments" and so on."""
    return _COMMENTS.fullmatch(text) is not None


def read_comment_header(text: str) -> CommentHeader | None:
    """Who wrote a comment and when, from a line "name | day", or None for any other line."""
    name, bar, when = text.partition("|")
    name = name.strip()
    if not bar or not name or len(text) > 120 or recognise(name) is not None:
        return None
    moment = parse_moment(when)
    return None if moment is None else CommentHeader(name, moment)


def read_loose_comment_header(text: str) -> CommentHeader | None:
    """The same under a "Comments" heading, where "name, day" and "name says:" are headers too."""
    if len(text) > 120:
        return None
    text = re.sub(r"(?i)^(?:posted |comment )?by\s+", "", text)
    says = re.fullmatch(r"(?i)(\S.{0,60}?)\s+(?:says|wrote|writes)\s*:", text)
    if says is not None:
        return CommentHeader(says[1], None)
    for between in _BETWEEN.finditer(text):
        name, when = text[: between.start()].strip(), text[between.end() :].rstrip(" ):")
        moment = parse_moment(when) if name else None
        if moment is not None:
            return CommentHeader(name, moment)
    return None


def is_button(text: str) -> bool:
    """Whether a line among comments is what one clicks on there, and nobody's words."""
    return text in ("Reply", "Report", "Like", "Share", "Flag", "Reply Report")


def mark_comments(said: Sequence[Paragraph]) -> Iterator[Mark]:
    """The marks of what readers said: a comment runs to the next header, or to the end."""
    headed = bool(said) and is_comments_heading(said[0].text)
    header: CommentHeader | None = None
    for i, paragraph in enumerate(said):
        read = read_loose_comment_header if headed else read_comment_header
        new = read(paragraph.text)
        if new is not None:
            header = new
        if new is not None or (headed and i == 0) or is_button(paragraph.text):
            yield Mark(Role.BOILERPLATE)
        elif header is None:
            yield Mark(Role.COMMENT)
        else:
            yield Mark(Role.COMMENT, header.author, header.time)
