"""The part of the Corpus page that rebuilds the index, in each of its states.

Pure functions, which say what is shown; `panel.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from pullquote.errors import CorpusChanged
from pullquote.index import Report
from pullquote.index.catalog.catalog_rows import CatalogQuery, State
from pullquote.index.manifest import FailedFile
from pullquote.web.corpus.listing import LIST
from pullquote.web.corpus.query import PAGE, address, agreed_query
from pullquote.web.corpus.rebuilding import Failed, Finished, Progressing, Refused, Running, Stopped
from pullquote.web.templating import counted, render

FAILED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """How far a rebuild is; without a total it is not known how much there is to do."""

    label: str
    done: int = 0
    total: int | None = None
    cancels: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """What would go, the first of it by name, and the button that lets it go."""

    why: str
    names: Sequence[str]
    more: int
    label: str
    action: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a rebuild."""

    changes: str
    articles: int
    seconds: str
    failed: Sequence[FailedFile]
    failures: int
    superseded: int
    note: str | None
    failed_href: str
    superseded_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The panel in one state; `said` is what a screen reader speaks when it comes."""

    state: Literal["running", "ended"]
    said: str
    bar: Bar | None = None
    question: Question | None = None
    report: Outcome | None = None
    warning: str | None = None
    stopped: bool = False


def panel_html(state: Progressing) -> Markup:
    """The button, or how far the rebuild is, and what came of the last one."""
    return render("corpus/panel.html", "panel", panel_of(state))


def panel_of(state: Progressing) -> Panel:
    """What the panel says of a state."""
    if isinstance(state, Running):
        return Panel(state="running", said=said(state), bar=_bar(state))
    return Panel(
        state="ended",
        said=said(state),
        question=_question(state) if isinstance(state, Refused) else None,
        report=_outcome(state.report) if isinstance(state, Finished) else None,
        warning=state.reason if isinstance(state, Failed) else None,
        stopped=isinstance(state, Stopped),
    )


def said(state: Progressing) -> str:
    """What a screen reader speaks when a rebuild comes into that state; "" for nothing."""
    if isinstance(state, Running):
        if state.stopping:
            return "The rebuild is being cancelled."
        quarters = 0 if not state.total else 4 * state.done // state.total
        return "The rebuild has begun." if quarters == 0 else f"{25 * quarters} percent are read."
    if isinstance(state, Finished):
        return f"The index is up to date. {_changes(state.report)}"
    if isinstance(state, Stopped):
        return "The rebuild was cancelled. The index is as it was."
    if isinstance(state, Refused):
        return f"The rebuild was stopped. {_would_go(state)}"
    return state.reason if isinstance(state, Failed) else ""


def _question(state: Refused) -> Question:
    loss = state.error.loss
    names = () if loss is None else loss.examples
    label, agreed = "Use this folder", replace(state.agreed, new_corpus=True)
    if not isinstance(state.error, CorpusChanged) and loss is not None:
        label = f"Remove {counted(loss.removed)}"
        agreed = replace(state.agreed, removals_up_to=loss.removed)
    return Question(
        why=_would_go(state),
        names=names,
        more=0 if loss is None else loss.removed - len(names),
        label=label,
        action=f"{PAGE}/rebuild?{agreed_query(agreed)}",
    )


def _would_go(state: Refused) -> str:
    """Why a rebuild was stopped, in a sentence or two."""
    error, loss = state.error, state.error.loss
    why = f"{error.corpus} may be incomplete, or not mounted."
    if isinstance(error, CorpusChanged):
        why = f"The index was built from {error.recorded}, and {error.corpus} is another folder."
    gone = ""
    if loss is not None:
        gone = f" {loss.removed:,} of {counted(loss.articles)} would be removed."
    return f"{why}{gone}"


def _bar(state: Running) -> Bar:
    if state.stopping:
        return Bar("Cancelling…", cancels=False)
    if state.total is None:
        return Bar("Looking for what has changed…")
    read = f"{state.done:,} of {counted(state.total, 'file')} read"
    return Bar(read, state.done, state.total)


def _outcome(report: Report) -> Outcome:
    return Outcome(
        changes=_changes(report),
        articles=report.articles,
        seconds=f"{report.seconds:,.1f}",
        failed=report.failed[:FAILED_SHOWN],
        failures=len(report.failed),
        superseded=len(report.superseded),
        note=report.note,
        failed_href=address(CatalogQuery(state=State.FAILED)) + LIST,
        superseded_href=address(CatalogQuery(state=State.SUPERSEDED)) + LIST,
    )


def _changes(report: Report) -> str:
    """What a rebuild did, in a sentence."""
    done = {
        "added": report.added,
        "changed": report.changed,
        "renamed": report.renamed,
        "removed": report.removed,
    }
    parts = [f"{number:,} {word}" for word, number in done.items() if number]
    return f"{', '.join(parts)}." if parts else "Nothing had changed."
