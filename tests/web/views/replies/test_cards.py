"""The values that differ, change or were corrected, on the page."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.schema import (
    Outcome,
    QuestionKind,
    Reply,
    ReportedValue,
    Speaker,
    ValueStatus,
)
from pullquote.web.views.answer_view import answer_html
from pullquote.web.views.replies.cards import (
    QUOTE_CHARS,
    VALUES_SHOWN,
    Numbering,
    ValueList,
    further_answers,
    value_list,
)
from pullquote.web.views.turns import answer_announcement, timeline_html
from talk import citation, reply
from web.views.test_views import ANY_TEXT, ATTRIBUTES, ELEMENTS, ParsedHtml
from weighed import CHANGED, CORRECTED, DISPUTED, LONG, MIXED, NAMES, TWICE, weighed

DRAWN = set("circle figure line s span svg table tbody td text th thead tr br".split())
DRAWING = {
    *("cx cy height r role scope text-anchor width x x1 x2 y y1 y2".split()),
}


def values_of(reply: Reply) -> ValueList:
    """The values of a reply that has some."""
    found = value_list(reply, Numbering())
    assert found is not None
    return found


def parts_in_order(html: str, *parts: str) -> bool:
    """Whether the first occurrences of some texts follow each other."""
    places = [html.index(part) for part in parts]
    return places == sorted(places)


def test_sources_that_differ_stand_below_the_answer_at_one_look() -> None:
    """Each value has its papers and days, and a quote that opens its citation."""
    html = answer_html(weighed(*DISPUTED))
    assert parts_in_order(html, 'class="pq-lead', "Sources differ", "<h4", "Thrawl Valley Courier")
    assert re.findall("<h4[^>]*>(.*?)</h4>", html) == ["23,000", "about 15,000"]
    quoted = re.findall(r'<button type="button" class="pq-cite pq-quoted"([^>]*)>', html)
    assert [re.findall('data-article="(.*?)"', one) for one in quoted] == [
        ["tram-line/a6.md"],
        ["tram-line/a7.md"],
    ]
    assert "<mark>about 15,000</mark>" in html
    assert "Also reported as about 15,000." in html
    assert "details" not in html.partition("pq-values")[2].partition("pq-further")[0]


def test_a_value_that_is_an_answer_is_not_folded_below_again() -> None:
    """The other answers are counted without the values, also when they are read out."""
    reply = weighed(*DISPUTED)
    assert "more answer" not in answer_html(reply) + answer_announcement(reply)
    other = reply.answers[0].model_copy(update={"citations": (citation("seven"),)})
    more = reply.model_copy(update={"answers": (*reply.answers, other)})
    assert further_answers(more) == [other]
    assert "1 more answer" in answer_html(more)
    assert "1 more answer." in answer_announcement(more)


def test_citations_keep_their_numbers() -> None:
    """A quote of a value has the number of its citation in the list and on the timeline."""
    reply = weighed(*LONG)
    html = answer_html(reply)
    cards = html.partition('class="pq-values"')[2]
    number = re.search(r'data-article="dam-burst/a7.md"[^>]*><span class="pq-number">(\d+)', cards)
    assert number is not None
    mark = re.search(r'data-article="dam-burst/a7.md"[^>]*>(\d+)<', timeline_html(reply))
    assert mark is not None
    assert mark[1] == number[1]


def test_long_lists_of_values_are_folded() -> None:
    """Of values that change, the latest are open; of values that differ, the first."""
    found = values_of(weighed(*LONG))
    assert [card.text for card in found.earlier] == ["At least 19", "43", "47"]
    assert [card.text for card in found.shown] == ["At least 61", "88", "91", "96"]
    assert found.earlier_summary == "3 earlier values"
    reply = weighed(*LONG)
    disputed = [one.model_copy(update={"status": ValueStatus.DISPUTED}) for one in reply.values]
    found = values_of(reply.model_copy(update={"values": tuple(disputed)}))
    assert len(found.shown) == VALUES_SHOWN
    assert [card.text for card in found.further] == ["88", "91", "96"]
    assert found.further_summary == "3 more values"


def test_disputed_values_come_first() -> None:
    """What was reported before is of less interest than what sources disagree about."""
    found = values_of(weighed(*MIXED))
    assert [card.text for card in found.all] == [
        *("5,100 people", "6,400 people", "300 people", "2,600 people"),
    ]


def test_only_disputed_values_are_not_called_disputed_again() -> None:
    """The heading says it; if other values are listed too, each says what it is."""
    assert not values_of(weighed(*DISPUTED)).has_states
    html = answer_html(weighed(*MIXED))
    assert "Outdated since 11 August 2022" in html
    assert ">Disputed</span>" in html


def test_a_correction_stands_above_the_answer_and_only_there() -> None:
    """Its quote opens the correction; the value's card does not repeat it."""
    html = answer_html(weighed(*CORRECTED, best=0))
    assert parts_in_order(
        html, "Corrected on 6 June 2024", "Correction: In our report", 'class="pq-lead'
    )
    assert html.count("Correction: In our report") == 1
    assert "Corrected on 6 June 2024; later reported as 16." in html


