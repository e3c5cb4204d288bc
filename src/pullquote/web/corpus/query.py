"""The query of the Corpus page's address: parsing it, and writing it for links. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

from pullquote.index.catalog.catalog_rows import CatalogQuery, Sort, State
from pullquote.schema import well_formed
from pullquote.web.corpus.rebuild_job import RebuildConsent
from pullquote.web.lists import (
    list_query,
    order_text,
    page_field,
    parse_day,
    parse_number,
    parse_page,
)

PAGE = "corpus"
"""The page's own address, relative to the chat's."""

LIST_ANCHOR = "#articles"

FACTS = ("source", "section", "language", "file")
"""Facts that the list can be narrowed by."""

OPTIONAL_FACTS = ("source", "section", "language", "published")
"""Facts that an article may lack."""

_WORDS_CHARS = 200
_MAX_REMOVALS = 10**12 - 1


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A request for the list: filters, order, and the page, counted from 1."""

    wanted: CatalogQuery = field(default_factory=CatalogQuery)
    page: int = 1


def parse_list_request(query: Mapping[str, str]) -> ListRequest:
    """The list that an address asks for; invalid values are ignored."""
    given = {name: value.strip() for name, value in query.items() if well_formed(value)}
    sort = given.get("sort", "")
    column = sort.removeprefix("-")
    ordered = CatalogQuery()
    if column in get_args(Sort):
        ordered = CatalogQuery(sort=column, descending=sort.startswith("-"))  # type: ignore[arg-type]
    facts: dict[str, Any] = {name: given[name] for name in FACTS if given.get(name)}
    state = given.get("state", "")
    wanted = replace(
        ordered,
        words=given.get("q", "")[:_WORDS_CHARS],
        state=State(state) if state in set(State) else None,
        since=parse_day(given.get("since", "")),
        until=parse_day(given.get("until", "")),
        without=frozenset(given.get("without", "").split(",")) & frozenset(OPTIONAL_FACTS),
        **facts,
    )
    return ListRequest(wanted, parse_page(given))


def list_address(wanted: CatalogQuery, *, page: int = 1) -> str:
    """The address that asks for a page of a list."""
    given = {"q": wanted.words}
    for name in ("state", *FACTS, "since", "until"):
        value = getattr(wanted, name)
        given[name] = "" if value is None else str(value)
    given["without"] = ",".join(sorted(wanted.without))
    order = order_of(wanted)
    given["sort"] = "" if order == order_of(CatalogQuery()) else order
    return list_query(PAGE, {**given, "page": page_field(page)})


def order_of(wanted: CatalogQuery) -> str:
    """The order as it is written in an address: the column, after "-" if descending."""
    return order_text(wanted.sort, descending=wanted.descending)


def list_href(wanted: CatalogQuery, *, page: int = 1) -> str:
    """The same address, for a link that also scrolls to the list."""
    return list_address(wanted, page=page) + LIST_ANCHOR


def with_filter(wanted: CatalogQuery, name: str, value: str | None) -> CatalogQuery:
    """The request narrowed by one fact: "" selects articles that lack it, None selects all."""
    without = wanted.without - {name}
    fact: dict[str, Any] = {name: None}
    if value == "":
        without |= {name}
    elif value is not None:
        fact = {name: value}
    return replace(wanted, without=without, **(fact if name in FACTS else {}))


def hidden_fields(wanted: CatalogQuery, *, without: Collection[str]) -> dict[str, str]:
    """Hidden form fields for everything but the form's own fields."""
    query = dict(parse_qsl(list_address(wanted).partition("?")[2]))
    return {name: value for name, value in query.items() if name not in without}


def parse_consent(query: Mapping[str, str]) -> RebuildConsent:
    """The consent in the address of a rebuild; an invalid number is 0."""
    return RebuildConsent(
        removals_up_to=parse_number(query.get("allow_removals", ""), most=_MAX_REMOVALS),
        new_corpus=query.get("new_corpus") == "1",
    )


def consent_query(consent: RebuildConsent) -> str:
    """The query that `parse_consent` parses."""
    given = {"allow_removals": consent.removals_up_to, "new_corpus": int(consent.new_corpus)}
    return urlencode({name: value for name, value in given.items() if value})
