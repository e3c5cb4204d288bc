"""Recognises the numbers of lines, which transcripts and manuscripts have in the margin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pullquote.parsing.pdf.text_runs import TextRun

_NUMBER = re.compile(r"[0-9]{1,4}")
_FEWEST = 4
"""A column of fewer numbers is not a column of line numbers."""
_STEPS = (1, 2, 5, 10)
_IN_STEP = 0.9
"""This share of the numbers is one step above the number before it."""
_GOING_ON = 0.2
"""This share of the lines goes on in the middle of a sentence. The items of a list do not."""
_EVEN = 0.35
"""Lines are equally spaced, unlike the items of a list: most differ by less than this share."""


def are_line_numbers(column: Sequence[TextRun], lines: Sequence[TextRun]) -> bool:
    """Whether runs, from top to bottom, are the numbers of the lines beside them."""
    if len(column) < _FEWEST or not all(_NUMBER.fullmatch(run.text) for run in column):
        return False
    if sum(line.text[:1].islower() for line in lines) < _GOING_ON * len(lines):
        return False
    steps = [int(below.text) - int(above.text) for above, below in pairwise(column)]
    step = max(set(steps), key=steps.count)
    if step not in _STEPS or steps.count(step) < _IN_STEP * len(steps):
        return False
    down = sorted(below.middle - above.middle for above, below in pairwise(column))
    usual = down[len(down) // 2]
    even = sum(abs(distance - usual) <= _EVEN * usual for distance in down)
    return even >= _IN_STEP * len(down)
