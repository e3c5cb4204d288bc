"""The timeline under an answer: marks by date that open citations."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from pullquote.schema import Answer, Outcome, Reply
from pullquote.web.views.turns import MAX_MARKS, marks_of, timeline_html
from talk import citation, reply
from web.views.test_views import HOSTILE, ParsedHtml


def dated(quote: str, day: date | None, **facts: object) -> object:
    """A citation of that day."""
    return citation(quote, published=day, **{"article": f"{quote}.md", **facts})


def test_marks_stand_where_their_days_lie() -> None:
    """Marks are placed in proportion to their days, with the numbers of the citations."""
    answered = reply(
        "who?",
        dated("b", date(2024, 1, 11)),
        dated("a", date(2024, 1, 1)),
        dated("c", date(2024, 1, 6)),
    )
    marks = [(mark.number, mark.left, mark.row) for mark in marks_of(answered)]
    assert marks == [(1, 100.0, 0), (2, 0.0, 0), (3, 50.0, 0)]


def test_marks_that_would_touch_stand_above_each_other() -> None:
    """Marks close to each other are in different rows."""
    days = (date(2024, 1, 1), date(2024, 1, 1), date(2024, 1, 3), date(2024, 12, 31))
    answered = reply("who?", *(dated(f"q{n}", day) for n, day in enumerate(days)))
    assert [mark.row for mark in marks_of(answered)] == [0, 1, 2, 0]


def test_an_article_is_marked_once() -> None:
    """An article with several answers has one mark, for its first citation."""
    one, other, again = (date(2024, 1, 1), date(2024, 1, 9), date(2024, 1, 1))
    answered = reply(
        "who?",
        dated("a", one, article="x.md"),
        dated("b", other, article="y.md"),
        dated("c", again, article="x.md"),
    )
    assert [(mark.number, mark.left) for mark in marks_of(answered)] == [(1, 0.0), (2, 100.0)]


def test_an_undated_citation_keeps_its_number() -> None:
    """A citation without a date has no mark, but its number is not reused."""
    answered = reply(
        "who?",
        dated("a", date(2024, 1, 1)),
        dated("b", None),
        dated("c", datetime(2024, 2, 1, 9, 0, tzinfo=UTC)),
    )
    assert [mark.number for mark in marks_of(answered)] == [1, 3]


@pytest.mark.parametrize("days", [(), (None, None), (date(2024, 1, 1), None)])
def test_without_two_days_there_is_no_line(days: tuple[date | None, ...]) -> None:
    """Without two different days there is no timeline."""
    assert timeline_html(reply("who?", *(dated("q", day) for day in days))) == ""


def test_one_day_twice_is_no_order() -> None:
    """A reply without a confident answer has no timeline either."""
    same = [dated(f"q{n}", date(2024, 1, 1)) for n in range(2)]
    assert timeline_html(reply("who?", *same)) == ""
    days = [dated(f"q{n}", date(2024, 1, 1 + n)) for n in range(2)]
    assert timeline_html(reply("who?", *days)) != ""
    assert timeline_html(reply("who?", *days, abstained=True)) == ""


def test_a_mark_names_the_place_that_it_opens() -> None:
    """A mark has the attributes of its citation, and a label."""
    cited = [dated("Ida Roe", date(2024, 3, 2)), dated("Jo", date(2023, 1, 5))]
    html = timeline_html(reply("who?", *cited))
    assert 'aria-label="1: Ida Roe, Harbour Post, 2 March 2024"' in html
    assert 'data-article="Ida Roe.md" data-start="100" data-end="107"' in html
    assert html.index("Jo, Harbour") < html.index("Ida Roe, Harbour")
    assert ParsedHtml(html).elements == set("div ol li button svg line p span".split())


def test_two_handles_choose_days() -> None:
    """Each handle is a slider over the days of the line, at one of its ends."""
    html = timeline_html(reply("who?", dated("a", date(2024, 1, 11)), dated("b", date(2024, 1, 1))))
    assert 'data-first="2024-01-01"' in html
    handles = re.findall(r'role="slider".*?>', html)
    assert [
        re.findall(r'aria-(label|valuemin|valuemax|valuenow|valuetext)="(.*?)"', one)
        for one in handles
    ] == [
        [
            ("label", label),
            ("valuemin", "0"),
            ("valuemax", "10"),
            ("valuenow", now),
            ("valuetext", day),
        ]
        for label, now, day in (
            ("First day", "0", "1 January 2024"),
            ("Last day", "10", "11 January 2024"),
        )
    ]


def test_there_are_at_most_twelve_marks() -> None:
    """Only the best citations are marked."""
    many = [dated(f"q{n}", date(2024, 1, 1 + n)) for n in range(28)]
    answer = Answer(text="q", confidence=0.9, citations=tuple(many))
    answered = Reply(
        question="who?", abstained=False, answers=(answer,), generation="g", took_ms=1.0
    )
    assert [mark.number for mark in marks_of(answered)] == list(range(1, MAX_MARKS + 1))


def test_centuries_are_no_trouble() -> None:
    """A timeline over thousands of years has few ticks."""
    html = timeline_html(reply("who?", dated("a", date.min), dated("b", date.max)))
    assert html.count("<line") < 30


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_quoted_is_text(text: str) -> None:
    """Text in the label of a mark is escaped."""
    text = text.replace("\ud800", "?")
    cited = [dated(text, date(2024, 1, n), source=text, article=f"{text}{n}") for n in (1, 2)]
    html = timeline_html(reply("who?", *cited))
    assert ParsedHtml(html).elements == set("div ol li button svg line p span".split())


def test_marks_of_possible_answers_say_so() -> None:
    """The line and each mark name what they show."""
    days = [dated(f"q{n}", date(2024, 1, 1 + n)) for n in range(2)]
    possible = reply("who?", *days).model_copy(update={"outcome": Outcome.POSSIBLE})
    html = timeline_html(possible)
    assert 'aria-label="Possible answers by date of publication"' in html
    assert 'title="1, possible answer: q0,' in html
    assert "possible" not in timeline_html(reply("who?", *days)).lower()
