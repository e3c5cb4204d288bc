"""Example questions come from the corpus and are offered if they are answered well."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from conftest import Newsroom
from planted import HARBOUR, PlantedAssistant
from pullquote.schema import Article, Block, Role
from pullquote.web.state.examples import ExampleQuestion, Examples, examples_of
from pullquote.web.views.chat_views import ChatViews

ROE = "The mill, said Ida Roe, the owner of Tolland mill, is clean."


def article(text: str, *, role: Role = Role.BODY, language: str = "en") -> Article:
    """An article of one block."""
    blocks = (Block(role=role, start=0, end=len(text)),)
    return Article(id="a", version="v", text=text, blocks=blocks, title="", language=language)


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (ROE, "Who is the owner of Tolland mill?", "Ida Roe"),
        (
            "It was Denzil Hoskin, who has mended seaming machines for 44 years, left.",
            "Who has mended seaming machines for 44 years?",
            "Denzil Hoskin",
        ),
    ],
)
def test_a_sentence_that_says_who_is_a_question(text: str, question: str, answer: str) -> None:
    """An office or a deed between commas after a name becomes a question."""
    assert list(examples_of(article(text))) == [ExampleQuestion(question, answer)]


@pytest.mark.parametrize(
    "made",
    [
        article("Ida Roe said the owner of Tolland mill was away."),
        article(ROE, role=Role.COMMENT),
        article(ROE, language="de"),
    ],
)
def test_what_does_not_say_who_is_none(made: Article) -> None:
    """Other sentences, comments and articles in other languages give no question."""
    assert list(examples_of(made)) == []


def test_looking_takes_no_longer_than_reading() -> None:
    """A megabyte of one word or of names takes linear time."""
    for hostile in ("A" * 10**6, "Aa " * 300_000, "Aa Aa, who " + "a " * 500_000):
        assert list(examples_of(article(hostile))) == []


def over(newsroom: Newsroom, reply: dict[str, float]) -> tuple[PlantedAssistant, Any]:
    """An assistant with a planted reply to the question in ROE, and its generation."""
    newsroom.write("mill.txt", ROE)
    newsroom.write("harbour.txt", HARBOUR)
    newsroom.rebuild()
    planted = PlantedAssistant(newsroom, {"Who is the owner of Tolland mill?": reply})
    return planted, planted.generation


@pytest.mark.parametrize(
    ("reply", "offered"),
    [
        ({"Ida Roe": 0.9}, ["Who is the owner of Tolland mill?"]),
        ({"Ida Roe": 0.6}, []),
        ({"The harbour": 0.9}, []),
        ({}, []),
    ],
)
def test_a_question_is_offered_when_it_is_answered_well(
    newsroom: Newsroom, reply: dict[str, float], offered: list[str]
) -> None:
    """An example is tried once, and needs the expected answer and confidence."""
    planted, generation = over(newsroom, reply)
    examples = Examples(_filterless(planted))
    assert [examples.offered(generation) for _ in range(2)] == [offered, offered]
    assert planted.asked == ["Who is the owner of Tolland mill?"]


def test_the_empty_page_offers_them(newsroom: Newsroom) -> None:
    """The examples are buttons below the number of articles."""
    planted, _ = over(newsroom, {"Ida Roe": 0.9})
    html = ChatViews(_filterless(planted)).welcome()
    assert "Ask 2 articles a question." in html
    assert 'data-question="Who is the owner of Tolland mill?"' in html


def test_an_empty_index_is_a_notice_in_their_place(newsroom: Newsroom) -> None:
    """The notice names the corpus folder."""
    newsroom.rebuild()
    html = ChatViews(PlantedAssistant(newsroom, {})).welcome()  # type: ignore[arg-type]
    assert "pq-notice" in html
    assert f"has no articles. It was built from {newsroom.corpus.resolve()}" in html


def _filterless(planted: PlantedAssistant) -> Any:
    """The assistant, asked without filters."""
    ask = SimpleNamespace(ask=lambda question: planted.ask(question, filters=None))  # type: ignore[arg-type]
    ask.generation = planted.generation
    return ask
