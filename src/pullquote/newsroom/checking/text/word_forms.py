"""Tells whether a word with letters in brackets is another form of a word of the article."""

from __future__ import annotations

from itertools import product

from pullquote.english.values import Relation, compare, values_in
from pullquote.newsroom.checking.text.form import Mark
from pullquote.newsroom.checking.text.normalise import normalise
from pullquote.newsroom.checking.text.sense import reverses
from pullquote.newsroom.checking.text.words import fold_case

_LONGEST_CHANGE = 6
"""In letters. A bracket inside a word changes at most so many letters of the article's word."""
_SHORT = 5
"""In letters. Of a longer word, the bracket leaves more than half."""
_NAME_ENDINGS = frozenset(["", "s", "es", "'s", "s'", "'", "d", "ed", "ing", "n", "an"])


def is_form_of(mark: Mark, stored: str) -> bool:
    """Whether a bracket inside a word makes another form of a word of the article.

    "play[ed]" is a form of "plays". "did[n't]" is none of "did", "[b]illion" none of "million", and
    "Ro[berts]" none of "Roe".
    """
    before, word, after = (
        fold_case(normalise(one).text) for one in (mark.before, mark.word, mark.after)
    )
    low = fold_case(stored)
    left = len(low) - len(before) - len(after)
    if not before or not (low.startswith(before) and low.endswith(after)):
        return False
    if not 0 <= left <= _LONGEST_CHANGE or reverses(word, low) or _other_value(word, low):
        return False
    if stored[0].isupper():
        rest = low[len(before) : len(low) - len(after)]
        shown = word[len(before) : len(word) - len(after)]
        return {rest, shown} <= _NAME_ENDINGS
    return len(low) <= _SHORT or 2 * (len(before) + len(after)) > len(low)


def _other_value(one: str, other: str) -> bool:
    """Whether two words are figures or times, and different ones: "s[even]" and "six"."""
    pairs = product(values_in(one), values_in(other))
    return any(compare(a.value, b.value) is Relation.DIFFERENT for a, b in pairs)
