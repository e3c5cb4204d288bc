"""A phrase of a question that may mean a filter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullquote.schema import Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterPhrase:
    """Words that may mean a filter: `question[start:end]`.

    `sure` says that they can mean little else, so that no answer is lost; `removed` that they say
    nothing beside, so that what is searched for does without them.
    """

    start: int
    end: int
    label: str
    filters: Filters
    sure: bool
    removed: bool = True


def sure_phrase(match: re.Match[str], label: str, filters: Filters) -> FilterPhrase:
    """The words of a match, which mean that filter and nothing beside."""
    return FilterPhrase(
        start=match.start(), end=match.end(), label=label, filters=filters, sure=True
    )
