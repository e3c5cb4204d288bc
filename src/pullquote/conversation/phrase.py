"""A phrase of a question that may mean a filter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullquote.schema import Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterPhrase:
    """Words that may mean a filter: `question[start:end]`.

    `sure` says that the filter loses no answer, since the words rarely mean anything else.
    `removed` says that the words have no other meaning, so they are not searched for.
    """

    start: int
    end: int
    label: str
    filters: Filters
    sure: bool
    removed: bool = True


def sure_phrase(match: re.Match[str], label: str, filters: Filters) -> FilterPhrase:
    """The words of a match, which mean only this filter."""
    return FilterPhrase(
        start=match.start(), end=match.end(), label=label, filters=filters, sure=True
    )
