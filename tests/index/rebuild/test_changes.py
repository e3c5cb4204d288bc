"""The comparison of two states of a corpus."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pullquote.index.rebuild.report import Renamed, compare

STATES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("123"))


def test_by_hand():
    """Each path is in one field; equal content under a new path is a rename."""
    before = {"same": "1", "edited": "2", "old name": "3", "withdrawn": "4"}
    after = {"same": "1", "edited": "5", "new name": "3", "fresh": "6"}
    found = compare(before, after)
    assert found.model_dump() == {
        "added": ("fresh",),
        "changed": ("edited",),
        "renamed": ({"before": "old name", "after": "new name"},),
        "removed": ("withdrawn",),
        "unchanged": 1,
    }


def test_a_copy_is_added_and_not_renamed():
    """A file that keeps its path is not renamed; of two copies, one is."""
    assert compare({"a": "1"}, {"a": "1", "b": "1"}).added == ("b",)
    found = compare({"a": "1"}, {"b": "1", "c": "1"})
    assert (found.renamed, found.added) == ((Renamed(before="a", after="b"),), ("c",))


@given(before=STATES, after=STATES)
def test_every_path_is_counted_once(before, after):
    """Each old path was removed, renamed or unchanged; each new one added, renamed or unchanged."""
    found = compare(before, after)
    stayed = {*found.changed} | {p for p in before if before[p] == after.get(p)}
    assert len(found.changed) + found.unchanged == len(stayed)
    old = [*found.removed, *(r.before for r in found.renamed), *stayed]
    new = [*found.added, *(r.after for r in found.renamed), *stayed]
    assert sorted(old) == sorted(before)
    assert sorted(new) == sorted(after)
    assert all(before[r.before] == after[r.after] for r in found.renamed)
