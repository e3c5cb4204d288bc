"""Which value comes first, what became of each, and how many origins it has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pullquote.answering.weighing import Likely, ValueGroup, WeighingModel, further_hits
from pullquote.answering.weighing.choice import wording
from pullquote.answering.weighing.groups import grouped
from pullquote.answering.weighing.statement import statements_of
from pullquote.answering.weighing.status import correction_of, origins, statuses
from pullquote.english.terms import content_terms
from pullquote.schema import Question, Span, TimeAsked, ValueStatus
from strategies import body, hit, span

MODEL = WeighingModel.packaged()
ASKED = "How many people died when the dam at Pilcarumi broke?"
ABOUT = "Rescuers in Tocllavera, below Pilcarumi, told Ismenia Tarquel of the mine Ostrevale. "


def asked(text: str = ASKED, time: TimeAsked = TimeAsked.UNSAID) -> Question:
    """A question whose terms are all equally rare."""
    return Question(text, dict.fromkeys(content_terms(text), 1.0), time=time)


def claimed(day: int, sentence: str, *words: str, logit: float = 6.0) -> list[Span]:
    """What the reader finds in an article of that day of March 2024, best first."""
    published = date(2024, 3, 1) + timedelta(days=day)
    found = hit(body(ABOUT + sentence, id=f"{day:02}-{len(sentence)}.md", published=published))
    return [span(found, each, logit - at) for at, each in enumerate(words)]


def toll(day: int, number: str, logit: float = 6.0) -> list[Span]:
    """An article that gives a toll."""
    return claimed(
        day, f"The dam at Pilcarumi broke and {number} people died.", number, logit=logit
    )


def values(*articles: Sequence[Span], time: TimeAsked = TimeAsked.UNSAID) -> list[ValueGroup]:
    """The values that articles give."""
    return MODEL.groups(asked(time=time), [each for spans in articles for each in spans])


def first(groups: list[ValueGroup], time: TimeAsked = TimeAsked.UNSAID) -> str:
    """The words of the value that is asked for."""
    chances = MODEL.chances(groups, time)
    return wording(groups[chances.index(max(chances))], ASKED).statement.span.text


def test_the_latest_value_comes_first() -> None:
    """A toll that rises is answered with its last figure, whichever the reader likes best."""
    assert first(values(toll(1, "19", 9.0), toll(3, "43"), toll(9, "61"))) == "61"


def test_a_later_article_that_repeats_an_old_figure_does_not_make_it_current() -> None:
    """What counts is when a value was first reported."""
    assert first(values(toll(1, "19"), toll(3, "43"), toll(9, "61"), toll(12, "43"))) == "61"


def test_the_first_value_is_found_if_it_is_asked_for() -> None:
    """The question says which of several values it means."""
    groups = values(toll(1, "19"), toll(3, "43"), toll(9, "61"), time=TimeAsked.FIRST)
    assert first(groups, TimeAsked.FIRST) == "19"


def test_an_article_that_gives_another_value_is_no_support() -> None:
    """A sentence that names a value only to replace it is a mention."""
    corrected = claimed(
        5, "In all 61 people died at Pilcarumi, not the 43 that were reported.", "61", "43"
    )
    old, new = values(toll(1, "43"), corrected)
    assert (len(old.articles), len(new.articles)) == (1, 1)
    assert [one.span.text for one in old.mentions] == ["43"]
    assert [group is new for group, _ in old.replaced_by] == [True]


def test_an_article_gives_one_value() -> None:
    """The value of its best words counts; another one in it supports nothing."""
    both = claimed(5, "At Pilcarumi 61 people died and 43 people were hurt.", "61", "43")
    old, new = values(toll(1, "43"), both)
    assert old.articles.isdisjoint(new.articles)


def test_an_article_gives_what_is_new_rather_than_what_was_known() -> None:
    """An article often repeats the old figure beside the new one."""
    both = claimed(5, "At Pilcarumi 43 people died on Friday, and 61 people by Monday.", "43", "61")
    old, repeated, new = statements_of([*toll(1, "43"), *both])
    groups = grouped([Likely(old, 0.9), Likely(repeated, 0.9), Likely(new, 0.6)])
    assert [[one.statement for one in group.given] for group in groups] == [[old], [new]]


def test_the_story_is_that_of_the_passage_with_the_terms_of_the_question() -> None:
    """Likelier words about another dam do not choose the story."""
    elsewhere = hit(
        body(
            "The wall at Quorrin failed, Isaura Venn told Corm Addlewick, and 900 were lost.",
            id="other.md",
            published=date(2024, 4, 1),
        )
    )
    [group] = values(toll(1, "19", 6.0), [span(elsewhere, "900", 9.0)])
    assert group.best.span.text == "19"


def test_articles_that_give_one_value_in_different_words_agree() -> None:
    """Numbers in words and in figures are one value."""
    [group] = values(toll(1, "nineteen"), toll(3, "19"))
    assert len(group.articles) == 2


def test_articles_about_another_story_are_left_out() -> None:
    """Equal questions may be answered about another dam."""
    elsewhere = hit(
        body(
            "The dam at Quorrin broke, Isaura Venn told Corm Addlewick, and 900 people died.",
            id="other.md",
            published=date(2024, 4, 1),
        )
    )
    [group] = values(toll(1, "19", 9.0), [span(elsewhere, "900", 5.0)])
    assert group.best.span.text == "19"


def test_what_became_of_values() -> None:
    """A corrected value is told from an outdated one, and has the sentence that corrects it."""
    correction = claimed(
        9,
        "Correction: on Friday we wrote that 43 people died. In fact 61 died at Pilcarumi.",
        "61",
        "43",
    )
    groups = values(toll(1, "19"), toll(3, "43"), correction)
    now = groups[-1]
    found = dict(zip((g.best.span.text for g in groups), statuses(groups, now), strict=True))
    assert found == {
        "19": ValueStatus.OUTDATED,
        "43": ValueStatus.CORRECTED,
        "61": ValueStatus.CURRENT,
    }
    wrong = correction_of(groups[1])
    assert wrong is not None
    assert "Correction" in wrong.sentence


def test_values_of_one_day_by_different_speakers_are_disputed() -> None:
    """Neither of two claims of the same time came after the other."""
    groups = values(
        claimed(2, "At Pilcarumi 412 people died, Odd Vik said.", "412"),
        claimed(3, "At Pilcarumi 630 people died, Ida Roe said.", "630"),
    )
    assert set(statuses(groups, groups[-1])) == {ValueStatus.DISPUTED}


@pytest.mark.parametrize(
    ("articles", "expected"),
    [
        ((toll(1, "43"), toll(2, "43")), 2),
        (
            (
                claimed(1, "At Pilcarumi 43 people died, Ida Roe said.", "43"),
                claimed(2, "Ida Roe said 43 people died at Pilcarumi on Monday.", "43"),
            ),
            1,
        ),
        ((claimed(1, "At Pilcarumi 43 people died, Ida Roe said.", "43"), toll(4, "43")), 1),
    ],
    ids=["independent", "one speaker", "a claim that is repeated"],
)
def test_independent_origins(articles: Sequence[list[Span]], expected: int) -> None:
    """One speaker counts once, and so does a later article that repeats a claim."""
    [group] = values(*articles)
    generation: Any = SimpleNamespace(near_duplicates_of=lambda _: [])
    assert origins([one.statement for one in group.given], generation) == expected


def test_a_copy_has_the_origin_of_what_it_copies() -> None:
    """Near duplicates count once."""
    [group] = values(toll(1, "43"), toll(2, "43"))
    generation: Any = SimpleNamespace(near_duplicates_of=lambda _: list(group.articles))
    assert origins([one.statement for one in group.given], generation) == 1


def test_further_passages_are_of_other_articles_of_the_story() -> None:
    """Articles that were read, or are about something else, are not read again."""
    read, unread = toll(1, "19")[0], toll(3, "43")[0].hit
    other = hit(body("Isaura Venn told Corm Addlewick that people died at Quorrin.", id="other.md"))
    assert further_hits(asked(), [read.hit], [read.hit, unread, other], [read]) == [unread]
