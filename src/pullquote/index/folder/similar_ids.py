"""Suggests ids of articles for one that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

_COMPARED = 3000
"""If there are no more ids than this, all are compared; more would take seconds, so that only
those of the same file name are."""


def similar_ids(article: str, known: Sequence[str]) -> tuple[str, ...]:
    """The known ids that are most similar to this one; at most two."""
    if len(known) > _COMPARED:
        name = article.rpartition("/")[2]
        known = [id for id in known if id.rpartition("/")[2] == name][:_COMPARED]
    return tuple(difflib.get_close_matches(article, known, n=2))
