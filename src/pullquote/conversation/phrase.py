"""A phrase in a question that may stand for a filter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullquote.schema import Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterPhrase:
    """Words that may stand for a filter: `question[start:end]`.

    If `sure`, the words rarely mean anything else, so the filter hides hardly any answers. If
    `removed`, the words mean nothing but the filter, so they are not searched for.
    """

    start: int
    end: int
    label: str
    filters: Filters
    sure: bool
    removed: bool = True


def sure_phrase(match: re.Match[str], label: str, filters: Filters) -> FilterPhrase:
    """A phrase for the words of a match, which mean nothing but this filter."""
    return FilterPhrase(
        start=match.start(), end=match.end(), label=label, filters=filters, sure=True
    )
