"""A turn -> HTML: the question, what was searched for, its chips, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.conversation import Conversation, Filled, Turn
from pullquote.errors import PullquoteError
from pullquote.schema import Citation
from pullquote.web.asking import ShownChip
from pullquote.web.closest import Missing
from pullquote.web.kept import Since
from pullquote.web.markup import escape, isolate
from pullquote.web.render import (
    answer_html,
    answer_said,
    is_silent,
    notice_html,
    question_html,
)
from pullquote.web.timeline import timeline_html

QUESTION_SHOWN = 300
"""Characters of a question that stand above its answer."""

LOOKING = '<p class="pq-looking">Looking through the articles…</p>'

_WITHHELD = "The articles that answered have been withheld since, so they are not shown."


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above an answer: the question, what is searched for in its place, the chips.

    `filled` are words of `searched` that came from earlier turns.
    """

    question: str
    searched: str
    filled: Sequence[Filled] = ()
    chips: Sequence[ShownChip] = ()

    @property
    def alone(self) -> str:
        """The question as one can ask it without the turns before it."""
        return self.searched if self.filled else self.question


def head_of(turn: Turn, chips: Sequence[ShownChip]) -> Head:
    """The head of a turn that was asked."""
    return Head(question=turn.question, searched=turn.searched, filled=turn.filled, chips=chips)


def asked_alone(turn: Turn) -> str:
    """What to ask elsewhere, without the turns before it, to search for the same."""
    return turn.edited if turn.edited is not None else head_of(turn, ()).alone


def answered_html(
    turn: Turn,
    chips: Sequence[ShownChip],
    since: Since,
    *,
    closest: Sequence[Citation] = (),
    current: bool = False,
) -> str:
    """A turn with its answers; `closest` are the passages found, where nothing was read there."""
    reply = turn.reply
    if reply is None:
        below, said = notice_html(_WITHHELD), _WITHHELD
    else:
        silent = is_silent(reply)
        missing = Missing(turn.nowhere, turn.not_near) if silent else None
        below = answer_html(reply, closest=closest if silent else (), missing=missing)
        below += timeline_html(reply) + _since_html(since)
        said = answer_said(reply)
    head = head_of(turn, chips)
    facts = f' data-key="{escape(turn.asked.isoformat())}"'
    return _section(head, asked_alone(turn), below, said, facts=facts, current=current)


def looking_html(question: str) -> str:
    """The question while it is being answered."""
    head = Head(question=question, searched=question)
    said = "Looking through the articles."
    return _section(head, question, LOOKING, said, busy=True, current=True)


def reading_html(head: Head, closest: str) -> str:
    """The question with the passages that are being read."""
    said = "Reading the closest passages." if closest else ""
    return _section(head, head.alone, closest or LOOKING, said, busy=True, current=True)


def refused_html(question: str, error: PullquoteError) -> str:
    """The question with the reason why it was not answered."""
    head = Head(question=question, searched=question)
    return _section(head, question, notice_html(str(error)), str(error), current=True)


def to_ask_html(question: str) -> str:
    """A question that the page is to ask as soon as it is there, as if it had been typed."""
    head = Head(question=question, searched=question)
    return _section(head, question, LOOKING, "", facts=" data-ask", busy=True, current=True)


def conversation_html(turns: Sequence[str], kept: Conversation | None = None) -> str:
    """All turns, oldest first, and the conversation for the browser to keep, if it has changed."""
    keeps = "" if kept is None else f' data-conversation="{escape(kept.to_json())}"'
    return f'<div class="pq-turns"{keeps}>{"".join(turns)}</div>'


def _section(
    head: Head,
    asked: str,
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
        f'<section{facts}{now} class="pq-turn" data-asked="{escape(asked)}" '
        f'data-said="{escape(said)}" aria-busy="{str(busy).lower()}">{question_html(shown)}'
        f"{_searched_html(head, fixed=busy)}{_chips_html(head.chips, fixed=busy)}{below}</section>"
    )


def _searched_html(head: Head, *, fixed: bool) -> str:
    """What was searched for where it differs, with the way to put it right."""
    if head.searched == head.question:
        return ""
    words = escape(head.searched)
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


def _since_html(since: Since) -> str:
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
