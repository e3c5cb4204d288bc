"""Groups of connected items."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.duplicates.components import UnionFind


def test_indirectly_connected_items_are_in_one_group() -> None:
    """Items connected through others are in one group: 1 and 4 through 2; 7 is alone."""
    connected: UnionFind[int] = UnionFind()
    for items in ([1, 2], [5, 6], [2, 4], [7], []):
        connected.union(items)
    assert sorted(map(sorted, connected.groups())) == [[1, 2, 4], [5, 6], [7]]
    assert connected.find(1) == connected.find(4) != connected.find(5)


@given(st.lists(st.lists(st.integers(0, 20), max_size=4), max_size=20))
def test_the_groups_equal_those_of_a_plain_search(unions: list[list[int]]) -> None:
    """Groups equal those of a plain search, in any order of connections."""
    connected: UnionFind[int] = UnionFind()
    groups: list[set[int]] = []
    for items in unions:
        connected.union(items)
        touched = [g for g in groups if g & set(items)]
        groups = [g for g in groups if g not in touched]
        groups += [set(items).union(*touched)] if items else []
    assert sorted(map(sorted, connected.groups())) == sorted(map(sorted, groups))
