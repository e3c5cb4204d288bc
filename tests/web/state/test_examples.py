"""Example questions come from the corpus and are offered if they are answered well."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from conftest import Newsroom
from planted import HARBOUR, PlantedAssistant
from pullquote.schema import Article, Block, QuestionKind, Role
from pullquote.web.state.examples import ExampleQuestion, Examples, examples_of
from pullquote.web.views.chat_views import ChatViews

FACT, YES_NO, REASON = QuestionKind.FACT, QuestionKind.YES_NO, QuestionKind.REASON
SPEECH, COMPARISON, LIST = QuestionKind.SPEECH, QuestionKind.COMPARISON, QuestionKind.LIST

ROE = "The mill, said Ida Roe, the owner of Tolland mill, is clean."


def article(text: str, *, role: Role = Role.BODY, language: str = "en") -> Article:
    """An article of one block."""
    blocks = (Block(role=role, start=0, end=len(text)),)
    return Article(id="a", version="v", text=text, blocks=blocks, title="", language=language)


@pytest.mark.parametrize(
    ("text", "question", "kind", "answer"),
    [
        (ROE, "Who is the owner of Tolland mill?", FACT, "Ida Roe"),
        (
            "It was Denzil Hoskin, who has mended seaming machines for 44 years, left.",
            "Who has mended seaming machines for 44 years?",
            FACT,
            "Denzil Hoskin",
        ),
        ("The mill was shut on Sunday.", "Was the mill shut on Sunday?", YES_NO, ""),
        ("The mill was shut because it rained.", "Why was the mill shut?", REASON, ""),
        ("He left, said Ida Roe.", "What did Ida Roe say?", SPEECH, ""),
        ("The NHTSA said no.", "What did the NHTSA say?", SPEECH, ""),
        (
            "Ida Roe said no. Jo Low said yes.",
            "How do the views of Ida Roe and Jo Low differ?",
            COMPARISON,
            "",
        ),
        ("Two men were sent home.", "Which men were sent home?", LIST, ""),
    ],
)
def test_a_sentence_becomes_a_question(
    text: str, question: str, kind: QuestionKind, answer: str
) -> None:
    """A pattern of each kind makes a question that is read as that kind."""
    assert ExampleQuestion(question, kind, "a", answer) in list(examples_of(article(text)))


def test_a_title_becomes_keywords() -> None:
    """Its first words that tell are searched for; tags are preferred, and what will be asks why."""
    made = article("").model_copy(update={"title": "Vennick mill to close in March"})
    assert [(one.question, one.kind) for one in examples_of(made)] == [
        ("Vennick mill close", QuestionKind.KEYWORDS),
        ("Why is Vennick mill to close?", QuestionKind.REASON),
    ]
    tagged = made.model_copy(update={"tags": ("mill", "jobs")})
    assert "mill jobs" in [one.question for one in examples_of(tagged)]


@pytest.mark.parametrize(
    "made",
    [
        article("She thought the owner of Tolland mill was away."),
        article(ROE, role=Role.COMMENT),
        article(ROE, language="de"),
    ],
)
def test_what_does_not_say_who_is_none(made: Article) -> None:
    """Other sentences, comments and articles in other languages give no question."""
    assert list(examples_of(made)) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Mr Fischer said it was ill because it rained.", REASON),
        ("Mr Fischer said it was ill.", YES_NO),
        ("The last three weeks have been wet.", LIST),
    ],
)
def test_what_would_be_no_sentence_is_no_question(text: str, kind: QuestionKind) -> None:
    """The subject is what somebody said something about, or a time, and not what is asked for."""
    assert kind not in [one.kind for one in examples_of(article(text))]


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
    """An example is tried once, and a fact needs the expected answer and confidence."""
    planted, generation = over(newsroom, reply)
    examples = Examples(_filterless(planted))
    assert examples.found(generation) == []
    while not examples.complete(generation):
        examples.try_next(generation)
    examples.try_next(generation)
    assert [one.question for one in examples.found(generation)] == offered
    assert planted.asked.count("Who is the owner of Tolland mill?") == 1


def test_the_empty_page_waits_for_no_example(newsroom: Newsroom) -> None:
    """It keeps a place for the examples, which are buttons as soon as they are found."""
    planted, _ = over(newsroom, {"Ida Roe": 0.9})
    views = ChatViews(_filterless(planted))
    html = views.welcome()
    assert "Ask 2 articles a question." in html
    assert "data-unfinished" in html
    assert planted.asked == []
    while views.try_example():
        pass
    html = views.welcome()
    assert 'data-question="Who is the owner of Tolland mill?"' in html
    assert "data-unfinished" not in html


def test_an_empty_index_is_a_notice_in_their_place(newsroom: Newsroom) -> None:
    """The notice names the corpus folder."""
    newsroom.rebuild()
    html = ChatViews(PlantedAssistant(newsroom, {})).welcome()  # type: ignore[arg-type]
    assert "There are no articles yet." in html
    assert f"has no articles. It was built from {newsroom.corpus.resolve()}" in html


def _filterless(planted: PlantedAssistant) -> Any:
    """The assistant, asked without filters."""
    ask = SimpleNamespace(ask=lambda question: planted.ask(question, filters=None))  # type: ignore[arg-type]
    ask.generation = planted.generation
    return ask
