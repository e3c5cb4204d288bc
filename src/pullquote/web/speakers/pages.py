"""The pages of speakers: who is quoted, what one speaker says, and the audits of sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from markupsafe import Markup

from pullquote.newsroom.speakers.queries import SpeakerSort
from pullquote.schema import day_of
from pullquote.schema.speakers import (
    MANNERS,
    ArticleAudit,
    ClaimCounts,
    ClaimFilters,
    CorpusAudit,
    QuotedSpeaker,
    ReportedClaim,
    SourceNaming,
)
from pullquote.web.pages import PageFrame, render
from pullquote.web.requests import CitedSpan
from pullquote.web.speakers.query import (
    AuditRequest,
    ClaimsRequest,
    SpeakersRequest,
    audit_href,
    claims_href,
    filter_fields,
    speakers_href,
)
from pullquote.web.views.permalinks import Link, permanent_link
from pullquote.web.views.speaker_address import AUDIT, SPEAKER, SPEAKERS, speaker_address

ROWS_PER_PAGE = 50

STYLE = "speakers.css"


@dataclass(frozen=True, slots=True)
class ClaimFilterForm:
    """The fields that narrow a page: the chosen values, what to choose from, and hidden fields.

    `clear` is the address of the page without filters; "" if there are none.
    """

    action: str
    chosen: Mapping[str, str]
    hidden: Mapping[str, str]
    sources: Sequence[str]
    clear: str
    manners: Sequence[str] = MANNERS


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to another page of a list, or to a speaker; `href` is "" if there is no such page."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Pages:
    """Which rows a page shows, in words, and the links to the other pages of the list."""

    range: str
    number: int
    count: int
    links: Sequence[PageLink]


def speaker_frame(title: str, current: str) -> PageFrame:
    """The frame of a speaker page."""
    return PageFrame(title, current, styles=(STYLE,))


def message_html(frame: PageFrame) -> Markup:
    """A page that has only a message, or the progress of reading the articles."""
    return render("speakers/parts.html", "message", frame)


def filter_form(
    action: str,
    filters: ClaimFilters,
    sources: Sequence[str],
    *,
    hidden: Mapping[str, str],
    clear: str,
) -> ClaimFilterForm:
    """The form of a page with these filters; `sources` are the papers to choose from."""
    chosen = filter_fields(filters)
    given = chosen["source"]
    known = [one for one in sources if one]
    if given and given not in known:
        known.insert(0, given)
    return ClaimFilterForm(
        action=action,
        chosen=chosen,
        hidden={name: value for name, value in hidden.items() if value},
        sources=known,
        clear=clear if filters != ClaimFilters() else "",
    )


def pages(number: int, total: int, href: Callable[[int], str], *, empty: str) -> Pages:
    """The pages of a list of `total` rows, seen from one of them; `empty` says that it has none."""
    count = last_page(total)
    if not total:
        return Pages(empty, 1, 1, ())
    first = (number - 1) * ROWS_PER_PAGE + 1
    shown = f"{first:,}–{min(total, first + ROWS_PER_PAGE - 1):,} of {total:,}"
    targets = (("First", 1), ("Previous", number - 1), ("Next", number + 1), ("Last", count))
    links = [
        PageLink(label, href(to) if 1 <= to <= count and to != number else "")
        for label, to in targets
    ]
    return Pages(shown, number, count, links if count > 1 else ())


def last_page(total: int) -> int:
    """The number of the last page of a list."""
    return max(1, -(-total // ROWS_PER_PAGE))


HEADERS: Mapping[SpeakerSort, str] = {
    "name": "Speaker",
    "claims": "Claims",
    "direct": "Word for word",
    "articles": "Articles",
    "words": "Words",
    "last": "Last quoted",
}
"""The columns, each of which sorts the list."""


@dataclass(frozen=True, slots=True)
class SortLink:
    """A column header; its link asks for the list in the order that it names."""

    column: SpeakerSort
    name: str
    direction: Literal["none", "ascending", "descending"]
    href: str


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """A speaker in the list, with the address of the speaker's claims."""

    speaker: QuotedSpeaker
    href: str


