"""Drops running heads, feet and page numbers: lines at the same position on many pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from pullquote.parsing.pdf.text_runs import PageText, TextRun
from pullquote.parsing.trace import is_tracing, trace_dropped

_MARGIN = 0.12
"""Share of the page height, at the top and at the bottom, that is searched for running heads."""
_SHARE = 0.4
"""Share of pages that have the line. Left and right pages may have different lines."""
_SLACK = 6.0
"""How many points the position may vary. The foot of an office document moves a little."""
_NUMBER = re.compile(r"[0-9]+")
_PAGE_NUMBER = re.compile(
    r"[-–—(\[\s]*(?:page\s+)?[0-9]{1,4}(?:\s*(?:of|/)\s*[0-9]{1,4})?[-–—)\]\s]*", re.I
)


def drop_running_heads(pages: Sequence[PageText]) -> list[PageText]:
    """The pages without running heads, feet and page numbers."""
    places: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        # A line that occurs twice on the same page counts once.
        for key, top in {
            _key(run): run.top for run in page.runs if _is_marginal(run, page)
        }.items():
            places[key].append(top)
    least = max(2.0, _SHARE * len(pages))
    running = {key: median(tops) for key, tops in places.items() if len(tops) >= least}
    for number, page in enumerate(pages if is_tracing() else (), start=1):
        for run in page.runs:
            if _is_running(run, page, running):
                trace_dropped(run.text, f"a running head, foot or page number, page {number}")
    return [
        replace(page, runs=tuple(run for run in page.runs if not _is_running(run, page, running)))
        for page in pages
    ]


def _is_marginal(run: TextRun, page: PageText) -> bool:
    return run.bottom < _MARGIN * page.height or run.top > (1 - _MARGIN) * page.height


def _key(run: TextRun) -> str:
    """The text of a line for comparing pages. Digits become 0, because they may be page numbers."""
    return _NUMBER.sub("0", run.text.casefold())


def _is_running(run: TextRun, page: PageText, running: dict[str, float]) -> bool:
    if not _is_marginal(run, page):
        return False
    top = running.get(_key(run))
    if top is not None and abs(run.top - top) <= _SLACK:
        return True
    return _PAGE_NUMBER.fullmatch(run.text) is not None
