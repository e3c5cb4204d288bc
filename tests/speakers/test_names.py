"""Which names are one speaker."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pullquote.english.values import Relation, compare
from pullquote.english.values.names import name_of
from pullquote.newsroom.speakers.names import may_be_one, speaker_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ida Roe", "Sir Ida Roe"),
        ("Ida Roe", "ida  roe"),
        ("Ida Roe", "Governor Ida Roe"),
        ("José Niño", "Jose Nino"),
        ("U.N.", "UN"),
        ("The Bank of Corrow", "Bank of Corrow"),
        ("Mr Roe", "Roe"),
    ],
)
def test_one_name_has_one_key(one: str, other: str) -> None:
    """Titles, capitals, accents and articles do not make another speaker."""
    assert speaker_key(one) == speaker_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ida Roe", "Roe"),
        ("Ida Roe", "I. Roe"),
        ("Ida Roe", "Ada Roe"),
        ("General Motors", "Motors"),
        ("Justice Department", "Department"),
    ],
)
def test_other_names_have_other_keys(one: str, other: str) -> None:
    """A surname, an initial and a firm whose name begins like a title are listed apart."""
    assert speaker_key(one) != speaker_key(other)


def test_a_surname_may_be_the_full_name() -> None:
    """What is listed apart can still be named as similar."""
    assert may_be_one("Roe", "Ida Roe")
    assert not may_be_one("Ada Roe", "Ida Roe")


@example(one="", other=",A")
@given(st.text(), st.text())
def test_equal_keys_never_contradict_the_comparison_of_names(one: str, other: str) -> None:
    """Names that are one speaker are never different names."""
    here, there = name_of(one), name_of(other)
    if speaker_key(one) == speaker_key(other) and here is not None and there is not None:
        assert compare(here, there) in (Relation.EQUAL, Relation.COMPATIBLE)
