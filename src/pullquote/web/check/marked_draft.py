"""The text of a draft cut into blocks and segments, with its quotations marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pullquote.schema import Article, Block, Role
from pullquote.schema.quote_check import CheckedQuote, QuoteVerdict

_FIRST_MARK = re.compile(r"\A[ \t]*>[> \t]*")
_LINE_MARK = re.compile(r"(?<=\n)[ \t]*>[> \t]*")


@dataclass(frozen=True, slots=True)
class DraftSegment:
    """A part of a draft, in no quotation (0) or in the quotation with a number.

    Inside a nested quotation, that is the innermost one. `first` says that the quotation begins
    here. `ended` are the quotations that end with this segment, innermost first.
    """

    text: str
    number: int = 0
    verdict: QuoteVerdict | None = None
    first: bool = False
    ended: Sequence[tuple[int, QuoteVerdict]] = ()


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """A block of a draft."""

    role: Role
    segments: Sequence[DraftSegment]


def marked_draft(draft: Article, quotes: Sequence[CheckedQuote]) -> list[DraftBlock]:
    """The blocks of a draft, cut where its quotations begin and end."""
    placed = [_Placed(at, one) for at, one in enumerate(quotes, start=1)]
    return list(_blocks(draft, placed))


class _Placed:
    """A quotation with its number and its range in the draft."""

    def __init__(self, number: int, quote: CheckedQuote) -> None:
        self.number = number
        self.verdict = quote.verdict
        self.start, self.end = quote.draft_start or 0, quote.draft_end or 0
        self.begun = False


def _blocks(draft: Article, placed: Sequence[_Placed]) -> Iterator[DraftBlock]:
    """The blocks in order. Each looks only at the quotations that may reach into it."""
    waiting = list(placed)[::-1]
    opened = list[_Placed]()
    for block in draft.blocks:
        while waiting and waiting[-1].start < block.end:
            opened.append(waiting.pop())
        opened = [one for one in opened if one.end > block.start]
        segments = _segments(draft.text, block, opened)
        if block.role is Role.QUOTATION:
            segments = _without_line_marks(segments)
        yield DraftBlock(block.role, list(segments))


def _without_line_marks(segments: Iterable[DraftSegment]) -> Iterator[DraftSegment]:
    """The segments of a block quote without the "> " before its lines in Markdown."""
    begins = True
    for one in segments:
        text = _LINE_MARK.sub("", one.text)
        if begins:
            text = _FIRST_MARK.sub("", text)
        begins = one.text.endswith("\n")
        yield replace(one, text=text)


def _segments(text: str, block: Block, opened: Sequence[_Placed]) -> Iterator[DraftSegment]:
    """A block cut at the ends of the quotations in it."""
    cuts = {block.start, block.end}
    for one in opened:
        cuts |= {max(one.start, block.start), min(one.end, block.end)}
    ordered = sorted(cuts)
    for start, end in pairwise(ordered):
        inside = [one for one in opened if one.start <= start and one.end >= end]
        if not inside:
            yield DraftSegment(text[start:end])
            continue
        innermost = min(inside, key=lambda one: one.end - one.start)
        first, innermost.begun = not innermost.begun, True
        ending = [one for one in reversed(inside) if one.end == end]
        yield DraftSegment(
            text[start:end],
            innermost.number,
            innermost.verdict,
            first,
            [(one.number, one.verdict) for one in ending],
        )
