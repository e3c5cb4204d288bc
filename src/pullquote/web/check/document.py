"""The Check page as HTML. Pure; `check/page.html` makes the tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from pullquote.checking.html_report import verdict_counts
from pullquote.conversation.citation_format import link_to, place_link
from pullquote.schema import Article, Citation
from pullquote.schema.quote_check import CheckedQuote, QuoteDifference, QuoteOmission, QuoteVerdict
from pullquote.web.check.drafts import SUFFIXES
from pullquote.web.check.intake import too_large
from pullquote.web.check.marked_draft import DraftBlock, marked_draft
from pullquote.web.check.reports import REPORTS, ReportFormat, ReportWriter
from pullquote.web.check.word_marks import word_marks
from pullquote.web.corpus.uploads import size_text
from pullquote.web.limits import MAX_DRAFT_BYTES, MAX_PAGE_DRAFT_CHARS, MAX_PAGE_QUOTATIONS
from pullquote.web.pages import PageFrame
from pullquote.web.templating import render
from pullquote.web.views.text_segments import TextSegment, segments
from pullquote.web.views.unready import Unready


@dataclass(frozen=True, slots=True)
class CheckedResult:
    """A checked draft, the name of its file, and the number of articles it was compared with."""

    draft: Article
    quotes: Sequence[CheckedQuote]
    name: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContent:
    """What the page has to show: the text of the form, a message or the result.

    `unready` says why nothing can be checked. `building` says that the index is being updated.
    """

    text: str = ""
    notice: str = ""
    unready: Unready | None = None
    waits: bool = False
    building: bool = False
    result: CheckedResult | None = None


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """Words of an article, with the address that opens them in the chat, and the original page."""

    citation: Citation
    words: Sequence[TextSegment]
    href: str
    original: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A quotation with its verdict, as the template needs it.

    `words` are those of the draft; the words that differ from the article are marked.
    """

    number: int
    verdict: QuoteVerdict
    words: Sequence[TextSegment]
    speaker: str
    said_by: str
    omitted: Sequence[QuoteOmission]
    warnings: Sequence[str]
    place: FoundPlace | None
    parts: Sequence[FoundPlace]
    closest: FoundPlace | None
    changes: Sequence[QuoteDifference]


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings under one heading."""

    key: str
    heading: str
    findings: Sequence[FindingView]


@dataclass(frozen=True, slots=True)
class ResultView:
    """The result as the template needs it; `posted` is the draft for the form of the report."""

    counts: str
    name: str
    articles: int
    building: bool
    blocks: Sequence[DraftBlock]
    groups: Sequence[FindingGroup]
    posted: str
    reports: Mapping[ReportFormat, ReportWriter]


@dataclass(frozen=True, slots=True)
class DraftForm:
    """The form: its text, and the limits that it names."""

    text: str
    accept: str
    max_bytes: int
    size: str
    too_large: str
    characters: int
    quotations: int


@dataclass(frozen=True, slots=True)
class CheckDocument:
    """The page."""

    frame: PageFrame
    form: DraftForm
    unready: Unready | None
    building: bool
    result: ResultView | None


def check_html(content: CheckContent) -> Markup:
    """The page."""
    frame = PageFrame(
        title="Check a draft",
        current="check",
        styles=("check.css",),
        scripts=("check.js",),
        notice=content.notice,
        waits=content.waits,
    )
    document = CheckDocument(
        frame=frame,
        form=_form(content.text),
        unready=content.unready,
        building=content.building,
        result=None if content.result is None else _result(content.result, content.building),
    )
    return render("check/page.html", "document", document)


def _form(text: str) -> DraftForm:
    return DraftForm(
        text=text,
        accept=",".join(SUFFIXES),
        max_bytes=MAX_DRAFT_BYTES,
        size=size_text(MAX_DRAFT_BYTES),
        too_large=too_large(),
        characters=MAX_PAGE_DRAFT_CHARS,
        quotations=MAX_PAGE_QUOTATIONS,
    )


def _result(result: CheckedResult, building: bool) -> ResultView:
    return ResultView(
        counts=verdict_counts(result.quotes),
        name=result.name,
        articles=result.articles,
        building=building,
        blocks=marked_draft(result.draft, result.quotes),
        groups=list(_groups(result.quotes)),
        posted=result.draft.model_dump_json(exclude_defaults=True),
        reports=REPORTS,
    )


def _groups(quotes: Sequence[CheckedQuote]) -> list[FindingGroup]:
    """The findings, first those that need work; each group in the order of the draft."""
    views = [_finding(number, one) for number, one in enumerate(quotes, start=1)]
    exact = [one for one in views if one.verdict is QuoteVerdict.EXACT]
    groups = (
        FindingGroup(
            "work", "To correct", [one for one in views if one.verdict is not QuoteVerdict.EXACT]
        ),
        FindingGroup("warned", "Exact, with a warning", [one for one in exact if one.warnings]),
        FindingGroup("exact", "Exact", [one for one in exact if not one.warnings]),
    )
    return [group for group in groups if group.findings]


def _finding(number: int, one: CheckedQuote) -> FindingView:
    place = one.citation if not one.parts else None
    marks = word_marks(one.quote, "" if place is None else place.quote, one.differences)
    return FindingView(
        number=number,
        verdict=one.verdict,
        words=segments(one.quote, marks.quoted),
        speaker=one.speaker or "",
        said_by=one.said_by or "",
        omitted=one.omitted,
        warnings=one.warnings,
        place=None if place is None else _place(place, marks.stored),
        parts=[_place(each) for each in one.parts],
        closest=None if one.closest is None else _passage(one.closest),
        changes=one.differences,
    )


def _passage(citation: Citation) -> FoundPlace:
    """The whole sentence around words that are only the closest."""
    return replace(_place(citation), words=[TextSegment(citation.sentence)])


def _place(citation: Citation, changed: Sequence[range] = ()) -> FoundPlace:
    return FoundPlace(
        citation=citation,
        words=segments(citation.quote, changed),
        href=f"./{place_link(citation)}",
        original=link_to(citation) or "",
    )
