"""Says what became of each value, and counts its independent origins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import product

from pullquote.answering.answers.attributed import attribution_of
from pullquote.answering.weighing.groups import ValueGroup
from pullquote.answering.weighing.mentions import corrects, updates
from pullquote.answering.weighing.statement import ValueStatement
from pullquote.index import OpenGeneration
from pullquote.schema import Role, ValueStatus

SAME_FRAME = 0.5
"""Two sentences say the same of a value if they share this part of the terms around it, counted
in the one with fewer terms."""


def is_newer(newer: ValueGroup, older: ValueGroup) -> bool:
    """Whether an article says that one value came in place of another that was reported before.

    It names the old one, or tells of an update, or a later sentence says the same of the new one.
    The order of days alone says nothing.
    """
    if any(new is newer for new, _ in older.replaced_by):
        return True
    if newer.first is None or older.first is None or newer.first <= older.first:
        return False
    return any(
        _tells_of_update(one.statement) or _has_frame(one.statement, two.statement)
        for one, two in product(newer.given, older.given)
    )


def _tells_of_update(statement: ValueStatement) -> bool:
    return updates(statement.sentence, *statement.place)


def _has_frame(one: ValueStatement, other: ValueStatement) -> bool:
    """Whether two sentences share most of the terms around their values."""
    fewer = min(len(one.around), len(other.around))
    return fewer > 0 and len(one.around & other.around) >= SAME_FRAME * fewer


_NO_NAME = frozenset(
    "a an the mr ms mrs dr its his her their our of for in on at and spokesman spokeswoman "
    "spokesperson chief executive director minister".split()
)


def origins(statements: Sequence[ValueStatement], generation: OpenGeneration) -> int:
    """The number of independent origins of statements that give one value.

    Near duplicates have one origin, and so have articles whose words have the same speaker. If an
    article gives a value as somebody's claim, a later one that gives it without a speaker is taken
    to repeat that claim.
    """
    ordered = sorted(statements, key=lambda one: (str(one.day), one.article.id))
    speakers = [speaker_words(one) for one in ordered]
    first_claim = next((at for at, words in enumerate(speakers) if words), None)
    origin = list(range(len(ordered)))
    for at, one in enumerate(ordered):
        near = set(generation.near_duplicates_of(one.article.id)) | {one.article.id}
        for before in range(at):
            same = ordered[before].article.id in near or speakers[at] & speakers[before]
            repeats = first_claim == before and not speakers[at]
            if same or repeats:
                _join(origin, at, before)
    return len(set(origin))


def _join(origin: list[int], one: int, other: int) -> None:
    """Give all that have the origin of one the origin of the other."""
    old, new = origin[one], origin[other]
    origin[:] = [new if each == old else each for each in origin]


def speaker_words(statement: ValueStatement) -> frozenset[str]:
    """The words, in lower case, that name who makes a claim; empty for the paper's reporting."""
    claim = attribution_of(statement.article, range(statement.start, statement.end))
    if claim is None or not claim.source:
        return frozenset()
    low, high = claim.source[0]
    name = claim.speaker or statement.article.text[low:high]
    return frozenset(re.findall(r"\w+", name.lower())) - _NO_NAME


DISPUTE_DAYS = timedelta(days=1)
"""Different values that are first reported within these days may be disputed.

Of values in `tests/data/stories`, 77% got the right status with 1 day, and 76% with 2.
"""


def statuses(
    groups: Sequence[ValueGroup], current: ValueGroup, *, unsure: Sequence[ValueGroup] = ()
) -> list[ValueStatus]:
    """The status of each value; `current` is the one that seems to hold now.

    What no article shows is not said: a value is then only reported, as are those that are `unsure`
    to be of the same thing. `current` is the latest value
    only if an article names it in place of another, all others are outdated or wrong, and none was
    first reported later.
    """
    found = [
        ValueStatus.REPORTED if group in unsure else _status(group, groups, current)
        for group in groups
    ]
    others = [one for one, group in zip(found, groups, strict=True) if group is not current]
    if ValueStatus.DISPUTED in others:
        found[groups.index(current)] = ValueStatus.DISPUTED
    elif current.replaces and ValueStatus.REPORTED not in others and _is_last(current, groups):
        found[groups.index(current)] = ValueStatus.CURRENT
    return found


def _status(group: ValueGroup, groups: Sequence[ValueGroup], current: ValueGroup) -> ValueStatus:
    if group is current:
        return ValueStatus.REPORTED
    if correction_of(group) is not None:
        return ValueStatus.CORRECTED
    if _claims_differ(group, current):
        return ValueStatus.DISPUTED
    outdated = any(is_newer(newer, group) for newer in groups if newer is not group)
    return ValueStatus.OUTDATED if outdated else ValueStatus.REPORTED


def _is_last(current: ValueGroup, groups: Sequence[ValueGroup]) -> bool:
    """Whether no other value was first reported later."""
    days = [group.first for group in groups if group.first is not None]
    return current.first is not None and current.first == max(days)


def correction_of(group: ValueGroup) -> ValueStatement | None:
    """The first statement that says that the value was wrong, if there is one."""
    wrong = (one for one in group.mentions if _is_correction(one))
    return min(wrong, key=lambda one: (str(one.day), one.article.id), default=None)


def _is_correction(mention: ValueStatement) -> bool:
    in_correction = mention.span.hit.passage.role is Role.CORRECTION
    return in_correction or corrects(mention.sentence)


def _claims_differ(one: ValueGroup, other: ValueGroup) -> bool:
    """Whether two values of about the same day are claims of different speakers."""
    if any(new is other for new, _ in one.replaced_by) or one.articles & other.articles:
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
