"""Misspelt words are corrected to words of the articles, and others are left alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Newsroom, scratch
from pullquote.answering.query import understand
from pullquote.answering.query.spelling import correct
from pullquote.index import Generation
from pullquote.schema import Correction, QuestionKind

ARTICLES = (
    "Electrolux makes cookers in Spennymoor. The saxophone was sold at auction.",
    "Cat Deeley left the show. The ministers announced 1500 jobs and aquire nothing.",
    "Lufthansa flights from Frankfurt were delayed by the president's plane.",
    "The committee of the lighthouse met in Hyderabad on Monday.",
)


@pytest.fixture(scope="module")
def generation() -> Iterator[Generation]:
    """Some articles, and one that may not be shown."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        for number, text in enumerate(ARTICLES):
            newsroom.write(f"{number}.md", text, title=f"Report {number}")
        newsroom.write("held.md", "The Zanzibarian smuggler fled.", status="withheld")
        newsroom.rebuild()
        with closing(newsroom.open()) as opened:
            assert isinstance(opened, Generation)
            yield opened


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("who makes elecrtolux cookers", "who makes Electrolux cookers"),
        ("saxaphone sold at auction", "saxophone sold at auction"),
        ("when did Cat Deely leave the show", "when did Cat Deeley leave the show"),
        ("did the plane delay lufthanser flights", "did the plane delay Lufthansa flights"),
        ("where did the comittee of the ligthouse meet", "where did the committee of the "),
        ("Hydrabad lighthouse", "Hyderabad lighthouse"),
    ],
)
def test_a_misspelt_word_is_corrected(generation: Generation, typed: str, used: str) -> None:
    """The nearest word of the articles is used, written as the articles write it."""
    found = correct(typed, generation)
    assert found.text.startswith(used)
    assert found.corrections


@pytest.mark.parametrize(
    "question",
    [
        "who will aquire the company",  # an article has it
        "what did the minister announce",  # an article has another form of it
        "who bought the tortoise",  # an English word that no article has
        "was it 1500 or 15000 jobs",
        "what did Xhosa speakers say",  # nothing is near
        "the Motte of the show",  # a name, and only a word is near
        "der Leuchtturm",
        "ELECTROLUXE",
        "the Zanzibarion smugler",  # near words are only in an article that may not be shown
        "",
        "?!",
    ],
)
def test_other_words_stay_as_typed(generation: Generation, question: str) -> None:
    """Known, foreign and rare words stay, and so do capitals; a withheld article tells nothing."""
    assert correct(question, generation).text == question


@given(st.text(max_size=40))
def test_any_text_is_safe(generation: Generation, text: str) -> None:
    """Only the words listed as corrections change."""
    found = correct(text, generation)
    assert (found.text == text) == (not found.corrections)


def test_understanding_reports_what_was_corrected(generation: Generation) -> None:
    """The text to search for has no chat, and each replaced word is reported."""
    query = understand("hiya, pls tell me who sold the saxaphone thx", generation)
    assert query.typed == "hiya, pls tell me who sold the saxaphone thx"
    assert query.text == "who sold the saxophone"
    assert query.corrections == (Correction(typed="saxaphone", used="saxophone"),)
    kind = QuestionKind.LIST
    assert understand("who sold it?", generation, kind).kind is kind


def test_an_index_without_a_list_of_terms_corrects_nothing(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backend may list no terms, and then every word stays as typed."""
    monkeypatch.setattr(type(generation), "terms", lambda _: [])
    assert correct("the saxaphone", generation).text == "the saxaphone"
