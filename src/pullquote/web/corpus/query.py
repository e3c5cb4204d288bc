"""What the Corpus page's address asks for, and the addresses of its links. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

from pullquote.index.catalog.catalog_rows import CatalogQuery, Sort, State
from pullquote.schema import well_formed
from pullquote.web.corpus.rebuilding import Agreed
from pullquote.web.limits import MAX_PAGE

PAGE = "corpus"
"""The page's own address, relative to the chat's."""

UNKNOWABLE = ("source", "section", "language", "published")
"""Facts that an article may lack."""

_WORDS_CHARS = 200
FACTS = ("source", "section", "language")
_MOST_REMOVALS = 10**12 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of the list, counted from 1."""

    wanted: CatalogQuery = field(default_factory=CatalogQuery)
    page: int = 1


def parse_asked(query: Mapping[str, str]) -> Asked:
    """What an address asks for; what makes no sense in it is left out."""
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
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        without=frozenset(given.get("without", "").split(",")) & frozenset(UNKNOWABLE),
        **facts,
    )
    return Asked(wanted, _page(given.get("page", "")))


def address(wanted: CatalogQuery, *, page: int = 1) -> str:
    """The address that asks for a page of a list."""
    given: dict[str, str | int] = {}
    if wanted.words:
        given["q"] = wanted.words
    for name in ("state", *FACTS):
        if (value := getattr(wanted, name)) is not None:
            given[name] = str(value)
    for name in ("since", "until"):
        if (day := getattr(wanted, name)) is not None:
            given[name] = day.isoformat()
    if wanted.without:
        given["without"] = ",".join(sorted(wanted.without))
    if (wanted.sort, wanted.descending) != ("published", True):
        given["sort"] = f"{'-' if wanted.descending else ''}{wanted.sort}"
    if page > 1:
        given["page"] = page
    return f"{PAGE}?{urlencode(given, errors='replace')}" if given else PAGE


def narrowed(wanted: CatalogQuery, name: str, value: str | None) -> CatalogQuery:
    """Those wanted of which a fact has a value: "" is that it is not known, None is any."""
    without = wanted.without - {name}
    fact: dict[str, Any] = {name: None}
    if value == "":
        without |= {name}
    elif value is not None:
        fact = {name: value}
    return replace(wanted, without=without, **(fact if name in FACTS else {}))


def hidden_fields(wanted: CatalogQuery) -> dict[str, str]:
    """What a form must send along, so that seeking keeps the rest of the address."""
    query = address(replace(wanted, words="", state=None)).partition("?")[2]
    return dict(parse_qsl(query))


def parse_agreed(query: Mapping[str, str]) -> Agreed:
    """What the address of a rebuild agrees to; a number that makes no sense is 0."""
    return Agreed(
        removals_up_to=_number(query.get("allow_removals", ""), most=_MOST_REMOVALS),
        new_corpus=query.get("new_corpus") == "1",
    )


def agreed_query(agreed: Agreed) -> str:
    """What `parse_agreed` reads."""
    given = {"allow_removals": agreed.removals_up_to, "new_corpus": int(agreed.new_corpus)}
    return urlencode({name: value for name, value in given.items() if value})


def _page(text: str) -> int:
    """The number of a page, from 1 to `MAX_PAGE`; 1 for what is no number."""
    return max(1, _number(text, most=MAX_PAGE))


def _number(text: str, *, most: int) -> int:
    """The number that is written, and `most` for larger ones; 0 for what is no number."""
    if not (text.isascii() and text.isdecimal()):
        return 0
    digits = text.lstrip("0")[: len(str(most)) + 1]  # int() refuses thousands of digits
    return min(int(digits or "0"), most)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
