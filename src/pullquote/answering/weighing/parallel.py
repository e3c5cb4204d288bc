"""Finds the words that stand in a sentence where a nearly equal sentence has a value."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

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
