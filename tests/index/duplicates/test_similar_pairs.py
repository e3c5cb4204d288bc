"""Pairs of near duplicates after a change are those that are found anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Newsroom, scratch
from pullquote.index.duplicates.near_duplicates import (
    MOST_CHANGES,
    NEIGHBOURS,
    SimilarPairs,
    find_pairs,
    update_pairs,
)
from pullquote.index.duplicates.signatures import FACTS, MINHASHES, SIGNATURE, Signatures
from pullquote.integrations.testing.sample_corpus import MORE, STORY, WHOLE


def copies(seed: int, *, stories: int, count: int) -> Signatures:
    """The signatures of edited copies of some stories, with a few articles that are too short.

    Copies of a story share most of their numbers, and all stories share some, so that many bands
    have more articles than are compared with each other. Some copies are equal.
    """
    chance = np.random.default_rng(seed)
    numbers = chance.integers(0, 4, (stories, MINHASHES))
    facts = np.sort(chance.integers(0, 1 << 16, (stories, FACTS)), axis=1)
    made = np.zeros(count, SIGNATURE)
    of = chance.integers(0, stories, count)
    edited = chance.random((count, MINHASHES)) < chance.choice([0, 0.1, 0.5], (count, 1))
    made["triples"] = chance.choice([0, 300, 400], count, p=[0.05, 0.55, 0.4])
    made["minhashes"] = np.where(edited, chance.integers(0, 4, edited.shape), numbers[of])
    made["facts"] = facts[of]
    return made


def as_sets(pairs: SimilarPairs) -> tuple[list[int], set[tuple[int, int]]]:
    """The nodes and the pairs, for comparison."""
    left, right = pairs.left.tolist(), pairs.right.tolist()
    return pairs.nodes.tolist(), set(zip(left, right, strict=True))


@given(
    st.integers(0, 1000),
    st.integers(1, 4),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=4),
    st.randoms(use_true_random=False),
)
def test_pairs_after_changes_are_those_found_anew(seed, stories, changes, random) -> None:
    """Articles are added, changed and removed, and come in another order."""
    pool = copies(seed, stories=stories, count=90)
    chosen = list(range(60))
    pairs = find_pairs(pool[chosen])
    for removed, added in changes:
        old = list(chosen)
        random.shuffle(chosen)
        chosen = chosen[removed:] + random.choices(range(len(pool)), k=added)
        pairs = update_pairs(pairs, pool[old], pool[chosen])
        anew = find_pairs(pool[chosen])
        assert as_sets(pairs) == as_sets(anew)
        assert pairs.groups() == anew.groups()
        assert pairs.keys.tolist() == anew.keys.tolist()


@pytest.mark.parametrize("count", [0, 1, MOST_CHANGES // 2, 2 * MOST_CHANGES])
def test_pairs_after_a_change_of_any_size(count: int) -> None:
    """A large change compares everything anew; from and to nothing are changes too."""
    old, new = copies(1, stories=3, count=count), copies(2, stories=3, count=2 * NEIGHBOURS)
    for before, after in ((old, new), (new, old)):
        updated = update_pairs(find_pairs(before), before, after)
        assert as_sets(updated) == as_sets(find_pairs(after))


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 5)), max_size=5))
def test_groups_of_an_index_are_those_of_a_fresh_build(changes: list[tuple[str, int]]) -> None:
    """Articles are written, rewritten and removed one after another."""
    bodies = (WHOLE, STORY, MORE + STORY, WHOLE.replace("closed", "shut"), MORE)
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        newsroom.write("first.md", WHOLE, title="First")
        newsroom.rebuild()
        for name, which in changes:
            if which < len(bodies):
                newsroom.write(f"{name}.md", bodies[which], title=name)
            else:
                (newsroom.corpus / f"{name}.md").unlink(missing_ok=True)
            newsroom.rebuild()
        changed = groups(newsroom)
        newsroom.rebuild(force=True)
        assert changed == groups(newsroom)


def groups(newsroom: Newsroom) -> list[list[str]]:
    """The near duplicates of each article of an index."""
    generation = newsroom.open()
    try:
        ids = generation.articles()
        return [[id, *generation.near_duplicates_of(id)] for id in ids]
    finally:
        generation.close()
