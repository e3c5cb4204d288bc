"""Drops running heads, feet and page numbers: lines at the same position on many pages.

A head or foot has a few lines. If more lines of a margin are repeated, as on the copies of a form,
they are text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from pullquote.parsing.pdf.layout.text_runs import PageText, TextRun
from pullquote.parsing.trace import is_tracing, trace_dropped

_MARGIN = 0.12
"""Share of the page height, at the top and at the bottom, that is searched for running heads."""
_SHARE = 0.4
"""Share of pages that have the line. Left and right pages may have different lines."""
_SLACK = 6.0
"""How many points the position may vary. The foot of an office document moves a little."""
_MOST_ROWS = 4
"""Greatest number of rows of a running head or foot."""
_MOST_NUMBERS = 2
"""Greatest number of page numbers in a margin: two pages may be on one sheet. More numbers are
figures of a table."""
_LONE_MARGIN = 0.2
"""Share of the page height, at the top and at the bottom, that is searched for page numbers beside
which, and beyond which, there is nothing."""
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
    return [_without(page, number, running) for number, page in enumerate(pages, start=1)]


def _without(page: PageText, number: int, running: dict[str, float]) -> PageText:
    repeated = [run for run in page.runs if _is_repeated(run, page, running)]
    dropped = {
        id(run)
        for upper in (True, False)
        for run in _few([run for run in repeated if (run.top < page.height / 2) == upper])
    }
    dropped |= {id(run) for run in _page_numbers(page)}
    for run in page.runs if is_tracing() else ():
        if id(run) in dropped:
            trace_dropped(run.text, f"a running head, foot or page number, page {number}")
    return replace(page, runs=tuple(run for run in page.runs if id(run) not in dropped))


def _few(repeated: Sequence[TextRun]) -> Sequence[TextRun]:
    """The repeated lines of a margin, unless they are too many."""
    rows = {round(run.middle / max(run.height, 1.0)) for run in repeated}
    return repeated if len(rows) <= _MOST_ROWS else ()


def _is_marginal(run: TextRun, page: PageText) -> bool:
    return run.bottom < _MARGIN * page.height or run.top > (1 - _MARGIN) * page.height


def _key(run: TextRun) -> str:
    """The text of a line for comparing pages. Digits become 0, because they may be page numbers."""
    return _NUMBER.sub("0", run.text.casefold())


def _is_repeated(run: TextRun, page: PageText, running: dict[str, float]) -> bool:
    top = running.get(_key(run)) if _is_marginal(run, page) else None
    return top is not None and abs(run.top - top) <= _SLACK


def _page_numbers(page: PageText) -> Iterator[TextRun]:
    """The page numbers: lines in the margin, or alone above or below all other lines."""
    numbers = [run for run in page.runs if _PAGE_NUMBER.fullmatch(run.text)]
    marginal = [run for run in numbers if _is_marginal(run, page)]
    for upper in (True, False):
        found = [run for run in marginal if (run.top < page.height / 2) == upper]
        yield from found if len(found) <= _MOST_NUMBERS else ()
    yield from (run for run in numbers if _is_alone(run, page))


def _is_alone(run: TextRun, page: PageText) -> bool:
    """Whether a line is above or below all other lines of the page, near its edge."""
    others = [other for other in page.runs if other is not run and other.turn == run.turn]
    if run.bottom < _LONE_MARGIN * page.height:
        return all(other.top > run.bottom for other in others)
    return run.top > (1 - _LONE_MARGIN) * page.height and all(
        other.bottom < run.top for other in others
    )
