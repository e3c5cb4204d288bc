"""An earlier edition of an article."""

from __future__ import annotations

from dataclasses import dataclass

from pullquote.schema import Article


@dataclass(frozen=True, slots=True)
class EarlierEdition:
    """An article as it was in the index, until a rebuild replaced or removed it.

    `since` and `until` are the moments of the rebuilds that put it in and took it out, in
    microseconds since 1970. `since` is None if an older version of pullquote put it in.
    """

    article: Article
    since: int | None
    until: int
