"""Finds the revisions of an article, in one file or several, and determines the newest.

All revisions are indexed, and search leaves out the older ones. When the newest is removed,
searches find the one before it, which need not be parsed or embedded again.

What an article says about its own identity is not proof. So an uploaded or fetched article is only
a revision of other articles in the folder for uploads, whatever address, id, date and status it
states.
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

from pullquote.index.duplicates.components import UnionFind
from pullquote.schema import NEVER, Article, instant_of
from pullquote.schema.setting_types import UPLOADS_FOLDER

MOST_REVISIONS = 20
"""If more articles than this have one address, they are not revisions: the address is that of a
home page or a list."""
_WORLDWIDE = re.compile(
    r"(?i)(?:urn:|tag:|doi:|https?://)\S|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
)
_TRACKING = re.compile(r"(?i)utm_.*|fbclid|gclid|msclkid|mc_[ce]id|cmpid|ref|ref_src|smid|at_.*")


_UPLOAD_MARK = 0x2A5F_0E3D_91C4_7B68
"""Changes a digest into that of the same identity among the uploads. It is even, as digests are
odd, so no digest becomes 0, which stands for none."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The data that identify an article and its revision.

    `item` is a digest of the source's id for the article, and `url` a digest of its address. Each
    is 0 if there is none that identifies the article. Articles that share either are revisions of
    one article. The one with the later `moment`, in seconds since 1970, is newer; `sequence`
    decides ties. `released` is as in `Article`.
    """

    id: str
    item: int
    url: int
    moment: int
    sequence: int
    released: int

    @property
    def identity(self) -> tuple[int, int]:
        """The digests by which revisions are grouped: `item` and `url`, marked for uploads."""
        mark = _UPLOAD_MARK if is_uploaded(self.id) else 0
        return self.item and self.item ^ mark, self.url and self.url ^ mark


@dataclass(frozen=True, slots=True)
class LocatedRevision:
    """A revision, with its segment in a generation and its row in that segment."""

    segment: int
    row: int
    revision: Revision


def is_uploaded(article: str) -> bool:
    """Whether the article with this id was uploaded or fetched; some file systems ignore case."""
    return article.partition("/")[0].casefold() == UPLOADS_FOLDER


def revision_of(article: Article, *, file: str) -> Revision:
    """The `Revision` of an article; `file` is its path in the corpus."""
    item = article.item
    if item is not None and not _WORLDWIDE.match(item):
        item = f"{file}\x1f{item}"  # "17" is unique only within its file
    when = article.published if article.modified is None else article.modified
    return Revision(
        id=article.id,
        item=0 if item is None else _digest(f"item {item}"),
        url=0 if article.url is None else address_digest(article.url),
        moment=0 if when is None else int(instant_of(when)),
        sequence=0 if article.revision is None else article.revision,
        released=article.released,
    )


def address_digest(url: str) -> int:
    """The digest of an address as in `Revision.url`: 0 if it identifies no page."""
    address = canonical(url)
    return 0 if address is None else _digest(f"url {address}")


def canonical(url: str) -> str | None:
    """An address without tracking and other irrelevant parts; None if it identifies no page."""
    try:
        parts = urlsplit(url.strip())
        parameters = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    query = urlencode(sorted(pair for pair in parameters if not _TRACKING.fullmatch(pair[0])))
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or not (path or query):
        return None
    return f"{parts.netloc.lower().removeprefix('www.')}{path}?{query}"


class RevisionSource(Protocol):
    """Some articles, by their rows."""

    def revision_keys(self) -> npt.NDArray[np.void]:
        """The row and `Revision.identity` of every article that may have other revisions."""

    def revision(self, row: int) -> Revision:
        """The revision in a row."""


REVISION_KEY = np.dtype([("row", "<i8"), ("item", "<i8"), ("url", "<i8")])
"""A row with the digests in `Revision.identity`."""


class Revisions:
    """The articles of a generation that have several revisions.

    `groups` has, for each of these articles, its revisions, the newest last.
    """

    def __init__(self, stores: Sequence[RevisionSource]) -> None:
        keys = [store.revision_keys() for store in stores]
        items = _shared_digests([key["item"] for key in keys], most=None)
        urls = _shared_digests([key["url"] for key in keys], most=MOST_REVISIONS)
        revisions = [
            LocatedRevision(segment, row, store.revision(row))
            for segment, (store, key) in enumerate(zip(stores, keys, strict=True))
            for row in key["row"][np.isin(key["item"], items) | np.isin(key["url"], urls)].tolist()
        ]
        self.groups = [
            sorted(group, key=lambda located: _newness(located.revision))
            for group in _grouped(revisions, {*items, *urls})
        ]

    def superseded(self, *, at: int) -> dict[LocatedRevision, LocatedRevision]:
        """The revisions superseded at a moment, each with the newest revision of its article.

        An embargoed revision supersedes nothing until it is released. A withheld or cancelled
        revision does supersede others, although it is not shown itself.
        """
        found: dict[LocatedRevision, LocatedRevision] = {}
        for group in self.groups:
            effective = [located for located in group if _is_effective(located.revision, at)]
            found.update((located, effective[-1]) for located in effective[:-1])
        return found

    def rows(self, segments: int, *, at: int) -> list[npt.NDArray[np.int32]]:
        """The rows of the superseded revisions in each segment."""
        rows: list[list[int]] = [[] for _ in range(segments)]
        for located in self.superseded(at=at):
            rows[located.segment].append(located.row)
        return [np.array(found, np.int32) for found in rows]


def superseded_revisions(
    group: Iterable[Revision], *, at: int
) -> Iterator[tuple[Revision, Revision]]:
    """The revisions of one article that are superseded at a moment, each with the newest one."""
    effective = sorted((one for one in group if _is_effective(one, at)), key=_newness)
    return ((one, effective[-1]) for one in effective[:-1])


def superseded_from(newer: Iterable[Revision]) -> int | None:
    """The moment when the first of the newer revisions takes effect; None if there are none."""
    moments = [0 if one.released == NEVER else one.released for one in newer]
    return min(moments, default=None)


def _is_effective(revision: Revision, at: int) -> bool:
    return revision.released <= at or revision.released == NEVER


def _newness(revision: Revision) -> tuple[int, int, str]:
    """The sort key, oldest first. Ids decide ties, so that every build has the same order."""
    return revision.moment, revision.sequence, revision.id


def _shared_digests(digests: Sequence[npt.NDArray[np.int64]], *, most: int | None) -> list[int]:
    """The digests that at least two articles share, and at most `most` if that is given."""
    together = np.concatenate([np.empty(0, np.int64), *digests])
    values, counts = np.unique(together[together != 0], return_counts=True)
    is_rare = counts <= (len(together) if most is None else most)
    found: list[int] = values[(counts > 1) & is_rare].tolist()
    return found


def _grouped(
    revisions: Sequence[LocatedRevision], digests: Collection[int]
) -> list[list[LocatedRevision]]:
    """The revisions, grouped by the digests that they share."""
    connected: UnionFind[int] = UnionFind()
    shared = [
        [digest for digest in one.revision.identity if digest in digests] for one in revisions
    ]
    for one in shared:
        connected.union(one)
    groups: dict[int, list[LocatedRevision]] = defaultdict(list)
    for located, (first, *_) in zip(revisions, shared, strict=True):
        groups[connected.find(first)].append(located)
    return list(groups.values())


def _digest(text: str) -> int:
    """A number of 62 bits, not 0, that no two texts share in practice."""
    return (int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 2) | 1
