"""The Corpus page's HTML, addresses, rebuild and uploads, without a browser."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from markupsafe import Markup

from conftest import Newsroom
from pullquote.index import Consent, Progress, Report
from pullquote.index.catalog.catalog import Catalog, CatalogPage, Overview
from pullquote.index.catalog.catalog_rows import CatalogQuery, Entry, State
from pullquote.index.file_digests import FileDigests
from pullquote.index.rebuild.build import rebuild
from pullquote.schema.errors import CorpusChanged, Loss, RemovalsRefused
from pullquote.schema.settings import Settings
from pullquote.web.corpus.charts import ChartBar, bar_chart, column_chart, period_series
from pullquote.web.corpus.document import CorpusContent, document_html
from pullquote.web.corpus.listing import listing
from pullquote.web.corpus.query import (
    ListRequest,
    consent_query,
    hidden_fields,
    list_address,
    parse_consent,
    parse_list_request,
    with_filter,
)
from pullquote.web.corpus.rebuild_job import (
    ConsentNeeded,
    RebuildCancelled,
    RebuildConsent,
    RebuildFailed,
    RebuildFinished,
    RebuildJob,
    RebuildRunning,
    advanced,
)
from pullquote.web.corpus.rebuild_panel import rebuild_panel_html
from pullquote.web.corpus.routes import may_rebuild
from pullquote.web.corpus.uploads import IncomingUpload, UploadRefused, check_name, too_large
from pullquote.web.pages import render
from web.views.test_views import ANY_TEXT, HOSTILE, ParsedHtml

SOON = 10.0
"""Seconds that a thread may take."""

REPORT = Report(
    generation="g",
    added=2,
    changed=0,
    renamed=0,
    removed=1,
    unchanged=0,
    failed=(),
    superseded=(),
    skipped=0,
    articles=5,
    passages=9,
    embedded=9,
    reused=0,
    seconds=1.25,
    note=None,
)


def entry(id: str, state: State = State.INDEXED, **facts: object) -> Entry:
    """A row of the catalog."""
    given = {
        "note": None,
        "title": "A title",
        "source": "Harbour Post",
        "section": "local",
        "language": "en",
        "published": date(2024, 3, 2),
        **facts,
    }
    return Entry(id, state, **given)


def list_html(
    *entries: Entry, request: ListRequest | None = None, count: int | None = None
) -> Markup:
    """The list of those entries as HTML."""
    number = len(entries) if count is None else count
    shown = listing(ListRequest() if request is None else request, CatalogPage(entries, number))
    return render("corpus/listing.html", "listing", shown)


def read(html: str) -> ParsedHtml:
    """The parsed HTML, without void elements."""
    return ParsedHtml(re.sub(r"<(input|br|meta)\b[^>]*>", "", html))


# Addresses


def test_an_address_says_what_is_wanted_and_is_read_back() -> None:
    """An address has all filters in readable words, and parses back to them."""
    wanted = CatalogQuery(
        words="tide & time",
        state=State.LEFT_OUT,
        source="Ärzte + Co",
        language="th",
        file="a b.zip",
        since=date(2024, 3, 1),
        until=date(2024, 3, 31),
        without=frozenset(("section",)),
        sort="title",
        descending=False,
    )
    query = list_address(wanted, page=3).partition("?")[2]
    assert "q=tide+%26+time&state=left+out&" in query
    assert parse_list_request(dict(parse_qsl(query))) == ListRequest(wanted, 3)


@pytest.mark.parametrize(
    "query",
    [
        {"page": "-1"},
        {"page": "1e9"},
        {"page": "٣"},
        {"sort": "text"},
        {"sort": "day; DROP TABLE entries"},
        {"state": "x"},
        {"since": "2024-13-01", "until": "yesterday"},
        {"without": "title,x"},
        {"q": "\ud800"},
    ],
)
def test_invalid_values_in_an_address_are_ignored(query: dict[str, str]) -> None:
    """Invalid values in an address are ignored."""
    assert parse_list_request(query) == ListRequest()


def test_a_search_preserves_the_other_filters() -> None:
    """Hidden fields have the other filters, without the fields of the form itself."""
    wanted = CatalogQuery(
        words="old", state=State.FAILED, source="Post", sort="title", descending=True
    )
    assert hidden_fields(wanted, without=("q", "state", "sort")) == {"source": "Post"}
    assert hidden_fields(wanted, without=("sort",)) == {
        "q": "old",
        "state": "failed",
        "source": "Post",
    }


def test_a_fact_is_one_value_or_not_known() -> None:
    """A filter for a value and a filter for a missing value exclude each other."""
    unknown = with_filter(CatalogQuery(source="Post"), "source", "")
    assert (unknown.source, unknown.without) == (None, frozenset(("source",)))
    assert with_filter(unknown, "source", "Post") == CatalogQuery(source="Post")
    assert with_filter(unknown, "source", None) == CatalogQuery()


# The list


def test_a_row_opens_its_article_by_the_permanent_link() -> None:
    """A row opens its article in the chat, whatever characters its id has."""
    hrefs = read(list_html(entry("a b/ü&.md"))).hrefs
    assert "./?article=a+b%2F%C3%BC%26.md&start=0&end=0" in hrefs


@pytest.mark.parametrize("state", [State.WITHHELD, State.EMBARGOED, State.FAILED, State.LEFT_OUT])
def test_what_may_not_be_shown_is_no_link(state: State) -> None:
    """The row of an article that may not be shown has its id and no link."""
    html = list_html(entry("secret.md", state, title=None, published=None))
    assert "article=" not in html
    assert "secret.md" in html


def test_states_say_why_by_what_and_until_when() -> None:
    """A row has the reason of a failure, the newer revision, or the end of an embargo."""
    html = list_html(
        entry("a.md", State.FAILED, note="it is <empty>", title=None),
        entry("b.md", State.SUPERSEDED, note="c.md"),
        entry("d.md", State.EMBARGOED, note="2031-01-01T09:00:00+00:00", title=None),
    )
    assert "it is &lt;empty&gt;" in html
    assert "by <bdi>c.md</bdi>" in html
    assert "until <time" in html
    assert "1 January 2031, 09:00</time> UTC" in html


@pytest.mark.parametrize(
    ("column", "first"),
    [
        ("title", "title"),
        ("source", "source"),
        ("published", "-published"),
        ("length", "-length"),
        ("added", "-added"),
    ],
)
def test_a_column_sorts_and_then_the_other_way_round(column: str, first: str) -> None:
    """A header is a button that names its direction; numbers and days begin with the largest."""
    other = {"title": "source"}.get(column, "title")
    request = parse_list_request({"sort": other, "q": "tide"})
    html = list_html(entry("a.md"), request=request)
    press = f'form="pq-sort" name="sort" value="{first}"'
    assert re.search(rf'<th scope="col" aria-sort="none"[^>]*><button [^>]*{press}', html)
    assert (
        '<form id="pq-sort" action="corpus#articles" method="get"><input type="hidden" name="q"'
        in html
    )
    again = first.removeprefix("-") if first.startswith("-") else f"-{first}"
    way = "descending" if first.startswith("-") else "ascending"
    html = list_html(entry("a.md"), request=parse_list_request({"sort": first}))
    press = f'form="pq-sort" name="sort" value="{again}"'
    assert re.search(rf'<th scope="col" aria-sort="{way}"[^>]*><button [^>]*{press}', html)


def test_a_row_shows_path_length_and_the_day_it_was_added() -> None:
    """A row has the path of its article, its length, its language and the day it was added."""
    added = datetime(2025, 4, 5, 12, tzinfo=UTC)
    html = list_html(entry("2024/a.zip#b.md", length=12_345, added=added, language="de"))
    assert "<bdi>2024/a.zip#b.md</bdi>" in html
    assert "German" in html
    assert ">12,345</td>" in html
    assert '<time datetime="2025-04-05">5 April 2025</time>' in html


def test_the_list_says_what_it_is_narrowed_by() -> None:
    """A sentence for screen readers has the number, the filters and the order."""
    request = parse_list_request(
        {"source": "Post", "q": "tide", "state": "failed", "sort": "title"}
    )
    html = list_html(entry("a.md"), request=request)
    narrowed = "source Post, words “tide”, state could not be read"
    assert f'data-summary="1 entry with {narrowed}, sorted by title, ascending"' in html


def test_the_pager_knows_where_it_is() -> None:
    """The pager shows the rows and the total, with links to other pages."""
    request = ListRequest(CatalogQuery(words="x"), 2)
    html = list_html(*[entry(f"{n}.md") for n in range(50)], request=request, count=1_234)
    assert "51–100 of 1,234" in html
    assert "Page 2 of 25" in html
    links = read(html).hrefs
    assert "corpus?q=x#articles" in links
    assert "corpus?q=x&page=3#articles" in links
    assert "corpus?q=x&page=25#articles" in links


def test_an_empty_list_says_what_to_try() -> None:
    """An empty list has advice instead of a table."""
    html = list_html(request=ListRequest(CatalogQuery(words="zeppelin")))
    assert "No article matches." in html
    assert "<table" not in html


# Charts


def bar_chart_html(bars: Sequence[ChartBar]) -> Markup:
    """A chart of those sources as HTML."""
    return render("corpus/charts.html", "bar_chart", bar_chart("source", bars))


def test_bars_are_links_with_names_and_as_long_as_what_they_stand_for() -> None:
    """A bar for half as many articles is half as long."""
    html = bar_chart_html([ChartBar("Post", 40, "corpus?a"), ChartBar("Echo", 20, "corpus?b")])
    assert 'aria-label="Post: 40 articles"' in html
    assert 'width="38.00%"' in html
    assert 'width="19.00%"' in html
    assert ParsedHtml(html).hrefs == ["corpus?a", "corpus?b", "corpus?a", "corpus?b"]


def test_more_bars_than_are_drawn_stand_in_the_table() -> None:
    """The table lists all bars."""
    html = bar_chart_html([ChartBar(f"S{n}", 99 - n, f"corpus?{n}") for n in range(20)])
    assert "All 20 as a table" in html
    assert html.count("<svg x=") == 8
    assert html.count('<th scope="row">') == 20


def test_a_column_of_nothing_is_no_link() -> None:
    """An empty column has no link."""
    bars = [ChartBar("Jan", 3, "corpus?a"), ChartBar("Feb", 0, "corpus?b")]
    chart = column_chart("month", bars, ticks=["", ""])
    html = render("corpus/charts.html", "column_chart", chart)
    assert "corpus?b" not in html


def overview_html(query: dict[str, str]) -> Markup:
    """The page for a list of an overview with two sources and two months."""
    overview = Overview(
        {State.INDEXED: 5},
        {"2024-03": 2, "2024-04": 2, "": 1},
        {"Post": 3, "Echo": 2},
        {"news": 5},
        {"en": 4, "de": 1},
    )
    content = CorpusContent(
        request=parse_list_request(query), overview=overview, listed=CatalogPage((), 0)
    )
    return document_html(content)


def test_bars_add_to_the_filters_and_a_second_press_removes_them() -> None:
    """A bar narrows the list further; the chosen bar is named, and removes its filter."""
    html = overview_html({"source": "Post"})
    hrefs = read(html.partition("<body>")[2].replace("</body></html>", "")).hrefs
    assert "corpus?source=Post&since=2024-03-01&until=2024-03-31#articles" in hrefs
    assert "corpus?source=Post&language=de#articles" in hrefs
    assert "corpus?source=Echo#articles" in hrefs
    chosen = re.findall(r'<a href="([^"]*)" aria-label="([^"]*)"[^>]* aria-current="true"', html)
    assert chosen == [("corpus#articles", "Post: 3 articles")]
    assert re.search(r"only <bdi>Post</bdi>", html)


def test_columns_and_the_undated_can_be_chosen() -> None:
    """A month replaces another month, and a second press on a month removes it."""
    month = {"source": "Echo", "since": "2024-03-01", "until": "2024-03-31"}
    html = overview_html(month)
    assert "only <bdi>Mar 2024</bdi>" in html
    assert 'href="corpus?source=Echo#articles" aria-label="Mar 2024: 2 articles"' in html
    assert "corpus?source=Echo&amp;since=2024-04-01&amp;until=2024-04-30#articles" in html
    undated = overview_html({"without": "published"})
    assert "only <bdi>Without a date</bdi>" in undated


def test_languages_have_names() -> None:
    """The chart of languages and its filter have names and not codes."""
    html = overview_html({"language": "de"})
    assert "German: 1 article" in html
    assert "Language: <bdi>German</bdi>" in html


def test_months_follow_each_other_without_a_gap() -> None:
    """Months without articles are included, and ticks name the years."""
    found = period_series({"2023-11": 2, "2024-02": 5, "": 7})
    columns = [(one.label, one.count, one.tick) for one in found.periods]
    assert columns == [
        ("Nov 2023", 2, "2023"),
        ("Dec 2023", 0, ""),
        ("Jan 2024", 0, "2024"),
        ("Feb 2024", 5, ""),
    ]
    last = found.periods[-1]
    assert (last.since, last.until) == (date(2024, 2, 1), date(2024, 2, 29))


@pytest.mark.parametrize(
    ("months", "name", "label"),
    [
        (("2001-01", "2003-12"), "month", "Jan 2001"),
        (("2001-01", "2004-01"), "year", "2001"),
        (("1980-05", "2024-01"), "decade", "1980s"),
        (("0001-01", "9999-12"), "decade", "until 9649"),
    ],
)
def test_long_spans_are_counted_by_year_or_decade(
    months: tuple[str, str], name: str, label: str
) -> None:
    """There are at most 36 columns, and no article is left out."""
    found = period_series(dict.fromkeys(months, 1))
    assert (found.unit, found.periods[0].label) == (name, label)
    assert len(found.periods) <= 36
    assert sum(one.count for one in found.periods) == 2


# All of it is text


@given(text=ANY_TEXT)
def test_nothing_from_an_article_becomes_markup(text: str) -> None:
    """Titles, ids, sources and sections are escaped in the list, charts and filters."""
    request = ListRequest(CatalogQuery(words=text, source=text, section=text, language=text))
    html = document_html(
        CorpusContent(
            request=request,
            overview=Overview(
                {State.INDEXED: 1}, {"2024-03": 1}, {text: 1, "x": 1}, {text: 1, "y": 2}, {text: 1}
            ),
            listed=CatalogPage(
                (entry(text, note=text, title=text, source=text, section=text, language=text),), 1
            ),
            notice=text,
            panel=rebuild_panel_html(RebuildFailed(text)),
            corpus=Path("corpus"),
            upload_bytes=1000,
        )
    )
    body = html.partition("<body>")[2]
    assert "<script" not in body
    assert "<img" not in body
    assert "<style" not in body
    assert " on" not in "".join(part.partition(">")[0] for part in body.split("<") if "=on" in part)
    assert "corpus" in read(body.replace("</body></html>", "")).hrefs


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_failed_files_are_text(name: str) -> None:
    """Names and reasons of failed files are escaped."""
    failed = entry(name.replace("\ud800", "?"), State.FAILED, note="<b>x</b>", title=None)
    html = document_html(
        CorpusContent(
            overview=Overview({State.FAILED: 1}),
            listed=CatalogPage((), 0),
            failed=CatalogPage((failed,), 1),
        )
    ).partition("<body>")[2]
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def test_failed_files_come_first_with_reason_and_next_step() -> None:
    """The page begins with the files that failed, the reason and what to do, and a link to all."""
    failed = entry("old/a.pdf", State.FAILED, note="it is encrypted", title=None)
    html = document_html(
        CorpusContent(
            overview=Overview({State.FAILED: 9}),
            listed=CatalogPage((entry("b.md"),), 1),
            failed=CatalogPage((failed,), 9),
            corpus=Path("/srv/my articles"),
            panel=Markup("<p></p>"),
        )
    )
    section = html.partition('id="failed"')[2].partition("</section>")[0]
    assert "9 files could not be read" in section
    assert "old/a.pdf" in section
    assert "it is encrypted" in section
    assert "Save a copy without protection, and add the copy." in section
    assert 'href="corpus?state=failed#articles">Show all 9' in section
    assert html.index('id="failed"') < html.index('id="pq-add"') < html.index('id="pq-list"')
    assert "Folder: <code><bdi>/srv/my articles</bdi></code>" in html


def test_where_nothing_is_indexed_it_says_what_to_do() -> None:
    """An empty index shows the folder and the button, or whom to ask."""
    nothing = Overview()
    mine = document_html(
        CorpusContent(
            overview=nothing,
            listed=CatalogPage((), 0),
            panel="<p></p>",
            corpus=Path("/srv/my articles"),
        )
    )
    assert "Nothing is indexed yet." in mine
    assert "/srv/my articles" in mine
    assert "with the button below" in mine
    theirs = document_html(CorpusContent(overview=nothing, listed=CatalogPage((), 0)))
    assert "ask the administrator to run" in theirs


# The rebuild


def test_a_rebuild_shows_its_progress_and_its_report() -> None:
    """A rebuild shows its progress, then its report, and the new generation is opened."""
    goes_on, far = threading.Event(), threading.Event()
    opened: list[bool] = []

    def rebuild(*, progress: Progress) -> Report:
        progress(0, 4)
        progress(2, 4)
        far.set()
        assert goes_on.wait(SOON)
        progress(4, 4)
        return REPORT

    rebuilding = RebuildJob(rebuild, after=lambda: opened.append(True))
    assert rebuilding.start()
    assert far.wait(SOON)
    assert not rebuilding.start()
    state = rebuilding.state
    assert isinstance(state, RebuildRunning)
    assert (state.done, state.total) == (2, 4)
    assert "2 of 4 files read" in rebuild_panel_html(state)
    goes_on.set()
    assert wait_for(rebuilding) == RebuildFinished(REPORT)
    assert opened == [True]
    assert "2 added, 1 removed. The index now has 5 articles. Took 1.2" in rebuild_panel_html(
        RebuildFinished(REPORT)
    )


def test_the_time_left_is_estimated_from_the_reading() -> None:
    """After 9 s, 30 of 120 files are read, so 27 s are left; looking for changes does not count."""
    state = advanced(RebuildRunning(0.0), 100, None, now=50.0)
    assert "Looking for changes… 100 files so far" in rebuild_panel_html(state)
    state = advanced(state, 0, 120, now=60.0)
    assert "0 of 120 files read<" in rebuild_panel_html(state)
    state = advanced(state, 10, 120, now=63.0)
    assert state.seconds_left is None
    state = advanced(state, 30, 120, now=69.0)
    assert state.seconds_left == 27.0
    assert "30 of 120 files read, less than a minute left<" in rebuild_panel_html(state)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (29, "less than a minute"),
        (50, "about 1 minute"),
        (5_000, "about 83 minutes"),
        (7_000, "about 2 hours"),
    ],
)
def test_the_time_left_is_rounded(seconds: float, words: str) -> None:
    """An estimate in seconds would only look precise."""
    state = RebuildRunning(0.0, done=1, total=9, seconds_left=seconds)
    assert f"1 of 9 files read, {words} left<" in rebuild_panel_html(state)


def wait_for(rebuilding: RebuildJob) -> object:
    """Wait until the rebuild has ended; returns its state."""
    until = time.monotonic() + SOON
    while isinstance(rebuilding.state, RebuildRunning) and time.monotonic() < until:
        time.sleep(0.01)
    return rebuilding.state


def test_a_rebuild_that_is_cancelled_leaves_the_index_as_it_was(newsroom: Newsroom) -> None:
    """A cancelled rebuild leaves no files, and the next rebuild can start."""
    newsroom.write("a.md", "The harbour opened.")
    before = newsroom.rebuild().generation
    for number in range(100):
        newsroom.write(f"n{number}.md", f"Gull number {number} flew.")
    begun, stopped = threading.Event(), threading.Event()

    def rebuild(*, progress: Progress) -> Report:
        def slow(done: int, total: int) -> None:
            begun.set()
            assert stopped.wait(SOON)
            progress(done, total)

        return newsroom.rebuild(progress=slow)

    rebuilding = RebuildJob(rebuild, after=lambda: None)
    rebuilding.start()
    assert begun.wait(SOON)
    rebuilding.cancel()
    stopped.set()
    assert wait_for(rebuilding) == RebuildCancelled()
    assert newsroom.open().name == before
    assert newsroom.generations() == [before]
    rebuilding.start()
    done = wait_for(rebuilding)
    assert isinstance(done, RebuildFinished)
    assert done.report.added == 100


@pytest.mark.parametrize("at", ["digesting", "embedding"])
def test_a_rebuild_is_cancelled_between_two_reports_of_progress(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """A large corpus or a long article delays the end by no more than one step of the work."""
    newsroom.write("a.md", "The harbour opened.")
    before = newsroom.rebuild().generation
    for number in range(40):
        newsroom.write(f"n{number}.md", "\n\n".join(f"Gull {n}." for n in range(30)))
    rebuilding = RebuildJob(newsroom.rebuild, after=lambda: None)
    steps = []

    def step(work: Callable[..., object]) -> Callable[..., object]:
        def cancelling(*given: object, **named: object) -> object:
            steps.append(at)
            rebuilding.cancel()
            return work(*given, **named)

        return cancelling

    if at == "digesting":
        monkeypatch.setattr(FileDigests, "version", step(FileDigests.version))
    else:
        monkeypatch.setattr(newsroom.encoder, "encode", step(newsroom.encoder.encode))
    rebuilding.start()
    assert wait_for(rebuilding) == RebuildCancelled()
    assert len(steps) == 1
    assert newsroom.generations() == [before]


def test_a_rebuild_by_another_process_is_reported(newsroom: Newsroom) -> None:
    """A lock by another process is reported."""
    newsroom.write("a.md", "The harbour opened.")
    rebuilding = RebuildJob(newsroom.rebuild, after=lambda: None)
    with newsroom.index.lock():
        rebuilding.start()
        state = wait_for(rebuilding)
    assert isinstance(state, RebuildFailed)
    assert state.reason.startswith("Another rebuild is working on the index")


def boats(newsroom: Newsroom, count: int = 12) -> list[Path]:
    """Write that many articles and index them."""
    paths = [newsroom.write(f"boat{n:02}.md", f"Boat number {n} left.") for n in range(count)]
    newsroom.rebuild()
    return paths


def consenting(newsroom: Newsroom, corpus: Path) -> RebuildJob:
    """A rebuild job for that folder, set up as on the page."""

    def again(*, progress: Progress, removals_up_to: int = 0, new_corpus: bool = False) -> Report:
        return rebuild(
            newsroom.index,
            corpus,
            newsroom.encoder,
            index_config=newsroom.index_config(),
            consent=Consent(removals_up_to=removals_up_to, new_corpus=new_corpus),
            progress=progress,
        )

    return RebuildJob(again, after=lambda: None)


def test_the_button_asks_before_many_articles_are_removed(newsroom: Newsroom) -> None:
    """The panel lists what would be removed, with a form that needs no script."""
    for path in boats(newsroom):
        path.unlink()
    rebuilding = consenting(newsroom, newsroom.corpus)
    rebuilding.start()
    state = wait_for(rebuilding)
    assert isinstance(state, ConsentNeeded)
    html = rebuild_panel_html(state)
    assert f"it would remove 12 of 12 articles. Files may be missing from {newsroom.corpus}" in html
    assert "or remove the articles. The index is unchanged." in html
    assert "<li><bdi>boat00.md</bdi></li>" in html
    assert "and 7 more" in html
    assert 'action="corpus/rebuild?allow_removals=12" method="post"' in html
    assert "Remove 12 articles</button>" in html
    assert "Update the index</button>" in html
    rebuilding.start(RebuildConsent(removals_up_to=12))
    done = wait_for(rebuilding)
    assert isinstance(done, RebuildFinished)
    assert done.report.removed == 12


def test_the_button_removes_no_more_than_it_was_shown_with(newsroom: Newsroom) -> None:
    """If more articles would be removed by then, the panel asks again."""
    paths = boats(newsroom, 20)
    for path in paths[:12]:
        path.unlink()
    rebuilding = consenting(newsroom, newsroom.corpus)
    rebuilding.start()
    assert "Remove 12 articles</button>" in rebuild_panel_html(wait_for(rebuilding))
    paths[12].unlink()
    rebuilding.start(RebuildConsent(removals_up_to=12))
    html = rebuild_panel_html(wait_for(rebuilding))
    assert "it would remove 13 of 20 articles" in html
    assert 'action="corpus/rebuild?allow_removals=13" method="post"' in html
    rebuilding.start(RebuildConsent(removals_up_to=13))
    assert isinstance(wait_for(rebuilding), RebuildFinished)


@pytest.mark.parametrize(
    ("query", "consent"),
    [
        ({}, RebuildConsent()),
        ({"allow_removals": "12"}, RebuildConsent(removals_up_to=12)),
        ({"allow_removals": "12", "new_corpus": "1"}, RebuildConsent(12, new_corpus=True)),
        ({"allow_removals": "-5", "new_corpus": "yes"}, RebuildConsent()),
        ({"allow_removals": "true"}, RebuildConsent()),
        ({"allow_removals": "٣"}, RebuildConsent()),
        ({"allow_removals": "9" * 5000}, RebuildConsent(removals_up_to=10**12 - 1)),
    ],
)
def test_an_address_agrees_to_a_number(query: dict[str, str], consent: RebuildConsent) -> None:
    """An invalid consent is none; a consent from the form is parsed exactly."""
    assert parse_consent(query) == consent
    assert parse_consent(dict(parse_qsl(consent_query(consent)))) == consent


def test_the_button_asks_before_another_folder_is_used(newsroom: Newsroom) -> None:
    """An empty folder needs a second consent, which includes the first."""
    boats(newsroom)
    other = newsroom.corpus.parent / "other"
    other.mkdir()
    rebuilding = consenting(newsroom, other)
    rebuilding.start()
    first = rebuild_panel_html(wait_for(rebuilding))
    assert f"the corpus folder is now {other.resolve()}." in first
    assert 'action="corpus/rebuild?new_corpus=1"' in first
    assert "Use this folder</button>" in first
    rebuilding.start(RebuildConsent(new_corpus=True))
    second = rebuild_panel_html(wait_for(rebuilding))
    assert 'action="corpus/rebuild?allow_removals=12&amp;new_corpus=1"' in second
    rebuilding.start(RebuildConsent(removals_up_to=12, new_corpus=True))
    assert isinstance(wait_for(rebuilding), RebuildFinished)


@pytest.mark.parametrize("hostile", [one for one in HOSTILE if set(one) & set("<>\"'&")])
def test_the_articles_to_be_removed_are_escaped(hostile: str) -> None:
    """Ids and folders are escaped."""
    corpus, loss = Path(hostile), Loss(20, 20, (hostile,))
    for error in (
        RemovalsRefused("index", corpus=corpus, loss=loss, removals_at_most=0.5),
        CorpusChanged("index", recorded=corpus, corpus=corpus, loss=loss),
    ):
        assert hostile not in rebuild_panel_html(ConsentNeeded(error))


@pytest.mark.parametrize(
    ("settings", "may"),
    [
        ({}, True),
        ({"host": "localhost"}, True),
        ({"host": "192.0.2.1"}, False),
        ({"allowed_hosts": ("archive.example",)}, False),
        ({"proxy_header": "X-User"}, False),
        ({"host": "192.0.2.1", "rebuild_from_chat": True}, True),
        ({"rebuild_from_chat": False}, False),
    ],
)
def test_the_settings_decide_who_may_rebuild(settings: dict[str, object], may: bool) -> None:
    """Without the setting, only local users may rebuild."""
    assert may_rebuild(Settings(**settings)) is may


# Uploads


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".hidden.md",
        "../up.md",
        "a/b.md",
        "..\\up.md",
        "C:up.md",
        "nul\0.md",
        "new\nline.md",
        "a.zip#b.md",
        "\u202edm.exe.md",
        "surrogate\ud800.md",
        "x" * 200 + ".md",
        "ends.md.",
        "ends.md ",
        " starts.md",
        "run.exe",
        "noending",
        ".md",
    ],
)
def test_hostile_names_are_refused(name: str) -> None:
    """Paths, hidden files, deceptive names and unknown formats are refused."""
    with pytest.raises(UploadRefused):
        check_name(name)


@pytest.mark.parametrize(
    "name", ["a.md", "Ärzte 2.TXT", "crawl.warc.gz", "บทความ.pdf", "👩‍👩‍👧.html"]
)
def test_ordinary_names_are_taken(name: str) -> None:
    """Names may have any script, spaces and capitals."""
    assert check_name(name) == name


def incoming(corpus: Path, name: str = "new.md", *, replace: bool = False) -> IncomingUpload:
    """An upload of at most ten bytes."""
    return IncomingUpload(corpus, name, replace=replace, most=10)


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """A rebuild does not see the file until it is complete."""
    file = incoming(tmp_path)
    file.write(b"Words.")
    assert [path.name for path in tmp_path.rglob("*.md")] == []
    assert all(path.name.startswith(".") for path in (tmp_path / "uploads").iterdir())
    assert file.commit() == "uploads/new.md"
    file.abandon()
    assert [path.read_bytes() for path in (tmp_path / "uploads").iterdir()] == [b"Words."]


def test_too_much_leaves_nothing_behind(tmp_path: Path) -> None:
    """An upload over the limit leaves no file."""
    file = incoming(tmp_path)
    file.write(b"12345")
    with pytest.raises(UploadRefused, match="larger than 10 bytes"):
        file.write(b"678901")
    file.abandon()
    assert list((tmp_path / "uploads").iterdir()) == []


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    """An existing file is replaced only on request, even if it arrived meanwhile."""
    first, second = incoming(tmp_path), incoming(tmp_path)
    for file, words in ((first, b"first"), (second, b"second")):
        file.write(words)
    first.commit()
    with pytest.raises(UploadRefused, match=r"already exists\. Nothing was replaced"):
        second.commit()
    second.abandon()
    with pytest.raises(UploadRefused, match="already"):
        incoming(tmp_path)
    third = incoming(tmp_path, replace=True)
    third.write(b"third")
    third.commit()
    assert [path.read_bytes() for path in (tmp_path / "uploads").iterdir()] == [b"third"]


def test_uploads_stay_in_the_corpus(tmp_path: Path) -> None:
    """A symbolic link in place of the folder is not followed."""
    corpus, elsewhere = tmp_path / "corpus", tmp_path / "elsewhere"
    corpus.mkdir()
    elsewhere.mkdir()
    (corpus / "uploads").symlink_to(elsewhere)
    with pytest.raises(UploadRefused, match="must be a folder, not a link"):
        incoming(corpus)
    assert list(elsewhere.iterdir()) == []


def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    """The target of a replaced link is unchanged."""
    target = tmp_path / "kept.md"
    target.write_bytes(b"kept")
    corpus = tmp_path / "corpus"
    (corpus / "uploads").mkdir(parents=True)
    (corpus / "uploads" / "new.md").symlink_to(target)
    file = incoming(corpus, replace=True)
    file.write(b"new")
    file.commit()
    assert target.read_bytes() == b"kept"
    assert (corpus / "uploads" / "new.md").read_bytes() == b"new"


def test_what_a_replacement_cannot_solve_has_another_status(tmp_path: Path) -> None:
    """Only 409 makes the page offer to replace a file. A folder or a missing corpus is no file."""
    (tmp_path / "uploads" / "new.md").mkdir(parents=True)
    with pytest.raises(UploadRefused, match=r"a folder called new\.md\. Give the file") as folder:
        incoming(tmp_path)
    assert folder.value.status == 422
    with pytest.raises(UploadRefused, match="The corpus folder does not exist") as missing:
        incoming(tmp_path / "nowhere")
    assert missing.value.status == 507


def test_the_limit_for_uploads_is_named(tmp_path: Path) -> None:
    """It is named as in the settings and everywhere else."""
    default = Settings().upload_bytes
    assert str(too_large(default)).startswith("The file is larger than 64 MB, the limit")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """An empty file is refused."""
    file = incoming(tmp_path)
    with pytest.raises(UploadRefused, match="empty"):
        file.commit()
    file.abandon()


# The catalog behind the list is tested in index/catalog/test_catalog.py


def test_the_page_lists_what_the_catalog_holds(newsroom: Newsroom) -> None:
    """The page lists the articles of the catalog."""
    newsroom.write("a.md", "Text.", title="Ferry <late>", source="Post", published="2024-03-14")
    newsroom.rebuild()
    catalog = Catalog()
    catalog.update(newsroom.open(), now=datetime.now(UTC).timestamp())
    page = catalog.page(CatalogQuery(), start=0, count=50)
    html = document_html(CorpusContent(overview=catalog.overview, listed=page))
    catalog.close()
    assert "<b>1</b> article indexed" in html
    assert "Ferry &lt;late&gt;" in html
    assert '<time datetime="2024-03-14">14 March 2024</time>' in html


def test_the_same_file_again_is_already_there(tmp_path: Path) -> None:
    """A file with the same name and bytes is not an error, and nothing is written."""
    first = incoming(tmp_path)
    first.write(b"same")
    first.commit()
    before = (tmp_path / "uploads" / "new.md").stat()
    again = IncomingUpload(tmp_path, "new.md", replace=False, most=10, size=4)
    again.write(b"same")
    assert again.commit() == "uploads/new.md"
    assert again.already_there
    again.abandon()
    after = (tmp_path / "uploads" / "new.md").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(list((tmp_path / "uploads").iterdir())) == 1


def test_another_file_of_the_same_name_and_size_is_refused(tmp_path: Path) -> None:
    """Equal size is not enough: the bytes are compared, and a link is never the same file."""
    for content in (b"same", b"else"):
        file = IncomingUpload(tmp_path, "new.md", replace=False, most=10, size=4)
        file.write(content)
        if content == b"same":
            file.commit()
    with pytest.raises(UploadRefused, match=r"Another file named new\.md already exists"):
        file.commit()
    file.abandon()
    link = tmp_path / "uploads" / "link.md"
    link.symlink_to(tmp_path / "uploads" / "new.md")
    linked = IncomingUpload(
        tmp_path, "link.md", replace=False, most=1000, size=link.lstat().st_size
    )
    linked.write(b"same")
    with pytest.raises(UploadRefused, match="Another file named"):
        linked.commit()
    linked.abandon()


def test_abandoned_uploads_are_deleted(tmp_path: Path) -> None:
    """The next upload deletes old unfinished files and nothing else."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    old, coming, other = (f".{'0' * 16}.new", f".{'1' * 16}.new", ".mine.new")
    for name, hours in ((old, 2), (coming, 0), (other, 2)):
        (folder / name).write_bytes(b"half")
        written = time.time() - 3600 * hours
        os.utime(folder / name, (written, written))
    incoming(tmp_path).abandon()
    assert sorted(path.name for path in folder.iterdir()) == [coming, other]
