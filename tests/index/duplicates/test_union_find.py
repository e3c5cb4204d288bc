"""Groups that grow together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.duplicates.union_find import UnionFind


def test_what_has_something_between_is_together() -> None:
    """1 and 4 are joined to 2 each; 7 is alone."""
    joined: UnionFind[int] = UnionFind()
    for together in ([1, 2], [5, 6], [2, 4], [7], []):
        joined.union(together)
    assert sorted(map(sorted, joined.groups())) == [[1, 2, 4], [5, 6], [7]]
    assert joined.find(1) == joined.find(4) != joined.find(5)


@given(st.lists(st.lists(st.integers(0, 20), max_size=4), max_size=20))
def test_the_groups_are_those_of_a_search_by_hand(joins: list[list[int]]) -> None:
    """Whatever is joined in whatever order."""
    joined: UnionFind[int] = UnionFind()
    groups: list[set[int]] = []
    for together in joins:
        joined.union(together)
        touched = [g for g in groups if g & set(together)]
        groups = [g for g in groups if g not in touched]
        groups += [set(together).union(*touched)] if together else []
    assert sorted(map(sorted, joined.groups())) == sorted(map(sorted, groups))