@dataclass(frozen=True, slots=True)
class SpeakersDocument:
    """The list with its forms; `export` is the address of the whole list as a file."""

    frame: PageFrame
    words: str
    form: ClaimFilterForm
    pages: Pages
    headers: Sequence[SortLink]
    rows: Sequence[SpeakerRow]
    export: str


def speakers_html(
    request: SpeakersRequest,
    found: Sequence[QuotedSpeaker],
    *,
    total: int,
    sources: Sequence[str],
) -> Markup:
    """The page with `found`, a part of the `total` speakers."""
    order = f"{'-' if request.descending else ''}{request.sort}"
    document = SpeakersDocument(
        frame=speaker_frame("Speakers", SPEAKERS),
        words=request.words,
        form=filter_form(
            SPEAKERS,
            request.filters,
            sources,
            hidden={"sort": "" if order == "-claims" else order},
            clear=speakers_href(SpeakersRequest(words=request.words)),
        ),
        pages=pages(
            request.page,
            total,
            lambda page: speakers_href(request, page=page),
            empty="No speaker matches. Try another name or remove a filter.",
        ),
        headers=[_header(request, column, name) for column, name in HEADERS.items()],
        rows=[SpeakerRow(one, _claims(one, request)) for one in found],
        export=speakers_href(request, export=".csv") if total else "",
    )
    return render("speakers/speakers.html", "document", document)


def _claims(speaker: QuotedSpeaker, request: SpeakersRequest) -> str:
    """The address of the claims that the list counts for a speaker."""
    return claims_href(ClaimsRequest(speaker.name, request.filters))


