"""The speaker pages' HTML and addresses, without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given

from pullquote.schema import well_formed
from pullquote.schema.speakers import (
    ArticleAudit,
    AuditedSource,
    ClaimCounts,
    ClaimFilters,
    CorpusAudit,
    PaperAudit,
    QuotedSpeaker,
    ReportedClaim,
)
from pullquote.web.lists import ROWS_PER_PAGE
from pullquote.web.speakers.pages import (
    PageFrame,
    article_audit_html,
    corpus_audit_html,
    message_html,
    speaker_html,
    speakers_html,
    unknown_html,
)
from pullquote.web.speakers.query import (
    AuditRequest,
    ClaimsRequest,
    SpeakersRequest,
    claims_href,
    parse_audit_request,
    parse_claims_request,
    parse_speakers_request,
    speakers_href,
)
from pullquote.web.views.permalinks import audit_address, speaker_address
from web.views.test_views import ANY_TEXT, ParsedHtml

FILTERS = ClaimFilters(
    since=date(2024, 3, 1),
    until=date(2024, 3, 31),
    sources=("Ärzte + Co",),
    manners=("according-to",),
    direct=False,
)


def query_of(href: str) -> dict[str, str]:
    """The query of an address."""
    return dict(parse_qsl(href.partition("?")[2]))


def speaker(name: str = "Ida Roe", **facts: object) -> QuotedSpeaker:
    """A speaker with counts."""
    given = {"claims": 3, "direct": 1, "articles": 2, "words": 40, **facts}
    return QuotedSpeaker.model_validate({"name": name, **given})


def claim(text: str = "the bridge is safe", **facts: object) -> ReportedClaim:
    """A claim with its article."""
    given = {
        "speaker": "Ida Roe",
        "words": (text,),
        "manner": "according-to",
        "direct": True,
        "via": None,
        "article": "a.md",
        "version": "f" * 64,
        "title": "Bridge",
        "source": "Harbour Post",
        "published": date(2024, 3, 2),
        "content": ((5, 9), (20, 30)),
        **facts,
    }
    return ReportedClaim.model_validate(given)


def read(html: str) -> ParsedHtml:
    """The parsed HTML, without void elements."""
    return ParsedHtml(re.sub(r"<(input|br|meta|link)\b[^>]*>|<!doctype html>", "", html))


def shown(html: str) -> str:
    """The text of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


# Addresses


def test_an_address_says_what_is_wanted_and_is_read_back() -> None:
    """Filters, order and page survive a round trip through the address of each list."""
    listed = SpeakersRequest("roe & co", FILTERS, "name", descending=False, page=3)
    assert parse_speakers_request(query_of(speakers_href(listed, page=3))) == listed
    claims = ClaimsRequest("Ida & Roe", FILTERS, oldest=True, page=2)
    assert parse_claims_request(query_of(claims_href(claims, page=2))) == claims


@given(name=ANY_TEXT)
def test_every_name_has_an_address(name: str) -> None:
    """The address of a speaker leads to that name, whatever characters it has."""
    address = speaker_address(name)
    assert re.fullmatch(r"speaker\?name=[A-Za-z0-9%+_.~-]*", address)
    sound = name.encode(errors="replace").decode()
    assert dict(parse_qsl(address.partition("?")[2], keep_blank_values=True)) == {"name": sound}


@pytest.mark.parametrize(
    "query",
    [
        {"page": "-1"},
        {"page": "1e9"},
        {"sort": "key; DROP TABLE claims"},
        {"manner": "sang"},
        {"form": "x"},
        {"since": "2024-13-01", "until": "yesterday"},
        {"q": "\ud800"},
    ],
)
def test_invalid_values_in_an_address_are_ignored(query: dict[str, str]) -> None:
    """Invalid values in an address are ignored."""
    assert parse_speakers_request(query) == SpeakersRequest()


def test_days_in_the_wrong_order_are_exchanged() -> None:
    """A person who swaps the two fields gets the days between them."""
    request = parse_audit_request({"since": "2024-03-31", "until": "2024-03-01"})
    assert request.filters == ClaimFilters(since=date(2024, 3, 1), until=date(2024, 3, 31))


# Pages


def test_the_list_leads_to_the_claims_that_it_counts() -> None:
    """A row has the speaker's counts, and its link has the filters of the list."""
    request = SpeakersRequest(filters=FILTERS)
    html = speakers_html(request, [speaker(last_day=date(2024, 3, 2))], total=1, sources=["A"])
    assert "Ida Roe 3 1 2 40 2 March 2024" in shown(html)
    [href] = [one for one in read(html).hrefs if one.startswith("speaker?")]
    assert parse_claims_request(query_of(href)) == ClaimsRequest("Ida Roe", FILTERS)


def test_a_header_sorts_and_then_reverses() -> None:
    """Names begin with A, numbers with the largest; pressing again reverses the order."""
    first = read(speakers_html(SpeakersRequest(), [speaker()], total=1, sources=[])).hrefs
    assert "speakers?sort=name" in first
    assert "speakers?sort=claims" in first
    by_name = SpeakersRequest(sort="name", descending=False)
    again = speakers_html(by_name, [speaker()], total=1, sources=[])
    assert "speakers?sort=-name" in read(again).hrefs
    assert 'aria-sort="ascending"' in again


def test_a_long_list_has_pages() -> None:
    """The links lead to the other pages, and none leads to a page that does not exist."""
    request = SpeakersRequest(words="r", page=2)
    html = speakers_html(request, [speaker()], total=2 * ROWS_PER_PAGE, sources=[])
    assert f"51–100 of {2 * ROWS_PER_PAGE}" in shown(html)
    assert "speakers?q=r" in read(html).hrefs
    assert "speakers?q=r&page=3" not in read(html).hrefs


