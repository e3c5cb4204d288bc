"""The queries of the speaker pages' addresses: parsing them, and writing them for links. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from pullquote.newsroom.speakers.queries import SpeakerSort
from pullquote.schema import well_formed
from pullquote.schema.speakers import MANNERS, ClaimFilters
from pullquote.web.lists import list_query, order_text, page_field, parse_day, parse_page
from pullquote.web.request_limits import MAX_ID_CHARS, MAX_NAME_CHARS
from pullquote.web.views.permalinks import AUDIT, SPEAKER, SPEAKERS

_FORMS: Mapping[str, bool] = {"direct": True, "reported": False}
"""The values of the field `form`: claims in quote marks, or the others."""

Export = Literal["", ".csv"]

_MOST_CLAIMS_FIRST = "-claims"


@dataclass(frozen=True, slots=True)
class SpeakersRequest:
    """A request for the list of speakers; the page is counted from 1."""

    words: str = ""
    filters: ClaimFilters = field(default_factory=ClaimFilters)
    sort: SpeakerSort = "claims"
    descending: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class ClaimsRequest:
    """A request for the claims of one speaker, newest first unless `oldest` is set."""

    name: str
    filters: ClaimFilters = field(default_factory=ClaimFilters)
    oldest: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """A request for the audit of one article, or of all if `article` is ""."""

    article: str = ""
    filters: ClaimFilters = field(default_factory=ClaimFilters)


def parse_speakers_request(query: Mapping[str, str]) -> SpeakersRequest:
    """The list that an address asks for; invalid values are ignored."""
    given = _valid(query)
    sort = given.get("sort", _MOST_CLAIMS_FIRST)
    column = sort.removeprefix("-")
    if column not in get_args(SpeakerSort):
        sort, column = _MOST_CLAIMS_FIRST, "claims"
    return SpeakersRequest(
        words=given.get("q", ""),
        filters=_filters(given),
        sort=column,  # type: ignore[arg-type]
        descending=sort.startswith("-"),
        page=parse_page(given),
    )


def parse_claims_request(query: Mapping[str, str]) -> ClaimsRequest:
    """The claims that an address asks for; invalid values are ignored."""
    given = _valid(query)
    return ClaimsRequest(
        name=given.get("name", ""),
        filters=_filters(given),
        oldest=given.get("sort") == "oldest",
        page=parse_page(given),
    )


def parse_audit_request(query: Mapping[str, str]) -> AuditRequest:
    """The audit that an address asks for; invalid values are ignored."""
    article = query.get("article", "")
    sound = well_formed(article) and len(article) <= MAX_ID_CHARS
    days = {name: query.get(name, "") for name in ("since", "until")}
    return AuditRequest(article if sound else "", _filters(_valid(days)))


def speakers_href(request: SpeakersRequest, *, page: int = 1, export: Export = "") -> str:
    """The address of a page of the list, or of the whole list as a file."""
    fields = {"q": request.words, **filter_fields(request.filters), "sort": sort_field(request)}
    return list_query(SPEAKERS + export, {**fields, "page": page_field(page)})


def sort_field(request: SpeakersRequest) -> str:
    """The order of the list as a field; "" for the usual one."""
    order = order_text(request.sort, descending=request.descending)
    return "" if order == _MOST_CLAIMS_FIRST else order


def claims_href(request: ClaimsRequest, *, page: int = 1, export: Export = "") -> str:
    """The address of a page of a speaker's claims, or of all of them as a file."""
    sort = "oldest" if request.oldest else ""
    fields = {"name": request.name, **filter_fields(request.filters), "sort": sort}
    return list_query(SPEAKER + export, {**fields, "page": page_field(page)})


def audit_href(request: AuditRequest, *, export: Export = "") -> str:
    """The address of an audit, or of its table as a file."""
    fields = {"article": request.article, **filter_fields(request.filters)}
    return list_query(AUDIT + export, fields)


def filter_fields(filters: ClaimFilters) -> dict[str, str]:
    """The filters as fields of a form; "" where there is none."""
    form = next((name for name, direct in _FORMS.items() if direct is filters.direct), "")
    return {
        "source": next(iter(filters.sources), ""),
        "manner": next(iter(filters.manners), ""),
        "form": form,
        "since": "" if filters.since is None else filters.since.isoformat(),
        "until": "" if filters.until is None else filters.until.isoformat(),
    }


def _valid(query: Mapping[str, str]) -> dict[str, str]:
    """The values that can be stored, at most as long as a name."""
    return {
        name: value.strip()[:MAX_NAME_CHARS] for name, value in query.items() if well_formed(value)
    }


def _filters(given: Mapping[str, str]) -> ClaimFilters:
    since, until = parse_day(given.get("since", "")), parse_day(given.get("until", ""))
    if since is not None and until is not None and since > until:
        since, until = until, since
    manner, source = given.get("manner", ""), given.get("source", "")
    return ClaimFilters(
        since=since,
        until=until,
        sources=(source,) if source else (),
        manners=tuple(one for one in MANNERS if one == manner),
        direct=_FORMS.get(given.get("form", "")),
    )
