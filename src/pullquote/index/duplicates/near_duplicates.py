"""Near duplicates: articles that several papers printed from one source, edited or cut.

Near duplicates stay separate articles. Their groups are computed from signatures, without reading
any article again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pullquote.index.duplicates.signatures import SIGNATURE, Signatures
from pullquote.index.duplicates.similar_pairs import SimilarPairs, find_pairs
from pullquote.index.duplicates.union_find import UnionFind

if TYPE_CHECKING:
    from pullquote.index.duplicates.revisions import Revisions


class ArticlePosition(NamedTuple):
    """The position of an article: a segment of a generation, and a row in it."""

    segment: int
    row: int


class NearDuplicates:
    """The near duplicates in a generation.

    `pairs` are those among the articles of all segments, and `sizes` the number of articles of each
    segment, with deleted ones. `groups` has the groups, as numbers of articles in this order.
    """

    def __init__(self, pairs: SimilarPairs, sizes: Sequence[int], revisions: Revisions) -> None:
        self._starts = np.cumsum([0, *sizes])
        self._revisions = revisions
        self.groups = pairs.groups()

    @cached_property
    def _positions(self) -> list[list[ArticlePosition]]:
        """The groups, as positions."""
        return [list(self._located(group)) for group in self.groups]

    @cached_property
    def _of(self) -> dict[ArticlePosition, list[ArticlePosition]]:
        """The group of each article that has near duplicates."""
        return {position: group for group in self._positions for position in group}

    @cached_property
    def _sources(self) -> UnionFind[ArticlePosition]:
        """The groups of near duplicates or revisions."""
        sources: UnionFind[ArticlePosition] = UnionFind()
        for group in self._positions:
            sources.union(group)
        for revised in self._revisions.groups:
            sources.union(ArticlePosition(one.segment, one.row) for one in revised)
        return sources

    def _located(self, articles: Sequence[int]) -> Iterator[ArticlePosition]:
        """The positions of some articles."""
        segments = np.searchsorted(self._starts, articles, side="right") - 1
        rows = np.array(articles) - self._starts[segments]
        return map(ArticlePosition, segments.tolist(), rows.tolist())

    def of(self, position: ArticlePosition) -> list[ArticlePosition]:
        """The other near duplicates of an article."""
        return [other for other in self._of.get(position, ()) if other != position]

    def sources(self, positions: Iterable[ArticlePosition]) -> int:
        """The number of independent sources; groups of near duplicates or revisions count once."""
        return len({self._sources.find(position) for position in positions})


def joined(signatures: Iterable[Signatures]) -> Signatures:
    """The signatures of several segments, in order."""
    found: Signatures = np.concatenate([np.empty(0, SIGNATURE), *signatures])
    return found


def groups_of_near_duplicates(signatures: Signatures) -> list[list[int]]:
    """The groups of near duplicates, as positions in `signatures`.

    The groups do not depend on the order of the articles.
    """
    return find_pairs(signatures).groups()
