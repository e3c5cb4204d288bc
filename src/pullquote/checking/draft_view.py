"""Cuts the text of a draft into segments, so that its quotations can be marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pullquote.schema import Article, Role
from pullquote.schema.quote_check import QuoteVerdict


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
        yield DraftParagraph(
            list(draft_segments(draft.text, block.start, block.end, around)),
            is_headline=block.role is Role.HEADLINE,
            is_quotation=block.role is Role.QUOTATION,
        )


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