def test_filters_can_be_removed_if_there_are_any() -> None:
    """The link leads to the list with the same words and no filter."""
    filtered = speakers_html(SpeakersRequest(filters=FILTERS, words="r"), [], total=0, sources=[])
    plain = speakers_html(SpeakersRequest(words="r"), [], total=0, sources=[])
    assert "Remove all filters" in filtered
    assert "speakers?q=r" in read(filtered).hrefs
    assert "Remove all filters" not in plain


def test_an_empty_list_says_what_to_do() -> None:
    """Without a row there is neither a table nor a file."""
    html = speakers_html(SpeakersRequest(words="zzz"), [], total=0, sources=[])
    assert "No speaker matches." in html
    assert "<table" not in html
    assert "csv" not in html


def test_a_claim_is_shown_with_its_manner_and_its_place() -> None:
    """The words, how they are said, paper and day; the link opens the article at the words."""
    html = speaker_html(
        ClaimsRequest("Ida Roe"),
        speaker(first_day=date(2024, 3, 2), last_day=date(2024, 3, 2)),
        [claim(via="Bo Lund")],
        total=1,
        similar=["Roe"],
        sources=[],
    )
    text = shown(html)
    assert "according to · word for word · as Bo Lund reports the bridge is safe" in text
    assert "Bridge · Harbour Post · 2 March 2024" in text
    hrefs = read(html).hrefs
    assert "./?article=a.md&start=5&end=30&version=ffffffffffff" in hrefs
    assert "speaker?name=Roe" in hrefs
    assert "speaker.csv?name=Ida+Roe" in hrefs


def test_a_single_word_may_be_several_people() -> None:
    """The page of a bare surname says so, and that of a full name does not."""

    def text(one_word: bool) -> str:
        found = speaker("Roe", one_word=one_word)
        return speaker_html(ClaimsRequest("Roe"), found, [], total=0, similar=[], sources=[])

    assert "it may be that of several people" in text(True)
    assert "several people" not in text(False)


def test_an_audit_gives_counts_and_shares() -> None:
    """The share of unnamed sources leaves out what is unclear; a paper leads to its speakers."""
    counts = ClaimCounts(claims=10, direct=4, words=90, named=6, unnamed=2)
    papers = (
        PaperAudit(source="Harbour Post", articles=2, quoting=2, counts=counts),
        PaperAudit(source="", articles=1, quoting=0, counts=ClaimCounts()),
    )
    audit = CorpusAudit(articles=3, quoting=2, unread=1, speakers=5, counts=counts, papers=papers)
    html = corpus_audit_html(AuditRequest(), audit)
    assert "Harbour Post 2 2 10 4 90 6 2 2 25%" in shown(html)
    assert "No paper known 1 0 0 0 0 0 0 0 –" in shown(html)
    assert "1 article in other languages than English was not read." in html
    assert "speakers?source=Harbour+Post" in read(html).hrefs


def test_an_article_is_audited_by_its_sources() -> None:
    """Named sources lead to their pages, others are shown in the article's words."""
    sources = [("Ida Roe", "named"), ("officials", "unnamed"), ("", "unclear")]
    audit = ArticleAudit(
        article="a & b.md",
        title="Bridge",
        source=None,
        published=None,
        read=True,
        counts=ClaimCounts(claims=6, direct=3, words=60, named=2, unnamed=2),
        sources=tuple(
            AuditedSource.model_validate(
                {"source": name, "naming": naming, "claims": 2, "direct": 1, "words": 20}
            )
            for name, naming in sources
        ),
    )
    html = article_audit_html(audit)
    text = shown(html)
    assert "Ida Roe named 2 1 1 20" in text
    assert "“ officials ” unnamed 2 1 1 20" in text
    assert "Not said who unclear 2 1 1 20" in text
    assert "audit.csv?article=a+%26+b.md" in read(html).hrefs
    assert audit_address("a & b.md") == "audit?article=a+%26+b.md"


def test_reading_the_articles_shows_how_far_it_is() -> None:
    """The page says what happens, has a progress bar, and loads itself again."""
    html = message_html(PageFrame("Speakers", "speakers", waits=True, done=64, total=2000))
    assert '<progress aria-label="Articles read" value="64" max="2000">' in html
    assert "64 of 2,000 articles read" in html
    assert 'http-equiv="refresh"' in html


PAGES: list[Callable[[str], str]] = [
    lambda text: speakers_html(
        SpeakersRequest(words=text, filters=ClaimFilters(sources=(text,))),
        [speaker(text)],
        total=1,
        sources=[text],
    ),
    lambda text: speaker_html(
        ClaimsRequest(text),
        speaker(text),
        [claim(text, via=text, title=text, source=text, article=text)],
        total=1,
        similar=[text],
        sources=[text],
    ),
    lambda text: unknown_html(text, [text]),
    lambda text: message_html(PageFrame("Speakers", "speakers", notice=text)),
]


@pytest.mark.parametrize("page", PAGES)
@given(text=ANY_TEXT.filter(well_formed))
def test_hostile_text_stays_text(page: Callable[[str], str], text: str) -> None:
    """Names, words and titles add no element, no attribute and no other scheme to a page."""
    plain, hostile = read(page("x")), read(page(text))
    assert hostile.elements == plain.elements
    assert hostile.attributes <= plain.attributes | {"href", "aria-hidden", "selected"}
    assert not [href for href in hostile.hrefs if re.match(r"\s*[a-z]+:", href, re.I)]
