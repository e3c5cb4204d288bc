"""The Check page as HTML. Pure; `check/page.html` makes the tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pullquote.checking.draft_view import DraftParagraph
from pullquote.checking.report_view import ShownQuote, report_view
from pullquote.schema import Article
from pullquote.schema.quote_check import CheckedDraft, CheckedQuote, QuoteVerdict
from pullquote.web.check.drafts import SUFFIXES
from pullquote.web.check.intake import too_large
from pullquote.web.check.reports import REPORTS, ReportFormat, ReportWriter
from pullquote.web.corpus.uploads import size_text
from pullquote.web.limits import MAX_DRAFT_BYTES, MAX_DRAFT_CHARS, MAX_QUOTATIONS
from pullquote.web.pages import PageFrame
from pullquote.web.templating import render
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
class FindingGroup:
    """Findings under one heading."""

    key: str
    heading: str
    findings: Sequence[ShownQuote]


@dataclass(frozen=True, slots=True)
class ResultView:
    """The result as the template needs it.

    `closest` has, for the number of an absent quotation, the sentence that is closest to it.
    `posted` is the draft for the form of the report.
    """

    counts: str
    name: str
    articles: int
    building: bool
    paragraphs: Sequence[DraftParagraph]
    groups: Sequence[FindingGroup]
    closest: Mapping[int, str]
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
        characters=MAX_DRAFT_CHARS,
        quotations=MAX_QUOTATIONS,
    )


def _result(result: CheckedResult, building: bool) -> ResultView:
    checked = CheckedDraft(quotes=tuple(result.quotes))
    view = report_view([(result.draft, checked)], name=result.name, chat=".")
    return ResultView(
        counts=view.counts,
        name=view.name,
        articles=result.articles,
        building=building,
        paragraphs=view.paragraphs,
        groups=_groups(view.quotes),
        closest={
            number: one.closest.sentence
            for number, one in enumerate(result.quotes, start=1)
            if one.closest is not None
        },
        posted=result.draft.model_dump_json(exclude_defaults=True),
        reports=REPORTS,
    )


def _groups(quotes: Sequence[ShownQuote]) -> list[FindingGroup]:
    """The findings, first those that need work; each group in the order of the draft."""
    exact = [one for one in quotes if one.verdict is QuoteVerdict.EXACT]
    groups = (
        FindingGroup(
            "work", "To correct", [one for one in quotes if one.verdict is not QuoteVerdict.EXACT]
        ),
        FindingGroup("warned", "Exact, with a note", [one for one in exact if one.warnings]),
        FindingGroup("exact", "Exact", [one for one in exact if not one.warnings]),
    )
    return [group for group in groups if group.findings]
