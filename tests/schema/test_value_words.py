"""What became of answers and values, in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pullquote.schema import Answer, IndexProgress, Outcome, ReportedValue, ValueStatus
from pullquote.schema.answer import (
    papers_words,
    reported_words,
    scope_notes,
    status_words,
    support_words,
    value_facts,
    value_status_words,
    values_heading,
)
from talk import citation
from weighed import CHANGED, CORRECTED, DISPUTED, LONG, MIXED, NAMES, TWICE, weighed


def value(text: str, status: ValueStatus, day: int | None, **facts: object) -> ReportedValue:
    """A value that was reported on one day of May 2024."""
    when = None if day is None else date(2024, 5, day)
    cited = citation(text, published=when)
    days = {"first_reported": when, "last_reported": when}
    given = {"text": text, "status": status, "sources": 1, "citations": (cited,), **days, **facts}
    return ReportedValue.model_validate(given)


@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        (CHANGED, "Reported over time"),
        (CORRECTED, "Reported over time"),
        (DISPUTED, "Sources differ"),
        (MIXED, "Sources differ"),
    ],
)
def test_the_heading_says_whether_values_differ_or_change(
    asked: tuple[str, str], heading: str
) -> None:
    """If some values are disputed, sources differ, whatever else changed."""
    assert values_heading(weighed(*asked).values) == heading


def test_one_value_alone_needs_no_heading() -> None:
    """A list of values is shown if there are at least two."""
    assert values_heading(weighed(*DISPUTED).values[:1]) == ""
    assert values_heading(()) == ""


@pytest.mark.parametrize(
    ("asked", "best", "words"),
    [
        (LONG, None, "Latest value."),
        (CORRECTED, None, ""),
        (LONG, 0, "Later reported as 96 on 24 August 2023."),
        (NAMES, 1, "Later reported as straw baler on 5 October 2022."),
        (CORRECTED, 0, "Corrected on 6 June 2024; later reported as 16."),
        (DISPUTED, None, "Also reported as about 15,000."),
        (MIXED, 2, "Also reported as 6,400 people."),
        (MIXED, 0, "Later reported as 5,100 people or 6,400 people."),
    ],
)
def test_an_answer_says_what_became_of_it(
    asked: tuple[str, str], best: int | None, words: str
) -> None:
    """The sentence names the newer or the other value, so it needs no list below it."""
    reply = weighed(*asked, best=best)
    assert status_words(reply.answers[0], reply.values) == words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (None, ""),
        (ValueStatus.CURRENT, ""),
        (ValueStatus.OUTDATED, "Outdated. A later article gives another value."),
        (ValueStatus.CORRECTED, "Corrected."),
        (ValueStatus.DISPUTED, "Sources differ."),
    ],
)
def test_without_other_values_only_the_status_is_in_words(
    status: ValueStatus | None, words: str
) -> None:
    """A saved reply may have lost the other values."""
    answer = Answer(text="16", confidence=0.8, citations=(citation("16"),), status=status)
    assert status_words(answer, ()) == words


def test_a_correction_is_named_without_a_status() -> None:
    """The corrected value may be the only one that was found."""
    corrects = citation("17", published=date(2024, 6, 6))
    answer = Answer(text="17", confidence=0.8, citations=(corrects,), correction=corrects)
    assert status_words(answer, ()) == "Corrected on 6 June 2024."


def test_values_without_days_have_words_too() -> None:
    """No day is invented."""
    old, new = value("£1m", ValueStatus.OUTDATED, None), value("£2m", ValueStatus.CURRENT, None)
    both = (old, new)
    assert status_words(old, both) == "Later reported as £2m."
    assert status_words(new, both) == "Latest value."
    assert [value_status_words(one, both) for one in both] == ["Outdated", "Latest value"]
    assert reported_words(old) == ""


def test_more_than_two_disputed_values_are_counted() -> None:
    """The first other value is named, and the list has all of them."""
    values = tuple(value(text, ValueStatus.DISPUTED, 1) for text in ("41", "52", "63", "74"))
    assert status_words(values[0], values) == ("Also reported as 52 and 2 other values.")


def test_values_in_a_list_have_their_facts() -> None:
    """Papers, days, support and status; a corrected value that is repeated later says so."""
    values = weighed(*TWICE).values
    assert [value_facts(one, values) for one in values[1:3]] == [
        [
            "The Orlisk Courier and Dagmark Herald",
            "8 February 2023",
            "from 1 independent source",
            "Outdated since 11 February 2023",
        ],
        [
            "Ullermoor Beacon and Tessamund Evening Star",
            "10 to 23 February 2023",
            "in 2 articles",
            "Corrected on 14 February 2023; still repeated on 23 February 2023",
        ],
    ]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 5, 9), date(2024, 5, 9), "9 May 2024"),
        (date(2024, 5, 9), date(2024, 5, 12), "9 to 12 May 2024"),
        (date(2024, 5, 9), date(2024, 6, 9), "9 May to 9 June 2024"),
        (date(2023, 5, 9), date(2024, 5, 9), "9 May 2023 to 9 May 2024"),
        (datetime(2024, 5, 9, 7, tzinfo=UTC), datetime(2024, 5, 9, 9, tzinfo=UTC), "9 May 2024"),
        (None, date(2024, 5, 9), "9 May 2024"),
        (date(2024, 5, 9), None, "9 May 2024"),
    ],
)
def test_the_days_of_reports_are_written_in_short(
    first: date | None, last: date | None, words: str
) -> None:
    """Month and year are not repeated, and times are left out."""
    given = value("x", ValueStatus.CURRENT, 1, first_reported=first, last_reported=last)
    assert reported_words(given) == words


def test_papers_are_named_once_and_many_are_counted() -> None:
    """Three papers are named."""
    cited = [citation("x", source=source) for source in ("A", "B", None, "A", "C", "D", "E")]
    assert papers_words(cited) == "A, B, C and 2 other papers"
    assert papers_words(cited[:2]) == "A and B"
    assert papers_words([cited[2]]) == ""


@pytest.mark.parametrize(
    ("articles", "sources", "words"),
    [
        ("a", 1, "in 1 article"),
        ("aa", 1, "in 1 article"),
        ("abc", 3, "in 3 articles"),
        ("abc", 2, "from 2 independent sources"),
        ("ab", 1, "from 1 independent source"),
    ],
)
def test_articles_are_counted_only_if_they_are_independent(
    articles: str, sources: int, words: str
) -> None:
    """Copies of one report are one source, however many there are."""
    cited = tuple(citation("x", article=name) for name in articles)
    answer = Answer(text="x", confidence=0.8, citations=cited, sources=sources)
    assert support_words(answer) == words


def test_the_day_of_a_state_is_written_out() -> None:
    """The line stands above the answers."""
    notes = scope_notes(None, date(2024, 3, 3))
    assert notes == ("As of 3 March 2024: later articles are left out.",)


def test_an_index_that_is_being_built_is_named() -> None:
    """The line is in the past tense, since a reply is read later too."""
    notes = scope_notes(IndexProgress(searchable=1, files=1_200), None)
    assert notes == ("The index was still being built: only 1 of 1,200 files could be searched.",)


def test_a_notebook_has_the_day_the_correction_the_status_and_the_values() -> None:
    """The correction stands above the corrected answer, and the values below all answers."""
    reply = weighed(*CORRECTED, best=0).model_copy(update={"as_of": date(2025, 4, 1)})
    html = reply._repr_html_()
    parts = [
        "As of 1 April 2025: later articles are left out.",
        "Corrected on 6 June 2024: “Correction: In our report",
        "Corrected on 6 June 2024; later reported as 16.",
        "Reported over time:",
        ">Corrected on 6 June 2024</td>",
    ]
    assert [html.index(part) for part in parts] == sorted(html.index(part) for part in parts)
    assert "said by Larkrail" in weighed(*DISPUTED)._repr_html_()


def test_a_notebook_shows_no_values_without_an_answer() -> None:
    """The closest passages are no values of anything."""
    reply = weighed(*DISPUTED).model_copy(update={"outcome": Outcome.NOTHING})
    assert "Disputed" not in reply._repr_html_()
