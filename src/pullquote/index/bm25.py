"""BM25, the formula: what a term counts, and what repeating it is worth."""

from __future__ import annotations

import math

K1, B = 1.2, 0.75
"""How soon repetition stops counting, and how much a long passage is held to its length. Source:
Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; the usual values."""

HEADLINE_WEIGHT = 0.5
"""What a term in the headline counts beside one in the text; `pullquote evaluate` shows the
recall of others."""

MOST_COUNTED = 255
"""Further repeats of a term in one passage are not counted."""


def idf(with_term: int, passages: int) -> float:
    """The inverse document frequency of a term that stands in some of all passages.

    Source: Robertson and Zaragoza, 2009, section 3, kept over 0 by the 1.
    """
    return math.log1p((passages - with_term + 0.5) / (with_term + 0.5))


def gain(count: int, *, length: int, mean: float) -> float:
    """What a term that stands `count` times in a passage of that length is worth: K1 + 1 at most.

    `mean` is the mean length of all passages, at least 1.
    """
    counted = min(count, MOST_COUNTED)
    return counted * (K1 + 1) / (counted + K1 * (1 - B + B * (length / mean)))
