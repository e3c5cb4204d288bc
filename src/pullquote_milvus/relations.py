"""Groups of the articles of a generation: revisions of one article, and near duplicates.

The groups are computed when a generation is written and stored in its rows, so a search need not
know all articles. The time at which an article is superseded is known in advance: it is the time at
which its next revision is released.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from pullquote.index.duplicates.components import UnionFind
from pullquote.index.duplicates.near_duplicates import groups_of_near_duplicates, joined
from pullquote.index.duplicates.revisions import REVISION_KEY, Revision, Revisions, superseded_from
from pullquote.index.duplicates.signatures import Signatures
from pullquote.index.metadata import Facet, counted_names
from pullquote_milvus.articles import ArticleFile
from pullquote_milvus.client.server import Row
from pullquote_milvus.client.tables import NEVER
from pullquote_milvus.rows import read_revision, read_signature

FACTS: tuple[Facet, ...] = ("source", "section", "language", "kind")


@dataclass(frozen=True, slots=True)
class ArticleGroups:
    """When an article is superseded, in seconds since 1970, and the ids of its groups.

    `edition` is the group of revisions, `copies` that of near duplicates, and `origin` joins both.
    An id is 0 if the article is alone. The fields are named after the columns.
    """

    superseded: int = NEVER
    edition: int = 0
    copies: int = 0
    origin: int = 0


ALONE = ArticleGroups()


@dataclass(frozen=True, slots=True)
class GroupChange:
    """An article whose stored groups differ from its groups now."""

    key: str
    id: str
    before: ArticleGroups
    now: ArticleGroups


@dataclass(slots=True)
class Survey:
    """The data about all articles of a generation that is needed to compare and count them."""

    editions: list[Revision] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    stored: list[ArticleGroups] = field(default_factory=list)
    signatures: list[Signatures] = field(default_factory=list)
    counts: dict[Facet, Counter[str]] = field(default_factory=lambda: {f: Counter() for f in FACTS})
    days: list[int] = field(default_factory=list)
    bytes: int = 0

    def add(self, row: Row) -> None:
        """Add the article of a row."""
        self.editions.append(read_revision(row))
        self.keys.append(row["key"])
        self.files.append(row["file"])
        self.versions.append(row["version"])
        names = ("superseded", "edition", "copies", "origin")
        self.stored.append(ArticleGroups(*(row[name] for name in names)))
        self.signatures.append(read_signature(row))
        for fact in FACTS:
            self.counts[fact][row[fact]] += 1
        self.days.append(row["day"])
        self.bytes += row["bytes"]

    def __len__(self) -> int:
        return len(self.editions)

    def revision_keys(self) -> npt.NDArray[np.void]:
        """The row and `Revision.identity` of every article that may have other revisions."""
        rows = [(n, *one.identity) for n, one in enumerate(self.editions) if any(one.identity)]
        return np.array(rows, REVISION_KEY)

    def revision(self, row: int) -> Revision:
        """The data that order the revisions of an article."""
        return self.editions[row]

    def known(self) -> list[ArticleFile]:
        """All articles with their files, sorted by id."""
        ids = (one.id for one in self.editions)
        return sorted(map(ArticleFile, ids, self.files, self.versions))

    def counts_by(self, fact: Facet) -> dict[str, int]:
        """The number of articles of each source, section and so on, largest first.

        Names are spelled as written. Names that differ only in case or space are counted together.
        """
        return counted_names(sorted(self.counts[fact].items()))

    def first_and_last(self) -> tuple[date | None, date | None]:
        """The first and the last day of publication."""
        dated = [day for day in self.days if day]
        if not dated:
            return None, None
        return date.fromordinal(min(dated)), date.fromordinal(max(dated))


@dataclass(frozen=True, slots=True)
class Relations:
    """The groups of each article, in the order of a survey, and all groups of near duplicates."""

    article_groups: Sequence[ArticleGroups]
    copy_groups: Sequence[Sequence[int]]

    @classmethod
    def of(cls, survey: Survey) -> Relations:
        """Compare all articles, with the same rules as an index in a folder."""
        found = [ALONE] * len(survey)
        editions = [[place.row for place in group] for group in Revisions([survey]).groups]
        near_duplicates = groups_of_near_duplicates(joined(survey.signatures))
        origins: UnionFind[int] = UnionFind()
        for group in (*near_duplicates, *editions):
            origins.union(group)
        superseded, of_edition = _superseded(survey, editions), _group_ids(survey, editions)
        of_copies = _group_ids(survey, near_duplicates)
        of_origin = _group_ids(survey, origins.groups())
        for row in of_origin:
            found[row] = ArticleGroups(
                superseded=superseded.get(row, NEVER),
                edition=of_edition.get(row, 0),
                copies=of_copies.get(row, 0),
                origin=of_origin[row],
            )
        return cls(found, near_duplicates)

    def changed(self, survey: Survey) -> Iterator[GroupChange]:
        """The articles whose stored rows have different groups."""
        for row, now in enumerate(self.article_groups):
            if (before := survey.stored[row]) != now:
                yield GroupChange(survey.keys[row], survey.editions[row].id, before, now)


def _superseded(survey: Survey, groups: Iterable[Sequence[int]]) -> dict[int, int]:
    """When each article is superseded, in seconds since 1970. Each group ends with its newest."""
    found: dict[int, int] = {}
    for group in groups:
        for position, row in enumerate(group):
            newer = [survey.editions[other] for other in group[position + 1 :]]
            if (moment := superseded_from(newer)) is not None:
                found[row] = moment
    return found


def _group_ids(survey: Survey, groups: Iterable[Iterable[int]]) -> dict[int, int]:
    """The group id of each article, a hash of the group's first article id.

    An unchanged group therefore has the same id in the next build.
    """
    found: dict[int, int] = {}
    for group in groups:
        rows = list(group)
        if len(rows) > 1:
            first = min(survey.editions[row].id for row in rows)
            id = int.from_bytes(sha256(first.encode()).digest()[:8], "big", signed=True)
            found.update(dict.fromkeys(rows, id))
    return found