def _header(request: SpeakersRequest, column: SpeakerSort, name: str) -> SortLink:
    """The header of a column; it reverses the order if the list is already sorted by it."""
    sorted_by = request.sort == column
    descending = not request.descending if sorted_by else column != "name"
    direction: Literal["none", "ascending", "descending"] = "none"
    if sorted_by:
        direction = "descending" if request.descending else "ascending"
    href = speakers_href(replace(request, sort=column, descending=descending))
    return SortLink(column, name, direction, href)


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with its words, and the address of their place in the article.

    `via` is who reported the claim, or None.
    """

    quote: str
    manner: str
    direct: bool
    via: PageLink | None
    title: str
    source: str
    day: date | None
    href: str


@dataclass(frozen=True, slots=True)
class SpeakerDocument:
    """A speaker's claims. `similar` are other entries of the list that may mean the speaker.

    `export` is the address of all claims that pass the filters, as a file. `reversed` is that of
    the same claims in the other order.
    """

    frame: PageFrame
    speaker: QuotedSpeaker
    similar: Sequence[PageLink]
    form: ClaimFilterForm
    oldest: bool
    reversed: str
    pages: Pages
    rows: Sequence[ClaimRow]
    export: str


def speaker_html(
    request: ClaimsRequest,
    speaker: QuotedSpeaker,
    claims: Sequence[ReportedClaim],
    *,
    total: int,
    similar: Sequence[str],
    sources: Sequence[str],
) -> Markup:
    """The page with `claims`, a part of the `total` claims that pass the filters."""
    document = SpeakerDocument(
        frame=speaker_frame(speaker.name, SPEAKER),
        speaker=speaker,
        similar=[PageLink(one, speaker_address(one)) for one in similar],
        form=filter_form(
            SPEAKER,
            request.filters,
            sources,
            hidden={"name": request.name, "sort": "oldest" if request.oldest else ""},
            clear=speaker_address(request.name),
        ),
        oldest=request.oldest,
        reversed=claims_href(replace(request, oldest=not request.oldest)),
        pages=pages(
            request.page,
            total,
            lambda page: claims_href(request, page=page),
            empty="No claim passes the filters. Remove a filter.",
        ),
        rows=[_row(one) for one in claims],
        export=claims_href(request, export=".csv") if total else "",
    )
    return render("speakers/speaker.html", "document", document)


def unknown_html(name: str, near: Sequence[str]) -> Markup:
    """A page that says that no speaker has a name, with similar names."""
    links = [PageLink(one, speaker_address(one)) for one in near]
    return render(
        "speakers/speaker.html", "unknown", speaker_frame("Speaker not found", SPEAKER), name, links
    )


def _row(claim: ReportedClaim) -> ClaimRow:
    place = CitedSpan(
        article=claim.article,
        start=claim.content[0][0],
        end=claim.content[-1][1],
        version=claim.version,
    )
    return ClaimRow(
        quote=claim.quote,
        manner=claim.manner.replace("-", " "),
        direct=claim.direct,
        via=None if claim.via is None else PageLink(claim.via, speaker_address(claim.via)),
        title=claim.title,
        source=claim.source or "",
        day=day_of(claim.published),
        href="./" + permanent_link(Link(place)),
    )


@dataclass(frozen=True, slots=True)
class PaperRow:
    """The counts of a paper; `href` leads to the speakers that it quotes."""

    name: str
    href: str
    articles: int
    quoting: int
    counts: ClaimCounts


@dataclass(frozen=True, slots=True)
class CorpusAuditDocument:
    """The audit of all articles that pass the filters; `export` is its address as a file."""

    frame: PageFrame
    total: PaperRow
    papers: Sequence[PaperRow]
    speakers: int
    unread: int
    form: ClaimFilterForm
    export: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """The counts of a source in one article; `href` is "" if it has no name."""

    name: str
    href: str
    naming: SourceNaming
    claims: int
    direct: int
    words: int

    @property
    def reported(self) -> int:
        """The number of claims that are not all in quote marks."""
        return self.claims - self.direct


@dataclass(frozen=True, slots=True)
class ArticleAuditDocument:
    """The audit of an article; `href` opens the article, `export` is the audit as a file."""

    frame: PageFrame
    title: str
    href: str
    read: bool
    counts: ClaimCounts
    sources: Sequence[SourceRow]
    export: str


def corpus_audit_html(request: AuditRequest, audit: CorpusAudit) -> Markup:
    """The audit of all articles as a page."""
    papers = [
        PaperRow(
            one.source, _paper_href(request, one.source), one.articles, one.quoting, one.counts
        )
        for one in audit.papers
    ]
    document = CorpusAuditDocument(
        frame=speaker_frame("Source audit", AUDIT),
        total=PaperRow("", "", audit.articles, audit.quoting, audit.counts),
        papers=papers,
        speakers=audit.speakers,
        unread=audit.unread,
        form=filter_form(AUDIT, request.filters, [], hidden={}, clear=AUDIT),
        export=audit_href(request, export=".csv"),
    )
    return render("speakers/audit.html", "corpus", document)


def article_audit_html(audit: ArticleAudit) -> Markup:
    """The audit of one article as a page."""
    document = ArticleAuditDocument(
        frame=speaker_frame("Who is quoted", AUDIT),
        title=audit.title,
        href="./" + permanent_link(Link(CitedSpan(article=audit.article))),
        read=audit.read,
        counts=audit.counts,
        sources=[
            SourceRow(
                one.source,
                speaker_address(one.source) if one.naming == "named" else "",
                one.naming,
                one.claims,
                one.direct,
                one.words,
            )
            for one in audit.sources
        ],
        export=audit_href(AuditRequest(audit.article), export=".csv"),
    )
    return render("speakers/audit.html", "article", document)


def _paper_href(request: AuditRequest, source: str) -> str:
    """The address of the speakers that a paper quotes; "" for articles that name no source."""
    if not source:
        return ""
    return speakers_href(SpeakersRequest(filters=replace(request.filters, sources=(source,))))
