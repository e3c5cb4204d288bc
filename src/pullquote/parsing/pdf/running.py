"""Running heads, feet and page numbers: what stands on most pages at the same place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from pullquote.parsing.pdf.words import PageText, TextRun
from pullquote.parsing.trace import left_out, listening

_MARGIN = 0.12
"""Share of the height of a page, at its head and at its foot, where they stand."""
_SHARE = 0.4
"""Of the pages that carry one; left and right pages have each their own."""
_SLACK = 6.0
"""Points by which its place varies: the foot of a page of an office document floats a little."""
_NUMBER = re.compile(r"[0-9]+")
_PAGE_NUMBER = re.compile(
    r"[-–—(\[\s]*(?:page\s+)?[0-9]{1,4}(?:\s*(?:of|/)\s*[0-9]{1,4})?[-–—)\]\s]*", re.I
)


def drop_running(pages: Sequence[PageText]) -> list[PageText]:
    """The pages without their running heads, feet and numbers."""
    places: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        # Twice on one page counts once.
        for key, top in {
            _key(run): run.top for run in page.runs if _is_marginal(run, page)
        }.items():
            places[key].append(top)
    least = max(2.0, _SHARE * len(pages))
    running = {key: median(tops) for key, tops in places.items() if len(tops) >= least}
    for number, page in enumerate(pages if listening() else (), start=1):
        for run in page.runs:
            if _is_running(run, page, running):
                left_out(run.text, f"a running head, foot or page number, page {number}")
    return [
        replace(page, runs=tuple(run for run in page.runs if not _is_running(run, page, running)))
        for page in pages
    ]


def _is_marginal(run: TextRun, page: PageText) -> bool:
    return run.bottom < _MARGIN * page.height or run.top > (1 - _MARGIN) * page.height


def _key(run: TextRun) -> str:
    """A running line as it is compared between pages: its numbers count the pages."""
    return _NUMBER.sub("0", run.text.casefold())


def _is_running(run: TextRun, page: PageText, running: dict[str, float]) -> bool:
    if not _is_marginal(run, page):
        return False
    top = running.get(_key(run))
    if top is not None and abs(run.top - top) <= _SLACK:
        return True
    return _PAGE_NUMBER.fullmatch(run.text) is not None
