"""Search terms: what of a text the lexical index keeps."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from pullquote.terms import LONGEST_TERM, content_terms, terms, typed_words
from strategies import hostile_texts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The minister's Elections, elected", ["the", "minist", "s", "elect", "elect"]),
        ("García ÀÉ Straße", ["garcia", "ae", "strass"]),
        ("£1.2bn 3.5% 5 p.m.", ["1", "2bn", "3", "5", "5", "p", "m"]),
        ('fox" AND col:x* (a OR b)', ["fox", "and", "col", "x", "a", "or", "b"]),
        ("مرحبا\0بالعالم \U0001f469\u200d\U0001f467", ["مرحبا", "بالعالم"]),
        ("", []),
        ("?! …", []),
    ],
)
def test_terms_by_hand(text: str, found: list[str]) -> None:
    """Lower-cased, unaccented and stemmed words, in order, repeats kept; no query language."""
    assert terms(text) == found


def test_an_accent_that_stands_apart_is_the_same_accent() -> None:
    """A name saved by a Mac, each accent a character of its own, is found by the usual one."""
    name = "García Peñalver"
    apart = unicodedata.normalize("NFD", name)
    assert len(apart) == len(name) + 2
    assert terms(apart) == terms(name) == ["garcia", "penalv"]


def test_blobs_are_no_words() -> None:
    """A string longer than any word is dropped, a long word is kept."""
    word, blob = "a" * (LONGEST_TERM - 1), "a" * (LONGEST_TERM + 1)
    assert terms(f"{word} {blob} end") == [word, "end"]


def test_content_terms_are_distinct_and_carry_meaning() -> None:
    """Function words go, and a term asked twice counts once."""
    assert content_terms("Who said that the police said no to the police chief?") == [
        "said",
        "polic",
        "chief",
    ]


def test_a_question_of_function_words_keeps_them() -> None:
    """The words of "who is it" must still find something."""
    assert content_terms("Who is it?") == ["who", "is", "it"]


@given(hostile_texts())
def test_any_text_has_terms_without_white_space(text: str) -> None:
    """No text raises, and no term would be split again; content terms are among the terms."""
    found = terms(text)
    assert all(term and term == "".join(term.split()) for term in found)
    wanted = content_terms(text)
    assert set(wanted) <= set(found)
    assert bool(wanted) == bool(found)
    assert len(wanted) == len(set(wanted))


def test_words_are_given_as_they_were_typed() -> None:
    """By term, without those that carry no meaning; the first spelling of each."""
    assert typed_words("Who bought the Cannery or other canneries?") == {
        "bought": "bought",
        "canneri": "Cannery",
        "other": "other",
    }


@given(hostile_texts())
def test_every_content_term_has_a_word(text: str) -> None:
    """Whatever is typed, in the order of the terms."""
    assert list(typed_words(text)) == content_terms(text)
