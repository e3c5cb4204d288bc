"""Finds the claims of an article, and which of them a quote belongs to, by their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pullquote.english.attribution import attribute
from pullquote.schema import Article, Attribution
from pullquote.schema.attribution import Range

MOSTLY = 0.5
"""A claim is about a quote if it has this share of its characters."""

_PART = 20_000
"""In characters. Only the part of a long article around a quote is read, so that a book does not
delay an answer."""

_CACHED = 64
"""Maximum number of articles whose attributions are cached."""


@dataclass(frozen=True, slots=True)
class _ArticlePart:
    """A part of an article; equal if it is the same part of the same text."""

    id: str
    version: str
    text: str
    number: int
    article: Article = field(compare=False)


def attributions_near(article: Article, position: int) -> tuple[Attribution, ...]:
    """The attributions of an article, or of the part of a long article around a position."""
    return _attributions(
        _ArticlePart(article.id, article.version, article.text, position // _PART, article)
    )


@lru_cache(maxsize=_CACHED)
def _attributions(part: _ArticlePart) -> tuple[Attribution, ...]:
    low, high = (part.number - 1) * _PART, (part.number + 2) * _PART
    blocks = tuple(
        block.model_copy(update={"start": max(low, block.start), "end": min(high, block.end)})
        for block in part.article.blocks
        if block.start < high and low < block.end
    )
    return tuple(attribute(part.article.model_copy(update={"blocks": blocks})))


def names_source(claim: Attribution, cut: range) -> bool:
    """Whether a range names the source of a claim, or a part of it does."""
    return _overlap(claim.source, cut) > 0


def claims_words(claim: Attribution, cut: range) -> bool:
    """Whether most of a range is the words of a claim."""
    return share_of(claim.content, cut) >= MOSTLY


def share_of(ranges: Sequence[Range], cut: range) -> float:
    """The share of a range that some ranges cover."""
    return _overlap(ranges, cut) / max(1, len(cut))


def _overlap(ranges: Sequence[Range], cut: range) -> int:
    """The number of characters of a range that some ranges cover."""
    return sum(max(0, min(high, cut.stop) - max(low, cut.start)) for low, high in ranges)


def length_of(ranges: Sequence[Range]) -> int:
    """The number of characters in some ranges."""
    return sum(high - low for low, high in ranges)
