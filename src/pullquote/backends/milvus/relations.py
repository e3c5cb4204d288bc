"""Which articles of a generation belong together: editions of one, and near-copies.

It is told when a generation is written and stands in its rows, so that no reader has to know all
articles. An article is superseded from a moment that is known beforehand: the release of the next
edition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from pullquote.backends.milvus.articles import Known
from pullquote.backends.milvus.client.server import Row
from pullquote.backends.milvus.client.tables import NEVER
from pullquote.backends.milvus.rows import number_of, signature_of_row, told_of
from pullquote.index.duplicates.near_duplicates import groups_of_near_duplicates
from pullquote.index.duplicates.revisions import REVISION_KEY, Revision, Revisions, superseded_from
from pullquote.index.duplicates.signatures import SIGNATURE
from pullquote.index.duplicates.union_find import UnionFind
from pullquote.index.metadata import Facet, fold

FACTS: tuple[Facet, ...] = ("source", "section", "language", "kind")


@dataclass(frozen=True, slots=True)
class Belonging:
    """From when on an article is superseded, and the numbers that it shares with others.

    `edition` is of the editions of one article, `copies` of near-copies, and `origin` of both
    joined; 0 where it stands alone.
    """

    superseded: int = NEVER
    edition: int = 0
    copies: int = 0
    origin: int = 0


ALONE = Belonging()


@dataclass(frozen=True, slots=True)
class Differing:
    """An article whose row does not say what it belongs to now."""

    key: str
    id: str
    before: Belonging
    now: Belonging


@dataclass(slots=True)
class Survey:
    """All articles of a generation, as far as they are compared with each other and counted."""

    editions: list[Revision] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    stored: list[Belonging] = field(default_factory=list)
    signatures: list[npt.NDArray[np.void]] = field(default_factory=list)
    counts: dict[Facet, Counter[str]] = field(default_factory=lambda: {f: Counter() for f in FACTS})
    days: list[int] = field(default_factory=list)
    bytes: int = 0

    def add(self, row: Row) -> None:
        """Take an article in."""
        told = told_of(row)
        self.editions.append(told.edition)
        self.keys.append(told.key)
        self.files.append(told.file)
        self.versions.append(told.version)
        names = ("superseded", "edition", "copies", "origin")
        self.stored.append(Belonging(*(int(row[name]) for name in names)))
        self.signatures.append(signature_of_row(row))
        for fact in FACTS:
            self.counts[fact][row[fact]] += 1
        self.days.append(int(row["day"]))
        self.bytes += int(row["bytes"])

    def __len__(self) -> int:
        return len(self.editions)

    def revision_keys(self) -> npt.NDArray[np.void]:
        """The row of every article that can have another edition, with its `item` and `url`."""
        rows = [
            (n, one.item, one.url) for n, one in enumerate(self.editions) if one.item or one.url
        ]
        return np.array(rows, REVISION_KEY)

    def revision(self, row: int) -> Revision:
        """What tells the editions of an article apart."""
        return self.editions[row]

    def known(self) -> list[Known]:
        """All articles with the files they came from, in order of their ids."""
        ids = (one.id for one in self.editions)
        return sorted(map(Known, ids, self.files, self.versions))

    def named(self, fact: Facet) -> dict[str, int]:
        """How many articles there are of each source and so on, as written, most first.

        Names that differ in case or space alone are counted together.
        """
        total: Counter[str] = Counter()
        written: dict[str | None, str] = {}
        for name, count in sorted(self.counts[fact].items()):
            total[written.setdefault(fold(name), name)] += count
        return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))

    def first_and_last(self) -> tuple[date | None, date | None]:
        """The days of publication between which all others lie."""
        dated = [day for day in self.days if day]
        if not dated:
            return None, None
        return date.fromordinal(min(dated)), date.fromordinal(max(dated))


@dataclass(frozen=True, slots=True)
class Relations:
    """What each article of a survey belongs to, in its order, and the groups of near-copies."""

    belonging: Sequence[Belonging]
    copy_groups: Sequence[Sequence[int]]

    @classmethod
    def of(cls, survey: Survey) -> Relations:
        """Those of all articles, compared as an index in a folder compares them."""
        found = [ALONE] * len(survey)
        editions = [[place.row for place in group] for group in Revisions([survey]).groups]
        signatures = np.concatenate([np.empty(0, SIGNATURE), *survey.signatures])
        copies = groups_of_near_duplicates(signatures)
        origins: UnionFind[int] = UnionFind()
        for group in (*copies, *editions):
            origins.union(group)
        superseded, of_edition = _superseded(survey, editions), _numbered(survey, editions)
        of_copies, of_origin = _numbered(survey, copies), _numbered(survey, origins.groups())
        for row in of_origin:
            found[row] = Belonging(
                superseded=superseded.get(row, NEVER),
                edition=of_edition.get(row, 0),
                copies=of_copies.get(row, 0),
                origin=of_origin[row],
            )
        return cls(found, copies)

    def differing(self, survey: Survey) -> Iterator[Differing]:
        """The articles whose rows say something else."""
        for row, now in enumerate(self.belonging):
            if (before := survey.stored[row]) != now:
                yield Differing(survey.keys[row], survey.editions[row].id, before, now)


def _superseded(survey: Survey, groups: Iterable[Sequence[int]]) -> dict[int, int]:
    """From which moment on articles are superseded; `groups` have the newest edition last."""
    found: dict[int, int] = {}
    for group in groups:
        for place, row in enumerate(group):
            newer = [survey.editions[other] for other in group[place + 1 :]]
            if (moment := superseded_from(newer)) is not None:
                found[row] = moment
    return found


def _numbered(survey: Survey, groups: Iterable[Iterable[int]]) -> dict[int, int]:
    """A number for each group, by the first id in it, so that other builds give it too."""
    found: dict[int, int] = {}
    for group in groups:
        rows = list(group)
        if len(rows) > 1:
            number = number_of(min(survey.editions[row].id for row in rows))
            found.update(dict.fromkeys(rows, number))
    return found
