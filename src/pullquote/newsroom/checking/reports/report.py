"""Turns what was found for the quotations of a draft into its report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pullquote.answering.answers.citing import cite_at
from pullquote.base.cancellation import check_cancelled
from pullquote.conversation.citations import link_to, place_link
from pullquote.newsroom.checking.drafts.quotations import (
    MOST_QUOTATIONS,
    DraftQuotation,
    check_most,
    quotations_of,
)
from pullquote.newsroom.checking.matching.finding import ArticleRange, QuoteFinding
from pullquote.newsroom.checking.questions.questions import questions_by_sentence
from pullquote.newsroom.checking.verdicts.checker import QuoteChecker
from pullquote.newsroom.checking.verdicts.draft_check import DraftCheck, FoundQuotation
from pullquote.schema import Article, Citation
from pullquote.schema.quote_check import (
    CheckedDraft,
    CheckedQuote,
    QuoteDifference,
    QuoteVerdict,
)

MOST_CHARACTERS = 2_000_000
"""Of a draft: as much as four novels."""
MOST_LISTED = 10
"""Of the other articles that have the same words."""
_LAST_WORDS = 3
"""Shown of a quotation whose end is not marked."""


@dataclass(frozen=True, slots=True)
class DraftLimits:
    """How large a draft may be; `quoted` is for the characters of all its quotations together."""

    characters: int = MOST_CHARACTERS
    quotations: int = MOST_QUOTATIONS
    quoted: int | None = None


_LIMITS = DraftLimits()


def check_draft(
    draft: Article, checker: QuoteChecker, limits: DraftLimits = _LIMITS
) -> CheckedDraft:
    """The quotations of a draft in order, each with its verdict, and the questions about the rest.

    Raises:
        SettingsError: the draft is too long, or has too many quotations or too long ones.
    """
    return joined(checked_parts(draft, checker, limits))


def checked_parts(
    draft: Article, checker: QuoteChecker, limits: DraftLimits = _LIMITS
) -> Iterator[CheckedDraft]:
    """As `check_draft`, in parts, each of which is checked when it is asked for.

    A part is one quotation, or the questions about one sentence.

    Raises:
        SettingsError: the draft is too long, or has too many quotations.
    """
    check_most(len(draft.text), limits.characters, "characters")
    found = quotations_of(draft)
    check_most(len(found), limits.quotations, "quotations")
    if limits.quoted is not None:
        quoted = sum(len(one.text) for one in found)
        check_most(quoted, limits.quoted, "characters in quotations")
    return _parts(draft, found, checker)


def joined(parts: Iterable[CheckedDraft]) -> CheckedDraft:
    """The parts of a report in one."""
    every = list(parts)
    return CheckedDraft(
        quotes=tuple(quote for part in every for quote in part.quotes),
        questions=tuple(question for part in every for question in part.questions),
    )


def _parts(
    draft: Article, quotations: Sequence[DraftQuotation], checker: QuoteChecker
) -> Iterator[CheckedDraft]:
    check = DraftCheck(draft, quotations, checker)
    for number in range(len(quotations)):
        check_cancelled()
        yield CheckedDraft(quotes=(_checked(draft, check.found(number)),))
    for questions in questions_by_sentence(draft, quotations, checker.sentences):
        yield CheckedDraft(quotes=(), questions=tuple(questions))


def _checked(draft: Article, one: FoundQuotation) -> CheckedQuote:
    """One quotation of a draft with its verdict."""
    found, quotation = one.finding, one.quotation
    if quotation.unclosed_at is not None:
        found = replace(found, warnings=(_not_closed(draft.text, quotation), *found.warnings))
    checked = reported(quotation.text, found, cited=one.cited, speaker=one.speaker)
    return checked.model_copy(
        update={
            "draft_start": quotation.start,
            "draft_end": quotation.end,
            "unclosed_at": quotation.unclosed_at,
            **_cited(found),
        }
    )


def _not_closed(text: str, quotation: DraftQuotation) -> str:
    """Where the quote mark stands that is not closed, and how far the words were checked."""
    line = text.count("\n", 0, quotation.start) + 1
    last = " ".join(quotation.text.split()[-_LAST_WORDS:])
    return (
        f"the quote mark before it, in line {line} of the draft, is not closed; the words up to "
        f"“{last}” were checked"
    )


def reported(
    quote: str, found: QuoteFinding, *, cited: str | None = None, speaker: str | None = None
) -> CheckedQuote:
    """A quotation with its verdict, but without citations."""
    place = found.place if found.verdict is not QuoteVerdict.ABSENT else None
    return CheckedQuote(
        quote=quote,
        verdict=found.verdict,
        article=None if place is None else place.article.id,
        start=None if place is None else place.start,
        end=None if place is None else place.end,
        similarity=max(0.0, round(found.similarity, 3)),
        differences=tuple(
            QuoteDifference(quote=one.quoted, article=one.stored) for one in found.changes
        ),
        omitted=found.omitted,
        warnings=found.warnings,
        cited=cited,
        speaker=speaker,
        said_by=found.said_by,
        also_in_count=len(found.also),
    )


def _cited(found: QuoteFinding) -> dict[str, object]:
    """The citations of what was found, and the links to its place."""
    if found.place is None:
        return {}
    citation = _citation(found.place)
    if found.verdict is QuoteVerdict.ABSENT:
        return {"closest": citation}
    return {
        "also_in": tuple(map(_citation, found.also[:MOST_LISTED])),
        "citation": citation,
        "parts": tuple(map(_citation, found.parts)),
        "place": place_link(citation),
        "link": link_to(citation),
    }


def _citation(place: ArticleRange) -> Citation:
    return cite_at(place.article, range(place.start, place.end))
