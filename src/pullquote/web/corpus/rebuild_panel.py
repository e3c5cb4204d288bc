"""The part of the Corpus page that rebuilds the index, in each of its states. Pure.

This module decides what the panel shows; `rebuild_panel.html` makes the HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from pullquote.base.plurals import counted
from pullquote.index import Report
from pullquote.index.catalog.catalog_rows import CatalogQuery, State
from pullquote.schema.errors import CorpusChanged
from pullquote.web.corpus.query import PAGE, consent_query, list_href
from pullquote.web.corpus.rebuild_job import (
    ConsentNeeded,
    RebuildCancelled,
    RebuildFailed,
    RebuildFinished,
    RebuildRunning,
    RebuildState,
)
from pullquote.web.pages import render
from pullquote.web.views.unready import RebuildProgress, RebuildStatus

_NOT_REPLACED_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildPanel:
    """The panel in one state; screen readers speak `announcement` when the state begins."""

    state: Literal["running", "updated", "ended"]
    announcement: str
    progress: RebuildProgress | None = None
    question: Mapping[str, object] | None = None
    summary: Mapping[str, object] | None = None
    warning: str | None = None
    cancelled: bool = False


def rebuild_panel_html(state: RebuildState) -> Markup:
    """The panel as HTML: a button, the progress of the rebuild, or the outcome of the last one."""
    announcement = _announcement(state)
    if isinstance(state, RebuildRunning):
        panel = RebuildPanel(state="running", announcement=announcement, progress=_progress(state))
    else:
        panel = RebuildPanel(
            state="updated" if isinstance(state, RebuildFinished) else "ended",
            announcement=announcement,
            question=_question(state) if isinstance(state, ConsentNeeded) else None,
            summary=_summary(state.report) if isinstance(state, RebuildFinished) else None,
            warning=state.reason if isinstance(state, RebuildFailed) else None,
            cancelled=isinstance(state, RebuildCancelled),
        )
    return render("corpus/rebuild_panel.html", "panel", panel)


def rebuild_status(state: RebuildState, *, can_retry: bool) -> RebuildStatus:
    """What the chat says about a rebuild while it cannot answer yet.

    `can_retry` is true if the Corpus page may rebuild the index.
    """
    progress = _progress(state) if isinstance(state, RebuildRunning) else None
    failure = state.reason if isinstance(state, RebuildFailed) else ""
    if isinstance(state, ConsentNeeded):
        failure = _loss_text(state)
    return RebuildStatus(
        progress=None if progress is None else replace(progress, can_cancel=False),
        failure=failure,
        can_retry=can_retry,
        announcement=_announcement(state),
    )


def _announcement(state: RebuildState) -> str:
    """The announcement for screen readers; "" for none."""
    if isinstance(state, RebuildRunning):
        return _progress_announcement(state)
    if isinstance(state, RebuildFinished):
        return f"The index is up to date. {_changes(state.report)}"
    if isinstance(state, RebuildCancelled):
        return "The update was cancelled. The next one goes on from there."
    if isinstance(state, ConsentNeeded):
        return _loss_text(state)
    return state.reason if isinstance(state, RebuildFailed) else ""


def _progress_announcement(state: RebuildRunning) -> str:
    """The announcement after each quarter of the files."""
    if state.cancelling:
        return "Cancelling the update…"
    quarters = 0 if not state.total else 4 * state.done // state.total
    if quarters == 0:
        return "The update has started."
    return f"{25 * quarters} percent of the files have been read."


def _question(state: ConsentNeeded) -> Mapping[str, object]:
    """Asks for consent with a button; names the first few articles that would be removed."""
    loss = state.error.loss
    names = () if loss is None else loss.examples
    label, consent = "Use this folder", replace(state.given, new_corpus=True)
    if not isinstance(state.error, CorpusChanged) and loss is not None:
        label = f"Remove {counted(loss.removed, 'article')}"
        consent = replace(state.given, removals_up_to=loss.removed)
    return {
        "why": _loss_text(state),
        "names": names,
        "more": 0 if loss is None else loss.removed - len(names),
        "label": label,
        "action": f"{PAGE}/rebuild?{consent_query(consent)}",
    }


def _loss_text(state: ConsentNeeded) -> str:
    error, loss = state.error, state.error.loss
    articles = ""
    if loss is not None:
        articles = f"{loss.removed:,} of {counted(loss.articles, 'article')}"
    if isinstance(error, CorpusChanged):
        why = (
            f"The update was stopped: the index was built from {error.recorded}, "
            f"but the corpus folder is now {error.corpus}."
        )
        return f"{why} The update would remove {articles}." if articles else why
    return (
        f"The update was stopped: it would remove {articles or 'articles'}. "
        f"Files may be missing from {error.corpus}, or it may not be mounted. "
        "Check the folder and update again, or remove the articles."
    )


def _progress(state: RebuildRunning) -> RebuildProgress:
    if state.cancelling:
        return RebuildProgress("Cancelling…", can_cancel=False)
    if state.total is None:
        looked_at = f" {counted(state.done, 'file')} so far" if state.done else ""
        return RebuildProgress(f"Looking for changes…{looked_at}")
    read = f"{state.done:,} of {counted(state.total, 'file')} read"
    left = "" if state.seconds_left is None else f", {_time_left(state.seconds_left)}"
    return RebuildProgress(f"{read}{left}", state.done, state.total)


def _time_left(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute left"
    if minutes < 90:
        return f"about {counted(minutes, 'minute')} left"
    return f"about {counted(round(minutes / 60), 'hour')} left"


def _summary(report: Report) -> Mapping[str, object]:
    """The outcome of a rebuild; `seconds` is "" for less than one."""
    return {
        "changes": _changes(report),
        "articles": report.articles,
        "seconds": f"{report.seconds:,.1f}" if report.seconds >= 1 else "",
        "failures": sum(not failure.left_out for failure in report.failed),
        "superseded": len(report.superseded),
        "not_replaced": report.not_replaced[:_NOT_REPLACED_SHOWN],
        "note": report.note,
        "failed_href": list_href(CatalogQuery(state=State.FAILED)),
        "superseded_href": list_href(CatalogQuery(state=State.SUPERSEDED)),
    }


def _changes(report: Report) -> str:
    parts = [f"{number:,} {word}" for word, number in report.changes.items() if number]
    return f"{', '.join(parts)}." if parts else "No changes."
