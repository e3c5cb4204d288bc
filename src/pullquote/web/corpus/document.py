"""The Corpus page as one HTML document. Pure; corpus.css styles it.

This module decides what the page shows; `document.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from pullquote.index.catalog.catalog import CatalogPage, Overview
from pullquote.index.catalog.catalog_rows import CatalogQuery, plain
from pullquote.parsing import FORMATS
from pullquote.web.corpus.charts import BarChart, ChartBar, ColumnChart, bar_chart, column_chart
from pullquote.web.corpus.listing import Listing, StateCount, counts, listing
from pullquote.web.corpus.periods import period_series
from pullquote.web.corpus.query import ListRequest, list_href, with_filter
from pullquote.web.templating import render

_SUFFIXES = ",".join(sorted(FORMATS))
_KINDS = " ".join(sorted({suffix.strip(".") for suffix in FORMATS}))


@dataclass(frozen=True, slots=True)
class CorpusContent:
    """The content of the page; None leaves a part out.

    `corpus` is given only to users who may rebuild. `upload_bytes` is the largest file accepted.
    """

    request: ListRequest = field(default_factory=ListRequest)
    overview: Overview | None = None
    listed: CatalogPage | None = None
    notice: str = ""
    waits: bool = False
    panel: Markup | None = None
    corpus: Path | None = None
    upload_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class EmptyCorpus:
    """A hint for an empty index; `corpus` is "" for users who may not see the folder."""

    corpus: str
    rebuilds: bool
    kinds: str = _KINDS


@dataclass(frozen=True, slots=True)
class UploadForm:
    """The largest file size, in bytes and as text, and the accepted suffixes."""

    max_bytes: int
    size: str
    suffixes: str = _SUFFIXES


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """The parts of the page as its template needs them; None leaves a part out."""

    notice: str
    waits: bool
    empty: EmptyCorpus | None
    filled: bool
    counts: Sequence[StateCount]
    dates: ColumnChart | None
    bar_charts: Sequence[BarChart]
    panel: Markup | None
    upload: UploadForm | None
    listing: Listing | None


def document_html(content: CorpusContent) -> Markup:
    """The page as HTML."""
    return render("corpus/document.html", "document", corpus_document(content))


def corpus_document(content: CorpusContent) -> CorpusDocument:
    """The parts of the page."""
    overview, wanted, listed = content.overview, content.request.wanted, content.listed
    filled = overview is not None and bool(overview.states)
    shown = overview if overview is not None and filled else Overview()
    most = content.upload_bytes
    return CorpusDocument(
        notice=content.notice,
        waits=content.waits,
        empty=_empty(content) if overview is not None and not filled else None,
        filled=filled,
        counts=counts(shown.states),
        dates=_date_chart(wanted, shown.months),
        bar_charts=_bar_charts(wanted, shown),
        panel=content.panel,
        upload=None if most is None else _upload_form(most),
        listing=None if listed is None or not filled else listing(content.request, listed),
    )


def _empty(content: CorpusContent) -> EmptyCorpus:
    corpus = "" if content.corpus is None else str(content.corpus)
    return EmptyCorpus(corpus, rebuilds=content.panel is not None)


def _bar_charts(wanted: CatalogQuery, overview: Overview) -> list[BarChart]:
    """Charts by source, section and language."""
    charts = (
        bar_chart(name, _bars(wanted, name, counts))
        for name, counts in (
            ("source", overview.sources),
            ("section", overview.sections),
            ("language", overview.languages),
        )
        if len(counts) > 1
    )
    return [chart for chart in charts if chart is not None]


def _bars(wanted: CatalogQuery, name: str, counts: dict[str, int]) -> Sequence[ChartBar]:
    return [
        ChartBar(
            value or f"No {name}",
            count,
            list_href(with_filter(CatalogQuery(), name, value)),
            chosen=_chosen(wanted, name, value),
        )
        for value, count in sorted(counts.items(), key=lambda pair: pair[0] == "")
    ]


def _chosen(wanted: CatalogQuery, name: str, value: str) -> bool:
    """Whether the list is narrowed to that value."""
    now = getattr(wanted, name)
    return name in wanted.without if not value else now is not None and plain(now) == plain(value)


def _date_chart(wanted: CatalogQuery, months: dict[str, int]) -> ColumnChart | None:
    """The chart by date, with the number of articles without a date."""
    series = period_series(months)
    bars = [
        ChartBar(
            period.label,
            period.count,
            list_href(CatalogQuery(since=period.since, until=period.until, descending=False)),
            chosen=(wanted.since, wanted.until) == (period.since, period.until),
        )
        for period in series.periods
    ]
    undated = None
    if number := months.get("", 0):
        href = list_href(CatalogQuery(without=frozenset(("published",))))
        undated = ChartBar("without a date", number, href)
    ticks = [period.tick for period in series.periods]
    return column_chart(series.unit, bars, ticks=ticks, undated=undated)


def _upload_form(most: int) -> UploadForm:
    size = f"{most / 1_000_000:,.0f} MB" if most >= 1_000_000 else f"{most:,} bytes"
    return UploadForm(most, size)
