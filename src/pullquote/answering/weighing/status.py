"""Says what became of each value, and counts its independent origins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import product

from pullquote.answering.answers.attributed import attribution_of
from pullquote.answering.weighing.groups import ValueGroup, counterpart
from pullquote.answering.weighing.mentions import corrects, updates
from pullquote.answering.weighing.statement import ValueStatement, differ
from pullquote.english.terms import terms
from pullquote.english.values.models import Period, Quantity, Score
from pullquote.index import OpenGeneration
from pullquote.schema import Question, Role, ValueStatus

LIKELY = 0.5
"""Numbers and times are compared if they answer the question with at least this probability.

In `tests/data/stories`, 82% of the values of the thing asked for do, and 35% of other values.
"""
MOST_TIMES = 100
"""A number that is more than so many times another one is of another thing."""
SAME_SUBJECT = 0.7
"""Two sentences have the same subject if the second has this part of what the first has of the
question: of its terms, weighted by rarity."""
SAME_FRAME = 0.5
"""Two sentences say the same of a value if they share this part of the terms around it, counted
in the one with fewer terms."""


def of_one_thing(question: Question, known: ValueGroup, other: ValueGroup) -> bool:
    """Whether a value seems to be one of the same thing as a known value.

    Two sentences are nearly equal. Or both are numbers or times of one kind, and an article names
    one in place of the other, or the value is likely to answer the question, or two sentences have
    the same subject. That is too little for names, since every sentence has some.
    """
    pairs = [(one.statement, two.statement) for one, two in product(known.given, other.given)]
    if any(_is_nearly_equal(one, two) for one, two in pairs):
        return True
    return any(_has_kind(one, two) for one, two in pairs) and (
        _is_linked(known, other)
        or other.probability >= LIKELY
        or any(_has_subject(question, known.best, two.statement) for two in other.given)
    )


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


def _is_linked(one: ValueGroup, other: ValueGroup) -> bool:
    """Whether an article names one of two values in place of the other."""
    return any(new is other for new, _ in one.replaced_by) or any(
        new is one for new, _ in other.replaced_by
    )


def _is_nearly_equal(one: ValueStatement, other: ValueStatement) -> bool:
    """Whether two sentences are nearly equal, with the one value in the place of the other."""
    place = counterpart(one.sentence, *one.place, other.sentence)
    start, end = other.place
    return place is not None and place[0] < end and start < place[1]


def _has_kind(one: ValueStatement, other: ValueStatement) -> bool:
    """Whether two differing values are numbers of one unit, or times of one precision.

    A number may not say what it counts, but a ticket's price is not that of the house.
    """
    if not differ(one, other):
        return False
    match one.value, other.value:
        case (Quantity() as here, Quantity() as there):
            small, large = sorted(abs(one.low * one.scale) for one in (here, there))
            near = not small or large <= MOST_TIMES * small
            return near and (here.unit == there.unit or not (here.unit and there.unit))
        case (Period() as here, Period() as there):
            return here.precision is there.precision
    return isinstance(one.value, Score) and isinstance(other.value, Score)


def _has_subject(question: Question, known: ValueStatement, other: ValueStatement) -> bool:
    """Whether a sentence has the words of the question that a known one has."""
    asked = frozenset(question.rarity) & frozenset(terms(known.sentence))
    least = SAME_SUBJECT * question.share_in(asked)
    return least > 0 and question.share_in(asked & frozenset(terms(other.sentence))) >= least


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


def statuses(groups: Sequence[ValueGroup], current: ValueGroup) -> list[ValueStatus]:
    """The status of each value; `current` is the one that holds now."""
    found = [_status(group, groups, current) for group in groups]
    if ValueStatus.DISPUTED in found:
        found[groups.index(current)] = ValueStatus.DISPUTED
    return found


def _status(group: ValueGroup, groups: Sequence[ValueGroup], current: ValueGroup) -> ValueStatus:
    if group is current:
        return ValueStatus.CURRENT
    if correction_of(group) is not None:
        return ValueStatus.CORRECTED
    if _claims_differ(group, current):
        return ValueStatus.DISPUTED
    outdated = any(is_newer(newer, group) for newer in groups if newer is not group)
    return ValueStatus.OUTDATED if outdated else ValueStatus.DISPUTED


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
