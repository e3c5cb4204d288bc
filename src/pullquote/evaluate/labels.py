"""Counts what a reply says beside the quotes, and how much of that is right.

Each label is judged only where the gold question tells whether it is right:

- values: a reply gives several values. For a question over a story, each must be a value that
  articles give. For another question with at most one answer, each must be an accepted answer.
- status: what is said of a value, such as "disputed". Only gold questions over stories know it.
- speaker: the name beside the first answer. Only gold questions over stories know it, and it is
  judged only beside a right answer.
- completion: a question was searched for together with earlier turns. It is right if the gold
  conversation says that the turn needs an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pullquote.evaluate.asked_question import AskedQuestion
from pullquote.evaluate.gold import ALONE, LEANING
from pullquote.evaluate.scoring import is_value, rule_of
from pullquote.evaluate.story_figures import judged, matching
from pullquote.schema import QuestionKind, ValueStatus


class Label(StrEnum):
    """What pullquote says itself."""

    VALUES = "values"
    STATUS = "status"
    SPEAKER = "speaker"
    COMPLETION = "completion"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFigures:
    """How often a label was shown, how many of these could be judged, and how many were right."""

    label: Label
    shown: int
    judged: int
    right: int


def label_figures(asked: Sequence[AskedQuestion]) -> tuple[LabelFigures, ...]:
    """The figures of every label, in the order of `Label`, even if it was not shown."""
    return tuple(_figures(label, asked) for label in Label)


def _figures(label: Label, asked: Sequence[AskedQuestion]) -> LabelFigures:
    shown = [right for one in asked for right in _RIGHT[label](one)]
    known = [right for right in shown if right is not None]
    return LabelFigures(label=label, shown=len(shown), judged=len(known), right=sum(known))


def _values(one: AskedQuestion) -> Iterator[bool | None]:
    """Whether all the values are of what was asked for."""
    gold, values = one.gold, one.reply.values
    if not values:
        return
    if gold.story is not None:
        yield all(matching(value, gold.story) is not None for value in values)
    elif rule_of(gold) is not QuestionKind.FACT or gold.wrong_answers is not None:
        yield None
    else:
        yield all(is_value(value.text, gold.answers) for value in values)


def _statuses(one: AskedQuestion) -> Iterator[bool | None]:
    """Whether each status is that of the value; a value that no article gives has none."""
    for value in one.reply.values:
        if value.status is not ValueStatus.REPORTED:
            known = None if one.gold.story is None else matching(value, one.gold.story)
            right = known is not None and known.status is value.status
            yield None if one.gold.story is None else right


def _speaker(one: AskedQuestion) -> Iterator[bool | None]:
    """Whether the first answer's first citation names the right speaker."""
    best = one.reply.best
    if best is not None and best.citations[0].speaker is not None:
        found = judged(one)
        yield None if found is None else found.speaker


def _completion(one: AskedQuestion) -> Iterator[bool | None]:
    """Whether a turn that was completed needs an earlier one."""
    if one.as_typed is False:
        yield one.gold.kind == LEANING if one.gold.kind in (LEANING, ALONE) else None


_RIGHT: dict[Label, Callable[[AskedQuestion], Iterator[bool | None]]] = {
    Label.VALUES: _values,
    Label.STATUS: _statuses,
    Label.SPEAKER: _speaker,
    Label.COMPLETION: _completion,
}
"""For each time that a label is shown: whether it is right, or None where nobody knows."""
