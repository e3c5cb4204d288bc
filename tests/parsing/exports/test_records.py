"""Records of exports: fields are recognised by their names or by the settings."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.schema import Status
from reading import articles, as_json, outcomes, outline, stream
from strategies import hostile_texts

BODY = {"body": "The pier is shut. It reopens in May."}


@pytest.mark.parametrize("name", ["title", "Headline", "head_line", "HL1", "article-title"])
def test_a_title_has_many_names(name: str) -> None:
    """Case and punctuation are ignored."""
    [article] = articles("a.json", as_json({name: "Pier shut", **BODY}))
    assert article.title == "Pier shut"
    assert outline(article)[0] == ("headline", "Pier shut")


@pytest.mark.parametrize("name", ["body", "text", "content", "articleBody", "full_text", "html"])
def test_a_body_has_many_names(name: str) -> None:
    """Names of many systems are known."""
    [article] = articles("a.json", as_json({"title": "T", name: "The pier is shut."}))
    assert outline(article)[1:] == [("body", "The pier is shut.")]


@pytest.mark.parametrize(
    ("name", "value", "moment"),
    [
        ("published", "2024-05-31", date(2024, 5, 31)),
        ("pubDate", "Fri, 31 May 2024 09:49:00 GMT", datetime(2024, 5, 31, 9, 49, tzinfo=UTC)),
        ("datePublished", "2024-05-31T09:49:00.250Z", datetime(2024, 5, 31, 9, 49, tzinfo=UTC)),
        ("date", "31 May 2024 - 09:49", datetime.fromisoformat("2024-05-31T09:49")),
        ("created_at", 1717148940, datetime(2024, 5, 31, 9, 49, tzinfo=UTC)),
        ("timestamp", 1717148940000, datetime(2024, 5, 31, 9, 49, tzinfo=UTC)),
        ("issued", "20240531T094900+0200",
         datetime(2024, 5, 31, 9, 49, tzinfo=timezone(timedelta(hours=2)))),
        ("pubDate", "Fri, 31 May 24 09:49:00 GMT", datetime(2024, 5, 31, 9, 49, tzinfo=UTC)),
        ("date", "soon", None),
        ("date", {"a": 1}, None),
        ("date", True, None),
        ("date", "9" * 10_000, None),
    ],
)  # fmt: skip
def test_a_date_is_parsed_in_many_formats(name: str, value: object, moment: object) -> None:
    """An invalid date only leaves the article undated."""
    assert articles("a.json", as_json({name: value, **BODY}))[0].published == moment


def test_the_other_fields() -> None:
    """Values are found inside objects and lists of objects."""
    record = {
        "headline": "Pier shut",
        "description": "Rust, says the council.",
        "author": [{"name": "Ida Roe"}, {"name": "Nils Aaby"}],
        "source": {"id": None, "name": "Harbour Post"},
        "sectionName": "Local",
        "tags": ["pier", "rust"],
        "link": "https://post.example/pier",
        "language": "en-GB",
        "updated": "2024-06-01",
        "guid": "tag:post.example,2024:7",
        "version": 3,
        **BODY,
    }
    [article] = articles("a.json", as_json(record))
    assert outline(article)[:3] == [
        ("headline", "Pier shut"),
        ("standfirst", "Rust, says the council."),
        ("byline", "By Ida Roe and Nils Aaby"),
    ]
    assert (article.authors, article.source) == (("Ida Roe", "Nils Aaby"), "Harbour Post")
    assert (article.section, article.tags) == ("Local", ("pier", "rust"))
    assert (article.url, article.language) == ("https://post.example/pier", "en-GB")
    assert article.modified == date(2024, 6, 1)
    assert (article.item, article.revision) == ("tag:post.example,2024:7", 3)


def test_one_line_of_authors_is_split() -> None:
    """It is split like a byline."""
    [article] = articles("a.json", as_json({"byline": "By Ida Roe and Nils Aaby", **BODY}))
    assert article.authors == ("Ida Roe", "Nils Aaby")


def test_html_becomes_plain_text() -> None:
    """Tags and entities are removed; quotations and captions have their roles."""
    record = {
        "title": {"rendered": "Pier &amp; <i>quay</i>"},
        "content": {
            "rendered": "<h2>Why</h2><p>It <b>rusts</b>.<br>Badly.</p><script>x()</script>"
            "<blockquote>Shut it!</blockquote><figcaption>The pier</figcaption>"
        },
    }
    assert outline(articles("a.json", as_json(record))[0]) == [
        ("headline", "Pier & quay"),
        ("body", "Why"),
        ("body", "It rusts.\nBadly."),
        ("quotation", "Shut it!"),
        ("caption", "The pier"),
    ]


def test_settings_name_fields_with_unknown_names() -> None:
    """Dots lead into objects and lists; settings take precedence over known names."""
    record = {"hl": "Pier shut", "text": "junk", "story": {"parts": [{"p": "One."}, {"p": "Two."}]}}
    [article] = articles("a.json", as_json(record), title="hl", body="story.parts.p")
    assert outline(article) == [("headline", "Pier shut"), ("body", "One."), ("body", "Two.")]


def test_a_record_without_text_names_its_fields() -> None:
    """The editor of the corpus can then name the right field in the settings."""
    [reason] = outcomes("a.json", as_json({"hl": "Pier shut", "tale": 7}))
    assert reason == (
        "a.json: it has no known field with text; its fields are 'hl', 'tale'. "
        "In the setting fields, say which of them is the body"
    )


def test_title_and_standfirst_are_an_article() -> None:
    """Many feeds have only these; a description alone, as in package.json, is not an article."""
    [article] = articles("a.json", as_json({"title": "Pier shut", "summary": "It rusts."}))
    assert article.text == "Pier shut\n\nIt rusts."
    assert (
        "no known field with text"
        in outcomes("a.json", as_json({"name": "left-pad", "description": "Pads."}))[0]
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("usable", Status.USABLE),
        ("publish", Status.USABLE),
        ("stat:withheld", Status.WITHHELD),
        ("http://cv.iptc.org/newscodes/pubstatusg2/canceled", Status.CANCELED),
        ("draft", Status.WITHHELD),
        ("Cancelled", Status.CANCELED),
        (7, Status.USABLE),
    ],
)
def test_a_status_is_parsed(word: object, status: Status) -> None:
    """Words of IPTC and of content management systems are known."""
    assert articles("a.json", as_json({"status": word, **BODY}))[0].status == status


@pytest.mark.parametrize(
    ("value", "end"),
    [
        ("2030-01-02T03:04:05Z", "2030-01-02T03:04:05+00:00"),
        ("2030-01-02T03:04:05", "2030-01-02T03:04:05-12:00"),
        ("2030-01-02", "2030-01-02T00:00:00-12:00"),
        (1893553445, "2030-01-02T03:04:05+00:00"),
        ("until the minister has spoken", "9999-12-31T23:59:59.999999+00:00"),
        (True, "9999-12-31T23:59:59.999999+00:00"),
        ({"by": "desk"}, "9999-12-31T23:59:59.999999+00:00"),
        (False, None),
        ("", None),
        (None, None),
    ],
)
def test_an_embargo_ends_too_late_rather_than_too_early(value: object, end: str | None) -> None:
    """Without a zone, the latest time zone counts; an unparsable embargo never ends."""
    found = articles("a.json", as_json({"embargoed": value, **BODY}))[0].embargoed
    assert (None if found is None else found.isoformat()) == end


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile_texts(max_parts=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
NAMES = st.sampled_from(
    "title body content author source tags date id url status embargoed version uri headlines"
    " bodies body_xhtml versioncreated subject pubStatus language description".split()
)


@given(st.dictionaries(NAMES, JSON, max_size=8))
def test_any_record_is_an_article_or_an_error(record: dict[str, object]) -> None:
    """For any field values, also lone surrogates, nothing but ArticleError is raised."""
    assert len(stream("a.json", json.dumps(record).encode())) == 1
