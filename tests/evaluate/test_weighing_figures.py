"""How articles that differ are weighed, measured on replies made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from planted import citation
from pullquote.evaluate import AskedQuestion, GoldQuestion, score
from pullquote.evaluate.asked_question import NOT_FOUND
from pullquote.evaluate.gold import GoldValue, StoryGold
from pullquote.evaluate.scoring import is_value
from pullquote.evaluate.story_figures import Share, conflict_figures, judged, story_figures
from pullquote.evaluate.table import conflicts_table, stories_table
from pullquote.schema import Answer, Outcome, Reply, ReportedValue, Speaker, ValueStatus

CURRENT, OUTDATED = ValueStatus.CURRENT, ValueStatus.OUTDATED
VALUES = (
    GoldValue(wordings=("4 million crowns", "4m"), status=OUTDATED),
    GoldValue(wordings=("6 million crowns",), status=CURRENT),
)


def answer(text: str, confidence: float = 0.9, **given: Any) -> Answer:
    """An answer that is the whole of its article."""
    return Answer(
        text=text, confidence=confidence, citations=(citation("a.md", text, text),), **given
    )


def value(text: str, status: ValueStatus) -> ReportedValue:
    """A value that one article gives."""
    return ReportedValue(
        text=text,
        status=status,
        first_reported=None,
        last_reported=None,
        sources=1,
        citations=(citation("a.md", text, text),),
    )


def asked(
    gold: GoldQuestion,
    *answers: Answer,
    outcome: Outcome = Outcome.ANSWER,
    values: tuple[ReportedValue, ...] = (),
) -> AskedQuestion:
    """A question with its reply."""
    reply = Reply(
        question="?", outcome=outcome, answers=answers, values=values, generation="g", took_ms=1
    )
    return AskedQuestion(
        gold=gold, reply=reply, ranks=NOT_FOUND, hits=10, cited=0, exact=0, paragraph=None
    )


def conflict(*right: str, wrong: tuple[str, ...] = ("Jon Vik",)) -> GoldQuestion:
    """A question about documents of which some are wrong."""
    return GoldQuestion(
        id="1",
        question="?",
        answers=right,
        articles=frozenset({"a.md"}),
        items=tuple((one,) for one in right),
        wrong_answers=wrong,
        kind="one, wrong" if wrong else "one right",
    )


def story(kind: str = "latest", **given: Any) -> GoldQuestion:
    """A question over a story in which the cost rises."""
    return GoldQuestion(
        id="1",
        question="?",
        answers=("6 million crowns",),
        articles=frozenset({"a.md"}),
        kind=kind,
        story=StoryGold(values=VALUES, **given),
    )


def test_right_answers_count_among_all_values_and_in_the_first() -> None:
    """Values take the place of answers, where a reply has them."""
    both = conflict("Ida Roe", "Tom Ivers", wrong=())
    by_answers = asked(both, answer("Ida Roe"), answer("Tom Ivers"))
    [found, _] = conflict_figures([by_answers])
    assert (found.right_in_first, found.right_shown, found.all_right) == (0.5, 1, 1)
    shown = (value("Ida Roe", CURRENT), value("Gulls", CURRENT))
    [found, _] = conflict_figures([asked(both, answer("Tom Ivers"), values=shown)])
    assert (found.right_in_first, found.right_shown, found.all_right) == (0.5, 0.5, 0)


def test_an_answer_below_those_shown_or_withheld_does_not_count() -> None:
    """Only what people see counts."""
    both = conflict("Ida Roe", "Tom Ivers", wrong=())
    unlikely = asked(both, answer("Ida Roe"), answer("Tom Ivers", 0.01))
    nothing = asked(both, answer("Ida Roe", 0.01), outcome=Outcome.NOTHING)
    [found, _] = conflict_figures([unlikely, nothing])
    assert (found.right_shown, found.silent) == (0.25, 0.5)


@pytest.mark.parametrize(
    ("one", "shown", "first", "misled"),
    [
        (asked(conflict("Ida Roe"), answer("Jon Vik")), 1, 1, 1),
        (asked(conflict("Ida Roe"), answer("Jon Vik", 0.7)), 1, 1, 0),
        (asked(conflict("Ida Roe"), answer("Jon Vik"), answer("Ida Roe", 0.5)), 1, 1, 0),
        (asked(conflict("Ida Roe"), answer("Jon Vik"), outcome=Outcome.POSSIBLE), 1, 1, 0),
        (asked(conflict("Ida Roe"), answer("Ida Roe"), answer("Jon Vik", 0.5)), 1, 0, 0),
        (asked(conflict("Ida Roe"), answer("Ida Roe")), 0, 0, 0),
    ],
    ids=["misled", "less likely", "not alone", "possible", "second", "right"],
)
def test_a_wrong_answer_misleads_first_alone_and_very_likely(
    one: AskedQuestion, shown: int, first: int, misled: int
) -> None:
    """Each part of it is a figure of its own."""
    [found, everything] = conflict_figures([one])
    assert (found.wrong_shown, found.wrong_first, found.misled) == (shown, first, misled)
    assert (found.with_wrong, everything.kind) == (1, "all")


def test_statuses_are_judged_against_the_value_that_is_most_alike() -> None:
    """A value that no article gives is not known, and has no right status."""
    found = judged(
        asked(
            story(origins=2),
            answer("6 million crowns", sources=2),
            values=(
                value("4m", OUTDATED),
                value("6 million crowns", OUTDATED),
                value("Tuesday", CURRENT),
            ),
        )
    )
    assert found is not None
    assert found.statuses == (True, False)
    assert found.known == (True, True, False)
    assert (found.right, found.values, found.origins, found.silent) == (1, 1, True, False)


def test_change_is_scored_by_the_values_shown() -> None:
    """Half of the values is half right; "4 million crowns" is not "6 million crowns"."""
    one = asked(story("change"), answer("4 million crowns"))
    found = judged(one)
    assert found is not None
    assert found.right == found.values == 0.5
    assert score(one.reply, one.gold, first_article=None) == 0.5


@pytest.mark.parametrize(
    ("text", "wording", "same"),
    [
        ("4 million crowns", "6 million crowns", False),
        ("May 19, 2006", "May 6, 2006", False),
        ("£4.5m in all", "£4.5m", True),
        ("the port of Fennerby", "Fennerby", True),
        ("Jon Vik", "Ida Roe", False),
    ],
)
def test_words_give_a_value_if_neither_number_nor_time_differs(
    text: str, wording: str, same: bool
) -> None:
    """Shared words are not enough for numbers and times."""
    assert is_value(text, [wording]) is same


def test_speakers_are_the_same_by_surname_or_as_a_part() -> None:
    """What the paper says itself has no speaker and no manner."""
    cited = citation("a.md", "6 million crowns", "6 million crowns")
    vik = Speaker(name="Mr Vik", start=0, end=6)
    reported = cited.model_copy(update={"speaker": vik, "manner": "said"})
    gold = story(speaker="Jon Vik", manner="denied")
    found = judged(
        asked(gold, answer("6 million crowns").model_copy(update={"citations": (reported,)}))
    )
    assert found is not None
    assert (found.speaker, found.manner) == (True, False)
    plain = judged(asked(story(), answer("6 million crowns")))
    assert plain is not None
    assert (plain.speaker, plain.manner) == (True, True)
    wrong = judged(asked(gold, answer("Tuesday")))
    assert wrong is not None
    assert wrong.speaker is None


def test_figures_of_stories_are_means_by_kind() -> None:
    """What could not be judged is None and is left empty in the table."""
    figures = story_figures(
        [asked(story()), asked(story("fact", origins=1), answer("6 million crowns"))]
    )
    assert [one.kind for one in figures] == ["fact", "latest", "all"]
    assert figures[0].origins == Share(share=1, of=1)
    assert (figures[1].origins, figures[1].silent, figures[2].right) == (None, 1, 0.5)
    lines = list(stories_table(figures))
    assert lines[2].split() == ["fact", "1", "1.00", "0.50", "1.00/1", "1.00/1", "1.00/1", "0.00"]
    assert max(map(len, lines)) <= 100


def test_other_questions_have_no_such_figures() -> None:
    """A file of questions without values or wrong answers has neither table."""
    plain = GoldQuestion(id="1", question="?", answers=("x",), articles=frozenset({"a.md"}))
    given = [asked(plain, answer("x"))]
    assert (conflict_figures(given), story_figures(given)) == ((), ())
    assert list(conflicts_table(())) == list(stories_table(())) == []
