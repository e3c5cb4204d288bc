"""One turn of the conversation as HTML: question, search text, kind, chips, answers. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Final

from markupsafe import Markup

from pullquote.answering.reply_labels import (
    POSSIBLE_HELP,
    answer_noun,
    counted_further,
    has_other_words,
    likelihood_of,
    list_note,
    outcome_of,
    plural,
)
from pullquote.answering.retrieval.scope import note_on_filters
from pullquote.base.dates.day_text import moment_text
from pullquote.base.plurals import listed
from pullquote.base.wording import ASKED_BY_ITSELF, ASKED_BY_NEWER, NO_ANSWER
from pullquote.conversation import Completed, Turn
from pullquote.conversation.models import MAX_NOTE_CHARS
from pullquote.schema import Answer, Citation, Outcome, QuestionKind, Reply, day_of
from pullquote.schema.answer import status_words, support_words, values_heading
from pullquote.schema.errors import PullquoteError
from pullquote.web.pages import render
from pullquote.web.requests import CitedSpan
from pullquote.web.state.browser_conversation import CitationChanges, turn_key
from pullquote.web.state.near_misses import MissingWords
from pullquote.web.state.question import ShownChip
from pullquote.web.views.answer_view import (
    answer_html,
    is_silent,
    names_missing,
    place_of,
)
from pullquote.web.views.permalinks import Link, narrowing_of
from pullquote.web.views.replies.cards import further_answers
from pullquote.web.views.text_segments import SearchText, ShownKind

VALUES_SPOKEN = 5
"""The latest values of a change that are spoken."""


def answer_announcement(reply: Reply) -> str:
    """The reply in a sentence or two, for screen readers."""
    if outcome_of(reply) is Outcome.NOTHING:
        return " ".join([*reply.scope_notes, NO_ANSWER])
    return " ".join([*reply.scope_notes, *_sentences(reply, reply.answers[0])])


def _sentences(reply: Reply, best: Answer) -> Iterator[str]:
    """The best answer, how certain it is, what became of it, and what else there is."""
    noun = answer_noun(reply)
    label = f"{noun.capitalize()}: " if noun != "answer" else ""
    heading = values_heading(reply.values)
    if reply.kind is QuestionKind.CHANGE and heading:
        values = "; ".join(one.text for one in reply.values[-VALUES_SPOKEN:])
        yield f"{label}{heading}: {values}."
    elif reply.kind is QuestionKind.KEYWORDS:
        yield f"{label}{best.text.rstrip('.')}."
    else:
        yield f"{label}{best.text}."
    if reply.outcome is Outcome.POSSIBLE and reply.kind is not QuestionKind.KEYWORDS:
        yield POSSIBLE_HELP
    elif reply.kind is not QuestionKind.KEYWORDS:
        yield f"{likelihood_of(best, reply).capitalize()}, {support_words(best)}."
    if reply.kind is not QuestionKind.CHANGE and (status := status_words(best, reply.values)):
        yield status
    further = len(further_answers(reply))
    if note := list_note(reply) or (f"{counted_further(further, noun)}." if further else ""):
        yield note


MAX_MARKS = 12
"""Articles that are marked, best first; more marks would be too crowded to read."""

_MIN_DISTANCE = 9.0
"""Percent between two marks in one row: on a phone 24 pixels, the smallest button allowed."""

_MAX_TICKS = 6


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """A citation with its number in the list, its position in percent, and its row.

    `noun` says what the citation is for: an answer, a possible answer, or a match.
    """

    number: int
    noun: str
    citation: Citation
    day: date
    left: float
    row: int

    @property
    def label(self) -> str:
        """Number, quote, source and day, for screen readers and as a tooltip.

        Unless the quote is an answer, the label also names what it is.
        """
        cited = self.citation
        when = moment_text(self.day)
        number = self.number if self.noun == "answer" else f"{self.number}, {self.noun}"
        return f"{number}: {cited.quote}, {cited.source or cited.title}, {when}"

    @property
    def place(self) -> CitedSpan:
        """The place of the quote."""
        return place_of(self.citation)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The line from the first day to the last, with marks in rows and ticks in percent."""

    label: str
    rows: int
    marks: Sequence[TimelineMark]
    ticks: Sequence[float]
    first: date
    last: date

    @property
    def days(self) -> int:
        """The number of days from the first to the last."""
        return (self.last - self.first).days


def timeline_html(reply: Reply) -> Markup:
    """The timeline; "" if the cited articles are from fewer than two days."""
    return render("views/timeline.html", "timeline", timeline_of(reply))


