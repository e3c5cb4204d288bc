"""The whole Corpus page as one HTML document. Pure functions; corpus.css gives the looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pullquote.index.catalog.catalog import Listed, Overview
from pullquote.index.catalog.catalog_rows import Wanted, plain
from pullquote.parsing import FORMATS
from pullquote.web.corpus.charts import Bar, columns_html, ranked_html
from pullquote.web.corpus.listing import LIST, counts_html, listing_html
from pullquote.web.corpus.periods import periods
from pullquote.web.corpus.query import PAGE, Asked, address, narrowed
from pullquote.web.views.markup import escape

DARK = (
    'const theme = new URLSearchParams(location.search).get("__theme");'
    'const dark = theme === "dark" || '
    '(theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);'
    'document.documentElement.classList.toggle("dark", dark);'
)
"""Gradio's own way of choosing a theme, before anything is shown."""

_SUFFIXES = ",".join(sorted(FORMATS))


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows. None leaves a part out, as what is not allowed is.

    `corpus` is told to those who may rebuild; `upload_bytes` is the largest file that is taken.
    """

    asked: Asked = field(default_factory=Asked)
    overview: Overview | None = None
    listed: Listed | None = None
    notice: str = ""
    waits: bool = False
    panel: str | None = None
    corpus: Path | None = None
    upload_bytes: int | None = None


def document_html(view: View) -> str:
    """The page."""
    again = '<meta http-equiv="refresh" content="2">' if view.waits else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{again}<title>Corpus · pullquote</title><script>{DARK}</script>"
        '<link rel="stylesheet" href="theme.css"><link rel="stylesheet" href="corpus/look.css">'
        '<script src="corpus/page.js" defer></script></head><body>'
        f'<a class="pq-skip" href="{LIST}">To the articles</a>'
        '<header class="pq-header"><span class="pq-brand">pullquote</span><nav aria-label="Pages">'
        f'<a href="./">Ask</a><a href="{PAGE}" aria-current="page">Corpus</a></nav></header>'
        '<main><h1>Corpus</h1><p id="pq-status" class="pq-hidden" role="status"></p>'
        f"{_main_html(view)}</main></body></html>"
    )


def _main_html(view: View) -> str:
    notice = f'<p class="pq-warning" dir="auto">{escape(view.notice)}</p>' if view.notice else ""
    return (
        f'{notice}<div id="pq-overview">{_overview_html(view)}</div>{_bring_html(view)}'
        f"{'' if view.listed is None else _list_html(view.asked, view.listed, view.overview)}"
    )


def _list_html(asked: Asked, listed: Listed, overview: Overview | None) -> str:
    return "" if overview is None or not overview.states else listing_html(asked, listed)


def _overview_html(view: View) -> str:
    """The counts and the charts; where there is nothing to count, what to do."""
    if view.overview is None:
        return ""
    if not view.overview.states:
        return _empty_html(view)
    return counts_html(view.overview.states) + charts_html(view.asked.wanted, view.overview)


def _empty_html(view: View) -> str:
    """What to do where nothing is indexed."""
    where = "the corpus folder"
    if view.corpus is not None:
        where = f"the corpus folder, <code>{escape(str(view.corpus))}</code>"
    then = (
        "then bring the index up to date, with the button below"
        if view.panel is not None
        else "then have whoever keeps the corpus run <code>pullquote rebuild-index</code>"
    )
    kinds = " ".join(sorted({suffix.strip(".") for suffix in FORMATS}))
    return (
        '<div class="pq-empty"><p class="pq-lede">Nothing is indexed yet.</p>'
        f"<p>Put articles into {where}; {then}.</p>"
        f"<p>Files of these kinds are read: {escape(kinds)}.</p></div>"
    )


def charts_html(wanted: Wanted, overview: Overview) -> str:
    """What the corpus holds, by date, source, section and language; each bar leads to its list."""
    ranked = "".join(
        ranked_html(name, _bars(wanted, name, counts))
        for name, counts in (
            ("source", overview.sources),
            ("section", overview.sections),
            ("language", overview.languages),
        )
        if len(counts) > 1
    )
    return f'<div class="pq-charts">{_dates_html(wanted, overview.months)}{ranked}</div>'


def _bars(wanted: Wanted, name: str, counts: dict[str, int]) -> Sequence[Bar]:
    return [
        Bar(
            value or f"No {name}",
            count,
            _leads_to(narrowed(Wanted(), name, value)),
            chosen=_chosen(wanted, name, value),
        )
        for value, count in sorted(counts.items(), key=lambda pair: pair[0] == "")
    ]


def _chosen(wanted: Wanted, name: str, value: str) -> bool:
    """Whether the list is narrowed to that value."""
    now = getattr(wanted, name)
    return name in wanted.without if not value else now is not None and plain(now) == plain(value)


def _dates_html(wanted: Wanted, months: dict[str, int]) -> str:
    found = periods(months)
    bars = [
        Bar(
            one.label,
            one.count,
            _leads_to(Wanted(since=one.since, until=one.until, descending=False)),
            chosen=(wanted.since, wanted.until) == (one.since, one.until),
        )
        for one in found.periods
    ]
    chart = columns_html(found.name, bars, ticks=[one.tick for one in found.periods])
    if not chart or not (undated := months.get("", 0)):
        return chart
    href = escape(_leads_to(Wanted(without=frozenset(("published",)))))
    said = f'<p class="pq-hint"><a href="{href}">{undated:,} without a date</a></p></figure>'
    return chart.removesuffix("</figure>") + said


def _leads_to(wanted: Wanted) -> str:
    return address(wanted) + LIST


def _bring_html(view: View) -> str:
    """Rebuilding and uploading, as far as the settings allow them."""
    if view.panel is None and view.upload_bytes is None:
        return ""
    rebuild = "" if view.panel is None else f'<div id="pq-rebuild">{view.panel}</div>'
    return (
        '<section class="pq-bring" aria-labelledby="pq-bring"><h2 id="pq-bring">Bring in more</h2>'
        f"{_upload_html(view.upload_bytes)}{rebuild}</section>"
    )


def _upload_html(most: int | None) -> str:
    if most is None:
        return ""
    size = f"{most / 1_000_000:,.0f} MB" if most >= 1_000_000 else f"{most:,} bytes"
    return (
        f'<form id="pq-upload" data-most="{most}"><label class="pq-field">'
        "<span>Add files to the corpus</span>"
        f'<input type="file" multiple accept="{escape(_SUFFIXES)}" aria-describedby="pq-upload-is">'
        '</label><button type="submit">Add</button>'
        f'<p class="pq-hint" id="pq-upload-is">Up to {size} each; they go into the folder '
        "“uploads” of the corpus, and answer after the next rebuild.</p>"
        '<ul id="pq-uploaded" aria-label="Files added"></ul></form>'
    )
