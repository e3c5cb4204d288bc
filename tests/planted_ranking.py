"""A ranking with weights by hand."""

from __future__ import annotations

from pullquote.answering.answers import Calibration, Ranking
from pullquote.base.regression import Weights

EVEN = Calibration(slope=1, intercept=0, confidences=(), wrong=(), fitted_on="by hand")
LOGIT_ALONE = Weights(intercept=0.0, weights={"span_logit": 1.0})


def planted_ranking(words: Weights = LOGIT_ALONE, sentences: Weights = LOGIT_ALONE) -> Ranking:
    """The same weights for sentences of both readers; anything may be answered."""
    return Ranking(
        reader="planted",
        words=words,
        sentences=sentences,
        fallback=sentences,
        answerable=LOGIT_ALONE,
        nothing_below=0.0,
        calibration=EVEN,
    )