def timeline_of(reply: Reply) -> Timeline | None:
    """The timeline of a reply; None if the cited articles are from fewer than two days."""
    marks = marks_of(reply)
    if not marks:
        return None
    first, last = min(mark.day for mark in marks), max(mark.day for mark in marks)
    return Timeline(
        label=f"{plural(answer_noun(reply)).capitalize()} by date of publication",
        rows=1 + max(mark.row for mark in marks),
        marks=sorted(marks, key=lambda mark: (mark.day, mark.number)),
        ticks=_ticks(first, last),
        first=first,
        last=last,
    )


def marks_of(reply: Reply) -> list[TimelineMark]:
    """A mark for the first citation of each dated article; none unless their days differ."""
    if is_silent(reply):
        return []
    numbers = count(1)
    cited = [(next(numbers), one) for answer in reply.shown for one in answer.citations]
    firsts = {one.article: (n, one) for n, one in reversed(cited)}
    by_number = sorted(firsts.values(), key=lambda pair: pair[0])
    dated = [(n, one, day) for n, one in by_number if (day := day_of(one.published)) is not None]
    dated = dated[:MAX_MARKS]
    days = [day for _, _, day in dated]
    if len(set(days)) < 2:
        return []
    first, length = min(days), (max(days) - min(days)).days
    left = {number: 100 * (day - first).days / length for number, _, day in dated}
    rows = _rows(left)
    noun = answer_noun(reply)
    return [TimelineMark(n, noun, one, day, round(left[n], 2), rows[n]) for n, one, day in dated]


def _rows(left: dict[int, float]) -> dict[int, int]:
    """The lowest row with room for each mark, from left to right."""
    ends: list[float] = []
    rows: dict[int, int] = {}
    for number in sorted(left, key=lambda n: (left[n], n)):
        with_room = (row for row, end in enumerate(ends) if left[number] - end >= _MIN_DISTANCE)
        at = next(with_room, len(ends))
        if at == len(ends):
            ends.append(0.0)
        ends[at] = left[number]
        rows[number] = at
    return rows


