"""An evaluation is one line in a prompt, and a short table in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from conftest import Newsroom
from planted import PlantedAssistant, harbour_newsroom
from pullquote.evaluate import Evaluation, GoldQuestion, evaluate
from pullquote.evaluate.evaluation import failed_questions, more_words
from pullquote.schema import Outcome

HARBOUR = frozenset({"harbour.txt"})
RIGHT, WRONG = "Who built it?", "Who <b>paid</b> for it?"
QUESTIONS = [
    GoldQuestion(id="1", question=RIGHT, answers=("Ida Roe",), articles=HARBOUR),
    GoldQuestion(id="2", question=WRONG, answers=("The <b>town</b>",), articles=HARBOUR),
    GoldQuestion(id="3", question="Who fell?", answers=(), articles=frozenset()),
]


@pytest.fixture
def measured(newsroom: Newsroom) -> Iterator[Evaluation]:
    """An evaluation with a right answer, a wrong one, and one question without an answer."""
    answers = {RIGHT: {"Ida Roe": 0.75}, WRONG: {"1911": 0.75}}
    planted = PlantedAssistant(harbour_newsroom(newsroom), answers)
    yield evaluate(planted, QUESTIONS)
    planted.generation.close()


def test_an_evaluation_is_one_line(measured: Evaluation) -> None:
    """The line counts the outcomes that occur."""
    assert repr(measured) == ("Evaluation(3 questions: 1 right, 1 not retrieved, 1 rightly silent)")


def test_a_notebook_shows_figures_and_what_failed(measured: Evaluation) -> None:
    """Each figure has its label; the question that failed has what was expected."""
    html = measured._repr_html_()
    for label, figure in {
        "Questions": "3, 2 of them answerable",
        "Answers": "2, 1 of them right",
        "Nothing found": "1, 1 of them rightly",
        "Silent on unanswerable questions": "1 of 1",
        "Citations that quote exactly": "2 of 2",
    }.items():
        row = html.partition(f">{label}</th>")[2].partition("</tr>")[0]
        assert f">{figure}</td>" in row
    assert ">1911</td>" in html
    assert RIGHT not in html


def test_texts_of_questions_are_escaped(measured: Evaluation) -> None:
    """A file of questions cannot add markup."""
    html = measured._repr_html_()
    assert "Who &lt;b&gt;paid&lt;/b&gt; for it?" in html
    assert "<b>" not in html


def test_a_possible_answer_is_labelled(measured: Evaluation) -> None:
    """A wrong answer that was only possible is not shown as if it had been certain."""
    wrong = measured.asked[1]
    reply = wrong.reply.model_copy(update={"outcome": Outcome.POSSIBLE})
    assert [one.answer for one in failed_questions([wrong])] == ["1911"]
    (failed,) = failed_questions([replace(wrong, reply=reply)])
    assert failed.answer == "possibly: 1911"


def test_only_questions_that_failed_are_listed(measured: Evaluation) -> None:
    """A right silence is no failure; many failures are counted."""
    assert [one.question for one in failed_questions(measured.asked)] == [WRONG]
    assert [more_words(count) for count in (20, 21, 30)] == [
        "",
        "and 1 other question",
        "and 10 other questions",
    ]
