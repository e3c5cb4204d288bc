"""The page that lists who is quoted. Pure; `speakers.html` makes the HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from pullquote.newsroom.speakers.queries import SpeakerSort
from pullquote.schema.speakers import QuotedSpeaker
from pullquote.web.pages import PageFrame
from pullquote.web.speakers.parts import (
    ClaimFilterForm,
    Pages,
    filter_form,
    pages,
    speaker_frame,
)
from pullquote.web.speakers.query import (
    ClaimsRequest,
    SpeakersRequest,
    claims_href,
    speakers_href,
)
from pullquote.web.templating import render
from pullquote.web.views.speaker_address import SPEAKERS

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
