"""Checks the quotations of a draft, also with the articles of the quotations beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pullquote.newsroom.checking.drafts.cited_words import CitedAddresses
from pullquote.newsroom.checking.drafts.quotations import DraftQuotation, unwrapped, without_markup
from pullquote.newsroom.checking.matching.finding import QuoteFinding
from pullquote.newsroom.checking.speakers.draft_speakers import speaker_in
from pullquote.newsroom.checking.verdicts.checker import QuoteChecker
from pullquote.schema import Article
from pullquote.schema.quote_check import QuoteVerdict

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
        first, second = sorted((self._quotations[number], self._quotations[other]), key=_start)
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


def _start(quotation: DraftQuotation) -> int:
    return quotation.start
