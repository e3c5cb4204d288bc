"""The report on a draft as a file, in each format that the page offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pullquote.checking.cited_words import Draft
from pullquote.checking.html_report import report_html
from pullquote.checking.report_view import report_view
from pullquote.checking.word.docx_report import report_docx
from pullquote.schema.quote_check import CheckedDraft

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

ReportFormat = Literal["html", "docx", "json"]


class ReportForm(BaseModel):
    """What a report is made of: the draft as the page showed it, and the name of its file."""

    model_config = ConfigDict(frozen=True)

    format: ReportFormat
    draft: Draft
    name: str = ""


@dataclass(frozen=True, slots=True)
class ReportWriter:
    """How a report is written, and what the page calls it."""

    label: str
    media_type: str
    write: Callable[[ReportForm, CheckedDraft], bytes]


def _html(given: ReportForm, checked: CheckedDraft) -> bytes:
    view = report_view([(given.draft, checked)], name=given.name or "the draft")
    return report_html(view).encode()


def _docx(given: ReportForm, checked: CheckedDraft) -> bytes:
    return report_docx([(given.draft, checked)], name=given.name or "the draft")


def _json(_: ReportForm, checked: CheckedDraft) -> bytes:
    return checked.model_dump_json(indent=2).encode()


REPORTS: Mapping[ReportFormat, ReportWriter] = {
    "html": ReportWriter("Web page", "text/html; charset=utf-8", _html),
    "docx": ReportWriter("Word, with comments", _WORD, _docx),
    "json": ReportWriter("JSON", "application/json", _json),
}


def parse_report_form(fields: Mapping[str, str]) -> ReportForm:
    """The report that a form asks for.

    Raises:
        ValidationError: the format is unknown, or the draft is not as the page made it.
    """
    draft = Draft.model_validate_json(fields.get("draft", ""))
    return ReportForm.model_validate({**fields, "draft": draft})
