"""One article in several files, or several times in one: which of them is the newest.

All are indexed, and which may be found is told from what there is: where the newest goes, the one
before it is found again, and nothing is read or embedded for it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
import numpy.typing as npt

from pullquote.index.duplicates.union_find import Joined
from pullquote.schema import NEVER, Article, instant_of

MOST_EDITIONS = 20
"""An address that more articles have is none of an article: a home page or a list."""
_WORLDWIDE = re.compile(
    r"(?i)(?:urn:|tag:|doi:|https?://)\S|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
)
_TRACKING = re.compile(r"(?i)utm_.*|fbclid|gclid|msclkid|mc_[ce]id|cmpid|ref|ref_src|smid|at_.*")


@dataclass(frozen=True, slots=True)
class Edition:
    """What tells whether two articles are one, and which is newer.

    `item` and `url` are digests of the source's id and of the address, 0 where there is none that
    means the article; two that share either are one. `moment`, in seconds since 1970, and then
    `revision` say how new it is. `released` is as in `Article`.
    """

    id: str
    item: int
    url: int
    moment: int
    revision: int
    released: int


@dataclass(frozen=True, slots=True)
class Place:
    """An edition, and in which row of which segment of a generation it stands."""

    segment: int
    row: int
    edition: Edition


def edition_of(article: Article, *, file: str) -> Edition:
    """What tells the editions of an article apart; `file` is where it came from, in the corpus."""
    item = article.item
    if item is not None and not _WORLDWIDE.match(item):
        item = f"{file}\x1f{item}"  # "17" means something in its own file alone
    url = None if article.url is None else canonical(article.url)
    when = article.published if article.modified is None else article.modified
    return Edition(
        id=article.id,
        item=0 if item is None else _digest(f"item {item}"),
        url=0 if url is None else _digest(f"url {url}"),
        moment=0 if when is None else int(instant_of(when)),
        revision=0 if article.revision is None else article.revision,
        released=article.released,
    )


def canonical(url: str) -> str | None:
    """An address without what does not tell pages apart; None for one that is no page's own."""
    try:
        parts = urlsplit(url.strip())
        asked = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    query = urlencode(sorted(pair for pair in asked if not _TRACKING.fullmatch(pair[0])))
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or not (path or query):
        return None
    return f"{parts.netloc.lower().removeprefix('www.')}{path}?{query}"


class KnowsEditions(Protocol):
    """Some articles, by their rows."""

    def edition_keys(self) -> npt.NDArray[np.void]:
        """The row of every article that can have another edition, with its `item` and `url`."""
        ...

    def edition(self, row: int) -> Edition:
        """What tells the editions of an article apart."""
        ...


EDITION_KEY = np.dtype([("row", "<i8"), ("item", "<i8"), ("url", "<i8")])


class Editions:
    """The articles of a generation of which there are several editions.

    `groups` are the editions of each, the newest last.
    """

    def __init__(self, stores: Sequence[KnowsEditions]) -> None:
        keys = [store.edition_keys() for store in stores]
        items = _several([key["item"] for key in keys], most=None)
        urls = _several([key["url"] for key in keys], most=MOST_EDITIONS)
        places = [
            Place(segment, row, store.edition(row))
            for segment, (store, key) in enumerate(zip(stores, keys, strict=True))
            for row in key["row"][np.isin(key["item"], items) | np.isin(key["url"], urls)].tolist()
        ]
        self.groups = [sorted(group, key=_age) for group in _joined(places, {*items, *urls})]

    def superseded(self, *, at: int) -> dict[Place, Place]:
        """Which editions a newer one has taken the place of at a moment, and that newer one.

        One that is embargoed takes no place before its time; one that is withheld or canceled does,
        and is not shown itself.
        """
        found: dict[Place, Place] = {}
        for group in self.groups:
            here = [place for place in group if _is_here(place.edition, at)]
            found.update((place, here[-1]) for place in here[:-1])
        return found

    def rows(self, segments: int, *, at: int) -> list[npt.NDArray[np.int32]]:
        """The rows of those editions in each of the segments."""
        rows: list[list[int]] = [[] for _ in range(segments)]
        for place in self.superseded(at=at):
            rows[place.segment].append(place.row)
        return [np.array(found, np.int32) for found in rows]


def superseded_in(group: Iterable[Edition], *, at: int) -> Iterator[tuple[Edition, Edition]]:
    """The editions of one article that a newer one has taken the place of at a moment, and that."""
    here = sorted((one for one in group if _is_here(one, at)), key=_newness)
    return ((one, here[-1]) for one in here[:-1])


def superseded_from(newer: Iterable[Edition]) -> int | None:
    """The moment from which newer editions take the place of one; None where there are none."""
    ways = [0 if one.released == NEVER else one.released for one in newer]
    return min(ways, default=None)


def _is_here(edition: Edition, at: int) -> bool:
    return edition.released <= at or edition.released == NEVER


def _newness(edition: Edition) -> tuple[int, int, str]:
    """How new an edition is; of two that are as new, ids decide, so that every build agrees."""
    return edition.moment, edition.revision, edition.id


def _age(place: Place) -> tuple[int, int, str]:
    return _newness(place.edition)


def _several(digests: Sequence[npt.NDArray[np.int64]], *, most: int | None) -> list[int]:
    """The digests that several articles have, but not too many."""
    together = np.concatenate([np.empty(0, np.int64), *digests])
    values, counts = np.unique(together[together != 0], return_counts=True)
    few = counts <= (len(together) if most is None else most)
    found: list[int] = values[(counts > 1) & few].tolist()
    return found


def _joined(places: Sequence[Place], digests: Collection[int]) -> list[list[Place]]:
    """The places in groups: in one if they share one of the digests, or have one between them."""
    joined: Joined[int] = Joined()
    shared = [[d for d in (p.edition.item, p.edition.url) if d in digests] for p in places]
    for one in shared:
        joined.join(one)
    groups: dict[int, list[Place]] = defaultdict(list)
    for place, (first, *_) in zip(places, shared, strict=True):
        groups[joined.root(first)].append(place)
    return list(groups.values())


def _digest(text: str) -> int:
    """A number of 62 bits, not 0, that no two texts share in practice."""
    return (int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 2) | 1
