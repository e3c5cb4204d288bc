"""The differences of two texts, word by word."""

from __future__ import annotations

from typing import Literal

from pullquote.checking.normalise import normalise
from pullquote.relocation.context import EqualRun, equal_runs
from pullquote.schema.verification import WordDifference

MOST_WORDS = 2000
"""Longer texts are compared up to this word; more takes quadratic time."""


def word_changes(old: str, new: str) -> tuple[WordDifference, ...]:
    """The words that both texts share, that were removed and that were added, in order.

    Words are what stands between white space. Typography does not count as a difference.
    """
    old_words, new_words = old.split()[:MOST_WORDS], new.split()[:MOST_WORDS]
    runs = equal_runs([_key(one) for one in old_words], [_key(one) for one in new_words])
    changes: list[WordDifference] = []
    at_old = at_new = 0
    for run in [*runs, EqualRun(len(old_words), len(new_words), 0)]:
        changes += _change("removed", old_words[at_old : run.first])
        changes += _change("added", new_words[at_new : run.second])
        at_old, at_new = run.first + run.length, run.second + run.length
        changes += _change("same", new_words[run.second : at_new])
    return tuple(changes)


def _change(kind: Literal["same", "removed", "added"], words: list[str]) -> list[WordDifference]:
    return [WordDifference(kind=kind, text=" ".join(words))] if words else []


def _key(word: str) -> str:
    return normalise(word).text
