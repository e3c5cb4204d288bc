"""Counts the independent origins of a value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.answering.answers.attributed import attribution_of
from pullquote.answering.weighing.statement import ValueStatement
from pullquote.index import OpenGeneration

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
