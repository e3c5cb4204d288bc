"""Tells whether articles give two values of the same thing, and whether one is the newer of them.

Most values that differ are values of different things: the winners of two prizes, or the shares of
two firms. Only words can show that two are of one thing, since numbers of one unit often stand in
one story.
"""

from __future__ import annotations

from itertools import product

from pullquote.answering.weighing.groups import ValueGroup
from pullquote.answering.weighing.mentions import updates
from pullquote.answering.weighing.parallel import counterpart
from pullquote.answering.weighing.statement import ValueStatement, differ
from pullquote.english.terms import terms
from pullquote.english.values.models import Period, Quantity, Score
from pullquote.schema import Question

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