def test_the_correction_of_another_value_stands_at_that_value() -> None:
    """The answer itself is right, so nothing stands above it."""
    html = answer_html(weighed(*CORRECTED))
    assert parts_in_order(html, 'class="pq-lead', "pq-values", "Correction: In our report")
    assert "Latest value" not in html


def test_corrected_words_are_struck_where_they_are_repeated() -> None:
    """The quotes of a corrected value, and those of other values in the same sentence."""
    html = answer_html(weighed(*TWICE))
    assert html.count("<s>nine</s>") == 2
    assert html.count("Repeats the corrected value.") == 1
    assert "<mark>nine</mark>" not in html
    reply = weighed(*CORRECTED)
    old, new = reply.values
    cited = old.citations[0]
    both = cited.model_copy(update={"quote": "stops", "start": cited.end + 1, "end": cited.end + 6})
    answer = reply.answers[0].model_copy(update={"citations": (both,), "text": "stops"})
    html = answer_html(reply.model_copy(update={"answers": (answer,), "values": (old, new)}))
    assert "will have <s>17</s> <mark>stops</mark>." in html
    assert "The words that are struck out were corrected." in html


def test_the_status_of_an_answer_is_in_words() -> None:
    """An outdated answer names the later value and its day."""
    assert "Later reported as 96 on 24 August 2023." in answer_html(weighed(*LONG, best=0))
    assert "Later reported as 96 on 24 August 2023." in answer_announcement(weighed(*LONG, best=0))


def test_a_copied_citation_says_that_the_value_is_not_the_last() -> None:
    """Nobody pastes an outdated value as the latest; the latest needs no note."""
    html = answer_html(weighed(*LONG, best=0))
    copies = html.partition('data-copy="text"')[2].partition("</button>")[0]
    assert "Later reported as 96 on 24 August 2023." in copies
    copies = answer_html(weighed(*LONG)).partition('data-copy="text"')[2].partition("</button>")[0]
    assert "atest value" not in copies


def test_every_citation_says_whose_claim_it_is() -> None:
    """On cards with the title and on quotes; the paper's own words have no speaker."""
    html = answer_html(weighed(*DISPUTED))
    assert html.count('<bdi class="pq-claim">said by Larkrail</bdi>') == 2
    papers = answer_html(reply("q", citation("17")))
    assert "pq-claim" not in papers


@pytest.mark.parametrize("outcome", Outcome)
def test_the_day_of_the_state_is_read_out_first(outcome: Outcome) -> None:
    """It is read out, with or without an answer."""
    given = weighed(*CHANGED).model_copy(update={"as_of": date(2025, 4, 1), "outcome": outcome})
    assert answer_announcement(given).startswith("As of 1 April 2025: later")


def test_a_change_is_answered_by_its_values() -> None:
    """They stand in order of time with their chart, and no value is singled out as the answer."""
    reply = weighed(*CHANGED)
    html = answer_html(reply)
    assert re.findall("<h4[^>]*>(.*?)</h4>", html) == ["£214m", "£238m", "£251m", "£259.3m"]
    assert "pq-lead" not in html
    assert "Very likely" in html
    assert answer_announcement(reply) == (
        "Reported over time: £214m; £238m; £251m; £259.3m. Very likely, in 1 article."
    )
    one = reply.model_copy(update={"values": reply.values[:1]})
    assert "pq-lead" in answer_html(one)


