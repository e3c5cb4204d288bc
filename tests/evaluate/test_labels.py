"""What is said beside the quotes is counted where the gold tells whether it is right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluate.test_weighing_figures import CURRENT, OUTDATED, answer, asked, conflict, story, value
from pullquote.evaluate import GoldQuestion
from pullquote.evaluate.asked_question import AskedQuestion
from pullquote.evaluate.gold import ALONE, FIRST, LEANING
from pullquote.evaluate.labels import Label, label_figures
from pullquote.evaluate.table import labels_table
from pullquote.schema import Speaker, ValueStatus

PLAIN = GoldQuestion(id="1", question="?", answers=("4m", "four"), articles=frozenset({"a.md"}))
REPORTED = ValueStatus.REPORTED


def counts(one: AskedQuestion, label: Label) -> tuple[int, int, int]:
    """How often the label was shown, judged and right."""
    [found] = [figures for figures in label_figures([one]) if figures.label is label]
    return found.shown, found.judged, found.right


def panel(gold: GoldQuestion, *texts: str) -> AskedQuestion:
    """A question whose reply gives these values."""
    values = tuple(value(text, REPORTED) for text in texts)
    return asked(gold, answer(texts[0]), values=values)


def test_values_of_a_question_with_one_answer_must_all_be_accepted() -> None:
    """Another value is of something else, and a question without an answer has no value."""
    assert counts(panel(PLAIN, "4m", "four"), Label.VALUES) == (1, 1, 1)
    assert counts(panel(PLAIN, "4m", "6m"), Label.VALUES) == (1, 1, 0)
    assert counts(panel(replace(PLAIN, answers=()), "4m"), Label.VALUES) == (1, 1, 0)
    assert counts(asked(PLAIN, answer("4m")), Label.VALUES) == (0, 0, 0)


def test_values_of_a_story_must_be_given_by_its_articles() -> None:
    """The gold of a story has all the values that articles give."""
    assert counts(panel(story(), "6 million crowns", "4m"), Label.VALUES) == (1, 1, 1)
    assert counts(panel(story(), "6 million crowns", "Tuesday"), Label.VALUES) == (1, 1, 0)


def test_values_of_questions_with_several_answers_are_not_judged() -> None:
    """Their gold does not tell which values are of one thing."""
    listed = replace(PLAIN, kind="list", items=(("4m",), ("6m",)))
    assert counts(panel(listed, "4m", "9m"), Label.VALUES) == (1, 0, 0)
    assert counts(panel(conflict("Ida Roe"), "Ida Roe", "x"), Label.VALUES) == (1, 0, 0)


def test_a_status_is_right_if_it_is_that_of_the_value() -> None:
    """A value that no article gives has no right status; "reported" says nothing."""
    values = (
        value("4m", OUTDATED),
        value("6 million crowns", OUTDATED),
        value("Tuesday", CURRENT),
        value("6 million crowns", REPORTED),
    )
    assert counts(asked(story(), answer("4m"), values=values), Label.STATUS) == (3, 3, 1)
    assert counts(asked(PLAIN, answer("4m"), values=values), Label.STATUS) == (3, 0, 0)


def test_a_speaker_is_judged_beside_a_right_answer() -> None:
    """Where the paper says it itself, any speaker is wrong."""
    right = answer("6 million crowns")
    speaker = Speaker(name="Mr Vik", start=0, end=6)
    cited = right.citations[0].model_copy(update={"speaker": speaker})
    spoken = right.model_copy(update={"citations": (cited,)})
    assert counts(asked(story(speaker="Jon Vik"), spoken), Label.SPEAKER) == (1, 1, 1)
    assert counts(asked(story(), spoken), Label.SPEAKER) == (1, 1, 0)
    assert counts(asked(story(), right), Label.SPEAKER) == (0, 0, 0)
    assert counts(asked(PLAIN, spoken), Label.SPEAKER) == (1, 0, 0)


@pytest.mark.parametrize(("kind", "found"), [(LEANING, (1, 1, 1)), (ALONE, (1, 1, 0))])
def test_a_completion_is_right_if_the_turn_needs_an_earlier_one(
    kind: str, found: tuple[int, int, int]
) -> None:
    """A turn that was searched for as typed has none."""
    turn = asked(replace(PLAIN, kind=kind), answer("4m"))
    assert counts(replace(turn, as_typed=False), Label.COMPLETION) == found
    assert counts(replace(turn, as_typed=True), Label.COMPLETION) == (0, 0, 0)


def test_the_table_has_a_row_for_each_label_that_was_shown() -> None:
    """Without labels there is no table; what cannot be judged has no share."""
    first = replace(asked(replace(PLAIN, kind=FIRST), answer("4m")), as_typed=False)
    [head, values, completion] = labels_table(label_figures([panel(PLAIN, "4m", "6m"), first]))
    assert head.split()[-4:] == ["shown", "judged", "right", "share"]
    assert values.split() == ["values", "1", "1", "0", "0.000"]
    assert completion.split() == ["completion", "1", "0", "0", "–"]
    assert list(labels_table(label_figures([asked(PLAIN, answer("4m"))]))) == []
