"""Which of several values over time a question asks for."""

from __future__ import annotations

from enum import StrEnum


class TimeAsked(StrEnum):
    """Which value a question asks for, if articles gave different ones over time.

    - `UNSAID`: the question does not say; the latest value is meant if things have changed.
    - `LATEST`: what is so now, or in the end: "the final cost", "so far".
    - `FIRST`: what was said at first: "the first toll", "originally planned".
    """

    UNSAID = "unsaid"
    LATEST = "latest"
    FIRST = "first"
