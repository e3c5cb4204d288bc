"""The Corpus page's HTML, addresses, rebuild and uploads, without a browser."""

from __future__ import annotations

import os
import re
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given

from conftest import Newsroom
from pullquote.errors import CorpusChanged, Loss, RemovalsRefused
from pullquote.index import Consent, Progress, Report
from pullquote.index.catalog.catalog import Catalog, CatalogPage, Overview
from pullquote.index.catalog.catalog_rows import CatalogQuery, Entry, State
from pullquote.index.rebuild.build import rebuild
from pullquote.settings import Settings
from pullquote.web.corpus.charts import Bar, columns_html, ranked_html
from pullquote.web.corpus.document import View, document_html
from pullquote.web.corpus.listing import listing_html
from pullquote.web.corpus.panel import panel_html
from pullquote.web.corpus.periods import periods
from pullquote.web.corpus.query import (
    Asked,
    address,
    agreed_query,
    hidden_fields,
    narrowed,
    parse_agreed,
    parse_asked,
)
from pullquote.web.corpus.rebuilding import (
    Agreed,
    Failed,
    Finished,
    Rebuilding,
    Refused,
    Running,
    Stopped,
)
from pullquote.web.corpus.routes import may_rebuild
from pullquote.web.corpus.uploads import Incoming, UploadRefused, check_name
from web.views.test_views import ANY_TEXT, HOSTILE, Read

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
    """A line of the catalog."""
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


def listed(*entries: Entry, asked: Asked | None = None, count: int | None = None) -> str:
    """The list of those entries."""
    number = len(entries) if count is None else count
    return listing_html(Asked() if asked is None else asked, CatalogPage(entries, number))


def read(html: str) -> Read:
    """What the HTML is made of, elements aside that have no end."""
    return Read(re.sub(r"<(input|br|meta)\b[^>]*>", "", html))


# Addresses


def test_an_address_says_what_is_wanted_and_is_read_back() -> None:
    """All of it, in words that mean something in a URL."""
    wanted = CatalogQuery(
        words="tide & time",
        state=State.LEFT_OUT,
        source="Ärzte + Co",
        language="th",
        since=date(2024, 3, 1),
        until=date(2024, 3, 31),
        without=frozenset(("section",)),
        sort="title",
        descending=False,
    )
    query = address(wanted, page=3).partition("?")[2]
    assert "q=tide+%26+time&state=left+out&" in query
    assert parse_asked(dict(parse_qsl(query))) == Asked(wanted, 3)


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
def test_what_makes_no_sense_in_an_address_is_left_out(query: dict[str, str]) -> None:
    """The first page of everything, and no error."""
    assert parse_asked(query) == Asked()


def test_seeking_keeps_what_else_narrows_the_list() -> None:
    """But not the words and the state, which the form itself says."""
    wanted = CatalogQuery(
        words="old", state=State.FAILED, source="Post", sort="title", descending=True
    )
    assert hidden_fields(wanted) == {"source": "Post", "sort": "-title"}


def test_a_fact_is_one_value_or_not_known() -> None:
    """Asking for one takes the other away."""
    unknown = narrowed(CatalogQuery(source="Post"), "source", "")
    assert (unknown.source, unknown.without) == (None, frozenset(("source",)))
    assert narrowed(unknown, "source", "Post") == CatalogQuery(source="Post")
    assert narrowed(unknown, "source", None) == CatalogQuery()


# The list


def test_a_row_opens_its_article_by_the_permanent_link() -> None:
    """In the chat, whatever the id has in it."""
    hrefs = read(listed(entry("a b/ü&.md"))).hrefs
    assert "./?article=a+b%2F%C3%BC%26.md&start=0&end=0" in hrefs


@pytest.mark.parametrize("state", [State.WITHHELD, State.EMBARGOED, State.FAILED, State.LEFT_OUT])
def test_what_may_not_be_shown_is_no_link(state: State) -> None:
    """Its file is named, with what has become of it."""
    html = listed(entry("secret.md", state, title=None, published=None))
    assert "article=" not in html
    assert "secret.md" in html


