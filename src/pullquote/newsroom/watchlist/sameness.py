"""Decides whether two replies give the same answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product

from pullquote.english.values import Relation, Text, Value, compare, value_of
from pullquote.english.values.words import normalise
from pullquote.schema import Answer, Citation, Reply, ReportedValue, ValueStatus, day_of

Given = Answer | ReportedValue
"""What an answer or a value of a reply has in common: words, a status and citations."""

Place = tuple[str, str]
"""An article and its version."""


def is_equal(one: Given, other: Given) -> bool:
    """Whether the words are equal, or overlap in an article that has not changed."""
    here, there = normalise(one.text), normalise(other.text)
    if (here or one.text) == (there or other.text):
        return True
    return any(_overlap(a, b) for a, b in product(one.citations, other.citations))


def is_same(one: Given, other: Given) -> bool:
    """Whether two answers are equal or give values that agree."""
    return is_equal(one, other) or relation(one, other) in (Relation.EQUAL, Relation.COMPATIBLE)


def relation(one: Given, other: Given) -> Relation:
    """How the values of two answers relate."""
    here, there = _value(one), _value(other)
    return Relation.UNRELATED if here is None or there is None else compare(here, there)


def is_other_value(one: Given, other: Given) -> bool:
    """Whether two answers give values that can be compared, rather than other words."""
    plain = any(isinstance(_value(given), Text) for given in (one, other))
    return not plain and relation(one, other) is not Relation.UNRELATED


def equal_in(given: Given, among: Iterable[Given]) -> Given | None:
    """The first of some answers that is equal to a given one."""
    return next((one for one in among if is_equal(given, one)), None)


def status_in(given: Given, reply: Reply) -> ValueStatus | None:
    """The status of an answer in a later reply; None if the reply does not say."""
    found = equal_in(given, reply.values) or equal_in(given, reply.answers)
    return None if found is None else found.status


def evidence(answers: Iterable[Answer], values: Iterable[ReportedValue]) -> frozenset[Place]:
    """The articles on which answers and values rest, with their versions."""
    return frozenset((one.article, one.version) for one in _cited(list(answers), list(values)))


def _cited(answers: Sequence[Answer], values: Sequence[ReportedValue]) -> Iterator[Citation]:
    given: list[Given] = [*answers, *values]
    yield from chain.from_iterable(one.citations for one in given)
    yield from chain.from_iterable(one.mentions for one in values)
    yield from (one.correction for one in given if one.correction is not None)


def _overlap(one: Citation, other: Citation) -> bool:
    return (
        one.article == other.article
        and one.version == other.version
        and one.start < other.end
        and other.start < one.end
    )


def _value(given: Given) -> Value | None:
    cited = given.citations[0]
    sentence = cited.sentence if given.text in cited.sentence else ""
    return value_of(given.text, day=day_of(cited.published), sentence=sentence)
