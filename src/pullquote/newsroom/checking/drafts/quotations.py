"""Finds the quotations of a draft: in quote marks, nested, over paragraphs, and block quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from pullquote.newsroom.checking.drafts.attribution_lines import QUOTED_LINE, attribution_line
from pullquote.newsroom.checking.drafts.quote_marks import CLOSERS, SINGLE, MarkPlace, marks_in
from pullquote.schema import Article, Role
from pullquote.schema.errors import SettingsError

MOST_NESTED = 6
"""Quote marks inside so many others open nothing, so that the time stays linear."""
MOST_QUOTATIONS = 2000
MOST_MARKS = 100_000
"""Quote marks and apostrophes; a draft with more is refused, and so is one with more quotations."""
_PLURAL = "sS"
LEAST_UNCLOSED = 4
"""In words. A mark before fewer words that is never closed may be a slip or another sign."""
_SURELY_OPENING = frozenset('“„«"「『') | {"``"}
_WORDS = re.compile(r"[^\W_]")
_WORD = re.compile(r"\w+")
_QUOTED_LINES = re.compile(r"\n[ \t]*>[> \t]*")
"""The marks of a block quote before the lines of a quotation inside it."""


@dataclass(frozen=True, slots=True)
class DraftQuotation:
    """A quotation of a draft: its words, and its range in the draft's text without its marks.

    In `text`, the paragraphs of a long quotation are joined without the marks that repeat. If the
    mark before it is never closed, the quotation ends where the next one begins, or with its
    paragraph, and `unclosed_at` is the position of the mark.
    """

    start: int
    end: int
    text: str
    is_block: bool = False
    unclosed_at: int | None = None


@dataclass(slots=True)
class _Open:
    """A quotation whose end has not been found yet, with the parts of it in earlier paragraphs.

    `next_start` is where the next quotation begins in its paragraph, if it has the same mark.
    """

    mark: str
    start: int
    parts: list[str] = field(default_factory=list)
    first: int = 0
    next_start: int | None = None

    def __post_init__(self) -> None:
        self.first = self.start

    def closed(self, text: str, end: int) -> DraftQuotation:
        """The quotation, which ends here."""
        words = "\n".join([*self.parts, text[self.start : end]])
        return DraftQuotation(self.first, end, _QUOTED_LINES.sub("\n", words))

    def unclosed(self, text: str, end: int) -> DraftQuotation:
        """The quotation that nothing ends, up to the next one or to the end of its paragraph."""
        if self.next_start is not None:
            end = self.next_start
        end = self.start + len(text[self.start : end].rstrip())
        words = "\n".join([*self.parts, text[self.start : end]])
        return DraftQuotation(self.first, end, words, unclosed_at=self.first - len(self.mark))


def quotations_of(draft: Article) -> list[DraftQuotation]:
    """The quotations of a draft that have words, in order; those inside others are among them.

    Raises:
        SettingsError: the draft has too many quote marks or quotations.
    """
    check_most(sum(map(draft.text.count, CLOSERS)), MOST_MARKS, "quote marks")
    reading = _Reading(draft.text)
    for block in draft.blocks:
        quoted = block.role is Role.QUOTATION
        if quoted and attribution_line(draft.text[block.start : block.end]) is None:
            reading.found.append(_block_quote(draft.text, block.start, block.end))
        reading.paragraph(block.start, block.end)
    distinct = dict.fromkeys(one for one in reading.finish() if _WORDS.search(one.text))
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
    """A paragraph that is a quotation as a whole, without the line below it that says whose.

    "> " at the beginning of a line is no part of it.
    """
    above, line_end, last = text[start:end].rstrip().rpartition("\n")
    if line_end and attribution_line(last) is not None:
        end = start + len(above.rstrip())
    return DraftQuotation(start, end, QUOTED_LINE.sub("", text[start:end]), is_block=True)


@dataclass(slots=True)
class _Reading:
    """The quotations of the paragraphs that were read so far, and one that may go on."""

    text: str
    found: list[DraftQuotation] = field(default_factory=list)
    carried: _Open | None = None
    end: int = 0
    """Of the last paragraph."""

    def paragraph(self, start: int, end: int) -> None:
        """Take in a paragraph."""
        marks = marks_in(self.text, start, end)
        stack = self._continued(start, marks)
        for at, one in enumerate(marks):
            if any(each.start == one.end for each in stack):
                continue  # the mark that repeats at the beginning of a paragraph
            depth = _ended_by(one, stack)
            if depth is not None and not _is_apostrophe(self.text, marks, at):
                self.found.append(stack[depth].closed(self.text, one.start))
                del stack[depth:]
            elif one.opens:
                self._open(one, stack)
        self.carried, self.end = (stack[0] if stack else None), end
        for each in stack[1:]:
            self._give_up(each, end)

    def finish(self) -> list[DraftQuotation]:
        """All quotations."""
        if self.carried is not None:
            self._give_up(self.carried, self.end)
        return self.found

    def _continued(self, start: int, marks: Sequence[MarkPlace]) -> list[_Open]:
        """The open quotation of the paragraph before, if this one begins with its mark again."""
        opened = self.carried
        if opened is None:
            return []
        repeats = {opened.mark, *CLOSERS[opened.mark]}
        first = marks[0] if marks else None
        begins = first is not None and not self.text[start : first.start].strip()
        if first is None or not begins or first.mark not in repeats or not first.opens:
            self._give_up(opened, self.end)
            return []
        opened.parts.append(self.text[opened.start : self.end].rstrip())
        opened.start, opened.next_start = first.end, None
        return [opened]

    def _open(self, one: MarkPlace, stack: list[_Open]) -> None:
        """Open a quotation; an open one whose mark also ends it was not closed, and is given up."""
        for depth, each in enumerate(stack):
            if each.mark == one.mark:
                each.next_start = one.start if each.next_start is None else each.next_start
                if one.mark in CLOSERS[one.mark]:
                    self._give_up(each, one.start)
                    del stack[depth:]
                    break
        if len(stack) < MOST_NESTED:
            stack.append(_Open(one.mark, one.end))

    def _give_up(self, opened: _Open, end: int) -> None:
        """Take in a quotation that was never closed, if its mark is surely no other sign."""
        quotation = opened.unclosed(self.text, end)
        words = islice(_WORD.finditer(quotation.text), LEAST_UNCLOSED)
        if opened.mark in _SURELY_OPENING and len(list(words)) == LEAST_UNCLOSED:
            self.found.append(quotation)


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


def _is_apostrophe(text: str, marks: list[MarkPlace], at: int) -> bool:
    """Whether a single mark belongs to a plural, as in ‘the players’ union’: another ends it."""
    one = marks[at]
    if one.mark not in SINGLE or text[one.start - 1] not in _PLURAL:
        return False
    if not text[one.end : one.end + 1].isspace():
        return False
    after = next((each for each in marks[at + 1 : at + 2]), None)
    return after is not None and after.mark in SINGLE and after.closes and not after.opens
