"""The source audit of all articles, or of one. Pure; `audit.html` makes the HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from pullquote.schema.speakers import ArticleAudit, ClaimCounts, CorpusAudit, SourceNaming
from pullquote.web.pages import PageFrame
from pullquote.web.requests import CitedSpan
from pullquote.web.speakers.parts import ClaimFilterForm, filter_form, speaker_frame
from pullquote.web.speakers.query import (
    AuditRequest,
    SpeakersRequest,
    audit_href,
    speakers_href,
)
from pullquote.web.templating import render
from pullquote.web.views.permalinks import Link, permanent_link
from pullquote.web.views.speaker_address import AUDIT, speaker_address


@dataclass(frozen=True, slots=True)
class PaperRow:
    """The counts of a paper; `href` leads to the speakers that it quotes."""

    name: str
    href: str
    articles: int
    quoting: int
    counts: ClaimCounts


@dataclass(frozen=True, slots=True)
class CorpusAuditDocument:
    """The audit of all articles that pass the filters; `export` is its address as a file."""

    frame: PageFrame
    total: PaperRow
    papers: Sequence[PaperRow]
    speakers: int
    unread: int
    form: ClaimFilterForm
    export: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """The counts of a source in one article; `href` is "" if it has no name."""

    name: str
    href: str
    naming: SourceNaming
    claims: int
    direct: int
    words: int

    @property
    def reported(self) -> int:
        """The number of claims that are not all in quote marks."""
        return self.claims - self.direct


@dataclass(frozen=True, slots=True)
class ArticleAuditDocument:
    """The audit of an article; `href` opens the article, `export` is the audit as a file."""

    frame: PageFrame
    title: str
    href: str
    read: bool
    counts: ClaimCounts
    sources: Sequence[SourceRow]
    export: str


def corpus_audit_html(request: AuditRequest, audit: CorpusAudit) -> Markup:
    """The audit of all articles as a page."""
    papers = [
        PaperRow(
            one.source, _paper_href(request, one.source), one.articles, one.quoting, one.counts
        )
        for one in audit.papers
    ]
    document = CorpusAuditDocument(
        frame=speaker_frame("Source audit", AUDIT),
        total=PaperRow("", "", audit.articles, audit.quoting, audit.counts),
        papers=papers,
        speakers=audit.speakers,
        unread=audit.unread,
        form=filter_form(AUDIT, request.filters, [], hidden={}, clear=AUDIT),
        export=audit_href(request, export=".csv"),
    )
    return render("speakers/audit.html", "corpus", document)


def article_audit_html(audit: ArticleAudit) -> Markup:
    """The audit of one article as a page."""
    document = ArticleAuditDocument(
        frame=speaker_frame("Who is quoted", AUDIT),
        title=audit.title,
        href="./" + permanent_link(Link(CitedSpan(article=audit.article))),
        read=audit.read,
        counts=audit.counts,
        sources=[
            SourceRow(
                one.source,
                speaker_address(one.source) if one.naming == "named" else "",
                one.naming,
                one.claims,
                one.direct,
                one.words,
            )
            for one in audit.sources
        ],
        export=audit_href(AuditRequest(audit.article), export=".csv"),
    )
    return render("speakers/audit.html", "article", document)


def _paper_href(request: AuditRequest, source: str) -> str:
    """The address of the speakers that a paper quotes; "" for articles that name no source."""
    if not source:
        return ""
    return speakers_href(SpeakersRequest(filters=replace(request.filters, sources=(source,))))
