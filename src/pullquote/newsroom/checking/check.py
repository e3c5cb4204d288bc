"""Checks drafts and lists of quotations against an index, and reports what was found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from pullquote.answering.answers.citing import cite_at
from pullquote.base.cancellation import check_cancelled
from pullquote.conversation.citations import link_to, place_link
from pullquote.index import OpenGeneration
from pullquote.index.services import check_complete, check_not_empty, index_of, settings_with
from pullquote.newsroom.checking.candidates import ArticleRange, QuoteFinding
from pullquote.newsroom.checking.checker import QuoteChecker
from pullquote.newsroom.checking.cited_words import CitedAddresses, with_cited_text
from pullquote.newsroom.checking.questions import questions_by_sentence
from pullquote.newsroom.checking.quotations import (
    MOST_QUOTATIONS,
    DraftQuotation,
    check_most,
    draft_of,
    quotations_of,
    unwrapped,
    without_markup,
)
from pullquote.newsroom.checking.speakers import speaker_in
from pullquote.parsing.blocks import without_surrogates
from pullquote.schema import Article, Citation, check_kind
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.errors import SettingsError
from pullquote.schema.quote_check import (
    CheckedDraft,
    CheckedQuote,
    QuoteDifference,
    QuoteVerdict,
)
from pullquote.schema.settings import Settings

_BESIDE = 300
"""In characters. Quotations so near each other may be one that is interrupted."""


@dataclass(frozen=True, slots=True)
class FoundQuotation:
    """A quotation of a draft, what the draft claims of it, and what was found."""

    quotation: DraftQuotation
    cited: str | None
    speaker: str | None
    finding: QuoteFinding


class DraftCheck:
    """Checks the quotations of one draft, each of them once."""

    def __init__(
        self, draft: Article, quotations: Sequence[DraftQuotation], checker: QuoteChecker
    ) -> None:
        addresses = CitedAddresses(draft)
        self._draft, self._checker = draft, checker
        self._unwrapped = unwrapped(draft)
        self._quotations = quotations
        self._addresses = [addresses.of(one) for one in quotations]
        self._alone = dict[int, FoundQuotation]()

    def found(self, number: int) -> FoundQuotation:
        """The finding for a quotation, counted from 0.

        A few common words, such as the first of an interrupted quotation, may not lead to their
        article. So the articles that have the quotations beside them are read too.
        """
        alone = self._found_alone(number)
        if alone.finding.verdict is QuoteVerdict.EXACT:
            return alone
        for other in (number + 1, number - 1):
            near = self._article_beside(number, other)
            if near is not None:
                finding = self._finding(alone, near)
                if finding.verdict is QuoteVerdict.EXACT:
                    return replace(alone, finding=finding)
        return alone

    def _article_beside(self, number: int, other: int) -> str | None:
        """The article that has the words of another quotation, if the two are close together."""
        if not 0 <= other < len(self._quotations):
            return None
        first, second = sorted(
            (self._quotations[number], self._quotations[other]), key=lambda each: each.start
        )
        between = self._draft.text[first.end : second.start]
        if len(between) > _BESIDE or "\n\n" in between:
            return None
        finding = self._found_alone(other).finding
        return finding.place.article.id if finding.has_exact_words and finding.place else None

    def _found_alone(self, number: int) -> FoundQuotation:
        if number not in self._alone:
            self._alone[number] = self._check(self._quotations[number], self._addresses[number])
        return self._alone[number]

    def _check(self, quotation: DraftQuotation, address: str | None) -> FoundQuotation:
        if quotation.unclosed_at is not None:
            quotation = self._checker.without_rest(quotation)
        cited = None if address is None else self._checker.article_at(address)
        speaker = speaker_in(self._unwrapped, quotation)
        claimed = FoundQuotation(quotation, cited, speaker, QuoteFinding(QuoteVerdict.ABSENT))
        return replace(claimed, finding=self._finding(claimed))

    def _finding(self, one: FoundQuotation, near: str | None = None) -> QuoteFinding:
        """The finding for a quotation, without its markup if only that is not exact."""
        words = one.quotation.text
        found = self._checker.check(words, cited=one.cited, speaker=one.speaker, near=near)
        if found.has_exact_words or (plain := without_markup(words)) == words:
            return found
        return self._checker.check(plain, cited=one.cited, speaker=one.speaker, near=near)


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


_Claim = Annotated[str | None, AfterValidator(lambda claim: (claim or "").strip() or None)]


class ClaimedQuote(BaseModel):
    """A line of a file of quotations; `article` and `speaker` are what a draft claims, or None.

    A claim of white space only is None.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: str | int
    quote: str
    article: _Claim = None
    speaker: _Claim = None


