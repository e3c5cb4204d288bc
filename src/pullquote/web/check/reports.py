"""The report on a draft as a file, in each format that the page offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Literal
from zipfile import ZipFile

from pydantic import BaseModel, ConfigDict

from pullquote.newsroom.checking.cited_words import Draft
from pullquote.newsroom.checking.docx_report import report_docx
from pullquote.newsroom.checking.report_view import report_html, report_view
from pullquote.schema.quote_check import CheckedDraft
from pullquote.web.request_limits import MAX_DRAFT_BYTES

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

WORD_SUFFIX = ".docx"

MAX_EXPANDED = 6 * MAX_DRAFT_BYTES
"""Bytes of all parts of a Word file: they are in memory while comments are added."""

MAX_XML = 15_000_000
"""Bytes of one part in XML, which becomes a tree of some ten times its size."""

ReportFormat = Literal["html", "docx", "json"]


class ReportForm(BaseModel):
    """What a report is made of: the draft as the page showed it, and the name of its file.

    `docx` is that file, if the browser sent it again: the report is then a copy of it.
    """

    model_config = ConfigDict(frozen=True)

    format: ReportFormat
    draft: Draft
    name: str = ""
    docx: bytes | None = None


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
    name = given.name or "the draft"
    return report_docx([(given.draft, checked)], name=name, docx=given.docx)


def can_be_copied(docx: bytes) -> bool:
    """Whether a Word file, which was read before, is small enough for comments to be added."""
    with ZipFile(BytesIO(docx)) as package:
        sizes = {one.filename: one.file_size for one in package.infolist()}
    largest = max((size for name, size in sizes.items() if name.endswith(".xml")), default=0)
    return sum(sizes.values()) <= MAX_EXPANDED and largest <= MAX_XML


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
    return ReportForm.model_validate({**fields, "draft": draft, "docx": None})
