"""Permanent links: addresses of the chat that open an article at a quote, or ask a question.

Pure functions. They return plain text, which is not escaped for HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final
from urllib.parse import parse_qsl, urlencode

from pullquote.answering.reply_labels import POSSIBLE_NOTE
from pullquote.conversation import CitationForm, ready_citation
from pullquote.conversation.citations import VERSION_SHOWN
from pullquote.schema import Citation, Filters, QueryOptions
from pullquote.web.requests import CitedSpan, parse_cited_span, parse_search, parse_switched

_PLACE = ("article", "start", "end", "version")
_SEVERAL = {
    "source": "sources",
    "not_source": "not_sources",
    "section": "sections",
    "language": "languages",
    "kind": "kinds",
    "only_article": "articles",
}
_DAYS = ("since", "until")
_SWITCHED = "switched"
_KIND, _AS_TYPED, _AS_OF, _FAST = "question_kind", "as_typed", "as_of", "fast"
"""How to understand the question; `kind` is already the name of a filter."""


@dataclass(frozen=True, slots=True)
class Link:
    """A permanent link: it opens a place, a question with its filters, both or neither.

    `switched` are the ids of chips that were turned on or off. `options` say how to understand the
    question.
    """

    place: CitedSpan | None = None
    question: str = ""
    filters: Filters = field(default_factory=Filters)
    switched: tuple[str, ...] = ()
    options: QueryOptions = field(default_factory=QueryOptions)


def permanent_link(link: Link) -> str:
    """The query of the chat's address for this link; "" if it opens nothing."""
    given: list[tuple[str, str | int]] = []
    if (place := link.place) is not None:
        given += [("article", place.article), ("start", place.start), ("end", place.end)]
        if place.version is not None:
            given.append(("version", place.version[:VERSION_SHOWN]))
    if link.question:
        given += [("question", link.question), *_narrowing(link)]
    return f"?{_encoded(given)}" if given else ""


def article_href(article: str, start: int = 0, end: int = 0, version: str | None = None) -> str:
    """The address that opens an article in the chat, from a page beside it."""
    place = CitedSpan(article=article, start=start, end=end, version=version)
    return f"./{permanent_link(Link(place))}"


def narrowing_of(link: Link) -> str:
    """The part of a permanent link after its question; `parse_narrowing` parses it."""
    return _encoded(_narrowing(link))


def parse_link(query: Sequence[tuple[str, str]]) -> Link:
    """The link in an address, whose query is given as names and values in order.

    Raises:
        SettingsError: the place or a filter is invalid.
    """
    named = {name: value for name, value in query if name in _PLACE}
    place = parse_cited_span(named) if "article" in named else None
    question = dict(query).get("question", "").strip()
    return _narrowed(Link(place, question), query) if question else Link(place)


def parse_narrowing(text: str, *, question: str, place: CitedSpan | None = None) -> Link:
    """The link to a question, with the filters and options that `narrowing_of` wrote.

    Raises:
        SettingsError: a filter is invalid.
    """
    return _narrowed(Link(place, question), parse_qsl(text, keep_blank_values=True))


def _narrowing(link: Link) -> list[tuple[str, str | int]]:
    filters, options = link.filters, link.options
    days = [(name, getattr(filters, name)) for name in _DAYS]
    return [
        *((name, day.isoformat()) for name, day in days if day is not None),
        *((name, one) for name, many in _SEVERAL.items() for one in getattr(filters, many)),
        *([("comments", 1)] if filters.comments else []),
        *((_SWITCHED, chip) for chip in link.switched),
        *([] if options.kind is None else [(_KIND, options.kind.value)]),
        *([(_AS_TYPED, 1)] if options.as_typed else []),
        *([] if options.as_of is None else [(_AS_OF, options.as_of.isoformat())]),
        *([(_FAST, 1)] if options.fast else []),
    ]


def _narrowed(link: Link, query: Sequence[tuple[str, str]]) -> Link:
    first = dict(reversed(query))
    given: dict[str, object] = {name: first.get(name) for name in _DAYS}
    for name, many in _SEVERAL.items():
        given[many] = tuple(value for one, value in query if one == name)
    search = parse_search(
        question=link.question,
        comments=first.get("comments") == "1",
        kind=first.get(_KIND),
        as_typed=first.get(_AS_TYPED) == "1",
        as_of=first.get(_AS_OF),
        fast=first.get(_FAST) == "1",
        **given,
    )
    switched = tuple(value for name, value in query if name == _SWITCHED)
    return replace(
        link,
        filters=search.filters,
        switched=parse_switched(switched),
        options=search.options,
    )


def _encoded(given: Sequence[tuple[str, str | int]]) -> str:
    # A lone surrogate cannot be encoded. It can be neither asked nor stored, so no link needs it.
    return urlencode(given, errors="replace")


_LABELS: Final = {
    CitationForm.TEXT: "Plain text",
    CitationForm.MARKDOWN: "Markdown",
    CitationForm.HTML: "HTML",
    CitationForm.BIBTEX: "BibTeX",
    CitationForm.RIS: "RIS",
}


@dataclass(frozen=True, slots=True)
class CopiedForm:
    """A form of a citation; `possible` is its text if the answer turns out to be only possible."""

    form: CitationForm
    label: str
    text: str
    possible: str | None


@dataclass(frozen=True, slots=True)
class Copies:
    """A citation in all forms; the script replaces `page` in them with the page's address."""

    page: str
    forms: Sequence[CopiedForm]


def copies_of(citation: Citation, *, possible: bool | None = None, status: str = "") -> Copies:
    """The citation in all forms. An article without a web address is linked on this page.

    `status` says what became of the answer, and is added unless it is "". `possible` says whether
    the answer is only possible. If it is None, the script decides that by the question that the
    citation was chosen from.
    """
    page = _placeholder(citation)
    place = CitedSpan.model_validate(citation, from_attributes=True)
    link = page + permanent_link(Link(place))
    forms = []
    for form, label in _LABELS.items():
        plain = ready_citation(citation, form, link=link, note=status)
        note = f"{POSSIBLE_NOTE} {status}".rstrip()
        noted = ready_citation(citation, form, link=link, note=note)
        text, other = (noted, None) if possible else (plain, noted if possible is None else None)
        forms.append(CopiedForm(form, label, text, other))
    return Copies(page, forms)


def _placeholder(citation: Citation) -> str:
    """An address that stands for the page's own, and that does not occur in the citation.

    The server cannot know its address, because a proxy may serve it under another one.
    """
    given = repr(citation.model_dump())
    names = (f"https://page-{number}.invalid/" for number in count(1))
    return next(name for name in names if name not in given)


SPEAKERS: Final = "speakers"
"""The page that lists who is quoted."""

SPEAKER: Final = "speaker"
"""The page of one speaker."""

AUDIT: Final = "audit"
"""The source audit: of all articles, or of one."""


def speaker_address(name: str) -> str:
    """The address of everything that a speaker says, such as "speaker?name=Ida+Roe".

    `name` is the speaker of an attribution or of a citation, or any other form of a full name.
    """
    return f"{SPEAKER}?{_encoded([('name', name)])}"


def audit_address(article: str) -> str:
    """The address of the audit of one article."""
    return f"{AUDIT}?{_encoded([('article', article)])}"
