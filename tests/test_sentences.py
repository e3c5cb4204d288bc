"""Sentences end correctly in news, and contain all text."""

from __future__ import annotations

from typing import Any

import pytest
import sentencex
from hypothesis import given
from hypothesis import strategies as st

from pullquote.base.cancellation import Cancellation, Cancelled
from pullquote.english.sentences import sentence_around, sentence_spans, trim
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
    check_cover(text, sentence_spans(text, language))


def check_cover(text: str, spans: list[tuple[int, int]]) -> None:
    """Check that ranges are trimmed, in order and disjoint, and that all words are in them."""
    at = 0
    for start, end in spans:
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


PATTERNS = (
    *("«", "„", "“", "‘", "‹", "「", "`", '"', "'", "(", "[", "!", ".", "。", "-", "@", "\n", "a"),
    *("«„“‘\"'a", "«a» ", "“a” ", "``a'' ", "(a) ", "a! A ", "?! ", "a… A ", "1. ", "J. ", "Mr. "),
    *("你。", "「a。", "「a。」", "। ", "😀. ", "a.[1] A ", "“a. B ‘c. D ", "a@b.c ", "don't "),
    *("\n\n", "a.\n\n", "\r\n", "word ", "Word. "),
)
"""Each was tried at many lengths; sentencex takes quadratic time for many of them."""


@pytest.mark.parametrize("pattern", PATTERNS)
def test_sentencex_gets_little_at_once(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No text makes it hold the interpreter's lock for long: its time grows with this product."""
    library = sentencex.get_sentence_boundaries
    pieces: list[str] = []

    def recording(language: str, text: str) -> Any:
        pieces.append(text)
        return library(language, text)

    monkeypatch.setattr(sentencex, "get_sentence_boundaries", recording)
    text, most = f"{pattern * (100_000 // len(pattern))}It rained.", 10_000_000
    check_cover(text, sentence_spans(text))
    assert max(len(one) * sum(map(_is_mark, one)) for one in pieces) <= most
    assert max(map(len, pieces)) <= 20_000
    assert sum(map(len, pieces)) <= 4 * len(text)


def _is_mark(letter: str) -> bool:
    return not (letter.isalnum() or letter.isspace() or letter == "_")


def test_cancelled_work_finds_no_more_sentences() -> None:
    """The sentences of a long paragraph are found in steps, between which work may be cancelled."""
    work, pieces = Cancellation(), []

    def cancelling(language: str, text: str) -> Any:
        work.cancel()
        pieces.append(text)
        return library(language, text)

    library = sentencex.get_sentence_boundaries
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentencex, "get_sentence_boundaries", cancelling)
        with pytest.raises(Cancelled), work.applied():
            sentence_spans("“It was gravel, " * 100_000)
    assert len(pieces) == 1


@given(text=hostile_texts(max_parts=40), most=st.integers(1, 3000), language=LANGUAGES)
def test_sentences_in_pieces_cover_the_text_in_order(text: str, most: int, language: str) -> None:
    """The ranges are in order and complete, however short the pieces are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pullquote.english.sentences._MOST_WORK", most)
        check_cover(text, sentence_spans(text, language))


@given(data=st.data())
def test_pieces_have_the_sentences_of_the_whole(data: st.DataObject) -> None:
    """Prose has the same sentences in pieces that are longer than two of them."""
    sentence = st.sampled_from(
        [
            "The source said Pol Gen. Surachate agreed.",
            "It rose 3.5% to $1.2bn in the U.S. on Monday.",
            "“We won. We did not expect it,” she said.",
            'He asked: "Why? Who said so?"',
            "Mr. Smith (of St. Ives) left at 5 p.m. on 3 Sept. 2023!",
            "J. K. Rowling doesn't agree.",
        ]
    )
    text = " ".join(data.draw(st.lists(sentence, min_size=8, max_size=60)))
    whole = sentence_spans(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "pullquote.english.sentences._LONGEST_PIECE", data.draw(st.integers(200, 1000))
        )
        assert sentence_spans(text) == whole


def test_a_long_sentence_is_one() -> None:
    """A sentence that is longer than any piece is not cut."""
    text = f"It was {'gravel and ' * 10_000}oak. Then it rained."
    assert [end for _, end in sentence_spans(text)] == [text.index(" Then"), len(text)]