@naming_arguments
def check(
    text: str, index: str | Path | None = None, *, settings: Settings | None = None
) -> CheckedDraft:
    """The quotations of a draft, each with the verdict of the archive.

    `docs/explanation/quotations.md` has the rule.

    `text` is plain text or Markdown. `index` is as in `pullquote.open`.

    Raises:
        SettingsError: the draft is too long, or has too many quotations.
        IndexMissing, IndexDamaged, IndexEmpty: the index cannot be searched.
        IndexIncomplete: the index is still being built.
    """
    check_kind("The draft", text, (str,), give="its text, as str")
    with opened_checker(settings_with(settings, index=index)) as checker:
        return check_draft(with_cited_text(draft_of(text), text), checker)


def parts_within(
    draft: Article, generation: OpenGeneration, *, settings: Settings, limits: DraftLimits
) -> Iterator[CheckedDraft]:
    """The report on a draft, against a generation that is open, as `checked_parts` gives it.

    Raises:
        SettingsError: the draft is larger than the limits allow.
        IndexEmpty, IndexIncomplete: the index has no articles, or not all.
    """
    check_not_empty(settings, generation)
    check_complete(settings, generation)
    return checked_parts(draft, QuoteChecker(generation), limits)


def check_articles(
    drafts: Iterable[Article], settings: Settings
) -> Iterator[tuple[Article, CheckedDraft]]:
    """Each draft with its quotations."""
    with opened_checker(settings) as checker:
        for draft in drafts:
            yield draft, check_draft(draft, checker)


def check_quotes(
    quotes: Iterable[ClaimedQuote], settings: Settings
) -> Iterator[tuple[ClaimedQuote, CheckedQuote]]:
    """Each quotation with its verdict, in order."""
    with opened_checker(settings) as checker:
        for one in quotes:
            found = checker.check(one.quote, cited=one.article, speaker=one.speaker)
            yield one, reported(one.quote, found, cited=one.article, speaker=one.speaker)


@contextmanager
def opened_checker(settings: Settings) -> Iterator[QuoteChecker]:
    """A checker of quotations against the index that the settings name."""
    with closing(index_of(settings)) as index, closing(index.open()) as generation:
        check_not_empty(settings, generation)
        check_complete(settings, generation)
        yield QuoteChecker(generation)


def claimed_quotes(lines: Iterable[str], *, name: str) -> Iterator[ClaimedQuote]:
    """The quotations of a file of JSON Lines, without empty lines; `name` is for errors.

    Raises:
        SettingsError: a line is not such a quotation; the error names the line and the reason.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield ClaimedQuote.model_validate(_parsed(line))
        except (ValueError, RecursionError) as error:
            raise SettingsError(
                f"{name}, line {number}: {_reason(error)}. A line is "
                '{"id": "1", "quote": "…", "article": null, "speaker": null}.'
            ) from None


def _parsed(line: str) -> object:
    """The value of a line of JSON; the escape of a lone surrogate in it becomes U+FFFD."""
    value: object = json.loads(line)
    return json.loads(without_surrogates(json.dumps(value, ensure_ascii=False)))


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return f"{place}: {first['msg']}" if place else "it is not a JSON object"
    return "it is not JSON"
