"""How far a typed word is from a word that may have been meant."""

from __future__ import annotations

from itertools import pairwise

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
_SOUND_ALIKE = ("bp", "ck", "ckqs", "dt", "fpv", "gj", "mn", "sz", "xz")

SLIP = 0.6
"""The cost of the commonest errors: a letter doubled or not doubled, two letters swapped, one
vowel for another, or a letter for one that sounds alike or is next to it on the keyboard."""

FIRST_LETTER = 0.5
"""The extra cost of an error in the first letter, since people rarely get it wrong."""


def _pairs() -> frozenset[tuple[str, str]]:
    """The pairs of letters that are confused, in both orders."""
    near = {pair for row in _ROWS for pair in pairwise(row)}
    near |= {pair for above, below in pairwise(_ROWS) for pair in zip(above, below, strict=False)}
    near |= {(a, b) for group in _SOUND_ALIKE for a in group for b in group}
    near |= {(a, b) for a in _VOWELS for b in _VOWELS}
    return frozenset(near | {(b, a) for a, b in near})


_CONFUSED = _pairs()


def error_cost(typed: str, meant: str) -> float:
    """What the errors cost that turn `meant` into `typed`: 0 for none, 1 for a rare error.

    This is the optimal string alignment distance with lower costs for common errors.
    """
    before: list[float] = []
    above = [0.0]
    for letter, previous in zip(meant, " " + meant, strict=False):
        above.append(above[-1] + _missing(letter, previous))
    for i, got in enumerate(typed, start=1):
        row = [above[0] + _missing(got, typed[i - 2] if i > 1 else " ")]
        for j, letter in enumerate(meant, start=1):
            best = min(
                above[j - 1] + _replaced(got, letter),
                above[j] + _missing(got, typed[i - 2] if i > 1 else " "),
                row[j - 1] + _missing(letter, meant[j - 2] if j > 1 else " "),
            )
            swapped = i > 1 < j and typed[i - 2] == letter and got == meant[j - 2] != letter
            row.append(min(best, before[j - 2] + SLIP) if swapped else best)
        before, above = above, row
    return above[-1] + (FIRST_LETTER if typed[:1] != meant[:1] else 0.0)


def _missing(letter: str, previous: str) -> float:
    """The cost of leaving a letter out, or of adding it."""
    return SLIP if letter == previous or letter in "aeiouy" else 0.9


def _replaced(typed: str, meant: str) -> float:
    if typed == meant:
        return 0.0
    return SLIP if (typed, meant) in _CONFUSED else 1.0
