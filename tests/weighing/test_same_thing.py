"""Which values are shown side by side, and which one is said to be outdated."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pullquote.answering.weighing import Likely, ValueGroup
from pullquote.answering.weighing.mentions import updates
from pullquote.answering.weighing.same_thing import MODEL, probabilities
from pullquote.answering.weighing.statement import statements_of
from pullquote.answering.weighing.status import statuses
from pullquote.answering.weighing.weigh import SHOWN_FROM
from pullquote.base.trees import DecisionTrees
from pullquote.english.terms import content_terms
from pullquote.schema import Question, ValueStatus
from strategies import body, hit, span


def group(marked: str, *, day: int | None = 1, probability: float = 0.3) -> ValueGroup:
    """The value between brackets in a sentence of an article, that many days into March 2024."""
    before, words, after = marked.replace("]", "[").split("[")
    published = None if day is None else date(2024, 3, 1) + timedelta(days=day)
    article = body(f"{before}{words}{after}", id=f"{marked[:40]}-{day}.md", published=published)
    [statement] = statements_of([span(hit(article), words, 5.0)])
    return ValueGroup([Likely(statement, probability)])


def shown(asked: str, known: str, other: str, probability: float = 0.3) -> bool:
    """Whether a value is shown beside a known one."""
    question = Question(asked, dict.fromkeys(content_terms(asked), 1.0))
    values = [group(known, probability=0.8), group(other, day=2, probability=probability)]
    trees = DecisionTrees.shipped(MODEL)
    return probabilities(trees, question, values[0], values, 0.9)[1] >= SHOWN_FROM


@pytest.mark.parametrize(
    ("asked", "known", "other"),
    [
        (
            "How much will the repair of the bridge at Quorrin cost?",
            "The repair of the old bridge at Quorrin will cost [£3m] next year, the mayor said.",
            "The repair of the old bridge at Quorrin will cost [£4.5m] next year, the mayor said.",
        ),
        (
            "Who won the Quorrin medal?",
            "The Quorrin medal for the best ploughman of the year went to [Ida Roe] on Friday.",
            "The Quorrin medal for the best ploughman of the year went to [Odd Vik] on Friday.",
        ),
    ],
    ids=["numbers in one frame", "names in one frame"],
)
def test_values_of_one_thing_are_shown(asked: str, known: str, other: str) -> None:
    """Sentences that plainly differ are shown as differing."""
    assert shown(asked, known, other)


@pytest.mark.parametrize(
    ("asked", "known", "other", "probability"),
    [
        (
            "Who won the Quorrin medal for ploughing?",
            "The Quorrin medal for ploughing went to [Ida Roe] on Friday.",
            "Other winners were [Odd Vik] for baking, and two bell-ringers from Venn.",
            0.9,
        ),
        (
            "Who won the Quorrin medal for ploughing?",
            "The Quorrin medal for ploughing went to [Ida Roe] on Friday.",
            "The Quorrin medal was shown to [Odd Vik, Corm Addlewick and Isaura Venn].",
            0.9,
        ),
        (
            "How much does the Quorrin crane weigh?",
            "The Quorrin crane weighs [40 tonnes], its maker said.",
            "The deer yielded [300 kg] of venison for the market.",
            0.3,
        ),
        (
            "How much does the Quorrin crane weigh?",
            "The Quorrin crane weighs [40 tonnes], its maker said.",
            "The Quorrin crane, which weighs a lot, cost [£40m].",
            0.9,
        ),
        (
            "How much did the Quorrin theatre cost?",
            "The Quorrin theatre cost [£1.7m], papers show.",
            "A seat in the Quorrin theatre will cost [£7] on Fridays.",
            0.9,
        ),
        (
            "Since when has the Quorrin fair been held?",
            "The Quorrin fair has been held since [1997].",
            "The Quorrin fair will be held on [2 March 2005].",
            0.9,
        ),
    ],
    ids=[
        "another winner",
        "a list of names",
        "another subject",
        "another unit",
        "a ticket",
        "a day",
    ],
)
def test_values_of_other_things_are_not_shown(
    asked: str, known: str, other: str, probability: float
) -> None:
    """A number of the same story, or a name, is no other value of the thing asked for."""
    assert not shown(asked, known, other, probability)


@pytest.mark.parametrize(
    ("newer", "expected"),
    [
        ("The toll in Quorrin rose to [61] people, Ida Roe said.", ValueStatus.OUTDATED),
        ("On Monday 19 died in Venn, and [61] died in the town.", ValueStatus.REPORTED),
        ("In Quorrin [61] people died, the mayor said.", ValueStatus.OUTDATED),
    ],
    ids=["an update", "the order of days alone", "one frame"],
)
@pytest.mark.parametrize("later", [4, 40, 400])
def test_a_value_is_outdated_only_if_words_say_so(
    newer: str, expected: ValueStatus, later: int
) -> None:
    """The number of days between two articles makes no difference."""
    old, new = group("In Quorrin [19] people died, the mayor said."), group(newer, day=later)
    assert statuses([old, new], new)[0] is expected


def test_values_without_days_are_never_called_newer() -> None:
    """They differ, and that is all that is known."""
    old = group("In Quorrin [19] people died, the mayor said.", day=None)
    new = group("In Quorrin [61] people died, the mayor said.", day=None)
    assert set(statuses([old, new], new)) == {ValueStatus.DISPUTED}


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Two more were held, which brings to [five] the number of boats.", True),
        ("Judges raised the sum that the mayor took to [£4m].", True),
        ("The trams will run on [2 November], seven weeks later than planned.", True),
        ("The shares fell again, closing at [33.75 crowns].", True),
        ("Sales rose [1.2%] in December.", False),
        ("The toll is [61], the mayor said.", False),
    ],
)
def test_words_that_tell_of_an_update(marked: str, expected: bool) -> None:
    """A rise by some amount is a value of its own, and no update."""
    before, words, after = marked.replace("]", "[").split("[")
    sentence, start = f"{before}{words}{after}", len(before)
    assert updates(sentence, start, start + len(words)) is expected
