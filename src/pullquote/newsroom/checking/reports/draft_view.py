"""Cuts the text of a draft into segments, so that its quotations can be marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pullquote.schema import Article, Role
from pullquote.schema.quote_check import QuoteVerdict

_FIRST_MARK = re.compile(r"\A[ \t]*>[> \t]*")
_LINE_MARK = re.compile(r"(?<=\n)[ \t]*>[> \t]*")


@dataclass(frozen=True, slots=True)
class QuoteRange:
    """The range of a quotation in the text of a draft, its number and its verdict."""

    start: int
    end: int
    number: int
    verdict: QuoteVerdict


@dataclass(frozen=True, slots=True)
class DraftSegment:
    """A part of a draft's text, and the innermost quotation around it, if any.

    `ends` are the quotations that end after it, the inner ones first.
    """

    text: str
    quote: QuoteRange | None = None
    ends: Sequence[QuoteRange] = ()


@dataclass(frozen=True, slots=True)
class DraftParagraph:
    """A paragraph of a draft."""

    segments: Sequence[DraftSegment]
    is_headline: bool = False
    is_quotation: bool = False


def draft_paragraphs(draft: Article, ranges: Sequence[QuoteRange]) -> Iterator[DraftParagraph]:
    """The paragraphs of a draft; `ranges` are in order, those around others first."""
    around, at = list[QuoteRange](), 0
    for block in draft.blocks:
        while at < len(ranges) and ranges[at].start < block.end:
            around.append(ranges[at])
            at += 1
        around = [one for one in around if one.end > block.start]
        segments = draft_segments(draft.text, block.start, block.end, around)
        if block.role is Role.QUOTATION:
            segments = _without_line_marks(segments)
        yield DraftParagraph(
            list(segments),
            is_headline=block.role is Role.HEADLINE,
            is_quotation=block.role is Role.QUOTATION,
        )


def _without_line_marks(segments: Iterable[DraftSegment]) -> Iterator[DraftSegment]:
    """The segments of a block quote without the "> " that begins its lines in Markdown."""
    begins = True
    for one in segments:
        text = _LINE_MARK.sub("", one.text)
        yield replace(one, text=_FIRST_MARK.sub("", text) if begins else text)
        begins = one.text.endswith("\n")


def draft_segments(
    text: str, start: int, end: int, ranges: Sequence[QuoteRange]
) -> Iterator[DraftSegment]:
    """A range of a text cut where quotations begin and end; `ranges` are as above."""
    limits = {start, end, *(each for one in ranges for each in (one.start, one.end))}
    cuts = sorted(each for each in limits if start <= each <= end)
    around, at = list[QuoteRange](), 0
    for low, high in pairwise(cuts):
        while at < len(ranges) and ranges[at].start <= low:
            around.append(ranges[at])
            at += 1
        around = [one for one in around if one.end > low]
        yield DraftSegment(
            text[low:high],
            around[-1] if around else None,
            [one for one in reversed(around) if one.end == high],
        )
