"""The Check page as HTML. Pure; `check/page.html` makes the tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pullquote.conversation.citations import place_link
from pullquote.newsroom.checking.report_view import DraftParagraph, ShownQuote, report_view
from pullquote.parsing.files import suffix_of
from pullquote.schema import Article, Citation
from pullquote.schema.limits import megabytes
from pullquote.schema.quote_check import CheckedDraft, CheckedQuote, DraftQuestion, QuoteVerdict
from pullquote.web.check.intake import SUFFIXES, too_large
from pullquote.web.check.reports import REPORTS, WORD_SUFFIX, ReportFormat, ReportWriter
from pullquote.web.limits import MAX_DRAFT_BYTES, MAX_DRAFT_CHARS, MAX_QUOTATIONS
from pullquote.web.pages import PageFrame, render
from pullquote.web.views.unready import Unready


@dataclass(frozen=True, slots=True)
class CheckedResult:
    """A checked draft, the name of its file, and the number of articles it was compared with."""

    draft: Article
    checked: CheckedDraft
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
class ArticleLink:
    """An article, with the address that opens the words in the chat."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A quotation with its verdict, and what the page shows besides the report.

    `closest` is the sentence that is closest to an absent quotation, or "". `copies` are other
    articles that have the same words, and `more` is how many are not listed.
    """

    quote: ShownQuote
    closest: str
    copies: Sequence[ArticleLink]
    more: int


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings under one heading."""

    key: str
    heading: str
    findings: Sequence[ShownFinding]


@dataclass(frozen=True, slots=True)
class QuestionedSentence:
    """A sentence of the draft with other words than an article has, as a question to the writer."""

    sentence: str
    words: str
    article_words: str
    quote: str
    article: ArticleLink


@dataclass(frozen=True, slots=True)
class ResultView:
    """The result as the template needs it; `posted` is the draft for the form of the report.

    `is_word` says that the draft is a Word file, of which the report may be a copy.
    """

    counts: str
    name: str
    articles: int
    building: bool
    paragraphs: Sequence[DraftParagraph]
    groups: Sequence[FindingGroup]
    questions: Sequence[QuestionedSentence]
    posted: str
    is_word: bool
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
        size=megabytes(MAX_DRAFT_BYTES),
        too_large=too_large(),
        characters=MAX_DRAFT_CHARS,
        quotations=MAX_QUOTATIONS,
    )


def _result(result: CheckedResult, building: bool) -> ResultView:
    view = report_view([(result.draft, result.checked)], name=result.name, chat=".")
    pairs = zip(view.quotes, result.checked.quotes, strict=True)
    return ResultView(
        counts=view.counts,
        name=view.name,
        articles=result.articles,
        building=building,
        paragraphs=view.paragraphs,
        groups=_groups([_finding(shown, one) for shown, one in pairs]),
        questions=[_question(one) for one in result.checked.questions],
        posted=result.draft.model_dump_json(exclude_defaults=True),
        is_word=suffix_of(result.name) == WORD_SUFFIX,
        reports=REPORTS,
    )


def _groups(findings: Sequence[ShownFinding]) -> list[FindingGroup]:
    """The findings, first those that need work; each group in the order of the draft."""
    exact = [one for one in findings if one.quote.verdict is QuoteVerdict.EXACT]
    groups = (
        FindingGroup("work", "To correct", [one for one in findings if one not in exact]),
        FindingGroup("noted", "Exact, with a note", [one for one in exact if one.quote.warnings]),
        FindingGroup("exact", "Exact", [one for one in exact if not one.quote.warnings]),
    )
    return [group for group in groups if group.findings]


def _finding(shown: ShownQuote, one: CheckedQuote) -> ShownFinding:
    return ShownFinding(
        shown,
        closest="" if one.closest is None else one.closest.sentence,
        copies=[_article_link(each) for each in one.also_in],
        more=one.also_in_count - len(one.also_in),
    )


def _question(one: DraftQuestion) -> QuestionedSentence:
    return QuestionedSentence(
        one.sentence,
        one.words,
        one.article_words,
        quote=one.citation.quote,
        article=_article_link(one.citation),
    )


def _article_link(citation: Citation) -> ArticleLink:
    return ArticleLink(citation.title or citation.article, f"./{place_link(citation)}")
