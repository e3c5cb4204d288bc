"""Answers are compared exactly as in SQuAD's evaluation."""

from __future__ import annotations

import re
import string
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.evaluate.measures import contains, exact_match, is_right, squad_normalised, token_f1
from strategies import hostile_texts


@pytest.mark.parametrize(
    ("words", "normalised"),
    [
        ("The  Deputy\tChief!", "deputy chief"),
        ("3-2", "32"),
        ("$1,200.50", "120050"),
        ("it's an A-frame", "its aframe"),
        ("the", ""),
        ("“An” end — of the…", "“ ” end — of …"),
        ("THEatre another", "theatre another"),
    ],
)
def test_normalisation_by_hand(words: str, normalised: str) -> None:
    """ASCII punctuation is deleted without a space; curly quotes and dashes stay."""
    assert squad_normalised(words) == normalised


def official(words: str) -> str:
    """SQuAD's normalize_answer, in its own four steps."""
    lowered = words.lower()
    unpunctuated = "".join(ch for ch in lowered if ch not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", unpunctuated).split())


@given(hostile_texts())
def test_normalisation_is_the_official_one(words: str) -> None:
    """The result equals that of evaluate-v2.0.py for any text."""
    assert squad_normalised(words) == official(words)


@pytest.mark.parametrize(
    ("answer", "gold", "exact", "f1", "within"),
    [
        ("The deputy chief.", ["deputy chief"], True, 1.0, True),
        ("deputy police chief", ["deputy chief"], False, 2 * 2 / 5, False),
        ("the deputy chief of police", ["deputy chief"], False, 2 * 2 / 6, True),
        ("chief chief", ["chief"], False, 2 * 1 / 3, True),
        ("mischief", ["chief"], False, 0.0, False),
        ("mayor", ["chief", "the mayor"], True, 1.0, True),
        ("mayor", [], False, 0.0, False),
        ("", ["mayor"], False, 0.0, False),
        ("mayor", ["the"], False, 0.0, False),
        ("a", ["the"], True, 1.0, False),
    ],
)
def test_answers_are_compared_by_hand(
    answer: str, gold: list[str], exact: bool, f1: float, within: bool
) -> None:
    """Exact match, token F1 and containment take the best accepted answer; empty equals empty."""
    assert exact_match(answer, gold) is exact
    assert token_f1(answer, gold) == pytest.approx(f1)
    assert contains(answer, gold) is within


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("one of nineteen very old piles of the pier", True),  # contains it
        ("nineteen piles then", True),  # F1 2*2/(3+2), with the second
        ("nineteen or more", False),  # does contain no span; F1 2*1/(3+2) is 0.4
    ],
)
def test_right_contains_a_span_or_overlaps_it_by_0_6(answer: str, right: bool) -> None:
    """By hand, against two accepted spans."""
    assert is_right(answer, ["very old piles", "nineteen piles"]) is right


@given(hostile_texts(), st.lists(hostile_texts(), max_size=3))
def test_f1_is_a_share_and_1_for_an_exact_match(answer: str, gold: list[str]) -> None:
    """F1 is between 0 and 1; an exact match has 1."""
    f1 = token_f1(answer, gold)
    assert 0.0 <= f1 <= 1.0
    if exact_match(answer, gold):
        assert f1 == 1.0


@given(
    st.lists(st.sampled_from("tide pier boat".split()), min_size=1),
    st.lists(st.sampled_from("tide boat gull".split()), min_size=1),
)
def test_f1_is_the_harmonic_mean_of_precision_and_recall(a: list[str], b: list[str]) -> None:
    """F1 equals its definition, is symmetric, and is 1 only for the same words."""
    shared = sum((Counter(a) & Counter(b)).values())
    precision, found = shared / len(a), shared / len(b)
    mean = 2 * precision * found / (precision + found) if shared else 0.0
    f1 = token_f1(" ".join(a), [" ".join(b)])
    assert f1 == pytest.approx(mean)
    assert f1 == token_f1(" ".join(b), [" ".join(a)])
    assert (f1 == 1) is (sorted(a) == sorted(b))
