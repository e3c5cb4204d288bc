"""The BM25 formula."""

from __future__ import annotations

import math

K1, B = 1.2, 0.75
"""`K1` decides how much repeated occurrences of a term add to a score, and `B` how much the length
of a passage matters. These are the usual values. Source: Robertson and Zaragoza, The Probabilistic
Relevance Framework, 2009."""

HEADLINE_WEIGHT = 0.5
"""The weight of a term in the headline; the weight of a term in the text is 1. `pullquote evaluate`
shows the recall with other weights."""

MOST_COUNTED = 255
"""At most this many occurrences of a term in one passage are counted."""


def idf(with_term: int, passages: int) -> float:
    """The inverse document frequency of a term, always above 0.

    Source: Robertson and Zaragoza, 2009, section 3, with 1 added inside the logarithm.
    """
    return math.log1p((passages - with_term + 0.5) / (with_term + 0.5))


def gain(count: int, *, length: int, mean: float) -> float:
    """The weight of a term that occurs `count` times in a passage; at most K1 + 1.

    `length` is the number of terms in the passage. `mean` is the mean length of all passages, at
    least 1.
    """
    counted = min(count, MOST_COUNTED)
    return counted * (K1 + 1) / (counted + K1 * (1 - B + B * (length / mean)))