def test_states_say_why_by_what_and_until_when() -> None:
    """The reason of a failure, the newer edition, the end of an embargo."""
    html = listed(
        entry("a.md", State.FAILED, note="it is <empty>", title=None),
        entry("b.md", State.SUPERSEDED, note="c.md"),
        entry("d.md", State.EMBARGOED, note="2031-01-01T09:00:00+00:00", title=None),
    )
    assert "it is &lt;empty&gt;" in html
    assert "by <bdi>c.md</bdi>" in html
    assert "until <time" in html
    assert "1 January 2031, 09:00</time> UTC" in html


def test_a_column_sorts_and_then_the_other_way_round() -> None:
    """Its head says which way it is sorted; dates begin with the newest."""
    html = listed(entry("a.md"), asked=Asked(CatalogQuery(sort="title", descending=False)))
    assert '<th scope="col" aria-sort="ascending"><a href="corpus?sort=-title#articles">' in html
    assert 'href="corpus#articles">Published' in html


def test_the_pager_knows_where_it_is() -> None:
    """The rows shown of how many, and links to the pages around."""
    asked = Asked(CatalogQuery(words="x"), 2)
    html = listed(*[entry(f"{n}.md") for n in range(50)], asked=asked, count=1_234)
    assert "51–100 of 1,234" in html
    assert "Page 2 of 25" in html
    links = read(html).hrefs
    assert "corpus?q=x#articles" in links
    assert "corpus?q=x&page=3#articles" in links
    assert "corpus?q=x&page=25#articles" in links


def test_an_empty_list_says_what_to_try() -> None:
    """Instead of a table of nothing."""
    html = listed(asked=Asked(CatalogQuery(words="zeppelin")))
    assert "Nothing in the corpus is like that." in html
    assert "<table" not in html


# Charts


def test_bars_are_links_with_names_and_as_long_as_what_they_stand_for() -> None:
    """Half as many articles, half as long."""
    html = ranked_html("source", [Bar("Post", 40, "corpus?a"), Bar("Echo", 20, "corpus?b")])
    assert 'aria-label="Post: 40 articles"' in html
    assert 'width="44.00%"' in html
    assert 'width="22.00%"' in html
    assert Read(html).hrefs == ["corpus?a", "corpus?b", "corpus?a", "corpus?b"]


def test_more_bars_than_are_drawn_stand_in_the_table() -> None:
    """All of them, so that none is out of reach."""
    html = ranked_html("source", [Bar(f"S{n}", 99 - n, f"corpus?{n}") for n in range(20)])
    assert "All 20 as a table" in html
    assert html.count("<svg x=") == 8
    assert html.count('<th scope="row">') == 20


def test_a_column_of_nothing_is_no_link() -> None:
    """There would be nothing to see."""
    html = columns_html("month", [Bar("Jan", 3, "corpus?a"), Bar("Feb", 0, "corpus?b")], ticks="  ")
    assert "corpus?b" not in html


