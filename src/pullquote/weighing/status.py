"""Says what became of each value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pullquote.schema import Role, ValueStatus
from pullquote.weighing.groups import ValueGroup
from pullquote.weighing.mentions import corrects
from pullquote.weighing.origins import speaker_words
from pullquote.weighing.statement import ValueStatement, differ

DISPUTE_DAYS = timedelta(days=1)
"""Different values that are first reported within these days may be disputed.

Of values in `tests/data/stories`, 77% got the right status with 1 day, and 76% with 2.
"""


def statuses(groups: Sequence[ValueGroup], current: ValueGroup) -> list[ValueStatus]:
    """The status of each value; `current` is the one that holds now."""
    found = [_status(group, current) for group in groups]
    if ValueStatus.DISPUTED in found:
        found[groups.index(current)] = ValueStatus.DISPUTED
    return found


def _status(group: ValueGroup, current: ValueGroup) -> ValueStatus:
    if group is current:
        return ValueStatus.CURRENT
    if correction_of(group) is not None:
        return ValueStatus.CORRECTED
    return ValueStatus.DISPUTED if _disputes(group, current) else ValueStatus.OUTDATED


def correction_of(group: ValueGroup) -> ValueStatement | None:
    """The first statement that says that the value was wrong, if there is one."""
    wrong = (one for one in group.mentions if _is_correction(one))
    return min(wrong, key=lambda one: (str(one.day), one.article.id), default=None)


def _is_correction(mention: ValueStatement) -> bool:
    in_correction = mention.span.hit.passage.role is Role.CORRECTION
    return in_correction or corrects(mention.sentence)


def _disputes(one: ValueGroup, other: ValueGroup) -> bool:
    """Whether two values stand against each other, and neither came after the other.

    At least one of them is somebody's claim, and nobody claims both.
    """
    if any(new is other for new, _ in one.replaced_by) or not differ(one.best, other.best):
        return False
    if one.articles & other.articles:
        return False
    if one.first is None or other.first is None:
        return True
    here, there = _speakers(one), _speakers(other)
    return (
        abs(one.first - other.first) <= DISPUTE_DAYS
        and bool(here or there)
        and here.isdisjoint(there)
    )


def _speakers(group: ValueGroup) -> frozenset[str]:
    return frozenset().union(*(speaker_words(one.statement) for one in group.given))
