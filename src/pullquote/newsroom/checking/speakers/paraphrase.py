"""Tells words that an article quotes from words with which it reports what somebody said."""

from __future__ import annotations

from pullquote.newsroom.checking.drafts.draft import draft_of
from pullquote.newsroom.checking.drafts.quotations import quotations_of
from pullquote.newsroom.checking.matching.finding import ArticleRange
from pullquote.schema import Role
from pullquote.schema.errors import SettingsError

_AROUND = 10_000
"""In characters. So much of a paragraph is read before and after the words."""
_QUOTED = frozenset({Role.QUOTATION, Role.COMMENT, Role.HEADLINE, Role.CAPTION})


def is_paraphrase(place: ArticleRange) -> bool:
    """Whether all words of a place surely stand outside the quote marks of their paragraph."""
    block = place.article.block_at(place.start)
    if block is None or block.role in _QUOTED or block.end < place.end:
        return False
    low, high = max(block.start, place.start - _AROUND), min(block.end, place.end + _AROUND)
    try:
        quoted = quotations_of(draft_of(place.article.text[low:high]))
    except SettingsError:  # it is full of marks
        return False
    return not any(low + one.start < place.end and place.start < low + one.end for one in quoted)
