"""Phrases of a question become filters; the other words are searched for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.conversation import (
    Archive,
    combine,
    complete_question,
    narrow_question,
    replace_filters,
)
from pullquote.schema import Filters, Kind, Role
from pullquote.schema.errors import SettingsError
from strategies import hostile_texts
from talk import turn

ARCHIVE = Archive(
    sources=("Reuters", "Harbour Post", "The Guardian", "Time"),
    sections=("sport", "business", "opinion"),
    oldest=date(2001, 1, 1),
    newest=date(2024, 11, 5),
)
TODAY = date(2024, 11, 5)
COMMENTS = Filters(comments=True)


@pytest.mark.parametrize(
    ("question", "text", "filters"),
    [
        ("what of the ferry since March?", "what of the ferry?", Filters(since=date(2024, 3, 1))),
        ("since March, who resigned?", "who resigned?", Filters(since=date(2024, 3, 1))),
        ("who was hired after 2003?", "who was hired?", Filters(since=date(2004, 1, 1))),
        ("rises from May 2003 onwards", "rises", Filters(since=date(2003, 5, 1))),
        ("who was held yesterday?", "who was held?", Filters(since=date(2024, 11, 4))),
        ("who left in the last 2 weeks?", "who left?", Filters(since=date(2024, 10, 22))),
        (
            "articles from 2004 about the dome",
            "articles about the dome",
            Filters(since=date(2004, 1, 1), until=date(2004, 12, 31)),
        ),
        (
            "stories between 2001 and March 2003 on tax",
            "stories on tax",
            Filters(since=date(2001, 1, 1), until=date(2003, 3, 31)),
        ),
        (
            "coverage before 2 May 2005 of tax",
            "coverage of tax",
            Filters(until=date(2005, 5, 1)),
        ),
        ("how many, according to reuters?", "how many?", Filters(sources=("Reuters",))),
        ("According to the Guardian, who won?", "who won?", Filters(sources=("The Guardian",))),
        ("who won, in the Harbour Post?", "who won?", Filters(sources=("Harbour Post",))),
        ("who won in the sports pages?", "who won?", Filters(sections=("sport",))),
        ("tax in section business", "tax", Filters(sections=("business",))),
        ("who is mocked in opinion pieces?", "who is mocked?", Filters(sections=("opinion",))),
        ("who paid, in the readers' comments?", "who paid?", COMMENTS),
        ("what do they say in the comments about it?", "what do they say about it?", COMMENTS),
    ],
)
def test_phrases_that_are_filters(question: str, text: str, filters: Filters) -> None:
    """A filter phrase is removed from the question and applied as a filter."""
    narrowed = narrow_question(question, ARCHIVE, today=TODAY)
    assert narrowed.text == text
    assert narrowed.filters == filters


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("what did readers say about the fines?", COMMENTS),
        ("what did Reuters report about the flood?", Filters(sources=("Reuters",))),
    ],
)
def test_words_that_say_something_beside_stay(question: str, filters: Filters) -> None:
    """Words with another meaning stay in the question, and their filter applies."""
    narrowed = narrow_question(question, ARCHIVE, today=TODAY)
    assert narrowed.text == question
    assert narrowed.filters == filters


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("who won the cup in 2004?", "2004"),
        ("who was born on 3 May 2004?", "3 May 2004"),
        ("who led it before May 2004?", "until 30 April 2004"),
        ("who led it between 2001 and 2003?", "2001–2003"),
        ("what is the church called today?", "since 5 November 2024"),
    ],
)
def test_a_day_that_may_be_that_of_the_event_is_offered(question: str, label: str) -> None:
    """A day of the event is an offered chip that is off: the report may be years later."""
    narrowed = narrow_question(question, ARCHIVE, today=TODAY)
    assert narrowed.text == question
    assert narrowed.filters == Filters()
    assert [(chip.label, chip.on, chip.note) for chip in narrowed.chips] == [(label, False, None)]


@pytest.mark.parametrize(
    "question",
    [
        "how many, according to Richard Allsop?",
        "who arrived in time?",
        "who won according to the Bangkok Post?",
        "what did he say in comments to reporters?",
        "who may march since then?",
        "what is it called in French?",
        "who won the race in the section of sport cars?",
        "who was elected after the march?",
        "since 31 June",
    ],
)
def test_words_that_only_look_like_filters(question: str) -> None:
    """An unknown source is a person who says something; "in time" is no magazine."""
    narrowed = narrow_question(question, ARCHIVE, today=TODAY)
    assert narrowed.text == question
    assert narrowed.chips == ()


def test_a_chip_says_its_words_and_can_be_undone() -> None:
    """A chip gives its range of the question; switched off, its words are searched for."""
    question = "who won since May 2004, according to Reuters?"
    narrowed = narrow_question(question, ARCHIVE, today=TODAY)
    assert [question[chip.start : chip.end] for chip in narrowed.chips] == [
        "since May 2004",
        "according to Reuters",
    ]
    undone = narrow_question(question, ARCHIVE, today=TODAY, switched=[narrowed.chips[0].id])
    assert undone.text == "who won since May 2004?"
    assert undone.filters == Filters(sources=("Reuters",))
    assert [chip.on for chip in undone.chips] == [False, True]


def test_an_offered_chip_can_be_turned_on() -> None:
    """A chip that is turned on filters like any other."""
    question = "who won the cup in 2004?"
    chip = narrow_question(question, ARCHIVE, today=TODAY).chips[0]
    narrowed = narrow_question(question, ARCHIVE, today=TODAY, switched=[chip.id])
    assert narrowed.text == "who won the cup?"
    assert narrowed.filters == Filters(since=date(2004, 1, 1), until=date(2004, 12, 31))


def test_an_old_archive_says_so() -> None:
    """If no article is as new as "last week", the chip is off and names the newest day."""
    narrowed = narrow_question("who won last week?", ARCHIVE, today=date(2026, 1, 1))
    assert narrowed.text == "who won last week?"
    assert narrowed.filters == Filters()
    assert narrowed.chips[0].note == "the newest article is from 5 November 2024"


@pytest.mark.parametrize("phrase", ["this year", "today", "in 2025"])
def test_days_that_no_article_can_pass_are_only_words(phrase: str) -> None:
    """A phrase that may mean the event is not offered as a filter if all articles are older."""
    question = f"who runs the marathon {phrase}?"
    narrowed = narrow_question(question, ARCHIVE, today=date(2026, 1, 1))
    assert (narrowed.text, narrowed.filters, narrowed.chips) == (question, Filters(), ())


def test_an_archive_that_begins_later_says_so() -> None:
    """If all articles are newer, the chip is off and names the oldest day."""
    narrowed = narrow_question("articles from 1999 on tax", ARCHIVE, today=TODAY)
    assert narrowed.filters == Filters()
    assert narrowed.chips[0].note == "the oldest article is from 1 January 2001"


def test_an_archive_without_dates_cannot_be_narrowed_by_them() -> None:
    """If no article has a date, the chip is off and says so."""
    narrowed = narrow_question("who won since 2004?", Archive(), today=TODAY)
    assert narrowed.filters == Filters()
    assert narrowed.chips[0].note == "no article has a date"


def test_what_has_no_date_is_counted() -> None:
    """A filter by day leaves out undated articles, and its chip gives their number."""
    archive = Archive(oldest=date(2001, 1, 1), newest=date(2024, 1, 1), undated=1204)
    narrowed = narrow_question("who won since 2004?", archive, today=TODAY)
    assert narrowed.chips[0].note == "leaves out 1,204 articles without a date"


def test_filters_that_exclude_each_other() -> None:
    """Of two contradicting filters the later one is off and says why."""
    narrowed = narrow_question(
        "who won since May 2004?", ARCHIVE, today=TODAY, filters=Filters(until=date(2003, 1, 1))
    )
    assert narrowed.filters == Filters(until=date(2003, 1, 1))
    assert narrowed.chips[0].on is False
    assert "since (2004-05-01) is later than" in str(narrowed.chips[0].note)


def test_a_phrase_replaces_a_given_filter_of_its_field() -> None:
    """Names in one question are alternatives, but they replace the given ones."""
    given = Filters(sources=("Time",), sections=("sport",), not_sources=("Reuters", "Time"))
    narrowed = narrow_question(
        "who won, according to Reuters, according to the Guardian?",
        ARCHIVE,
        today=TODAY,
        filters=given,
    )
    assert narrowed.filters == Filters(
        sources=("Reuters", "The Guardian"), sections=("sport",), not_sources=("Time",)
    )


def test_a_filter_that_is_named_twice_has_one_chip() -> None:
    """The chip switches both phrases."""
    question = "according to Reuters, who won, according to Reuters?"
    narrowed = narrow_question(question, ARCHIVE, today=TODAY)
    assert [chip.label for chip in narrowed.chips] == ["Reuters"]
    assert narrowed.text == "who won?"
    without = narrow_question(question, ARCHIVE, today=TODAY, switched=[narrowed.chips[0].id])
    assert (without.text, without.filters) == (question, Filters())


@pytest.mark.parametrize(
    ("earlier", "later", "both"),
    [
        ({"since": date(2024, 1, 1)}, {"since": date(2020, 1, 1)}, {"since": date(2020, 1, 1)}),
        ({"sources": ("a",)}, {"sources": ("b",)}, {"sources": ("b",)}),
        ({"not_sources": ("a",)}, {"not_sources": ("b",)}, {"not_sources": ("a", "b")}),
        ({"not_sources": ("a",)}, {"not_sources": ("A",)}, {"not_sources": ("A",)}),
        (
            {"sources": ("a", "b")},
            {"not_sources": ("A",)},
            {"sources": ("b",), "not_sources": ("A",)},
        ),
        (
            {"not_sources": ("a", "b")},
            {"sources": ("A",)},
            {"sources": ("A",), "not_sources": ("b",)},
        ),
        (
            {"comments": True},
            {"kinds": (Kind.REPORT,)},
            {"comments": True, "kinds": (Kind.REPORT,)},
        ),
    ],
)
def test_later_filters_replace_earlier_ones(earlier: Any, later: Any, both: Any) -> None:
    """A later field replaces the earlier one, but sources that are left out add up."""
    assert replace_filters(Filters(**earlier), Filters(**later)) == Filters(**both)


def test_nothing_but_a_filter_is_still_a_question() -> None:
    """A question of filters alone is searched for as it is, and they apply."""
    narrowed = narrow_question("since March", ARCHIVE, today=TODAY)
    assert narrowed.text == "since March"
    assert narrowed.filters == Filters(since=date(2024, 3, 1))


def test_a_filter_alone_can_go_on_from_a_question() -> None:
    """A filter alone narrows the previous question: "and since March?"."""
    narrowed = narrow_question("and since March?", ARCHIVE, today=TODAY)
    done = complete_question(narrowed.text, [turn("who won the cup?", "Provider")])
    assert done.text == "who won the cup"
    assert narrowed.filters == Filters(since=date(2024, 3, 1))


def test_both_filters_hold() -> None:
    """Combined filters have the later first day, the earlier last day and all sources."""
    one = Filters(since=date(2001, 1, 1), until=date(2009, 1, 1), sources=("a",))
    other = Filters(since=date(2002, 1, 1), sources=("b", "a"), roles=(Role.COMMENT,))
    assert combine((one, other)) == Filters(
        since=date(2002, 1, 1),
        until=date(2009, 1, 1),
        sources=("a", "b"),
        roles=(Role.COMMENT,),
        comments=True,
    )
    with pytest.raises(SettingsError):
        combine((one, Filters(since=date(2010, 1, 1))))


@pytest.mark.parametrize(
    ("question", "text", "filters"),
    [
        ("what of tax in the Spanish press?", "what of tax?", Filters(languages=("es",))),
        ("tax in reviews", "tax", Filters(kinds=(Kind.REVIEW,))),
        ("what is it called in Spanish?", "what is it called in Spanish?", Filters()),
    ],
)
def test_languages_and_kinds_that_an_index_has(question: str, text: str, filters: Filters) -> None:
    """A language alone may be the topic, so it is only offered."""
    archive = Archive(languages=("en", "es-MX"), kinds=("report", "review"))
    narrowed = narrow_question(question, archive, today=TODAY)
    assert len(narrowed.chips) == 1
    assert (narrowed.text, narrowed.filters) == (text, filters)


@pytest.mark.parametrize("question", ["what of tax in the Spanish press?", "tax in reviews"])
def test_languages_and_kinds_that_an_index_does_not_have_stay_words(question: str) -> None:
    """A language or kind that no article has gives no chip."""
    assert narrow_question(question, ARCHIVE, today=TODAY).chips == ()


def test_the_figures_of_an_index_say_what_can_be_named() -> None:
    """Empty sources and sections are no names."""

    class Figures:
        sources = {"Reuters": 3, "": 2}  # noqa: RUF012
        sections = {"": 5}  # noqa: RUF012
        languages = {"en": 5}  # noqa: RUF012
        kinds = {"report": 5}  # noqa: RUF012
        first_day = date(2001, 1, 1)
        last_day = date(2002, 1, 1)
        undated = 4

    assert Archive.of(Figures()) == Archive(
        sources=("Reuters",),
        languages=("en",),
        kinds=("report",),
        oldest=date(2001, 1, 1),
        newest=date(2002, 1, 1),
        undated=4,
    )


@given(
    parts=st.lists(
        hostile_texts(max_parts=2)
        | st.sampled_from(
            ["since March", "in 2004", "according to Reuters", "in comments", " ", "?", "yesterday"]
        ),
        max_size=6,
    ),
    sources=st.lists(hostile_texts(max_parts=2), max_size=3),
    switched=st.lists(st.sampled_from(["0-11", "5-12", "12-20"]), max_size=2),
)
def test_whatever_is_asked_chips_lie_in_the_question(
    parts: list[str], sources: list[str], switched: list[str]
) -> None:
    """Chips are in order without overlaps; with all of them off the question is unchanged."""
    question = " ".join(parts)
    archive = Archive(sources=sources, oldest=date(2001, 1, 1), newest=date(2024, 1, 1))
    narrowed = narrow_question(question, archive, today=TODAY, switched=switched)
    at = 0
    for chip in narrowed.chips:
        assert at <= chip.start < chip.end <= len(question)
        at = chip.end
    on = [chip.id for chip in narrow_question(question, archive, today=TODAY).chips if chip.on]
    undone = narrow_question(question, archive, today=TODAY, switched=on)
    assert undone.text == question
    assert undone.filters == Filters()