def _ticks(first: date, last: date) -> Sequence[float]:
    """Where years begin, in percent; only some years if there are many."""
    length = (last - first).days
    years = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    ticks = [100 * (year - first).days / length for year in years[: 4 * _MAX_TICKS]]
    return ticks[:: max(1, len(ticks) // _MAX_TICKS)]


QUESTION_SHOWN = 300
"""Characters of a question that are shown above its answer."""

TEMPLATE: Final = "views/turn.html"

_WITHHELD = "This answer is not shown, because the articles it quotes have since been withheld."


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnHeader:
    """The part of a turn above its answer: question, search text, filter chips and kind.

    `link` opens the same question in another browser. `kind` is None if it is not known.
    `rejected_search` was typed in place of the search text, but could not be searched for.
    `scope_notes` are those of the reply.
    """

    question: str
    search: SearchText
    link: Link
    chips: Sequence[ShownChip] = ()
    kind: ShownKind | None = None
    rejected_search: str | None = None
    scope_notes: Sequence[str] = ()

    @property
    def clipped_question(self) -> str:
        """The beginning of the question."""
        question = self.question
        return question if len(question) <= QUESTION_SHOWN else f"{question[:QUESTION_SHOWN]}…"

    @property
    def narrowing(self) -> str:
        """The part of the permanent link that narrows the question."""
        return narrowing_of(self.link)

    @property
    def shows_search(self) -> bool:
        """Whether to show the search text: it has other words, or corrections are off."""
        return has_other_words(self.search.text, self.question) or self.search.as_typed

    @property
    def search_field(self) -> str:
        """The text to edit."""
        return self.search.text if self.rejected_search is None else self.rejected_search


def _turn_html(
    header: TurnHeader, announcement: str, *, busy: bool = False, **parts: object
) -> Markup:
    """A turn as HTML; `announcement` is for screen readers.

    `key` is None unless the turn was answered. If `to_ask` is true, the page asks the question
    as soon as the page has loaded. If `possible` is true, copied citations say so. `remarks` are
    the person's own; None if there can be none yet. `evidence` is None without a reply. `asked` is
    printed.
    """
    given = {**_NO_PARTS, **parts}
    return render(TEMPLATE, "turn", header=header, announcement=announcement, busy=busy, **given)


_NO_PARTS: Mapping[str, object] = {
    "notices": (),
    "current": True,
    "to_ask": False,
    "possible": False,
    **dict.fromkeys(("body", "since", "key", "remarks", "evidence", "asked")),
}


def _remarks(turn: Turn) -> Mapping[str, object]:
    """The rating of a reply and its note, for their form; `question` is "" without a reply."""
    question = ""
    if turn.reply is not None:
        silent = is_silent(turn.reply)
        question = "Is it right that there is no answer?" if silent else "Is this right?"
    return {"turn": turn, "question": question, "max_note": MAX_NOTE_CHARS}


@dataclass(frozen=True, slots=True)
class RetryFailure:
    """Why a turn could not be asked again, and the new search text if one was typed."""

    error: PullquoteError
    searched: str | None = None


def link_of(turn: Turn) -> Link:
    """The link that asks the same question under the same filters, without earlier turns.

    The link has no question if a newer version of pullquote asked the question under filters that
    this version cannot express.
    """
    if turn.unknown_filters or not turn.understood:
        return Link()
    if turn.edited is not None:
        return Link(None, turn.edited, turn.given, turn.switched, turn.options)
    if turn.filled:  # the words of its filters are not in the search text
        return Link(None, turn.searched, turn.filters, options=turn.options)
    return Link(None, turn.question, turn.given, turn.switched, turn.options)


def answered_html(
    turn: Turn,
    chips: Sequence[ShownChip],
    since: CitationChanges,
    *,
    closest: Sequence[Citation] = (),
    current: bool = False,
    failure: RetryFailure | None = None,
) -> Markup:
    """A turn with its answers, or with the `closest` passages if there is no answer."""
    reply = turn.reply if turn.understood else None
    if reply is not None:
        note = note_on_filters(reply, turn.filters)
        announcement, notices = note or answer_announcement(reply), [note] if note else []
    else:
        announcement = _WITHHELD if turn.understood else ASKED_BY_NEWER
        notices = [announcement]
    if turn.unknown_filters:
        notices.insert(0, _also_narrowed(turn))
    if failure is not None:
        announcement = str(failure.error)
        notices.insert(0, announcement)
    return _turn_html(
        _header(turn, chips, failure),
        announcement,
        notices=notices,
        body=None if reply is None else _body(turn, reply, closest),
        since=None if reply is None else since,
        key=turn_key(turn),
        current=current,
        possible=reply is not None and outcome_of(reply) is Outcome.POSSIBLE,
        remarks=_remarks(turn) if turn.understood else None,
        evidence=None if reply is None else {"silent": is_silent(reply)},
        asked=turn.asked,
    )


def looking_html(question: str) -> Markup:
    """A question for which nothing has been found yet."""
    return _turn_html(
        _typed_header(Link(None, question)), "Looking through the articles.", busy=True
    )


def reading_html(header: TurnHeader, closest: Markup) -> Markup:
    """A question with the passages that are being read."""
    announcement = "Reading the closest passages." if closest else ""
    return _turn_html(header, announcement, body=closest or None, busy=True)


def refused_html(question: str, error: PullquoteError) -> Markup:
    """A question with the reason why it was not answered."""
    return _turn_html(_typed_header(Link(None, question)), str(error), notices=[str(error)])


def waiting_html(link: Link, why: Markup) -> Markup:
    """A question that the page asks by itself when it can be answered, with the reason to wait."""
    return _turn_html(_typed_header(link), ASKED_BY_ITSELF, body=why, busy=True)


def to_ask_html(link: Link) -> Markup:
    """A question that the page asks as soon as it has loaded, as if it had been typed."""
    return _turn_html(_typed_header(link), "", to_ask=True, busy=True)


def _header(turn: Turn, chips: Sequence[ShownChip], failure: RetryFailure | None) -> TurnHeader:
    reply = turn.reply if turn.understood else None
    completed = Completed(turn.searched, turn.filled)
    search = (
        SearchText.of(completed, completed.text, (), turn.options)
        if reply is None
        else SearchText.of(completed, reply.searched_for, reply.corrections, turn.options)
    )
    return TurnHeader(
        question=turn.question,
        search=search,
        link=link_of(turn),
        chips=chips,
        kind=None if reply is None else ShownKind(reply.kind, turn.kind is not None, turn.fast),
        rejected_search=None if failure is None else failure.searched,
        scope_notes=() if reply is None else reply.scope_notes,
    )


def _typed_header(link: Link) -> TurnHeader:
    """The header of a question that has not been searched for yet."""
    return TurnHeader(question=link.question, search=SearchText(link.question), link=link)


def _body(turn: Turn, reply: Reply, closest: Sequence[Citation]) -> Markup:
    """The answers with their timeline, or the closest passages if there is no answer."""
    missing = MissingWords(turn.nowhere, turn.not_near) if names_missing(reply) else None
    shown = answer_html(reply, closest=closest, missing=missing)
    return shown if is_silent(reply) else shown + timeline_html(reply)


def _also_narrowed(turn: Turn) -> str:
    names = listed(turn.unknown_filters)
    return f"Also used filters that this version of pullquote does not have: {names}."
