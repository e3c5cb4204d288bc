"""A turn -> HTML: the question, what was searched for, its chips, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.conversation import Filled, Turn
from pullquote.errors import PullquoteError
from pullquote.schema import Citation
from pullquote.web.state.browser_conversation import CitationChanges, turn_key
from pullquote.web.state.near_misses import MissingWords
from pullquote.web.state.question import ShownChip
from pullquote.web.views.markup import escape, isolate
from pullquote.web.views.permalinks import Link, narrowing_of
from pullquote.web.views.render import (
    answer_html,
    answer_said,
    is_silent,
    notice_html,
    question_html,
)
from pullquote.web.views.timeline import timeline_html

QUESTION_SHOWN = 300
"""Characters of a question that stand above its answer."""

LOOKING = '<p class="pq-looking">Looking through the articles…</p>'

_NEWER = "This question was asked with a newer version of pullquote."

_WITHHELD = "The articles that answered have been withheld since, so they are not shown."


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above an answer: the question, what is searched for in its place, the chips.

    `filled` are words of `searched` that came from earlier turns, `link` asks elsewhere for the
    same. `wanted` is what was typed in place of `searched` and could not be searched for.
    """

    question: str
    searched: str
    link: Link
    filled: Sequence[Filled] = ()
    chips: Sequence[ShownChip] = ()
    wanted: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a turn was not asked again, and what was to be searched for, if that was typed."""

    error: PullquoteError
    searched: str | None = None


def head_of(turn: Turn, chips: Sequence[ShownChip], wanted: str | None = None) -> Head:
    """The head of a turn that was asked."""
    return Head(
        question=turn.question,
        searched=turn.searched,
        link=link_of(turn),
        filled=turn.filled,
        chips=chips,
        wanted=wanted,
    )


def link_of(turn: Turn) -> Link:
    """How to ask elsewhere, without the turns before it, for the same under the same filters.

    No question where a newer version asked it under filters that no link of this one can name.
    """
    if turn.unknown_filters or not turn.understood:
        return Link()
    if turn.edited is not None:
        return Link(None, turn.edited, turn.given, turn.switched)
    if turn.filled:  # the words of its filters are not in what was searched for
        return Link(None, turn.searched, turn.filters)
    return Link(None, turn.question, turn.given, turn.switched)


def answered_html(
    turn: Turn,
    chips: Sequence[ShownChip],
    since: CitationChanges,
    *,
    closest: Sequence[Citation] = (),
    current: bool = False,
    refusal: Refusal | None = None,
) -> str:
    """A turn with its answers; `closest` are the passages found, where nothing was read there."""
    reply = turn.reply
    if not turn.understood:
        below, said = notice_html(_NEWER), _NEWER
    elif reply is None:
        below, said = notice_html(_WITHHELD), _WITHHELD
    else:
        silent = is_silent(reply)
        missing = MissingWords(turn.nowhere, turn.not_near) if silent else None
        below = answer_html(reply, closest=closest if silent else (), missing=missing)
        below += timeline_html(reply) + _since_html(since)
        said = answer_said(reply)
    if turn.unknown_filters:
        below = notice_html(_also_narrowed(turn)) + below
    if refusal is not None:
        said = str(refusal.error)
        below = notice_html(said) + below
    head = head_of(turn, chips, None if refusal is None else refusal.searched)
    facts = f' data-key="{escape(turn_key(turn))}"'
    return _section(head, below, said, facts=facts, current=current)


def _also_narrowed(turn: Turn) -> str:
    """What else a newer version narrowed a question by."""
    names = ", ".join(turn.unknown_filters)
    return f"Also narrowed by {names}, which this version of pullquote does not know."


def looking_html(question: str) -> str:
    """The question while it is being answered."""
    said = "Looking through the articles."
    return _section(_typed(Link(None, question)), LOOKING, said, busy=True, current=True)


def reading_html(head: Head, closest: str) -> str:
    """The question with the passages that are being read."""
    said = "Reading the closest passages." if closest else ""
    return _section(head, closest or LOOKING, said, busy=True, current=True)


def refused_html(question: str, error: PullquoteError) -> str:
    """The question with the reason why it was not answered."""
    head = _typed(Link(None, question))
    return _section(head, notice_html(str(error)), str(error), current=True)


def to_ask_html(link: Link) -> str:
    """A question that the page is to ask as soon as it is there, as if it had been typed."""
    return _section(_typed(link), LOOKING, "", facts=" data-ask", busy=True, current=True)


def _typed(link: Link) -> Head:
    """The head of a question that is not searched for yet."""
    return Head(question=link.question, searched=link.question, link=link)


def _section(
    head: Head,
    below: str,
    said: str,
    *,
    facts: str = "",
    busy: bool = False,
    current: bool = False,
) -> str:
    """One question and what stands below it; `said` is what a screen reader speaks of it."""
    question = head.question
    shown = question if len(question) <= QUESTION_SHOWN else f"{question[:QUESTION_SHOWN]}…"
    now = " data-current" if current else ""
    return (
        f'<section{facts}{now} class="pq-turn" data-asked="{escape(head.link.question)}" '
        f'data-narrowed="{escape(narrowing_of(head.link))}" '
        f'data-said="{escape(said)}" aria-busy="{str(busy).lower()}">{question_html(shown)}'
        f"{_searched_html(head, fixed=busy)}{_chips_html(head.chips, fixed=busy)}{below}</section>"
    )


def _searched_html(head: Head, *, fixed: bool) -> str:
    """What was searched for where it differs, with the way to put it right."""
    if head.searched == head.question:
        return ""
    words = escape(head.searched if head.wanted is None else head.wanted)
    edit = (
        ""
        if fixed
        else '<button type="button" class="pq-edit" aria-expanded="false">Edit</button>'
        '<form class="pq-editing" hidden><input type="text" aria-label="Search for" '
        f'autocomplete="off" value="{words}"><button type="submit">Search</button>'
        '<button type="button" class="pq-cancel">Cancel</button></form>'
    )
    return (
        '<div class="pq-searched"><p><span class="pq-searched-for">Searched for:</span> '
        f'<span dir="auto">{_filled_html(head)}</span></p>{edit}</div>'
    )


def _filled_html(head: Head) -> str:
    """What was searched for, with the words that earlier turns gave marked."""
    pieces: list[str] = []
    at = 0
    for filled in head.filled:
        start, end = max(filled.start, at), min(filled.end, len(head.searched))
        if start >= end:
            continue
        words = escape(head.searched[start:end])
        pieces += (
            escape(head.searched[at:start]),
            f'<ins title="filled in from what was asked before">{words}</ins>',
        )
        at = end
    return "".join(pieces) + escape(head.searched[at:])


def _chips_html(chips: Sequence[ShownChip], *, fixed: bool) -> str:
    if not chips:
        return ""
    items = "".join(f"<li>{_chip_html(chip, fixed=fixed)}</li>" for chip in chips)
    return f'<ul class="pq-chips" aria-label="Filters of this question">{items}</ul>'


def _chip_html(chip: ShownChip, *, fixed: bool) -> str:
    """A filter as a button that turns it on and off."""
    note = "" if chip.note is None else f'<span class="pq-chip-note">{escape(chip.note)}</span>'
    disabled = " disabled" if fixed else ""
    return (
        f'<button type="button" class="pq-chip" aria-pressed="{str(chip.on).lower()}" '
        f'data-chip="{escape(chip.id)}"{disabled}>'
        f'<span class="pq-chip-label">{isolate(chip.label)}</span>{note}</button>'
    )


def _since_html(since: CitationChanges) -> str:
    """What has become of the articles that were quoted."""
    quoted = "quoted here as it stood when this was asked"
    lines = (
        *(f"{isolate(title)} has changed since; it is {quoted}." for title in since.changed),
        *(f"{isolate(title)} is no longer in the index; it is {quoted}." for title in since.gone),
        _withheld_html(since.withheld),
    )
    said = "".join(f"<p>{line}</p>" for line in lines if line)
    return f'<div class="pq-answer pq-notice">{said}</div>' if said else ""


def _withheld_html(count: int) -> str:
    if not count:
        return ""
    what = "One quotation is" if count == 1 else f"{count} quotations are"
    return f"{what} not shown: the article may not be shown any more."
