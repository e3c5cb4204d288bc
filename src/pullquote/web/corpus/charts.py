"""Charts of what the corpus holds: SVG whose bars are links, with a table of the same below.

Pure functions. Lengths are in percent, so that a chart is as wide as there is room and its words
stay as large as all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.web.views.markup import escape, isolate

ROWS_SHOWN = 8
"""Bars of a ranked chart; the others are in its table."""

ROWS_TOLD = 200
"""Lines of a table."""

_LABEL_CHARS = 20
_ROW = 28  # pixels; a target of 24 and room between
_LABEL, _BAR = 41, 44  # percent of the width; the rest is for figures
_HIGH = 110  # pixels
_WIDE_FIGURE = 1000  # has more digits than stand above a column beside others
_LEAST = 26  # pixels that a column has, so that a finger finds it


@dataclass(frozen=True, slots=True)
class Bar:
    """So many articles, and where those are listed; `chosen` where they are listed now."""

    label: str
    count: int
    href: str
    chosen: bool = False


def ranked_html(name: str, bars: Sequence[Bar]) -> str:
    """A chart of horizontal bars, the first few of those given, and a table of all."""
    if not bars:
        return ""
    most = max(bar.count for bar in bars)
    shown = bars[:ROWS_SHOWN]
    rows = "".join(_row_svg(bar, at, most) for at, bar in enumerate(shown))
    svg = (
        f'<svg class="pq-chart" role="group" aria-label="Articles by {escape(name)}" width="100%" '
        f'height="{len(shown) * _ROW}">{rows}</svg>'
    )
    return _figure(name, svg, bars, more=len(bars) - len(shown))


def columns_html(name: str, bars: Sequence[Bar], *, ticks: Sequence[str]) -> str:
    """A chart of columns in order; `ticks` say what stands below each, "" for nothing."""
    if not bars:
        return ""
    most = max(bar.count for bar in bars)
    step = 100 / len(bars)
    columns = "".join(_column_svg(bar, at * step, step, most) for at, bar in enumerate(bars))
    columns += "".join(
        f'<text x="{(at + 0.5) * step:.3f}%" y="{_HIGH - _high(bar, most) - 4:.1f}" '
        f'class="pq-tick" text-anchor="middle" aria-hidden="true">{bar.count}</text>'
        for at, bar in enumerate(bars)
        if bar.count and (most < _WIDE_FIGURE or bar.count == most)
    )
    below = "".join(
        f'<text x="{at * step:.3f}%" y="{_HIGH + 16}" class="pq-tick">{escape(tick)}</text>'
        for at, tick in enumerate(ticks)
        if tick
    )
    svg = (
        f'<svg class="pq-chart" role="group" aria-label="Articles by {escape(name)}" '
        f'style="min-width:{len(bars) * _LEAST}px" width="100%" height="{_HIGH + 22}">'
        f'<line class="pq-axis" x1="0" x2="100%" y1="{_HIGH}" y2="{_HIGH}"/>{columns}{below}</svg>'
    )
    return _figure(name, f'<div class="pq-wide">{svg}</div>', [bar for bar in bars if bar.count])


def _row_svg(bar: Bar, at: int, most: int) -> str:
    """Name, bar and figure; the whole row is the link."""
    top = at * _ROW
    width = max(0.4, _BAR * bar.count / most)
    return (
        f"{_link(bar)}"
        f'<rect class="pq-hit" x="0" y="{top}" width="100%" height="{_ROW - 2}"/>'
        f'<svg x="0" y="{top}" width="{_LABEL - 2}%" height="{_ROW}">'
        f'<text x="2" y="18">{escape(_short(bar.label))}</text></svg>'
        f'<rect class="pq-fill" x="{_LABEL}%" y="{top + 6}" width="{width:.2f}%" height="14"/>'
        f'<text class="pq-figure" x="99%" y="{top + 18}" text-anchor="end">{bar.count:,}</text></a>'
    )


def _column_svg(bar: Bar, left: float, step: float, most: int) -> str:
    if not bar.count:
        return ""
    high = _high(bar, most)
    return (
        f"{_link(bar)}"
        f'<rect class="pq-hit" x="{left:.3f}%" y="0" width="{step:.3f}%" height="{_HIGH}"/>'
        f'<rect class="pq-fill" x="{left + step * 0.12:.3f}%" y="{_HIGH - high:.1f}" '
        f'width="{step * 0.76:.3f}%" height="{high:.1f}"/></a>'
    )


def _high(bar: Bar, most: int) -> float:
    return max(2.0, (_HIGH - 18) * bar.count / most)


def _link(bar: Bar) -> str:
    """The beginning of a link, named for those who hear it and for those who point at it."""
    told = f"{bar.label}: {counted(bar.count)}"
    current = ' aria-current="true"' if bar.chosen else ""
    named = f'aria-label="{escape(told)}"{current}><title>{escape(told)}</title>'
    return f'<a href="{escape(bar.href)}" {named}'


def _figure(name: str, svg: str, bars: Sequence[Bar], *, more: int = 0) -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="{escape(bar.href)}">{isolate(bar.label)}</a></th>'
        f"<td>{bar.count:,}</td></tr>"
        for bar in bars[:ROWS_TOLD]
    )
    said = f"All {len(bars):,} as a table" if more else "As a table"
    if len(bars) > ROWS_TOLD:
        said = f"The first {ROWS_TOLD} of {len(bars):,} as a table"
    return (
        f'<figure class="pq-figures"><figcaption>By {escape(name)}</figcaption>{svg}'
        f'<details><summary>{said}<span class="pq-hidden"> by {escape(name)}</span></summary>'
        f'<table><thead><tr><th scope="col">{escape(name.capitalize())}</th>'
        f'<th scope="col">Articles</th></tr></thead><tbody>{rows}</tbody></table></details>'
        "</figure>"
    )


def counted(number: int, noun: str = "article") -> str:
    """A number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _short(label: str) -> str:
    return label if len(label) <= _LABEL_CHARS else f"{label[: _LABEL_CHARS - 1]}…"
