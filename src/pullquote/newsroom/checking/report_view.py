"""The report on a draft as plain data, which pages and documents show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from pullquote.base.templating import render
from pullquote.conversation.citations import citation_facts, link_to, place_link
from pullquote.newsroom.checking.words import WordList, words_of
from pullquote.schema import Article, Citation, Role
from pullquote.schema.quote_check import (
    CheckedDraft,
    CheckedQuote,
    DraftQuestionKind,
    QuoteDifference,
    QuoteOmission,
    QuoteVerdict,
    verdict_counts,
)

_FIRST_MARK = re.compile(r"\A[ \t]*>[> \t]*")
_LINE_MARK = re.compile(r"(?<=\n)[ \t]*>[> \t]*")


@dataclass(frozen=True, slots=True)
class QuoteRange:
    """The range of a quotation in the text of a draft, its number and its verdict."""

    start: int
    end: int
    number: int
    verdict: QuoteVerdict


@dataclass(frozen=True, slots=True)
class DraftSegment:
    """A part of a draft's text, and the innermost quotation around it, if any.

    `ends` are the quotations that end after it, the inner ones first.
    """

    text: str
    quote: QuoteRange | None = None
    ends: Sequence[QuoteRange] = ()


@dataclass(frozen=True, slots=True)
class DraftParagraph:
    """A paragraph of a draft."""

    segments: Sequence[DraftSegment]
    is_headline: bool = False
    is_quotation: bool = False


def draft_paragraphs(draft: Article, ranges: Sequence[QuoteRange]) -> Iterator[DraftParagraph]:
    """The paragraphs of a draft; `ranges` are in order, those around others first."""
    around, at = list[QuoteRange](), 0
    for block in draft.blocks:
        while at < len(ranges) and ranges[at].start < block.end:
            around.append(ranges[at])
            at += 1
        around = [one for one in around if one.end > block.start]
        segments = draft_segments(draft.text, block.start, block.end, around)
        if block.role is Role.QUOTATION:
            segments = _without_line_marks(segments)
        yield DraftParagraph(
            list(segments),
            is_headline=block.role is Role.HEADLINE,
            is_quotation=block.role is Role.QUOTATION,
        )


def _without_line_marks(segments: Iterable[DraftSegment]) -> Iterator[DraftSegment]:
    """The segments of a block quote without the "> " that begins its lines in Markdown."""
    begins = True
    for one in segments:
        text = _LINE_MARK.sub("", one.text)
        yield replace(one, text=_FIRST_MARK.sub("", text) if begins else text)
        begins = one.text.endswith("\n")


def draft_segments(
    text: str, start: int, end: int, ranges: Sequence[QuoteRange]
) -> Iterator[DraftSegment]:
    """A range of a text cut where quotations begin and end; `ranges` are as above."""
    limits = {start, end, *(each for one in ranges for each in (one.start, one.end))}
    cuts = sorted(each for each in limits if start <= each <= end)
    around, at = list[QuoteRange](), 0
    for low, high in pairwise(cuts):
        while at < len(ranges) and ranges[at].start <= low:
            around.append(ranges[at])
            at += 1
        around = [one for one in around if one.end > low]
        yield DraftSegment(
            text[low:high],
            around[-1] if around else None,
            [one for one in reversed(around) if one.end == high],
        )


@dataclass(frozen=True, slots=True)
class ComparedText:
    """A part of a quotation. If `differs`, the article has the words `stored` instead of `text`."""

    text: str
    stored: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True)
class _Pair:
    """A range of the quotation's words, and the words that the article has there."""

    start: int
    end: int
    stored: str


def compared(
    quote: str, stored: str, differences: Sequence[QuoteDifference]
) -> tuple[ComparedText, ...]:
    """The text of a quotation with its differences where they are.

    It is empty if their places are unclear, as in a quotation with an ellipsis or a bracket.
    """
    words = words_of(quote)
    pairs = list(_pairs(words, words_of(stored), differences))
    found = [(words.text(one.start, one.end), one.stored) for one in pairs]
    if not pairs or found != [(one.quote, one.article) for one in differences]:
        return ()
    return tuple(one for one in _cut(words, pairs) if one.text or one.differs)


def _pairs(
    quoted: WordList, stored: WordList, differences: Sequence[QuoteDifference]
) -> Iterator[_Pair]:
    """The words that differ, without closing marks at the ends, which do not count."""
    low, high = quoted.inner()
    known = {(one.quote, one.article) for one in differences}
    at, at_stored = low, 0
    for block in Levenshtein.editops(quoted.folded[low:high], stored.folded).as_matching_blocks():
        start, start_stored = low + block.a, block.b
        if start > at or start_stored > at_stored:
            yield _Pair(at, start, stored.text(at_stored, start_stored))
        for number in range(block.size):
            one, other = quoted.words[start + number], stored.words[start_stored + number]
            if one != other and (one, other) in known:
                yield _Pair(start + number, start + number + 1, other)
        at, at_stored = start + block.size, start_stored + block.size


