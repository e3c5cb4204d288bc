"""Finds readers' comments below an article, with their authors and times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pullquote.base.dates.date_lines import PublicationDates, parse_moment
from pullquote.parsing.lines import PageParagraph, ParagraphMark
from pullquote.parsing.news.boilerplate import BoilerplateLabel, PageElement, recognise
from pullquote.parsing.news.bylines import Byline, split_authors
from pullquote.schema import Role

_COMMENTS = re.compile(
    r"(?:(?:reader|readers['’]?|user|latest|your) )?comments?(?:\s*[(\[]?[0-9]+[)\]]?)?:?"
    r"|[0-9]+ (?:comments?|responses|replies)",
    re.IGNORECASE,
)
_LONG = 80
_VERBS_OF_SAYING = (
    r"(?:says|said|wrote|writes|commented|sagt|sagte|schreibt|schrieb|meint|meinte|kommentierte"
    r"|a écrit|a dit|dit|écrit|escribió|dijo|dice|scrive|ha scritto|schreef|zegt)"
)
_NAME_SAYS = re.compile(rf"(?i)(\S.{{0,60}}?)\s+{_VERBS_OF_SAYING}\s*(?::|\.{{3}}|…)")
_BETWEEN = re.compile(
    r"\s*[|•·,:(–—-]+\s*(?:(?:on|at|am|le|el)\s+)?"
    rf"|\s+(?:{_VERBS_OF_SAYING}\s+)?(?:on|at|am|le|el|il)\s+",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:(?:posted|submitted|written|comment|kommentar|verfasst|geschrieben|publié|commentaire)\s+)?"
    r"(?:by|von|par|por|di|door)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CommentHeader:
    """The line above a reader's comment, which names the author and the time of the comment."""

    author: str
    time: datetime | date | None


def find_comments(
    paragraphs: Sequence[PageParagraph],
    found: list[PageElement | None],
    *,
    after: int,
    authors: Sequence[str],
) -> int:
    """The index where comments begin: at their heading, or at the first header below some text.

    `authors` are the authors of the article who are already known. A header with the name of such
    an author, as in live blogs, does not begin the comments. It is recorded as a byline in `found`.
    """
    above = [element.authors for element in found[:after] if isinstance(element, Byline)]
    known, text, signed = _fold(authors).union(*map(_fold, above)), 0, bool(above)
    for i in range(after, len(paragraphs)):
        element, header = found[i], _header_in(paragraphs[i], found[i])
        if text and is_comments_heading(paragraphs[i].text):
            if _is_button(paragraphs, i, after=after):
                found[i] = Role.BOILERPLATE
                continue
            return i
        if isinstance(element, Byline):
            known, signed = known | _fold(element.authors), True
        elif header is None:
            text += element is None
        elif not text or (text == 1 and not (signed or isinstance(header.time, datetime))):
            # "name | day" below one paragraph names the author. Comments have a time of day.
            known |= _fold((header.author,))
        elif frozenset() < _fold((header.author,)) <= known:
            found[i] = Role.BYLINE
        else:
            return i
    return len(paragraphs)


def _is_button(paragraphs: Sequence[PageParagraph], i: int, *, after: int) -> bool:
    """Whether a line such as "12 comments" above the report is only a link to the comments.

    If so, no long paragraph is above the line, and at least two paragraphs without comment headers
    are below the line.
    """
    if any(len(paragraph.text) > _LONG for paragraph in paragraphs[after:i]):
        return False
    below = [paragraph.text for paragraph in paragraphs[i + 1 :]]
    long = sum(len(text) > _LONG for text in below)
    return long > 1 and all(parse_loose_comment_header(text) is None for text in below)


def _header_in(paragraph: PageParagraph, element: PageElement | None) -> CommentHeader | None:
    """Parse a paragraph as a comment header, unless it is known to be something else."""
    if (
        isinstance(element, Byline | PublicationDates | BoilerplateLabel)
        or paragraph.role is not None
    ):
        return None
    return parse_comment_header(paragraph.text)


def _fold(names: Iterable[str]) -> frozenset[str]:
    """The separate names in lower case and without posts, for comparing names."""
    split = (split_authors(" ".join(name.split())) for name in names)
    return frozenset(author.casefold() for line in split for author in line.authors)


def is_comments_heading(text: str) -> bool:
    """Whether a line is "Comments", "Readers' comments", "3 comments" and so on."""
    return _COMMENTS.fullmatch(text) is not None


def parse_comment_header(text: str) -> CommentHeader | None:
    """Parse a comment header "name | day"; None for other lines."""
    name, bar, when = text.partition("|")
    name = name.strip()
    if not bar or not name or len(text) > 120 or recognise(name) is not None:
        return None
    moment = parse_moment(when)
    return None if moment is None else CommentHeader(name, moment)


def parse_loose_comment_header(text: str) -> CommentHeader | None:
    """Parse a header below a "Comments" heading. There, "name, day" and "name says:" count too."""
    if len(text) > 120:
        return None
    by = _BY.match(text)
    text = text if by is None else text[by.end() :]
    says = _NAME_SAYS.fullmatch(text)
    if says is not None:
        return CommentHeader(says[1], None)
    for between in _BETWEEN.finditer(text):
        name, when = text[: between.start()].strip(), text[between.end() :].rstrip(" ):.")
        moment = parse_moment(when) if name else None
        if moment is not None:
            return CommentHeader(name, moment)
    return None


def _is_boilerplate(text: str) -> bool:
    """Whether a line among or below comments is a button, a link or something similar."""
    button = text in ("Reply", "Report", "Like", "Share", "Flag", "Reply Report")
    return button or recognise(text) is Role.BOILERPLATE


def mark_comments(paragraphs: Sequence[PageParagraph]) -> Iterator[ParagraphMark]:
    """The marks of the comment section. A comment ends at the next header."""
    headed = bool(paragraphs) and is_comments_heading(paragraphs[0].text)
    header: CommentHeader | None = None
    for i, paragraph in enumerate(paragraphs):
        parse = parse_loose_comment_header if headed else parse_comment_header
        new = parse(paragraph.text)
        if new is not None:
            header = new
        if new is not None or (headed and i == 0) or _is_boilerplate(paragraph.text):
            yield ParagraphMark(Role.BOILERPLATE)
        elif header is None:
            yield ParagraphMark(Role.COMMENT)
        else:
            yield ParagraphMark(Role.COMMENT, header.author, header.time)
