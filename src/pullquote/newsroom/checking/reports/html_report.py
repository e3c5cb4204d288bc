"""The report on the quotations of a draft as HTML; `templates/findings.html` has its parts."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from pullquote.base.templating import TemplateFolder
from pullquote.newsroom.checking.reports.report_view import ReportView


def report_html(view: ReportView) -> str:
    """A page with the draft's text, and each quotation with its verdict."""
    return str(_templates().render("checked.html", "checked", view))


def draft_html(view: ReportView) -> Markup:
    """The draft's text alone, in which the quotations are marked, as a part of a page."""
    return _templates().render("findings.html", "draft_text", view)


def findings_html(view: ReportView) -> Markup:
    """The list of quotations with their verdicts alone, as a part of a page."""
    return _templates().render("findings.html", "findings", view)


@cache
def _templates() -> TemplateFolder:
    return TemplateFolder("pullquote.base", {})
