"""The page of one speaker, with everything that the speaker says. Pure.

`speaker.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from pullquote.schema import day_of
from pullquote.schema.speakers import QuotedSpeaker, ReportedClaim
from pullquote.web.pages import PageFrame
from pullquote.web.requests import CitedSpan
from pullquote.web.speakers.parts import (
    ClaimFilterForm,
    PageLink,
    Pages,
    filter_form,
    pages,
    speaker_frame,
)
from pullquote.web.speakers.query import ClaimsRequest, claims_href
from pullquote.web.templating import render
from pullquote.web.views.permalinks import Link, permanent_link
from pullquote.web.views.speaker_address import SPEAKER, speaker_address


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
