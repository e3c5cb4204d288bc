"""Resolves a question with its filters into a search, and into chips that switch the filters.

Pure. Chosen filters become chips, and so do phrases in the question that stand for filters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date

from pullquote.base.dates.day_text import moment_text
from pullquote.base.plurals import listed
from pullquote.base.wording import ASKED_BY_NEWER, WITH_COMMENTS
from pullquote.conversation import (
    Archive,
    Completed,
    Narrowed,
    Turn,
    combine,
    complete_question,
    fields_set,
    narrow_question,
    replace_filters,
)
from pullquote.conversation.followup import LONGEST
from pullquote.conversation.leaning import Found
from pullquote.schema import Filters, QueryOptions
from pullquote.schema.errors import SettingsError
from pullquote.web.state.facets import label_of


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionInput:
    """A question as typed, with the chosen filters and later changes.

    `switched` are the ids of chips that were turned on or off. `edited` is the text to search for
    instead of the question. `options` say how to understand that text.
    """

    question: str
    given: Filters = field(default_factory=Filters)
    switched: tuple[str, ...] = ()
    edited: str | None = None
    options: QueryOptions = field(default_factory=QueryOptions)

    def switching(self, chip: str) -> QuestionInput:
        """The same input with one chip switched."""
        others = tuple(id for id in self.switched if id != chip)
        return replace(self, switched=others if chip in self.switched else (*others, chip))

    def choosing(self, filters: Filters) -> QuestionInput:
        """The same input with other chosen filters; switched phrases stay as they are."""
        phrases = tuple(id for id in self.switched if "=" not in id)
        return replace(self, given=filters, switched=phrases)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChip:
    """A filter that a person can turn on and off, perhaps with a `note`."""

    id: str
    label: str
    on: bool
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedQuestion:
    """The search for a question: its text, its filters and its chips."""

    completed: Completed
    filters: Filters
    chips: tuple[ShownChip, ...]


def resolve_question(
    question_input: QuestionInput,
    archive: Archive,
    *,
    today: date,
    before: Sequence[Turn],
    find: Callable[[str, Filters], Found] | None = None,
    most: int = LONGEST,
) -> ResolvedQuestion:
    """The search for a question; `before` are the turns that a follow-up may refer to.

    With `find`, the passages help to decide whether it is a follow-up. It is not completed to more
    than `most` characters. A search that a person edited is narrowed by its phrases, but not
    completed.
    """
    singles = tuple(_single_filters(question_input.given))
    switched = frozenset(question_input.switched)
    chosen = combine(single.filters for single in singles if single.id not in switched)
    narrowed = narrow_question(
        question_input.question if question_input.edited is None else question_input.edited,
        archive,
        today=today,
        filters=chosen,
        switched=switched,
    )
    completed = (
        complete_question(
            narrowed.text,
            before,
            find=None if find is None else lambda text: find(text, narrowed.filters),
            most=most,
        )
        if question_input.edited is None
        else Completed(narrowed.text)
    )
    return ResolvedQuestion(
        completed=completed,
        filters=narrowed.filters,
        chips=_each_label_once(
            (
                *_chips_given(singles, switched, narrowed),
                *(
                    ShownChip(id=chip.id, label=chip.label, on=chip.on, note=chip.note)
                    for chip in narrowed.chips
                ),
            )
        ),
    )


def resolve_again(turn: Turn, archive: Archive) -> tuple[QuestionInput, ResolvedQuestion]:
    """The input that asks a turn again, with its search; that is not completed from other turns.

    The index may have different sources or days now, so that the same phrases mean different
    filters. In that case the input is the text that was searched for, with the filters of the turn.
    """
    asked = QuestionInput(
        question=turn.question,
        given=turn.given,
        switched=turn.switched,
        edited=turn.edited,
        options=turn.options,
    )
    today = turn.asked.date()
    resolved = resolve_question(asked, archive, today=today, before=())
    if resolved.filters != turn.filters:
        asked = replace(asked, given=turn.filters, switched=(), edited=turn.searched)
        resolved = resolve_question(asked, archive, today=today, before=())
    return asked, resolved


def narrowed_further(turn: Turn, filters: Filters, archive: Archive) -> QuestionInput:
    """The input that asks a turn again with more filters, which replace those of the same field.

    The text is the one that was searched for. Phrases in it stay words: they were words before, or
    their filters are among those of the turn.

    Raises:
        SettingsError: the first day is then after the last.
    """
    narrowed = narrow_question(turn.searched, archive, today=turn.asked.date())
    return QuestionInput(
        question=turn.question,
        given=replace_filters(turn.filters, filters),
        switched=tuple(chip.id for chip in narrowed.chips if chip.on),
        edited=turn.searched,
        options=turn.options,
    )


def check_can_be_asked_again(turn: Turn) -> None:
    """Check that a turn can be asked again without a change.

    Raises:
        SettingsError: a newer version of pullquote asked it, with filters that this one lacks.
    """
    if not turn.understood:
        raise SettingsError(
            f"{ASKED_BY_NEWER.rstrip('.')}, so this version cannot ask it again. Enter it as a new "
            "question."
        )
    if turn.unknown_filters:
        raise SettingsError(
            "This question used filters that this version of pullquote does not have: "
            f"{listed(turn.unknown_filters)}. To ask it without them, type it again."
        )


@dataclass(frozen=True, slots=True)
class _SingleFilter:
    """One value of one filter, by name; `field` is the name of the filter."""

    field: str
    value: object
    name: str

    @property
    def id(self) -> str:
        """Identifies the value among all filters."""
        return f"{self.field}={_after(_ID_WORDS, self)}"

    @property
    def label(self) -> str:
        """The value as people read it."""
        return _after(_LABEL_WORDS, self)

    @property
    def filters(self) -> Filters:
        """The filters that have this value alone."""
        several = self.field in _SEVERAL
        value = (self.value,) if several else self.value
        return replace(Filters(), **{self.field: value})  # type: ignore[arg-type]

    def applies(self, filters: Filters) -> bool:
        """Whether the filters have this value."""
        value = getattr(filters, self.field)
        return self.value in value if self.field in _SEVERAL else self.value == value


def _single_filters(filters: Filters) -> Iterator[_SingleFilter]:
    """The values of all filters, one by one."""
    for one in fields(Filters):
        value = getattr(filters, one.name)
        if isinstance(value, tuple):
            for name in value:
                yield _SingleFilter(one.name, name, label_of(one.name, str(name)))
        elif isinstance(value, date):
            yield _SingleFilter(one.name, value, moment_text(value))
        elif value:
            yield _SingleFilter(one.name, value, WITH_COMMENTS)


_LABEL_WORDS = {"since": "from", "until": "until", "not_sources": "without"}
"""What stands before the name of a value on its chip, by field."""

_ID_WORDS = {"since": "from", "until": "to", "not_sources": "not"}
"""The same in the ids. Links and saved conversations contain ids, so these words never change."""


def _after(words: Mapping[str, str], single: _SingleFilter) -> str:
    return f"{words.get(single.field, '')} {single.name}".lstrip()


_SEVERAL = frozenset(one.name for one in fields(Filters) if isinstance(one.default, tuple))


def _chips_given(
    singles: Sequence[_SingleFilter], switched: Collection[str], narrowed: Narrowed
) -> Iterator[ShownChip]:
    """The chips of chosen filters that no phrase of the question replaces."""
    replaced = {field for chip in narrowed.chips if chip.on for field in fields_set(chip.filters)}
    for single in singles:
        on = single.id not in switched
        if single.field not in replaced and (single.applies(narrowed.filters) or not on):
            yield ShownChip(id=single.id, label=single.label, on=on)


def _each_label_once(chips: Sequence[ShownChip]) -> tuple[ShownChip, ...]:
    """The chips without those whose label another has; one that is on wins."""
    shown: dict[str, ShownChip] = {}
    for chip in chips:
        if chip.label not in shown or (chip.on and not shown[chip.label].on):
            shown[chip.label] = chip
    return tuple(shown.values())
