"""The whole Corpus page as one HTML document. Pure; corpus.css gives the looks.

The functions say what the page shows; `document.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from pullquote.index.catalog.catalog import CatalogPage, Overview
from pullquote.index.catalog.catalog_rows import CatalogQuery, plain
from pullquote.parsing import FORMATS
from pullquote.web.corpus.charts import Bar, Columns, Ranked, columns, ranked
from pullquote.web.corpus.listing import LIST, Listing, StateCount, counts, listing
from pullquote.web.corpus.periods import periods
from pullquote.web.corpus.query import Asked, address, narrowed
from pullquote.web.templating import render

_SUFFIXES = ",".join(sorted(FORMATS))
_KINDS = " ".join(sorted({suffix.strip(".") for suffix in FORMATS}))


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows. None leaves a part out, as what is not allowed is.

    `corpus` is told to those who may rebuild; `upload_bytes` is the largest file that is taken.
    """

    asked: Asked = field(default_factory=Asked)
    overview: Overview | None = None
    listed: CatalogPage | None = None
    notice: str = ""
    waits: bool = False
    panel: Markup | None = None
    corpus: Path | None = None
    upload_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """What to do where nothing is indexed; `corpus` is "" for those who may not know it."""

    corpus: str
    rebuilds: bool
    kinds: str = _KINDS


@dataclass(frozen=True, slots=True)
class Upload:
    """How large a file may be, in bytes and as people write it, and how its name may end."""

    most: int
    size: str
    suffixes: str = _SUFFIXES


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of the page as its template needs them; None leaves a part out."""

    notice: str
    waits: bool
    empty: Empty | None
    filled: bool
    counts: Sequence[StateCount]
    dates: Columns | None
    ranked: Sequence[Ranked]
    panel: Markup | None
    upload: Upload | None
    listing: Listing | None


def document_html(view: View) -> Markup:
    """The page."""
    return render("corpus/document.html", "document", page_of(view))


def page_of(view: View) -> Page:
    """What the page says of a view."""
    overview, wanted = view.overview, view.asked.wanted
    filled = overview is not None and bool(overview.states)
    shown = overview if overview is not None and filled else Overview()
    return Page(
        notice=view.notice,
        waits=view.waits,
        empty=_empty(view) if overview is not None and not filled else None,
        filled=filled,
        counts=counts(shown.states),
        dates=_dates(wanted, shown.months),
        ranked=_ranked(wanted, shown),
        panel=view.panel,
        upload=None if view.upload_bytes is None else _upload(view.upload_bytes),
        listing=None if view.listed is None or not filled else listing(view.asked, view.listed),
    )


def _empty(view: View) -> Empty:
    corpus = "" if view.corpus is None else str(view.corpus)
    return Empty(corpus, rebuilds=view.panel is not None)


def _ranked(wanted: CatalogQuery, overview: Overview) -> list[Ranked]:
    """Charts by source, section and language; each bar leads to its list."""
    charts = (
        ranked(name, _bars(wanted, name, counts))
        for name, counts in (
            ("source", overview.sources),
            ("section", overview.sections),
            ("language", overview.languages),
        )
        if len(counts) > 1
    )
    return [chart for chart in charts if chart is not None]


def _bars(wanted: CatalogQuery, name: str, counts: dict[str, int]) -> Sequence[Bar]:
    return [
        Bar(
            value or f"No {name}",
            count,
            _leads_to(narrowed(CatalogQuery(), name, value)),
            chosen=_chosen(wanted, name, value),
        )
        for value, count in sorted(counts.items(), key=lambda pair: pair[0] == "")
    ]


def _chosen(wanted: CatalogQuery, name: str, value: str) -> bool:
    """Whether the list is narrowed to that value."""
    now = getattr(wanted, name)
    return name in wanted.without if not value else now is not None and plain(now) == plain(value)


def _dates(wanted: CatalogQuery, months: dict[str, int]) -> Columns | None:
    """The chart by date, with the number of those that have none."""
    found = periods(months)
    bars = [
        Bar(
            one.label,
            one.count,
            _leads_to(CatalogQuery(since=one.since, until=one.until, descending=False)),
            chosen=(wanted.since, wanted.until) == (one.since, one.until),
        )
        for one in found.periods
    ]
    undated = None
    if number := months.get("", 0):
        href = _leads_to(CatalogQuery(without=frozenset(("published",))))
        undated = Bar("without a date", number, href)
    return columns(found.name, bars, ticks=[one.tick for one in found.periods], undated=undated)


def _leads_to(wanted: CatalogQuery) -> str:
    return address(wanted) + LIST


def _upload(most: int) -> Upload:
    size = f"{most / 1_000_000:,.0f} MB" if most >= 1_000_000 else f"{most:,} bytes"
    return Upload(most, size)
