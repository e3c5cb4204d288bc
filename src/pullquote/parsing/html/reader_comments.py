"""Finds reader comments on a web page, with their authors and times, by the markup."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import date, datetime

from lxml import etree

from pullquote.parsing.html.moments import moment_in
from pullquote.parsing.html.outline import LINKED, BylineMarkup, Outline, OutlineParagraph
from pullquote.parsing.lines import LONGEST, PageParagraph, ParagraphMark
from pullquote.parsing.news.bylines import squeeze
from pullquote.parsing.news.comments import CommentHeader, mark_comments, parse_loose_comment_header
from pullquote.schema import Role

_BUTTON = re.compile(
    r"(?:reply|report|like|share|flag|quote|permalink|antworten|melden|répondre|responder|rispondi"
    r"|[0-9]+|▲|▼|\W+|(?:auf )?.{0,40} antworten|reply to .{0,40})",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\s*(?:says|said|wrote|writes|sagt|schreibt|schrieb|meint|a dit|dit|dice)\s*[:.…]*\s*$",
    re.IGNORECASE,
)
_LONGEST_HEADER = 120


def read_comments(page: Outline, *, headline: int | None) -> Mapping[int, ParagraphMark]:
    """A mark for each paragraph in a readers' discussion.

    A comment is an element whose class name says so. In a discussion without such elements, a
    comment extends from the name of its author to the next name. Headers of comments are
    boilerplate, and so are headings and forms around comments. An element that contains the
    headline is not a discussion, whatever its class name.
    """
    paragraphs = page.paragraphs
    top = None if headline is None else paragraphs[headline].context
    ignored = set() if top is None else {top.discussion, top.comment}
    marks: dict[int, ParagraphMark] = {}
    groups: dict[etree._Element, list[int]] = {}
    for i, paragraph in enumerate(paragraphs):
        context = paragraph.context
        if context.comment is not None and context.comment not in ignored:
            groups.setdefault(context.comment, []).append(i)
        elif context.discussion is not None and context.discussion not in ignored:
            marks[i] = ParagraphMark(Role.BOILERPLATE)
    for indices in groups.values():
        marks.update(_read_comment(page, indices))
    if not groups:
        by_author = [_read_comment(page, some) for some in _by_author(page, list(marks))]
        for comment in by_author:
            marks.update(comment)
        if not by_author:
            marks.update(_read_lines(paragraphs, list(marks)))
        if not any(mark.role is Role.COMMENT for mark in marks.values()):
            marks.update(_read_prose(page, list(marks)))
    if not any(mark.role is Role.COMMENT for mark in marks.values()) and len(marks) >= (
        len(paragraphs) - (headline is not None)
    ):
        return {}
    return dict(sorted(marks.items()))


def _is_form(element: etree._Element) -> bool:
    """Whether an element is a form for comments. Its labels may look like names of authors."""
    return element.tag == "form" or "form" in f"{element.get('class')} {element.get('id')}"


def _by_author(page: Outline, indices: list[int]) -> list[list[int]]:
    """The paragraphs of a discussion, divided at each name of an author in the markup."""
    inside = {i for i in indices if not any(map(_is_form, page.paragraphs[i].context.boilerplate))}
    authors = [
        one for one in page.byline_markup if one.kind == "author" and one.paragraph in inside
    ]
    begins = {one.paragraph for one in authors if _author([one]) is not None}
    parts: list[list[int]] = []
    for i in sorted(inside):
        if i in begins:
            parts.append([])
        if parts:
            parts[-1].append(i)
    return parts


def _read_lines(paragraphs: list[OutlineParagraph], indices: list[int]) -> dict[int, ParagraphMark]:
    """The marks of a discussion without markup for comments, found by lines such as "name, day"."""
    shown = [i for i in indices if paragraphs[i].linked < LINKED]
    texts = ("Comments", *(" ".join(paragraphs[i].text.split())[:LONGEST] for i in shown))
    _, *found = mark_comments([PageParagraph(text) for text in texts])
    return {i: mark for i, mark in zip(shown, found, strict=True) if mark.author is not None}


def _read_prose(page: Outline, indices: list[int]) -> dict[int, ParagraphMark]:
    """The marks of a discussion with dates but without marked comments: all prose outside forms."""
    paragraphs, inside = page.paragraphs, set(indices)
    dated = any(one.kind == "moment" and one.paragraph in inside for one in page.byline_markup)
    if not dated and all(_time([], [paragraphs[i]]) is None for i in indices):
        return {}
    prose = [i for i in indices if paragraphs[i].is_prose]
    outside = [i for i in prose if not any(map(_is_form, paragraphs[i].context.boilerplate))]
    return dict.fromkeys(outside, ParagraphMark(Role.COMMENT))


def _read_comment(page: Outline, indices: list[int]) -> dict[int, ParagraphMark]:
    """The marks of one comment. Replies to it may be between its paragraphs."""
    inside = set(indices)
    markup = [one for one in page.byline_markup if one.paragraph in inside]
    headers = [_header_in(page.paragraphs[i]) for i in indices]
    author = _author(markup)
    if author is None:
        author = next((header.author for header in headers if header is not None), None)
    time = _time(markup, [page.paragraphs[i] for i in indices])
    comment = ParagraphMark(Role.COMMENT, author, time)
    shown = {squeeze(one.shown) for one in markup}
    shown |= {
        a + b for a in shown for b in shown
    }  # the name and the date may be run together, as in "Gull5 March"
    return {
        i: ParagraphMark(Role.BOILERPLATE)
        if header is not None or _is_header(page.paragraphs[i], author, shown)
        else comment
        for i, header in zip(indices, headers, strict=True)
    }


def _header_in(paragraph: OutlineParagraph) -> CommentHeader | None:
    """The author of a comment in a line such as "Gull says:" or "Submitted by Gull on 5 March"."""
    if len(paragraph.text) > _LONGEST_HEADER:
        return None
    lines = paragraph.text.split("\n")
    rest = [line for line in lines[1:] if moment_in(line) is None]
    return None if rest else parse_loose_comment_header(lines[0])


def _author(markup: list[BylineMarkup]) -> str | None:
    """The author of a comment: the shortest name found, because longer ones contain other words."""
    names = [
        name
        for one in markup
        if one.kind == "author"
        for name in (_SAYS.sub("", one.text).strip(" :,|"),)
        if 0 < len(name) <= 60 and moment_in(name) is None
    ]
    return min(names, key=len, default=None)


def _time(markup: list[BylineMarkup], paragraphs: list[OutlineParagraph]) -> datetime | date | None:
    moments = [one for one in markup if one.kind == "moment"]
    texts = [one.text for one in sorted(moments, key=lambda one: not one.sure)]
    texts += [p.text for p in paragraphs if len(p.text) <= _LONGEST_HEADER]
    return next((moment for text in texts if (moment := moment_in(text)) is not None), None)


def _is_header(paragraph: OutlineParagraph, author: str | None, shown: Container[str]) -> bool:
    """Whether a paragraph of a comment says who wrote it and when, or is a button."""
    text = paragraph.text
    if len(text) > _LONGEST_HEADER:
        return False
    if paragraph.linked >= 0.6 or _BUTTON.fullmatch(text) or paragraph.heading:
        return True
    if squeeze(text) in shown:
        return True
    rest = text if author is None else text.replace(author, "", 1)
    named = author is not None and author in text and len(rest.strip()) < 50
    dated = moment_in(text) is not None and len(text) < 80
    timed = any(map(str.isdigit, rest))
    return dated or (named and (timed or len(squeeze(_SAYS.sub("", rest))) < 4))
