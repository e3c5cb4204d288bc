"""The part of the Corpus page that rebuilds the index, in each of its states. Pure functions."""

from __future__ import annotations

from dataclasses import replace

from pullquote.errors import CorpusChanged
from pullquote.index import Report
from pullquote.index.catalog.catalog_rows import State, Wanted
from pullquote.web.corpus.charts import counted
from pullquote.web.corpus.query import PAGE, address, agreed_query
from pullquote.web.corpus.rebuilding import Failed, Finished, Progressing, Refused, Running, Stopped
from pullquote.web.views.markup import escape, isolate

FAILED_SHOWN = 10

_BUTTON = (
    f'<form action="{PAGE}/rebuild" method="post" data-rebuild>'
    '<button type="submit" class="pq-main">Bring the index up to date</button></form>'
)
_CANCEL = (
    f'<form action="{PAGE}/cancel" method="post" data-cancel>'
    '<button type="submit">Cancel</button></form>'
)


def panel_html(state: Progressing) -> str:
    """The button, or how far the rebuild is, and what came of the last one."""
    spoken = escape(said(state))
    if isinstance(state, Running):
        return f'<div data-state="running" data-said="{spoken}">{_running(state)}</div>'
    return f'<div data-state="ended" data-said="{spoken}">{_BUTTON}{_ended(state)}</div>'


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


def _ended(state: Progressing) -> str:
    """What came of the last one, or what a rebuild does."""
    if isinstance(state, Finished):
        return _report(state.report)
    if isinstance(state, Failed):
        return f'<p class="pq-warning" dir="auto">{escape(state.reason)}</p>'
    if isinstance(state, Stopped):
        return f"<p>{said(state)}</p>"
    if isinstance(state, Refused):
        return _question(state)
    return (
        '<p class="pq-hint">Reads what is new or changed in the corpus folder. Questions are '
        "answered meanwhile.</p>"
    )


def _question(state: Refused) -> str:
    """What would go, with a button that lets it go."""
    loss = state.error.loss
    items = ""
    if loss is not None and loss.examples:
        more = loss.removed - len(loss.examples)
        names = [f"<li>{isolate(id)}</li>" for id in loss.examples]
        items = f"<ul>{''.join(names)}{f'<li>and {more:,} more</li>' if more > 0 else ''}</ul>"
    label, agreed = "Use this folder", replace(state.agreed, new_corpus=True)
    if not isinstance(state.error, CorpusChanged) and loss is not None:
        label = f"Remove {counted(loss.removed)}"
        agreed = replace(state.agreed, removals_up_to=loss.removed)
    query = escape(agreed_query(agreed))
    return (
        f'<p class="pq-warning" dir="auto">{escape(_would_go(state))} The index is as it was.</p>'
        f'{items}<form action="{PAGE}/rebuild?{query}" method="post" data-consent>'
        f'<button type="submit">{escape(label)}</button></form>'
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


def _running(state: Running) -> str:
    if state.stopping:
        return f"<p>Cancelling…</p>{_bar(None, 0)}"
    if state.total is None:
        return f"<p>Looking for what has changed…</p>{_bar(None, 0)}{_CANCEL}"
    read = f"{state.done:,} of {counted(state.total, 'file')} read"
    return f"<p>{read}</p>{_bar(state.total, state.done)}{_CANCEL}"


def _bar(total: int | None, done: int) -> str:
    """A bar of the browser's own; without a total it only shows that something goes on."""
    values = "" if not total else f' max="{total}" value="{done}"'
    return f'<progress aria-label="Rebuild"{values}></progress>'


def _report(report: Report) -> str:
    lines = [
        f"<p>{escape(_changes(report))} {counted(report.articles)} in all, after "
        f"{report.seconds:,.1f}&nbsp;s.</p>"
    ]
    if report.failed:
        items = "".join(
            f"<li>{isolate(failed.path)}: {isolate(failed.reason)}</li>"
            for failed in report.failed[:FAILED_SHOWN]
        )
        href = escape(address(Wanted(state=State.FAILED)))
        more = ""
        if len(report.failed) > FAILED_SHOWN:
            more = f'<p><a href="{href}#articles">All {len(report.failed):,}</a></p>'
        lines.append(f"<p>{len(report.failed):,} could not be read:</p><ul>{items}</ul>{more}")
    if report.superseded:
        href = escape(address(Wanted(state=State.SUPERSEDED)))
        number = counted(len(report.superseded))
        link = f'<a href="{href}#articles">{number}</a>'
        lines.append(f"<p>{link} superseded by a newer edition.</p>")
    if report.note is not None:
        lines.append(f'<p dir="auto">{escape(report.note)}</p>')
    return "".join(lines)


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
