"""Finds the quotations of a draft: in quote marks, nested, over paragraphs, and block quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pullquote.checking.quote_marks import CLOSERS, SINGLE, MarkPlace, marks_in
from pullquote.errors import SettingsError
from pullquote.schema import Article, Role

MOST_NESTED = 6
"""Quote marks inside so many others open nothing, so that the time stays linear."""
MOST_QUOTATIONS = 2000
MOST_MARKS = 100_000
"""Quote marks and apostrophes; a draft with more is refused, and so is one with more quotations."""
_PLURAL = "sS"
_QUOTED_LINE = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
_WORDS = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class DraftQuotation:
    """A quotation of a draft: its words, and its range in the draft's text without its marks.

    In `text`, the paragraphs of a long quotation are joined without the marks that repeat.
    """

    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Open:
    """A quotation whose end has not been found yet, with the parts of it in earlier paragraphs."""

    mark: str
    start: int
    parts: list[str] = field(default_factory=list)
    first: int = 0

    def __post_init__(self) -> None:
        self.first = self.start

    def closed(self, text: str, end: int) -> DraftQuotation:
        """The quotation, which ends here."""
        return DraftQuotation(self.first, end, "\n".join([*self.parts, text[self.start : end]]))


def quotations_of(draft: Article) -> list[DraftQuotation]:
    """The quotations of a draft that have words, in order; those inside others are among them.

    Raises:
        SettingsError: the draft has too many quote marks or quotations.
    """
    check_most(sum(map(draft.text.count, CLOSERS)), MOST_MARKS, "quote marks")
    found: list[DraftQuotation] = []
    carried: list[_Open] = []
    for block in draft.blocks:
        if block.role is Role.QUOTATION:
            found.append(_block_quote(draft.text, block.start, block.end))
        ended, carried = _paragraph(draft.text, block.start, block.end, carried)
        found += ended
    distinct = dict.fromkeys(one for one in found if _WORDS.search(one.text))
    check_most(len(distinct), MOST_QUOTATIONS, "quotations")
    return sorted(distinct, key=lambda one: (one.start, -one.end))


def check_most(count: int, most: int, what: str) -> None:
    """Check that a draft has no more of something than is checked.

    Raises:
        SettingsError: it has more.
    """
    if count > most:
        raise SettingsError(
            f"The draft has {count:,} {what}; at most {most:,} are checked. Check its parts one "
            "by one."
        )


def _block_quote(text: str, start: int, end: int) -> DraftQuotation:
    """A paragraph that is a quotation as a whole; "> " at the beginning of a line is no part."""
    return DraftQuotation(start, end, _QUOTED_LINE.sub("", text[start:end]))


def _paragraph(
    text: str, start: int, end: int, carried: list[_Open]
) -> tuple[list[DraftQuotation], list[_Open]]:
    """The quotations that end in a paragraph, and those that may go on in the next one."""
    marks = marks_in(text, start, end)
    stack = _continued(text, start, marks, carried)
    found: list[DraftQuotation] = []
    for at, one in enumerate(marks):
        if any(each.start == one.end for each in stack):
            continue  # the mark that repeats at the beginning of a paragraph
        depth = _ended_by(one, stack)
        if depth is not None and not _is_apostrophe(text, marks, at):
            found.append(stack[depth].closed(text, one.start))
            del stack[depth:]
        elif one.opens:
            _open(one, stack)
    for each in stack:
        each.parts.append(text[each.start : end].rstrip())
    return found, stack[:1]


def _continued(
    text: str, start: int, marks: Iterable[MarkPlace], carried: list[_Open]
) -> list[_Open]:
    """The open quotation of the paragraph before, if this one begins with its mark again."""
    first = next(iter(marks), None)
    if not carried or first is None or text[start : first.start].strip():
        return []
    repeats = {carried[0].mark, *CLOSERS[carried[0].mark]}
    if first.mark not in repeats or not first.opens:
        return []
    carried[0].start = first.end
    return carried


def _ended_by(one: MarkPlace, stack: list[_Open]) -> int | None:
    """Which of the open quotations a mark ends; None if none, or if the mark must open one."""
    if not one.closes:
        return None
    for depth in reversed(range(len(stack))):
        if one.mark in CLOSERS[stack[depth].mark]:
            return depth if _touches_words(one, stack[depth]) else None
    return None


def _touches_words(one: MarkPlace, opened: _Open) -> bool:
    """Whether a mark may end a quotation: one that can also open something does so after space."""
    return not one.opens or opened.mark != one.mark or one.start == opened.start


def _open(one: MarkPlace, stack: list[_Open]) -> None:
    """Open a quotation; an open one with the same mark, which was not closed, is dropped."""
    for depth, each in enumerate(stack):
        if each.mark == one.mark and one.mark in CLOSERS[one.mark]:
            del stack[depth:]
            break
    if len(stack) < MOST_NESTED:
        stack.append(_Open(one.mark, one.end))


def _is_apostrophe(text: str, marks: list[MarkPlace], at: int) -> bool:
    """Whether a single mark belongs to a plural, as in ‘the players’ union’: another ends it."""
    one = marks[at]
    if one.mark not in SINGLE or text[one.start - 1] not in _PLURAL:
        return False
    if not text[one.end : one.end + 1].isspace():
        return False
    after = next((each for each in marks[at + 1 : at + 2]), None)
    return after is not None and after.mark in SINGLE and after.closes and not after.opens
