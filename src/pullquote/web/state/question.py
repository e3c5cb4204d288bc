"""A question with what narrows it -> what is searched for, and the chips that show and undo it.

Pure. Filters that were chosen beside a question and phrases in it are shown alike, as chips.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date

from pullquote.conversation import (
    Archive,
    Completed,
    Turn,
    combine,
    complete_question,
    narrow_question,
)
from pullquote.conversation.citation_format import moment_text
from pullquote.errors import SettingsError
from pullquote.schema import Filters
from pullquote.web.state.facets import label_of


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionInput:
    """A question as typed, with what a person chose beside it and changed in it since.

    `switched` are ids of chips that were turned on or off, `edited` is what to search for in place
    of the question.
    """

    question: str
    given: Filters = field(default_factory=Filters)
    switched: tuple[str, ...] = ()
    edited: str | None = None

    def switching(self, chip: str) -> QuestionInput:
        """The same with that chip switched."""
        others = tuple(id for id in self.switched if id != chip)
        return replace(self, switched=others if chip in self.switched else (*others, chip))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChip:
    """A filter that a person can turn on and off; `note` is what else they should know of it."""

    id: str
    label: str
    on: bool
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedQuestion:
    """What is searched for, under which filters, and the chips that say so."""

    completed: Completed
    filters: Filters
    chips: tuple[ShownChip, ...]


def resolve_question(
    asking: QuestionInput, archive: Archive, *, today: date, before: Sequence[Turn]
) -> ResolvedQuestion:
    """What to search for; `before` are the turns that a follow-up may go on from.

    What a person wrote in place of a search is not completed, only narrowed.
    """
    pieces = tuple(_pieces(asking.given))
    switched = frozenset(asking.switched)
    chosen = combine(piece.filters for piece in pieces if piece.id not in switched)
    narrowed = narrow_question(
        asking.question if asking.edited is None else asking.edited,
        archive,
        today=today,
        filters=chosen,
        switched=switched,
    )
    completed = (
        complete_question(narrowed.text, before)
        if asking.edited is None
        else Completed(narrowed.text)
    )
    return ResolvedQuestion(
        completed=completed,
        filters=narrowed.filters,
        chips=(
            *_chips_given(pieces, switched),
            *(
                ShownChip(id=chip.id, label=chip.label, on=chip.on, note=chip.note)
                for chip in narrowed.chips
            ),
        ),
    )


def question_input_of(turn: Turn, archive: Archive) -> QuestionInput:
    """How to ask a turn again.

    Where its phrases would mean other filters by now, as the archive holds other sources or days,
    it is asked by what it was searched for under the filters that it had.
    """
    asked = QuestionInput(
        question=turn.question, given=turn.given, switched=turn.switched, edited=turn.edited
    )
    today = turn.asked.date()
    if resolve_question(asked, archive, today=today, before=()).filters == turn.filters:
        return asked
    return QuestionInput(question=turn.question, given=turn.filters, edited=turn.searched)


def check_can_be_asked_again(turn: Turn) -> None:
    """Check that asking a turn again asks the same.

    Raises:
        SettingsError: a newer version of pullquote asked it in a way that this one does not know.
    """
    if not turn.understood:
        raise SettingsError(
            "This question was asked with a newer version of pullquote, so this version cannot ask "
            "it again. Type it anew."
        )
    if turn.unknown_filters:
        raise SettingsError(
            f"This question was narrowed by {', '.join(turn.unknown_filters)}, which this version "
            "of pullquote does not know. Asked again, more articles would answer, so it is not. "
            "Type it anew to ask without that."
        )


def chips_of(turn: Turn, archive: Archive) -> tuple[ShownChip, ...]:
    """The chips of a turn that was asked."""
    asking = question_input_of(turn, archive)
    return resolve_question(asking, archive, today=turn.asked.date(), before=()).chips


@dataclass(frozen=True, slots=True)
class _SingleFilter:
    """One filter of several."""

    id: str
    label: str
    filters: Filters


def _pieces(filters: Filters) -> Iterator[_SingleFilter]:
    """Filters one by one; together they are the whole."""
    for one in fields(Filters):
        value = getattr(filters, one.name)
        if isinstance(value, tuple):
            for name in value:
                yield _piece(one.name, (name,), label_of(one.name, str(name)))
        elif isinstance(value, date):
            yield _piece(one.name, value, f"{_DAYS[one.name]} {moment_text(value)}")
        elif value:
            yield _piece(one.name, value, "with reader comments")


_DAYS = {"since": "from", "until": "to"}


def _piece(name: str, value: object, label: str) -> _SingleFilter:
    return _SingleFilter(f"{name}={label}", label, replace(Filters(), **{name: value}))  # type: ignore[arg-type]


def _chips_given(pieces: Sequence[_SingleFilter], switched: Collection[str]) -> Iterator[ShownChip]:
    for piece in pieces:
        yield ShownChip(id=piece.id, label=piece.label, on=piece.id not in switched)
