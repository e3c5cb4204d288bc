"""The result of verifying a file as the page shows it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pullquote.base.plurals import counted
from pullquote.schema import CitationState, Verification, VerifiedCitation, WordDifference
from pullquote.schema.limits import megabytes
from pullquote.web.evidence.incoming import MOST_BYTES
from pullquote.web.pages import PageFrame
from pullquote.web.requests import CitedSpan
from pullquote.web.templating import render
from pullquote.web.views.permalinks import Link, permanent_link

MOST_SHOWN = 300
"""Citations that the page lists, those that do not stand first."""

TEXT_SHOWN = 1000
"""Characters of a quote, or of words that two texts share."""

_MEANINGS = {
    CitationState.STANDS: "The words stand where they were.",
    CitationState.MOVED: "The words are the same, but stand elsewhere.",
    CitationState.CHANGED: "Other words stand there now, or the words are gone.",
    CitationState.WITHDRAWN: "The source has withdrawn the article, or may not release it yet.",
    CitationState.GONE: "The article is no longer there.",
    CitationState.UNCLEAR: "It cannot be told which words were meant.",
}


@dataclass(frozen=True, slots=True)
class CitationView:
    """A citation with its state; `link` opens its words in the chat, "" if they have no place."""

    state: CitationState
    title: str
    facts: Sequence[str]
    quote: str
    differences: Sequence[WordDifference]
    reason: str
    link: str

    @property
    def is_good(self) -> bool:
        """Whether the words can still be cited."""
        return self.state.is_good


@dataclass(frozen=True, slots=True)
class VerifiedCount:
    """How many citations have a state, in words, and what the state means."""

    state: CitationState
    count: str
    meaning: str


@dataclass(frozen=True, slots=True)
class VerificationView:
    """What became of the citations of a file.

    `not_checked` are sentences about the facts that an old pack is not checked for.
    `pack_sha256` is None unless the file is a pack. `compared` says whether the articles of the
    index were looked at; `uncompared` is the reason why that failed.
    """

    name: str
    is_good: bool
    faults: Sequence[str]
    not_checked: Sequence[str]
    pack_sha256: str | None
    counts: Sequence[VerifiedCount]
    citations: Sequence[CitationView]
    total: str
    left_out: int
    compared: bool
    uncompared: str = ""


@dataclass(frozen=True, slots=True)
class VerifyView:
    """The page: a result, or the reason why there is none, or only the form."""

    result: VerificationView | None = None
    notice: str = ""

    @property
    def most(self) -> str:
        """The largest file."""
        return megabytes(MOST_BYTES)


def verify_html(view: VerifyView, *, style: str) -> Markup:
    """The whole page."""
    frame = PageFrame("Verify", "verify", styles=(style,), notice=view.notice)
    return render("evidence/verify.html", "document", view, frame)


def result_of(found: Verification, name: str) -> VerificationView:
    """The result of verifying a file with that name."""
    compared = found.generation is not None
    ordered = sorted(found.citations, key=lambda one: one.state.is_good)
    return VerificationView(
        name=name,
        is_good=found.is_good,
        faults=found.faults,
        not_checked=found.not_checked,
        pack_sha256=found.pack_sha256,
        counts=[
            VerifiedCount(state, f"{count:,}", _MEANINGS[state])
            for state, count in found.counts.items()
        ],
        citations=[_citation(one, compared=compared) for one in ordered[:MOST_SHOWN]],
        total=counted(len(ordered), "citation"),
        left_out=len(ordered[MOST_SHOWN:]),
        compared=compared,
    )


def _citation(one: VerifiedCitation, *, compared: bool) -> CitationView:
    place = "" if one.start is None else f"characters {one.start:,}–{one.end:,}"
    article = one.article if one.article_now is None else f"{one.article}, now {one.article_now}"
    return CitationView(
        state=one.state,
        title=one.title,
        facts=[fact for fact in (article, place, one.where) if fact],
        quote=_clipped(one.quote),
        differences=[_clipped_difference(each) for each in one.differences],
        reason=one.reason,
        link=_link(one) if compared else "",
    )


def _link(one: VerifiedCitation) -> str:
    """The address of the words in the chat."""
    if one.start is None or one.end is None:
        return ""
    article = one.article_now or one.article
    place = CitedSpan(article=article, start=one.start, end=one.end, version=one.version_now)
    return f"./{permanent_link(Link(place))}"


def _clipped_difference(one: WordDifference) -> WordDifference:
    return one.model_copy(update={"text": _clipped(one.text)})


def _clipped(text: str) -> str:
    """The text; of a long one, its beginning and its end."""
    if len(text) <= TEXT_SHOWN:
        return text
    half = TEXT_SHOWN // 2
    return f"{text[:half]} … {text[-half:]}"
