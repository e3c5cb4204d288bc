"""The differences of two texts, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pullquote.newsroom.checking.normalise import normalise
from pullquote.newsroom.relocation.relocate import EqualRun, common_start, equal_runs
from pullquote.schema.verification import WordDifference

MOST_WORDS = 2000
"""Words that are aligned; more takes quadratic time."""

AROUND = 12
"""Unchanged words that are shown before and after a change."""


def word_changes(old: str, new: str, *, most: int = MOST_WORDS) -> tuple[WordDifference, ...]:
    """The words that both texts share, that were removed and that were added, in order.

    Words are what stands between white space. Typography does not count as a difference. Between
    the words with which both texts begin and end, `most` words are aligned; what follows them is
    removed or added.
    """
    old_words, new_words = old.split(), new.split()
    old_keys, new_keys = [_key(one) for one in old_words], [_key(one) for one in new_words]
    begin = common_start(old_keys, new_keys)
    end = common_start(old_keys[begin:][::-1], new_keys[begin:][::-1])
    old_end, new_end = len(old_keys) - end, len(new_keys) - end
    inner = equal_runs(
        old_keys[begin : min(old_end, begin + most)], new_keys[begin : min(new_end, begin + most)]
    )
    runs = [EqualRun(begin + one.first, begin + one.second, one.length) for one in inner]
    runs = [EqualRun(0, 0, begin), *runs, EqualRun(old_end, new_end, end)]
    changes: list[WordDifference] = []
    at_old = at_new = 0
    for run in [*runs, EqualRun(len(old_words), len(new_words), 0)]:
        changes += _change("removed", old_words[at_old : run.first])
        changes += _change("added", new_words[at_new : run.second])
        at_old, at_new = run.first + run.length, run.second + run.length
        changes += _change("same", new_words[run.second : at_new])
    return tuple(changes)


def shortened(differences: Sequence[WordDifference]) -> list[WordDifference]:
    """The differences, in which of long unchanged parts only the words beside changes are left."""
    last = len(differences) - 1
    return [
        _cut(one, first=at == 0, last=at == last) if one.kind == "same" else one
        for at, one in enumerate(differences)
    ]


def _cut(same: WordDifference, *, first: bool, last: bool) -> WordDifference:
    words = same.text.split(" ")
    before, after = 0 if first else AROUND, 0 if last else AROUND
    if len(words) <= before + after + 1:
        return same
    shown = [*words[:before], "…", *words[len(words) - after :]]
    return same.model_copy(update={"text": " ".join(shown)})


def _change(kind: Literal["same", "removed", "added"], words: list[str]) -> list[WordDifference]:
    return [WordDifference(kind=kind, text=" ".join(words))] if words else []


def _key(word: str) -> str:
    return normalise(word).text