def _cut(words: WordList, pairs: Sequence[_Pair]) -> Iterator[ComparedText]:
    at = 0
    for one in pairs:
        at_end = one.start == len(words.words)
        start = words.ends[-1] if at_end else words.starts[one.start]
        end = start if one.start == one.end else words.ends[one.end - 1]
        yield ComparedText(words.stored[at:start])
        yield ComparedText(words.stored[start:end], one.stored, differs=True)
        at = end
    yield ComparedText(words.stored[at:])


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place in the archive; `link` leads to the original page, `permanent` to the chat.

    `address` is the permanent link after the address of the chat.
    """

    label: str
    title: str
    facts: Sequence[str]
    where: str
    quote: str
    link: str | None
    permanent: str | None
    address: str


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quotation with its verdict, the words that differ, and its places.

    `words` has the differences in their place; it is empty if that is unclear or nothing differs.
    """

    number: int
    verdict: QuoteVerdict
    meaning: str
    quote: str
    speaker: str | None
    said_by: str | None
    differences: Sequence[ComparedText]
    words: Sequence[ComparedText]
    omitted: Sequence[QuoteOmission]
    warnings: Sequence[str]
    also_in: str
    places: Sequence[ShownPlace]


@dataclass(frozen=True, slots=True)
class ShownDraftQuestion:
    """A figure, date or name of a draft where the archive has another."""

    kind: DraftQuestionKind
    sentence: str
    words: str
    article_words: str
    place: ShownPlace


@dataclass(frozen=True, slots=True)
class ReportView:
    """The report on a draft: its text, each quotation with its verdict, and the questions."""

    name: str
    counts: str
    quotes: Sequence[ShownQuote]
    paragraphs: Sequence[DraftParagraph]
    questions: Sequence[ShownDraftQuestion]


def report_view(
    checked: Sequence[tuple[Article, CheckedDraft]], *, name: str, chat: str | None = None
) -> ReportView:
    """The report on a draft, or on all drafts of a file, as plain data.

    `name` is that of the draft. `chat` is the address of a chat over the same index, such as
    "https://archive.example", or "." in its own pages; without it there are no permanent links.
    """
    quotes, paragraphs = list[ShownQuote](), list[DraftParagraph]()
    for draft, report in checked:
        shown = shown_quotes(report.quotes, first=len(quotes) + 1, chat=chat)
        paragraphs += draft_paragraphs(draft, _ranges(report.quotes, shown))
        quotes += shown
    counts = verdict_counts([one for _, report in checked for one in report.quotes])
    questions = [
        ShownDraftQuestion(
            one.kind,
            one.sentence,
            one.words,
            one.article_words,
            _cited_place("In the archive", one.citation, chat),
        )
        for _, report in checked
        for one in report.questions
    ]
    return ReportView(name, counts, quotes, paragraphs, questions)


def shown_quotes(
    quotes: Sequence[CheckedQuote], *, first: int = 1, chat: str | None = None
) -> list[ShownQuote]:
    """The quotations with their verdicts as plain data, numbered from `first`."""
    return [_quote(number, one, chat) for number, one in enumerate(quotes, first)]


def _ranges(quotes: Sequence[CheckedQuote], shown: Sequence[ShownQuote]) -> list[QuoteRange]:
    return [
        QuoteRange(one.draft_start, one.draft_end, each.number, one.verdict)
        for one, each in zip(quotes, shown, strict=True)
        if one.draft_start is not None and one.draft_end is not None
    ]


def _quote(number: int, one: CheckedQuote, chat: str | None) -> ShownQuote:
    stored = "" if one.citation is None else one.citation.quote
    return ShownQuote(
        number=number,
        verdict=one.verdict,
        meaning=one.verdict.meaning,
        quote=one.quote,
        speaker=one.speaker,
        said_by=one.said_by,
        differences=[ComparedText(each.quote, each.article, True) for each in one.differences],
        words=compared(one.quote, stored, one.differences),
        omitted=one.omitted,
        warnings=one.warnings,
        also_in=one.also_in_words,
        places=list(_places(one, chat)),
    )


def _places(one: CheckedQuote, chat: str | None) -> Iterator[ShownPlace]:
    """The place of a quotation, or those of its parts, or the closest one."""
    if one.parts:
        for number, part in enumerate(one.parts, start=1):
            yield _cited_place(f"Part {number}", part, chat)
    elif one.citation is not None:
        yield _cited_place("In the archive", one.citation, chat)
    if one.closest is not None:
        yield _cited_place(f"Closest words ({one.similarity:.0%} the same)", one.closest, chat)


def _cited_place(label: str, citation: Citation, chat: str | None) -> ShownPlace:
    address = place_link(citation)
    return ShownPlace(
        label=label,
        title=citation.title or citation.article,
        facts=citation_facts(citation),
        where=f"{citation.article}, characters {citation.start}–{citation.end}",
        quote=citation.quote,
        link=link_to(citation),
        permanent=None if chat is None else f"{chat.rstrip('/')}/{address}",
        address=address,
    )


def report_html(view: ReportView) -> str:
    """A page with the draft's text, and each quotation with its verdict."""
    return str(render("checked.html", "checked", view))
