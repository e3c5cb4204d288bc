"""Sentences end correctly in news, and contain all text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.sentences import sentence_around, sentence_spans, trim
from strategies import hostile_texts

LANGUAGES = st.sampled_from(["en", "es", "ar", "th", "zh", "en-GB", "xx", ""])


def split(text: str, language: str = "en") -> list[str]:
    """The sentences of a text."""
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The source said Pol Gen. Surachate agreed.", "He left."],
        ["He left.", "Pol. Gen. Surachate came.", "Gen. Prayut did not."],
        ["The U.S. Senate voted.", "It was late."],
        ["He lives in the U.S.", "She does not."],
        ["Mr. Smith met Mrs. Jones and Dr. Who.", "They talked."],
        ["It rose 3.5% on Monday.", "It cost $1.2bn.", "Good."],
        ["He came at 5 p.m. on Monday.", "She left at 6 p.m.", "They met."],
        ["J. K. Rowling wrote it.", "J.K. Rowling denied it."],
        ["Use fruit, e.g. That one.", "Use another, i.e. This."],
        ['"I am here."', "He left.", "“We won,” she said.", "“It is over.”", "Silence."],
        ["Where?", "There!", "No. 10 said so.", "Nobody else did…"],
        ["Det. Supt. Ida Brandt spoke on 3 Sept. 2023 in St. Ives.", "It rained."],
    ],
    ids=lambda sentences: sentences[0][:20],
)
def test_sentences_of_news(sentences: list[str]) -> None:
    """Titles, initials, decimals, clock times and quotes do not end a sentence; full stops do."""
    assert split(" ".join(sentences)) == sentences


def test_spanish_titles_end_no_sentence() -> None:
    """Abbreviations of the article's language end no sentence."""
    assert split("La Sra. García llegó. El Sr. Pérez se fue.", "es") == [
        "La Sra. García llegó.",
        "El Sr. Pérez se fue.",
    ]


def test_other_scripts_have_their_own_stops() -> None:
    """Arabic and Chinese question marks and full stops end sentences."""
    assert split("مرحبا؟ نعم.", "ar") == ["مرحبا؟", "نعم."]
    assert split("你好。世界。", "zh") == ["你好。", "世界。"]


def test_a_paragraph_ends_a_sentence() -> None:
    """A heading without a full stop is a sentence of its own."""
    assert split("Tide is low\r\n\r\nIt will rise.") == ["Tide is low", "It will rise."]


def test_an_abbreviation_at_the_very_end_ends_the_text() -> None:
    """An abbreviation at the end of the text is a complete sentence."""
    assert split("He was a Gen.") == ["He was a Gen."]


@pytest.mark.parametrize("text", ["", "   ", "\r\n\u2028\u00a0"])
def test_white_space_has_no_sentences(text: str) -> None:
    """White space alone has no sentence."""
    assert sentence_spans(text) == []


@given(text=hostile_texts(), language=LANGUAGES)
def test_sentences_cover_the_text_in_order(text: str, language: str) -> None:
    """Spans are trimmed, not empty, in order and disjoint; only white space is outside them."""
    at = 0
    for start, end in sentence_spans(text, language):
        assert at <= start < end
        assert text[at:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        at = end
    assert text[at:].strip() == ""


@given(text=hostile_texts(), data=st.data(), language=LANGUAGES)
def test_the_sentence_around_holds_what_it_is_around(
    text: str, data: st.DataObject, language: str
) -> None:
    """The result contains the given range, also one that is empty or white space."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    left, right = sentence_around(text, start, end, language)
    assert 0 <= left <= start <= end <= right <= len(text)


def test_the_sentence_around_words_by_hand() -> None:
    """A range in one sentence gives it; a range across two gives both."""
    text = "The tide is low. It will rise. Then we sail."
    assert sentence_around(text, 4, 8) == (0, 16)
    assert sentence_around(text, 12, 19) == (0, 30)
    assert sentence_around(text, 17, 30) == (17, 30)


@given(text=hostile_texts(), data=st.data())
def test_trim_is_strip_with_a_place(text: str, data: st.DataObject) -> None:
    """The trimmed range is the text after `strip`, or empty at its start."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    left, right = trim(text, start, end)
    assert text[left:right] == text[start:end].strip()
    assert (start <= left < right <= end) or (left, right) == (start, start)
