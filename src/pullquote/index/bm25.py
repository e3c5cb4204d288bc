"""The BM25 formula."""

from __future__ import annotations

import math

K1, B = 1.2, 0.75
"""How soon repetition stops counting, and how much a passage's length counts; the usual values.
Source: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009."""

HEADLINE_WEIGHT = 0.5
"""The weight of a term in the headline; a term in the text has 1. `pullquote evaluate` shows the
recall of other weights."""

MOST_COUNTED = 255
"""Further repeats of a term in one passage are not counted."""


def idf(with_term: int, passages: int) -> float:
    """The inverse document frequency of a term, always above 0.

    Source: Robertson and Zaragoza, 2009, section 3, with 1 added inside the logarithm.
    """
    return math.log1p((passages - with_term + 0.5) / (with_term + 0.5))


def gain(count: int, *, length: int, mean: float) -> float:
    """The weight of a term that occurs `count` times in a passage; K1 + 1 at most.

    `length` is the passage's length in terms, `mean` that of all passages, at least 1.
    """
    counted = min(count, MOST_COUNTED)
    return counted * (K1 + 1) / (counted + K1 * (1 - B + B * (length / mean)))
