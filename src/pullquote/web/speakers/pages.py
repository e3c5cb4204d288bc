"""The pages of speakers: who is quoted, what one speaker says, and the audits of sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from pullquote.newsroom.speakers.queries import SpeakerSort
from pullquote.schema import day_of
from pullquote.schema.speakers import (
    MANNERS,
    ArticleAudit,
    ClaimFilters,
    CorpusAudit,
    QuotedSpeaker,
    ReportedClaim,
)
from pullquote.web.lists import PageLink, last_page, page_links, page_range, sort_header
from pullquote.web.pages import PageFrame, render
from pullquote.web.speakers.query import (
    AuditRequest,
    ClaimsRequest,
    SpeakersRequest,
    audit_href,
    claims_href,
    filter_fields,
    sort_field,
    speakers_href,
)
from pullquote.web.views.permalinks import (
    AUDIT,
    SPEAKER,
    SPEAKERS,
    article_href,
    speaker_address,
)


def speaker_frame(title: str, current: str) -> PageFrame:
    """The frame of a speaker page."""
    return PageFrame(title, current, styles=("speakers.css",))


def message_html(frame: PageFrame) -> Markup:
    """A page that has only a message, or the progress of reading the articles."""
    return render("speakers/parts.html", "message", frame)


def _filter_form(
    action: str,
    filters: ClaimFilters,
    sources: Sequence[str],
    *,
    hidden: Mapping[str, str],
    clear: str,
) -> Mapping[str, object]:
    """The form of a page with these filters; `sources` are the papers to choose from.

    `clear` is the address of the page without filters.
    """
    chosen = filter_fields(filters)
    given = chosen["source"]
    known = [one for one in sources if one]
    if given and given not in known:
        known.insert(0, given)
    return {
        "action": action,
        "chosen": chosen,
        "hidden": {name: value for name, value in hidden.items() if value},
        "sources": known,
        "clear_href": clear if filters != ClaimFilters() else "",
        "manners": MANNERS,
    }


def _pages(
    number: int, total: int, href: Callable[[int], str], *, empty: str
) -> Mapping[str, object]:
    """The pages of a list of `total` rows, seen from one of them; `empty` says that it has none."""
    last = last_page(total)
    return {
        "range": page_range(number, total) if total else empty,
        "number": number if total else 1,
        "count": last,
        "links": page_links(number, last, href),
    }


HEADERS: Mapping[SpeakerSort, str] = {
    "name": "Speaker",
    "claims": "Claims",
    "direct": "Word for word",
    "articles": "Articles",
    "words": "Words",
    "last": "Last quoted",
}
"""The columns, each of which sorts the list."""


def speakers_html(
    request: SpeakersRequest,
    found: Sequence[QuotedSpeaker],
    *,
    total: int,
    sources: Sequence[str],
) -> Markup:
    """The page with `found`, a part of the `total` speakers."""
    return render(
        "speakers/speakers.html",
        "document",
        frame=speaker_frame("Speakers", SPEAKERS),
        words=request.words,
        form=_filter_form(
            SPEAKERS,
            request.filters,
            sources,
            hidden={"sort": sort_field(request)},
            clear=speakers_href(SpeakersRequest(words=request.words)),
        ),
        pages=_pages(
            request.page,
            total,
            lambda page: speakers_href(request, page=page),
            empty="No speaker matches. Try another name or remove a filter.",
        ),
        headers=[_header(request, column, name) for column, name in HEADERS.items()],
        rows=[
            {"speaker": one, "href": claims_href(ClaimsRequest(one.name, request.filters))}
            for one in found
        ],
        export=speakers_href(request, export=".csv") if total else "",
    )


def _header(request: SpeakersRequest, column: SpeakerSort, name: str) -> Mapping[str, str]:
    header, descending = sort_header(
        column,
        name,
        sort=request.sort,
        descending=request.descending,
        largest_first=column != "name",
    )
    href = speakers_href(replace(request, sort=column, descending=descending))
    return {**header, "href": href}


def speaker_html(
    request: ClaimsRequest,
    speaker: QuotedSpeaker,
    claims: Sequence[ReportedClaim],
    *,
    total: int,
    similar: Sequence[str],
    sources: Sequence[str],
) -> Markup:
    """The page with `claims`, a part of the `total` claims that pass the filters.

    `similar` are other entries of the list that may mean the speaker.
    """
    return render(
        "speakers/speaker.html",
        "document",
        frame=speaker_frame(speaker.name, SPEAKER),
        speaker=speaker,
        similar=_links(similar),
        form=_filter_form(
            SPEAKER,
            request.filters,
            sources,
            hidden={"name": request.name, "sort": "oldest" if request.oldest else ""},
            clear=speaker_address(request.name),
        ),
        oldest=request.oldest,
        reversed=claims_href(replace(request, oldest=not request.oldest)),
        pages=_pages(
            request.page,
            total,
            lambda page: claims_href(request, page=page),
            empty="No claim passes the filters. Remove a filter.",
        ),
        rows=[_claim_row(one) for one in claims],
        export=claims_href(request, export=".csv") if total else "",
    )


def unknown_html(name: str, near: Sequence[str]) -> Markup:
    """A page that says that no speaker has a name, with similar names."""
    frame = speaker_frame("Speaker not found", SPEAKER)
    return render("speakers/speaker.html", "unknown", frame, name, _links(near))


def _links(names: Sequence[str]) -> list[PageLink]:
    return [PageLink(name, speaker_address(name)) for name in names]


def _claim_row(claim: ReportedClaim) -> Mapping[str, object]:
    """A claim with its words and the address of their place; `via` is who reported it, or None."""
    first, last = claim.content[0][0], claim.content[-1][1]
    return {
        "quote": claim.quote,
        "manner": claim.manner.replace("-", " "),
        "direct": claim.direct,
        "via": None if claim.via is None else PageLink(claim.via, speaker_address(claim.via)),
        "title": claim.title,
        "source": claim.source or "",
        "day": day_of(claim.published),
        "href": article_href(claim.article, first, last, claim.version),
    }


def corpus_audit_html(request: AuditRequest, audit: CorpusAudit) -> Markup:
    """The audit of all articles as a page."""
    return render(
        "speakers/audit.html",
        "corpus",
        frame=speaker_frame("Source audit", AUDIT),
        audit=audit,
        papers=[{"facts": one, "href": _paper_href(request, one.source)} for one in audit.papers],
        form=_filter_form(AUDIT, request.filters, [], hidden={}, clear=AUDIT),
        export=audit_href(request, export=".csv"),
    )


def _paper_href(request: AuditRequest, source: str) -> str:
    """The address of the speakers that a paper quotes; "" for articles that name no source."""
    if not source:
        return ""
    return speakers_href(SpeakersRequest(filters=replace(request.filters, sources=(source,))))


def article_audit_html(audit: ArticleAudit) -> Markup:
    """The audit of one article as a page; a source without a name has no link."""
    return render(
        "speakers/audit.html",
        "article",
        frame=speaker_frame("Who is quoted", AUDIT),
        audit=audit,
        href=article_href(audit.article),
        sources=[
            {"facts": one, "href": speaker_address(one.source) if one.naming == "named" else ""}
            for one in audit.sources
        ],
        export=audit_href(AuditRequest(audit.article), export=".csv"),
    )
