"""Fusion rules: examples by hand, and properties that hold for any rankings."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.schema.errors import SettingsError
from pullquote.schema.fusion import Fusion
from pullquote.schema.settings import Settings, load_settings

RANKINGS = st.lists(st.lists(st.integers(0, 30), unique=True, max_size=20), max_size=3)
SCORED = st.lists(
    st.dictionaries(st.integers(0, 30), st.floats(-1e3, 1e3), max_size=20), max_size=3
)


def fuse(rankings: Sequence[Sequence[int]], *, k: int) -> dict[int, float]:
    """Rankings of ids alone, fused by reciprocal rank."""
    return Fusion.RECIPROCAL_RANK.fuse([dict.fromkeys(one, 0.0) for one in rankings], k=k)


def test_fusion_by_hand() -> None:
    """With k = 60, passages in both rankings come before those in one."""
    fused = fuse([[10, 20, 30], [30, 10]], k=60)
    assert fused == {10: 1 / 61 + 1 / 62, 30: 1 / 63 + 1 / 61, 20: 1 / 62}
    assert list(fused) == [10, 30, 20]


def test_equal_scores_stand_in_order_of_numbers() -> None:
    """First and second against second and first is a tie, which is always broken by id."""
    assert list(fuse([[7, 3], [3, 7]], k=60)) == [3, 7]
    assert list(fuse([[7], [3]], k=60)) == [3, 7]


def test_what_one_search_finds_first_goes_before_what_both_find_eighth() -> None:
    """A rare name is in few passages, whose vectors may be far from the question's."""
    both = [*range(1, 8), 99]
    fused = fuse([both, [77, *range(11, 17), 99]], k=Settings().rrf_k)
    assert fused[77] > fused[99]


def test_nothing_fused_is_nothing() -> None:
    """Without rankings, or with empty ones, the result is empty."""
    assert fuse([], k=60) == fuse([[], []], k=60) == {}


@given(rankings=RANKINGS, k=st.integers(1, 100))
def test_reciprocal_rank_is_a_sum_over_the_rankings(rankings: list[list[int]], k: int) -> None:
    """Each passage's score is the sum of its terms, and the best comes first."""
    fused = fuse(rankings, k=k)
    assert fused == pytest.approx(
        {
            number: sum(1 / (k + r.index(number) + 1) for r in rankings if number in r)
            for number in {number for r in rankings for number in r}
        }
    )
    assert list(fused.items()) == sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))


@given(rankings=RANKINGS, k=st.integers(1, 100), data=st.data())
def test_a_better_rank_never_scores_less(
    rankings: list[list[int]], k: int, data: st.DataObject
) -> None:
    """Moving a passage up in one ranking raises its score and no other."""
    ranking = data.draw(st.lists(st.integers(0, 30), unique=True, min_size=2, max_size=20))
    at = data.draw(st.integers(1, len(ranking) - 1))
    up = data.draw(st.integers(0, at - 1))
    moved = ranking[:at] + ranking[at + 1 :]
    moved.insert(up, ranking[at])
    before, after = fuse([*rankings, ranking], k=k), fuse([*rankings, moved], k=k)
    assert after[ranking[at]] > before[ranking[at]]
    assert all(after[n] <= before[n] for n in before if n != ranking[at])


def test_relative_scores_by_hand() -> None:
    """The best of each search has 1 and its worst 0, whatever its scale."""
    dense, lexical = {10: 0.9, 20: 0.5, 30: 0.1}, {30: 12.0, 20: 3.0}
    fused = Fusion.RELATIVE_SCORE.fuse([dense, lexical], k=60)
    assert fused == {10: 1.0, 20: 0.5, 30: 1.0}
    assert list(fused) == [10, 30, 20]


def test_equal_relative_scores_are_all_the_best() -> None:
    """One hit, or several with equal scores, cause no division by zero."""
    assert Fusion.RELATIVE_SCORE.fuse([{7: 0.2}, {3: 5.0, 4: 5.0}], k=1) == {3: 1, 4: 1, 7: 1}


@pytest.mark.parametrize("rule", Fusion)
@given(rankings=SCORED)
def test_every_rule_scores_every_passage_best_first(
    rule: Fusion, rankings: list[dict[int, float]]
) -> None:
    """Each rule returns every passage, and orders equal scores by id."""
    fused = rule.fuse(rankings, k=5)
    assert set(fused) == {passage_id for ranking in rankings for passage_id in ranking}
    assert list(fused.items()) == sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))


@pytest.mark.parametrize("rule", Fusion)
def test_a_setting_chooses_the_rule(rule: Fusion) -> None:
    """The setting names the rule; an unknown name is an error that lists the rules."""
    assert load_settings(fusion=str(rule)).fusion is rule
    with pytest.raises(SettingsError, match=rule):
        load_settings(fusion="by-dice")