def test_without_an_answer_no_values_are_shown() -> None:
    """The closest passages are no values of anything, and nothing in them is struck."""
    given = weighed(*TWICE).model_copy(update={"outcome": Outcome.NOTHING})
    html = answer_html(given)
    assert "pq-values" not in html
    assert "<s>" not in html
    assert "Corrected" not in html


@pytest.mark.parametrize("kind", [kind for kind in QuestionKind if kind is not QuestionKind.CHANGE])
def test_values_are_shown_for_every_kind(kind: QuestionKind) -> None:
    """Lists, comparisons and matches have them below their items."""
    html = answer_html(weighed(*DISPUTED).model_copy(update={"kind": kind}))
    assert parts_in_order(html, "<blockquote", "Sources differ")


def test_a_long_sentence_is_cut_around_the_value() -> None:
    """Whole words stay, and dots say where something was left out."""
    before, after = "word " * 100, " other" * 100
    cited = citation("£3m", before=before)
    cited = cited.model_copy(update={"sentence": f"{cited.sentence}{after}"})
    reply = weighed(*DISPUTED)
    first = reply.values[0].model_copy(update={"citations": (cited,)})
    found = values_of(reply.model_copy(update={"values": (first, reply.values[1])}))
    words = found.shown[0].quotes[0].words
    text = "".join(one.text for one in words)
    assert [one.text for one in words if one.marked] == ["£3m"]
    assert len(text) <= QUOTE_CHARS + 2
    assert text.startswith("…word ")
    assert text.endswith(" other…")


def test_a_table_has_the_facts_of_the_chart() -> None:
    """It stands below the chart, folded, with a row for each value."""
    html = answer_html(weighed(*LONG))
    assert parts_in_order(html, "<svg", "<summary>As a table", "<table", '<h4 class="pq-value"')
    rows = re.findall(r'<tr><th scope="row" dir="auto">(.*?)</th><td>(.*?)</td>', html)
    assert rows[0] == ("At least 19", "8 March 2023")
    assert rows[-1] == ("96", "24 August to 16 November 2023")
    assert len(rows) == 7


def test_values_that_differ_are_seen_before_their_chart() -> None:
    """A change is seen best in its chart, which comes first."""
    differ, change = (answer_html(weighed(*asked)) for asked in (MIXED, LONG))
    assert parts_in_order(differ, '<h4 class="pq-value"', "<svg")
    assert parts_in_order(change, "<svg", '<h4 class="pq-value"')


def test_values_of_one_day_have_no_chart() -> None:
    """There is no time to show."""
    assert "<svg" not in answer_html(weighed(*DISPUTED))
    assert "<svg" in answer_html(weighed(*NAMES))


@given(
    texts=st.tuples(*[ANY_TEXT.map(lambda text: text.replace("\ud800", "?"))] * 5),
    states=st.lists(st.sampled_from(ValueStatus), min_size=2, max_size=6),
    kind=st.sampled_from(QuestionKind),
    gaps=st.lists(st.none() | st.integers(0, 900), min_size=6, max_size=6),
)
def test_values_are_text_whatever_they_say(
    texts: tuple[str, ...],
    states: list[ValueStatus],
    kind: QuestionKind,
    gaps: list[int | None],
) -> None:
    """Hostile values, speakers, sources and corrections add no element, attribute or link."""
    text, source, name, via, before = texts
    speaker = Speaker(name=name, start=0, end=1)
    values = []
    for status, gap in zip(states, gaps, strict=False):
        day = None if gap is None else date.fromordinal(738_000 + gap)
        facts = {"speaker": speaker, "manner": "denied", "via": via, "source": source}
        cited = citation(text or "7", before=before, published=day, article=source, **facts)
        values.append(
            ReportedValue(
                text=text,
                status=status,
                first_reported=day,
                last_reported=day,
                sources=1,
                citations=(cited,) * 3,
                mentions=(cited,),
                correction=cited if status is ValueStatus.CORRECTED else None,
            )
        )
    reply = weighed(*DISPUTED)
    answer = reply.answers[0].model_copy(
        update={"citations": values[0].citations, "correction": values[-1].correction}
    )
    given_reply = reply.model_copy(
        update={"answers": (answer,), "values": tuple(values), "kind": kind, "as_of": date.max}
    )
    read = ParsedHtml(answer_html(given_reply))
    assert read.elements <= ELEMENTS | DRAWN
    assert read.attributes <= ATTRIBUTES | DRAWING
    assert read.hrefs == []
