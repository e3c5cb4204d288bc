"""Contradictions planted in copies of articles, for `benchmarks.contradictions`."""

from __future__ import annotations

import random

import pytest
from benchmarks.planting import Text, copy_of, kind_of, other_value

from pullquote.english.values import Relation, compare, value_of

NAMES = ("Ida Roe", "Jon Vik")
ARTICLE = Text(
    "Vik opens pier",
    [
        "The pier at Marlow has opened after years of works.",
        "It is the longest on the coast.",
        "It cost £4.5m, Jon Vik said.",
        "Mr Vik leads the board.",
        "Gulls nest under it.",
    ],
)
COMPANY = Text("Ferries", [f"The ferry number {n} left the harbour." for n in range(9)])


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("£4.5m", "number"),
        ("six", "number"),
        ("125,508", "number"),
        ("98%", "number"),
        ("20 March", "day"),
        ("May 19, 2006", "day"),
        ("December 2002", "day"),
        ("1999", "day"),
        ("Ida Roe", "name"),
    ],
)
def test_another_value_is_of_the_same_kind_and_differs(words: str, kind: str) -> None:
    """Nothing but the value changes, and the new value cannot be the same thing."""
    for seed in range(20):
        new = other_value(words, NAMES, random.Random(seed))
        assert new is not None
        assert kind_of(words) == kind_of(new) == kind
        assert compare(value_of(words), value_of(new)) is Relation.DIFFERENT


def test_words_that_are_no_value_are_left() -> None:
    """A phrase has no kind."""
    assert kind_of("to salvage our pride") is None


def test_a_copy_has_the_new_values_and_sentences_of_another_article() -> None:
    """The first sentence stays, the old values are gone, and a surname is changed everywhere."""
    changes = {"£4.5m": "£7.2m", "Jon Vik": "Ida Roe"}
    copy = copy_of(ARTICLE, changes, COMPANY, random.Random(1))
    assert copy.title == "Roe opens pier"
    assert copy.sentences[:3] == [
        ARTICLE.sentences[0],
        ARTICLE.sentences[1],
        "It cost £7.2m, Ida Roe said.",
    ]
    assert all(copy.mentions(old) == 0 for old in changes)
    assert any(sentence in COMPANY.sentences for sentence in copy.sentences)
