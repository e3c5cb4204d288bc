"""Scores whole sentences from the logits of a network that has a head for sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pullquote.answering.reader.network import Window
from pullquote.english.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """Characters `start` to `end` of a passage, and the log-odds that they settle the question."""

    start: int
    end: int
    logit: float


def scored_sentences(text: str, windows: Sequence[Window]) -> list[ScoredSentence]:
    """The sentences of an English passage, in order; none if the network has no sentence head.

    The log-odds of a sentence are the mean over its tokens, in the window where they are highest.
    """
    scored = []
    for start, end in sentence_spans(text):
        logits = [logit for w in windows if (logit := _mean(w, start, end)) is not None]
        if logits:
            scored.append(ScoredSentence(start, end, max(logits)))
    return scored


def sentence_logit(sentences: Sequence[ScoredSentence], start: int, end: int) -> float | None:
    """The highest log-odds of the sentences that a range touches, or None if there are none."""
    touched = (one.logit for one in sentences if one.start < end and start < one.end)
    return max(touched, default=None)


def _mean(window: Window, start: int, end: int) -> float | None:
    """The mean over the tokens of a range; None if the window has none of them."""
    if window.settles is None:
        return None
    first, after = np.searchsorted(window.offsets[:, 0], (start, end))
    return float(window.settles[first:after].mean()) if after > first else None
