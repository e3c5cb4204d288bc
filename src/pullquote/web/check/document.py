"""The Check page as HTML. Pure; `check/page.html` makes the tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from pullquote.newsroom.checking.report_view import ShownQuote, report_view
from pullquote.parsing.files import suffix_of
from pullquote.schema import Article
from pullquote.schema.file_limits import megabytes
from pullquote.schema.quote_check import CheckedDraft, CheckedQuote, QuoteVerdict
from pullquote.web.check.intake import SUFFIXES, too_large
from pullquote.web.check.reports import REPORTS, WORD_SUFFIX
from pullquote.web.pages import PageFrame, render
from pullquote.web.request_limits import MAX_DRAFT_BYTES, MAX_DRAFT_CHARS, MAX_QUOTATIONS
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


def check_html(content: CheckContent) -> Markup:
    """The page."""
    return render(
        "check/page.html",
        "document",
        frame=PageFrame(
            title="Check a draft",
            current="check",
            styles=("check.css",),
            scripts=("check.js",),
            notice=content.notice,
            waits=content.waits,
        ),
        form={
            "text": content.text,
            "accept": ",".join(SUFFIXES),
            "max_bytes": MAX_DRAFT_BYTES,
            "size": megabytes(MAX_DRAFT_BYTES),
            "too_large": too_large(),
            "characters": MAX_DRAFT_CHARS,
            "quotations": MAX_QUOTATIONS,
        },
        unready=content.unready,
        building=content.building,
        result=None if content.result is None else _result(content.result, content.building),
    )


def _result(result: CheckedResult, building: bool) -> Mapping[str, object]:
    """The result; `posted` is the draft for the form of the report.

    `is_word` says that the draft is a Word file, of which the report may be a copy.
    """
    view = report_view([(result.draft, result.checked)], name=result.name, chat=".")
    pairs = zip(view.quotes, result.checked.quotes, strict=True)
    return {
        "counts": view.counts,
        "name": view.name,
        "articles": result.articles,
        "building": building,
        "paragraphs": view.paragraphs,
        "groups": _groups([_Finding(shown, one) for shown, one in pairs]),
        "questions": result.checked.questions,
        "posted": result.draft.model_dump_json(exclude_defaults=True),
        "is_word": suffix_of(result.name) == WORD_SUFFIX,
        "reports": REPORTS,
    }


class _Finding(NamedTuple):
    """A quotation as the report shows it, and with what the page shows besides."""

    quote: ShownQuote
    checked: CheckedQuote


def _groups(findings: Sequence[_Finding]) -> list[Mapping[str, object]]:
    """The findings, first those that need work; each group in the order of the draft."""
    exact = [one for one in findings if one.quote.verdict is QuoteVerdict.EXACT]
    groups = (
        ("work", "To correct", [one for one in findings if one not in exact]),
        ("noted", "Exact, with a note", [one for one in exact if one.quote.warnings]),
        ("exact", "Exact", [one for one in exact if not one.quote.warnings]),
    )
    return [
        {"key": key, "heading": heading, "findings": some} for key, heading, some in groups if some
    ]