def test_months_follow_each_other_without_a_gap() -> None:
    """One that has no article stands between those that have; years are named where they begin."""
    found = periods({"2023-11": 2, "2024-02": 5, "": 7})
    told = [(one.label, one.count, one.tick) for one in found.periods]
    assert told == [
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
    """No more columns than can be told apart, and no article is left out."""
    found = periods(dict.fromkeys(months, 1))
    assert (found.name, found.periods[0].label) == (name, label)
    assert len(found.periods) <= 36
    assert sum(one.count for one in found.periods) == 2


# All of it is text


@given(text=ANY_TEXT)
def test_nothing_from_an_article_becomes_markup(text: str) -> None:
    """Titles, ids, sources and sections in the list, the charts and the filters."""
    asked = Asked(CatalogQuery(words=text, source=text, section=text, language=text))
    html = document_html(
        View(
            asked=asked,
            overview=Overview(
                {State.INDEXED: 1}, {"2024-03": 1}, {text: 1, "x": 1}, {text: 1, "y": 2}, {text: 1}
            ),
            listed=CatalogPage(
                (entry(text, note=text, title=text, source=text, section=text, language=text),), 1
            ),
            notice=text,
            panel=panel_html(Failed(text)),
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
def test_names_of_failed_files_are_text_in_the_report(name: str) -> None:
    """As is why they failed."""
    failed = {"path": name.replace("\ud800", "?"), "reason": "<b>x</b>"}
    report = Report.model_validate({**REPORT.model_dump(), "failed": (failed,)})
    html = panel_html(Finished(report))
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def test_where_nothing_is_indexed_it_says_what_to_do() -> None:
    """Where to put articles, and what to press then; or whom to ask."""
    nothing = Overview()
    mine = document_html(
        View(
            overview=nothing,
            listed=CatalogPage((), 0),
            panel="<p></p>",
            corpus=Path("/srv/my articles"),
        )
    )
    assert "Nothing is indexed yet." in mine
    assert "/srv/my articles" in mine
    assert "with the button below" in mine
    theirs = document_html(View(overview=nothing, listed=CatalogPage((), 0)))
    assert "have whoever keeps the corpus run" in theirs


# The rebuild


def test_a_rebuild_is_watched_and_told_at_the_end() -> None:
    """How far it is meanwhile, then the report; what was published is opened."""
    goes_on, far = threading.Event(), threading.Event()
    opened: list[bool] = []

    def rebuild(*, progress: Progress) -> Report:
        progress(0, 4)
        progress(2, 4)
        far.set()
        assert goes_on.wait(SOON)
        progress(4, 4)
        return REPORT

    rebuilding = Rebuilding(rebuild, after=lambda: opened.append(True))
    assert rebuilding.start()
    assert far.wait(SOON)
    assert not rebuilding.start()
    state = rebuilding.state
    assert isinstance(state, Running)
    assert (state.done, state.total) == (2, 4)
    assert "2 of 4 files read" in panel_html(state)
    goes_on.set()
    assert wait_for(rebuilding) == Finished(REPORT)
    assert opened == [True]
    assert "2 added, 1 removed. 5 articles in all" in panel_html(Finished(REPORT))


def wait_for(rebuilding: Rebuilding) -> object:
    """What it comes to."""
    until = time.monotonic() + SOON
    while isinstance(rebuilding.state, Running) and time.monotonic() < until:
        time.sleep(0.01)
    return rebuilding.state


def test_a_rebuild_that_is_cancelled_leaves_the_index_as_it_was(newsroom: Newsroom) -> None:
    """The generation before answers, nothing lies about, and the next one can begin."""
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

    rebuilding = Rebuilding(rebuild, after=lambda: None)
    rebuilding.start()
    assert begun.wait(SOON)
    rebuilding.stop()
    stopped.set()
    assert wait_for(rebuilding) == Stopped()
    assert newsroom.open().name == before
    assert newsroom.generations() == [before]
    rebuilding.start()
    done = wait_for(rebuilding)
    assert isinstance(done, Finished)
    assert done.report.added == 100


def test_a_rebuild_elsewhere_is_told_plainly(newsroom: Newsroom) -> None:
    """Who is at work, and to wait."""
    newsroom.write("a.md", "The harbour opened.")
    rebuilding = Rebuilding(newsroom.rebuild, after=lambda: None)
    with newsroom.index.lock():
        rebuilding.start()
        state = wait_for(rebuilding)
    assert isinstance(state, Failed)
    assert state.reason.startswith("Another rebuild is working on the index")


def boats(newsroom: Newsroom, count: int = 12) -> list[Path]:
    """The files of so many articles, indexed."""
    paths = [newsroom.write(f"boat{n:02}.md", f"Boat number {n} left.") for n in range(count)]
    newsroom.rebuild()
    return paths


def consenting(newsroom: Newsroom, corpus: Path) -> Rebuilding:
    """A rebuilding from that folder as the page has it."""

    def again(*, progress: Progress, removals_up_to: int = 0, new_corpus: bool = False) -> Report:
        return rebuild(
            newsroom.index,
            corpus,
            newsroom.encoder,
            index_config=newsroom.index_config(),
            consent=Consent(removals_up_to=removals_up_to, new_corpus=new_corpus),
            progress=progress,
        )

    return Rebuilding(again, after=lambda: None)


def test_the_button_asks_before_many_articles_are_removed(newsroom: Newsroom) -> None:
    """It says what would go and offers to remove it, by a form that needs no script."""
    for path in boats(newsroom):
        path.unlink()
    rebuilding = consenting(newsroom, newsroom.corpus)
    rebuilding.start()
    state = wait_for(rebuilding)
    assert isinstance(state, Refused)
    html = panel_html(state)
    assert "12 of 12 articles would be removed" in html
    assert "<li><bdi>boat00.md</bdi></li>" in html
    assert "and 7 more" in html
    assert 'action="corpus/rebuild?allow_removals=12" method="post"' in html
    assert "Remove 12 articles</button>" in html
    assert "Bring the index up to date</button>" in html
    rebuilding.start(Agreed(removals_up_to=12))
    done = wait_for(rebuilding)
    assert isinstance(done, Finished)
    assert done.report.removed == 12


def test_the_button_removes_no_more_than_it_was_shown_with(newsroom: Newsroom) -> None:
    """Where more would go by the time it is pressed, it asks again, with the new number."""
    paths = boats(newsroom, 20)
    for path in paths[:12]:
        path.unlink()
    rebuilding = consenting(newsroom, newsroom.corpus)
    rebuilding.start()
    assert "Remove 12 articles</button>" in panel_html(wait_for(rebuilding))
    paths[12].unlink()
    rebuilding.start(Agreed(removals_up_to=12))
    html = panel_html(wait_for(rebuilding))
    assert "13 of 20 articles would be removed" in html
    assert 'action="corpus/rebuild?allow_removals=13" method="post"' in html
    rebuilding.start(Agreed(removals_up_to=13))
    assert isinstance(wait_for(rebuilding), Finished)


@pytest.mark.parametrize(
    ("query", "agreed"),
    [
        ({}, Agreed()),
        ({"allow_removals": "12"}, Agreed(removals_up_to=12)),
        ({"allow_removals": "12", "new_corpus": "1"}, Agreed(12, new_corpus=True)),
        ({"allow_removals": "-5", "new_corpus": "yes"}, Agreed()),
        ({"allow_removals": "true"}, Agreed()),
        ({"allow_removals": "٣"}, Agreed()),
        ({"allow_removals": "9" * 5000}, Agreed(removals_up_to=10**12 - 1)),
    ],
)
def test_an_address_agrees_to_a_number(query: dict[str, str], agreed: Agreed) -> None:
    """What makes no sense agrees to nothing; what the form sends is read as it was meant."""
    assert parse_agreed(query) == agreed
    assert parse_agreed(dict(parse_qsl(agreed_query(agreed)))) == agreed


def test_the_button_asks_before_another_folder_is_used(newsroom: Newsroom) -> None:
    """And once more where that folder is empty, remembering what was agreed to."""
    boats(newsroom)
    other = newsroom.corpus.parent / "other"
    other.mkdir()
    rebuilding = consenting(newsroom, other)
    rebuilding.start()
    first = panel_html(wait_for(rebuilding))
    assert f"{other.resolve()} is another folder" in first
    assert 'action="corpus/rebuild?new_corpus=1"' in first
    assert "Use this folder</button>" in first
    rebuilding.start(Agreed(new_corpus=True))
    second = panel_html(wait_for(rebuilding))
    assert 'action="corpus/rebuild?allow_removals=12&amp;new_corpus=1"' in second
    rebuilding.start(Agreed(removals_up_to=12, new_corpus=True))
    assert isinstance(wait_for(rebuilding), Finished)


@pytest.mark.parametrize("hostile", [one for one in HOSTILE if set(one) & set("<>\"'&")])
def test_what_would_go_is_escaped(hostile: str) -> None:
    """Ids and folders are named as they are, whatever they are."""
    corpus, loss = Path(hostile), Loss(20, 20, (hostile,))
    for error in (
        RemovalsRefused("index", corpus=corpus, loss=loss, removals_at_most=0.5),
        CorpusChanged("index", recorded=corpus, corpus=corpus, loss=loss),
    ):
        assert hostile not in panel_html(Refused(error))


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
def test_who_may_rebuild_is_said_by_the_settings(settings: dict[str, object], may: bool) -> None:
    """Where they do not, only who sits at this machine."""
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
    """Parts of a path, hidden files, names that look like others, kinds that are not read."""
    with pytest.raises(UploadRefused):
        check_name(name)


@pytest.mark.parametrize(
    "name", ["a.md", "Ärzte 2.TXT", "crawl.warc.gz", "บทความ.pdf", "👩‍👩‍👧.html"]
)
def test_ordinary_names_are_taken(name: str) -> None:
    """In any script, with spaces, in capitals."""
    assert check_name(name) == name


def incoming(corpus: Path, name: str = "new.md", *, replace: bool = False) -> Incoming:
    """A file that comes in, of at most ten bytes."""
    return Incoming(corpus, name, replace=replace, most=10)


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """Until it is kept a rebuild does not see it; then it stands in its own folder."""
    file = incoming(tmp_path)
    file.write(b"Words.")
    assert [path.name for path in tmp_path.rglob("*.md")] == []
    assert all(path.name.startswith(".") for path in (tmp_path / "uploads").iterdir())
    assert file.keep() == "uploads/new.md"
    file.abandon()
    assert [path.read_bytes() for path in (tmp_path / "uploads").iterdir()] == [b"Words."]


def test_too_much_leaves_nothing_behind(tmp_path: Path) -> None:
    """However it is cut into pieces."""
    file = incoming(tmp_path)
    file.write(b"12345")
    with pytest.raises(UploadRefused, match="more than 10 bytes"):
        file.write(b"678901")
    file.abandon()
    assert list((tmp_path / "uploads").iterdir()) == []


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    """Also not by a file that came while this one was coming; asked for, it is."""
    first, second = incoming(tmp_path), incoming(tmp_path)
    for file, words in ((first, b"first"), (second, b"second")):
        file.write(words)
    first.keep()
    with pytest.raises(UploadRefused, match=r"already\. Nothing was replaced"):
        second.keep()
    second.abandon()
    with pytest.raises(UploadRefused, match="already"):
        incoming(tmp_path)
    third = incoming(tmp_path, replace=True)
    third.write(b"third")
    third.keep()
    assert [path.read_bytes() for path in (tmp_path / "uploads").iterdir()] == [b"third"]


def test_uploads_stay_in_the_corpus(tmp_path: Path) -> None:
    """A link in their place that leads elsewhere is not followed."""
    corpus, elsewhere = tmp_path / "corpus", tmp_path / "elsewhere"
    corpus.mkdir()
    elsewhere.mkdir()
    (corpus / "uploads").symlink_to(elsewhere)
    with pytest.raises(UploadRefused, match="not a folder of its own"):
        incoming(corpus)
    assert list(elsewhere.iterdir()) == []


def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    """What it leads to stays as it is."""
    kept = tmp_path / "kept.md"
    kept.write_bytes(b"kept")
    corpus = tmp_path / "corpus"
    (corpus / "uploads").mkdir(parents=True)
    (corpus / "uploads" / "new.md").symlink_to(kept)
    file = incoming(corpus, replace=True)
    file.write(b"new")
    file.keep()
    assert kept.read_bytes() == b"kept"
    assert (corpus / "uploads" / "new.md").read_bytes() == b"new"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """It could not be read, and is mostly a mistake."""
    file = incoming(tmp_path)
    with pytest.raises(UploadRefused, match="empty"):
        file.keep()
    file.abandon()


# The catalog behind the list is tested in index/catalog/test_catalog.py


def test_the_page_lists_what_the_catalog_holds(newsroom: Newsroom) -> None:
    """From the corpus to the table."""
    newsroom.write("a.md", "Text.", title="Ferry <late>", source="Post", published="2024-03-14")
    newsroom.rebuild()
    catalog = Catalog()
    catalog.update(newsroom.open(), now=datetime.now(UTC).timestamp())
    page = catalog.page(CatalogQuery(), start=0, count=50)
    html = document_html(View(overview=catalog.overview, listed=page))
    catalog.close()
    assert "<b>1</b> article indexed" in html
    assert "Ferry &lt;late&gt;" in html
    assert '<time datetime="2024-03-14">14 March 2024</time>' in html


def test_what_broken_off_uploads_left_is_swept(tmp_path: Path) -> None:
    """When the next one comes, if it is old; what still comes, and what is not ours, stays."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    old, coming, other = (f".{'0' * 16}.new", f".{'1' * 16}.new", ".mine.new")
    for name, hours in ((old, 2), (coming, 0), (other, 2)):
        (folder / name).write_bytes(b"half")
        written = time.time() - 3600 * hours
        os.utime(folder / name, (written, written))
    incoming(tmp_path).abandon()
    assert sorted(path.name for path in folder.iterdir()) == [coming, other]
