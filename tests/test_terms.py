"""Search terms: the words of a text in the lexical index."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from pullquote.english.terms import LONGEST_TERM, content_terms, terms, typed_words
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
    """Terms are lower-cased, unaccented and stemmed, in order, with repeats; no query language."""
    assert terms(text) == found


def test_an_accent_that_stands_apart_is_the_same_accent() -> None:
    """A name with decomposed accents, as from a Mac, has the same term as the composed one."""
    name = "García Peñalver"
    apart = unicodedata.normalize("NFD", name)
    assert len(apart) == len(name) + 2
    assert terms(apart) == terms(name) == ["garcia", "penalv"]


def test_blobs_are_no_words() -> None:
    """A string longer than any word is dropped; a long word stays."""
    word, blob = "a" * (LONGEST_TERM - 1), "a" * (LONGEST_TERM + 1)
    assert terms(f"{word} {blob} end") == [word, "end"]


def test_content_terms_are_distinct_and_carry_meaning() -> None:
    """Function words are dropped, and a repeated term counts once."""
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
    """No text raises, no term has white space, and content terms are among the terms."""
    found = terms(text)
    assert all(term and term == "".join(term.split()) for term in found)
    wanted = content_terms(text)
    assert set(wanted) <= set(found)
    assert bool(wanted) == bool(found)
    assert len(wanted) == len(set(wanted))


def test_words_are_given_as_they_were_typed() -> None:
    """Each content term has its first spelling."""
    assert typed_words("Who bought the Cannery or other canneries?") == {
        "bought": "bought",
        "canneri": "Cannery",
        "other": "other",
    }


@given(hostile_texts())
def test_every_content_term_has_a_word(text: str) -> None:
    """Any text gives its content terms in order."""
    assert list(typed_words(text)) == content_terms(text)
