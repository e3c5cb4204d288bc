"""The Corpus page as one HTML document. Pure; corpus.css styles it.

This module decides what the page shows; `document.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from markupsafe import Markup

from pullquote.index.catalog.catalog import CatalogPage, Overview
from pullquote.index.catalog.catalog_rows import CatalogQuery, State, plain
from pullquote.parsing import FORMATS
from pullquote.schema.file_limits import megabytes
from pullquote.web.corpus.charts import Chart, ChartBar, bar_chart, column_chart, period_series
from pullquote.web.corpus.listing import (
    counts,
    language_name,
    listing,
    listing_row,
)
from pullquote.web.corpus.query import ListRequest, list_href, with_filter
from pullquote.web.pages import PageFrame, render

_KINDS = " ".join(sorted({suffix.strip(".") for suffix in FORMATS}))


@dataclass(frozen=True, slots=True)
class CorpusContent:
    """The content of the page; None leaves a part out.

    `corpus` is given only to users who may rebuild. `upload_bytes` is the largest file accepted.
    `links` says whether web addresses are accepted. `failed` has the files that failed last.
    """

    request: ListRequest = field(default_factory=ListRequest)
    overview: Overview | None = None
    listed: CatalogPage | None = None
    failed: CatalogPage | None = None
    notice: str = ""
    waits: bool = False
    panel: Markup | None = None
    corpus: Path | None = None
    upload_bytes: int | None = None
    links: bool = False


def document_html(content: CorpusContent) -> Markup:
    """The page as HTML."""
    overview, wanted, listed = content.overview, content.request.wanted, content.listed
    filled = overview is not None and bool(overview.states)
    shown = overview if overview is not None and filled else Overview()
    rebuilds = content.panel is not None
    return render(
        "corpus/document.html",
        "document",
        frame=PageFrame(
            "Corpus",
            "corpus",
            scripts=("corpus/page.js",),
            main_id="articles",
            main="articles",
            notice=content.notice,
            waits=content.waits,
        ),
        folder="" if content.corpus is None else str(content.corpus.resolve()),
        failed=_failed(content.failed),
        empty=None
        if overview is None or filled
        else {"corpus": content.corpus or "", "rebuilds": rebuilds, "kinds": _KINDS},
        filled=filled,
        counts=counts(shown.states),
        dates=date_chart(wanted, shown.months),
        bar_charts=_bar_charts(wanted, shown),
        panel=content.panel,
        upload=None
        if content.upload_bytes is None
        else {
            "max_bytes": content.upload_bytes,
            "size": megabytes(content.upload_bytes),
            "suffixes": ",".join(sorted(FORMATS)),
            "rebuilds": rebuilds,
            "links": content.links,
        },
        listing=None if listed is None or not filled else listing(content.request, listed),
    )


def _bar_charts(wanted: CatalogQuery, overview: Overview) -> list[Chart]:
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
            (language_name(value) if name == "language" else value) or f"No {name}",
            count,
            list_href(with_filter(wanted, name, None if chosen else value)),
            chosen,
        )
        for value, count in sorted(counts.items(), key=lambda pair: pair[0] == "")
        for chosen in (_chosen(wanted, name, value),)
    ]


def _chosen(wanted: CatalogQuery, name: str, value: str) -> bool:
    now = getattr(wanted, name)
    return name in wanted.without if not value else now is not None and plain(now) == plain(value)


def date_chart(wanted: CatalogQuery, months: dict[str, int]) -> Chart | None:
    """The chart by date, with the number of articles without a date."""
    series = period_series(months)
    any_day = replace(with_filter(wanted, "published", None), since=None, until=None)
    bars = []
    for period in series.periods:
        chosen = (wanted.since, wanted.until) == (period.since, period.until)
        narrowed = replace(any_day, since=period.since, until=period.until)
        href = list_href(any_day if chosen else narrowed)
        bars.append(ChartBar(period.label, period.count, href, chosen))
    undated = None
    if number := months.get("", 0):
        chosen = "published" in wanted.without
        href = list_href(any_day if chosen else with_filter(any_day, "published", ""))
        undated = ChartBar("Without a date", number, href, chosen)
    ticks = [period.tick for period in series.periods]
    return column_chart(series.unit, bars, ticks=ticks, undated=undated)


def _failed(failed: CatalogPage | None) -> Mapping[str, object] | None:
    """The first few files that could not be read, their number, and the address of all."""
    if failed is None or not failed.count:
        return None
    return {
        "rows": [listing_row(entry) for entry in failed.entries],
        "count": failed.count,
        "href": list_href(CatalogQuery(state=State.FAILED)),
    }
