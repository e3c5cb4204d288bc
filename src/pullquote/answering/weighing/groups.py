"""Groups the statements of articles by value, and finds which value replaces which."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from pullquote.answering.weighing.statement import ValueStatement, agree, changes, differ
from pullquote.english.values.models import Quantity

PLAUSIBLE = 0.1
"""The least probability of a statement that makes a value of its own."""
JOINS = 0.02
"""The least probability of a statement that only repeats the value of others."""
NEW = 0.4
"""An article gives a new value rather than one that an earlier article gave, if it is so probable.

As a part of the probability of the other one. Articles mostly report what is new. This does not
hold for names.
"""
NEARBY = 400
"""In characters: how far apart an article may name a value and the one that replaces it."""


@dataclass(frozen=True, slots=True)
class Likely:
    """A statement and the probability, 0 to 1, that it answers the question."""

    statement: ValueStatement
    probability: float


@dataclass(slots=True, eq=False)
class ValueGroup:
    """The statements that give one value, in order of time, and its mentions.

    `replaced_by` are the groups that an article names in place of this one, each with the statement
    that mentions this value.
    """

    given: list[Likely]
    mentions: list[ValueStatement] = field(default_factory=list)
    replaced_by: list[tuple[ValueGroup, ValueStatement]] = field(default_factory=list)
    replaces: int = 0

    @property
    def probability(self) -> float:
        """The probability of the best statement."""
        return max(one.probability for one in self.given)

    @property
    def best(self) -> ValueStatement:
        """The most probable statement."""
        return max(self.given, key=lambda one: one.probability).statement

    @property
    def articles(self) -> frozenset[str]:
        """The ids of the articles that give the value."""
        return frozenset(one.statement.article.id for one in self.given)

    @property
    def first(self) -> date | None:
        """The day of the first article that gives the value; None if none has a date."""
        return min(self._days(), default=None)

    @property
    def last(self) -> date | None:
        """The day of the last article that gives the value; None if none has a date."""
        return max(self._days(), default=None)

    def has(self, statement: ValueStatement) -> bool:
        """Whether a statement gives the value of this group, and none of its forms differs."""
        given = [one.statement for one in self.given]
        return any(agree(one, statement) for one in given) and not any(
            differ(one, statement) for one in given
        )

    def add(self, one: Likely) -> None:
        """Add a statement that gives the value."""
        self.given.append(one)
        self.given.sort(key=lambda one: (_day(one), one.statement.article.id))

    def _days(self) -> Iterator[date]:
        return (one.statement.day for one in self.given if one.statement.day is not None)


def grouped(found: Sequence[Likely], *, mentions_count: bool = False) -> list[ValueGroup]:
    """The values that articles give, in order of time.

    An article gives one value: that of its best statement that is no mention, see `_best`. With
    `mentions_count`, it also gives the value of its best mention.
    """
    by_article: dict[str, list[Likely]] = defaultdict(list)
    for one in found:
        by_article[one.statement.article.id].append(one)
    groups: list[ValueGroup] = []
    silent: list[Likely] = []
    for article in sorted(by_article, key=lambda id_: (_day(by_article[id_][0]), id_)):
        statements = by_article[article]
        given = [one for one in statements if not one.statement.mention]
        mentioned = [one for one in statements if one.statement.mention and mentions_count]
        own = [best for some in (given, mentioned) if (best := _best(groups, some)) is not None]
        for one in own:
            _add(groups, one)
        if not own:
            silent += given
    for one in silent:
        repeats = one.probability >= JOINS and _is_specific(one.statement)
        group = _group_of(groups, one.statement) if repeats else None
        if group is not None and one.statement.article.id not in group.articles:
            group.add(one)
    if not mentions_count:
        for statements in by_article.values():
            _link(groups, [one.statement for one in statements])
    return groups


def give(groups: list[ValueGroup], one: Likely) -> None:
    """Make a statement the one that its article gives, unless that has one as probable."""
    article = one.statement.article.id
    for group in groups:
        own = [each for each in group.given if each.statement.article.id == article]
        if any(each.probability >= one.probability for each in own):
            return
        group.given = [each for each in group.given if each not in own]
    groups[:] = [group for group in groups if group.given]
    _add(groups, one)


def _day(one: Likely) -> date:
    return one.statement.day or date.max


def _best(groups: Sequence[ValueGroup], found: Sequence[Likely]) -> Likely | None:
    """The statement whose value an article gives; None if none of its statements is plausible."""
    best = max(found, key=lambda one: one.probability, default=None)
    if best is None or best.probability < PLAUSIBLE:
        return None
    if not changes(best.statement.value) or _group_of(groups, best.statement) is None:
        return best
    new = [
        one
        for one in found
        if one.probability >= NEW * best.probability
        and differ(one.statement, best.statement)
        and _group_of(groups, one.statement) is None
    ]
    return max(new, key=lambda one: one.probability, default=best)


def _add(groups: list[ValueGroup], one: Likely) -> None:
    group = _group_of(groups, one.statement)
    if group is None:
        groups.append(ValueGroup([one]))
    else:
        group.add(one)


def _group_of(groups: Sequence[ValueGroup], statement: ValueStatement) -> ValueGroup | None:
    return next((group for group in groups if group.has(statement)), None)


def _is_specific(statement: ValueStatement) -> bool:
    """Whether equal values hardly ever agree by chance, as bare numbers do."""
    return not isinstance(statement.value, Quantity) or bool(statement.value.unit)


def _link(groups: Sequence[ValueGroup], statements: Sequence[ValueStatement]) -> None:
    """Note the mentions of an article, and the values that it names in place of them."""
    for mention in statements:
        old = _group_of(groups, mention) if mention.mention else None
        if old is None:
            continue
        old.mentions.append(mention)
        near = [
            (abs(one.statement.start - mention.start), group)
            for group in groups
            for one in group.given
            if group is not old
            and one.statement.article.id == mention.article.id
            and abs(one.statement.start - mention.start) <= NEARBY
            and differ(one.statement, mention)
        ]
        if near:
            _, new = min(near, key=lambda pair: pair[0])
            old.replaced_by.append((new, mention))
            new.replaces += 1


EQUAL_WORDS = 0.75
"""The least share of the words around the value that nearly equal sentences have in common."""
LEAST_WORDS = 5
"""Shorter sentences may be alike by chance."""
MOST_WORDS = 60
"""Longer sentences are not compared, since that takes time."""
LONGER = 2
"""How many words more than the value its counterpart may have."""

_WORD = re.compile(r"[^\s\w]?\d[\w.,/:]*[\w%]|\w+(?:['’-]\w+)*%?|[$£€]")


def counterpart(sentence: str, start: int, end: int, other: str) -> tuple[int, int] | None:
    """The range in the other sentence of what stands there in place of words of this one.

    None if the sentences are not nearly equal, or if there is nothing in place of the words.

    >>> sentence = "The mayor said that the bridge would cost £3m to repair."
    >>> start, end = counterpart(sentence, 42, 45, sentence.replace("£3m", "£4.5m"))
    >>> sentence.replace("£3m", "£4.5m")[start:end]
    '£4.5m'
    """
    here, there = list(_WORD.finditer(sentence)), list(_WORD.finditer(other))
    value = [at for at, word in enumerate(here) if word.start() < end and start < word.end()]
    around = len(here) - len(value)
    if not value or not LEAST_WORDS <= around <= MOST_WORDS or len(there) > 2 * MOST_WORDS:
        return None
    words, others = [one[0].lower() for one in here], [one[0].lower() for one in there]
    if len(set(words) & set(others)) < LEAST_WORDS:
        return None
    blocks = SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks()
    placed = {a + at: b + at for a, b, size in blocks for at in range(size)}
    equal = sum(1 for at in placed if at not in value)
    if equal < EQUAL_WORDS * max(around, len(there) - len(value)):
        return None
    first = placed.get(value[0] - 1, -1) + 1
    last = placed.get(value[-1] + 1, len(there))
    neighbours = (value[0] == 0 or value[0] - 1 in placed) and (
        value[-1] == len(here) - 1 or value[-1] + 1 in placed
    )
    if not neighbours or not 0 < last - first <= len(value) + LONGER:
        return None
    return there[first].start(), there[last - 1].end()
