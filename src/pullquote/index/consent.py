"""What a rebuild needs consent for: removing many articles, or reading another folder."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pullquote.errors import CorpusChanged, IndexDamaged, Loss, RemovalsRefused
from pullquote.index.changes import compare
from pullquote.index.plan import Plan
from pullquote.index.prepared import Batch
from pullquote.index.protocol import Index, OpenGeneration
from pullquote.settings import Settings

FEWEST_REFUSED = 10
"""Fewer removals than this are never refused: somebody who tidies a small folder means it."""

EXAMPLES_NAMED = 5

_SHARE: float = Settings.model_fields["removals_at_most"].default


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a rebuild may do unasked: remove that share of the articles, any number, use any folder.

    `new_corpus` also allows what goes with the old folder, unless nothing comes in its place.
    """

    removals_at_most: float = _SHARE
    removals: bool = False
    new_corpus: bool = False


ORDINARY = Consent()


class ConsentCheck:
    """Compares a rebuild with what was agreed to, first by file names, then by what was read.

    The first check reads and embeds nothing. The second one sees what only reading can tell: files
    that have become unreadable, and archives and exports that have lost articles. A file that is
    still there and gives as many articles as before has lost none, whichever they are.

    `moved_from` is where the corpus was, if the whole folder has moved.
    """

    def __init__(
        self, index: Index, previous: OpenGeneration | None, plan: Plan, consent: Consent
    ) -> None:
        self._place = index.place
        self._plan = plan
        self._consent = consent
        self._recorded = _other_folder(index, previous, plan.corpus)
        self._held = _held(index, previous, plan)
        self._read: Counter[str] = Counter()
        self.moved_from: Path | None = None

    def check_names(self) -> None:
        """Refuse what the names and digests of the files already tell.

        Raises:
            CorpusChanged, RemovalsRefused: nobody has agreed to it.
        """
        loss = self._loss_by_names()
        if self._recorded is not None and not self._consent.new_corpus:
            if not _has_moved(self._recorded, loss):
                raise CorpusChanged(
                    self._place,
                    recorded=self._recorded,
                    corpus=self._plan.corpus.resolve(),
                    loss=loss,
                )
            self.moved_from = self._recorded
        self._check(loss, failed=len(self._plan.failed))

    def note(self, batch: Batch) -> None:
        """Count the articles that were read again."""
        for one in batch.articles:
            self._read[one.file] += 1
            if (ids := self._held.again.get(one.file)) is not None:
                ids.discard(one.article.id)

    def check_read(self, *, failed: int) -> None:
        """Refuse what only reading could tell; `failed` files could not be read.

        Raises:
            RemovalsRefused: nobody has agreed to it.
        """
        self._check(self._loss_by_reading(), failed=failed)

    def _check(self, loss: Loss | None, *, failed: int) -> None:
        consent = self._consent
        replaced = self._recorded is not None and consent.new_corpus and self._plan.files
        if loss is None or consent.removals or replaced or loss.removed < FEWEST_REFUSED:
            return
        if loss.removed / loss.articles > consent.removals_at_most:
            raise RemovalsRefused(
                self._place,
                corpus=self._plan.corpus.resolve(),
                loss=loss,
                removals_at_most=consent.removals_at_most,
                failed=failed,
            )

    def _loss_by_names(self) -> Loss | None:
        held = self._held
        if held.articles is None:
            return None
        if not held.told:
            return None if self._plan.files else Loss(held.articles, held.articles)
        return _loss(held.lost, len(held.lost), held.articles)

    def _loss_by_reading(self) -> Loss | None:
        held = self._held
        if held.articles is None:
            return None
        if not held.told:
            return Loss(max(0, held.articles - self._read.total()), held.articles)
        short = {
            file: missing
            for file, count in held.counts.items()
            if (missing := count - self._read[file]) > 0
        }
        names = (id for file, n in short.items() for id in islice(sorted(held.again[file]), n))
        return _loss([*held.lost, *names], len(held.lost) + sum(short.values()), held.articles)


@dataclass(frozen=True, slots=True)
class _Held:
    """What the index holds: `articles` in all, None where there is no telling.

    `lost` are the ids of articles whose files are gone. `again` are those whose files are read
    again, by the file's present name, and `counts` how many there were. `told` says whether these
    are known: of a damaged index only the number of its articles may be.
    """

    articles: int | None
    lost: list[str]
    again: dict[str, set[str]]
    counts: dict[str, int]
    told: bool = True


def _held(index: Index, previous: OpenGeneration | None, plan: Plan) -> _Held:
    if previous is None:
        return _Held(index.recorded_articles(), [], {}, {}, told=False)
    articles = previous.manifest.articles
    if plan.base is not None and not plan.gone:
        return _Held(articles, [], {}, {})
    try:
        return _compared(previous, plan)
    except IndexDamaged:
        if plan.base is not None:
            raise  # the rebuild begins again from nothing
        return _Held(articles, [], {}, {}, told=False)


def _compared(previous: OpenGeneration, plan: Plan) -> _Held:
    """The articles whose files are gone, and those whose files are read again."""
    before = plan.known if plan.base is previous else previous.versions()
    changes = compare(before, plan.files)
    removed = set(changes.removed)
    renamed = {one.before: one.after for one in changes.renamed}
    now = {file: renamed.get(file, file) for file in before if file not in removed}
    read = {file: name for file, name in now.items() if name in plan.unread}
    lost, again = list[str](), defaultdict[str, set[str]](set)
    for id, file in previous.articles_of([*removed, *read]).items():
        if file in removed:
            lost.append(id)
        else:
            again[read[file]].add(id)
    counts = {file: len(ids) for file, ids in again.items()}
    return _Held(previous.manifest.articles, sorted(lost), dict(again), counts)


def _loss(ids: Iterable[str], removed: int, articles: int) -> Loss:
    return Loss(removed, articles, tuple(islice(ids, EXAMPLES_NAMED)))


def _other_folder(index: Index, previous: OpenGeneration | None, corpus: Path) -> Path | None:
    """The folder that the index was built from, where `corpus` is another one.

    An index that holds nothing yet may be built from any.
    """
    if previous is None:
        recorded = index.recorded_corpus()
    elif previous.manifest.articles == 0:
        recorded = None
    else:
        recorded = Path(previous.manifest.corpus)
    return None if recorded is None or is_same_folder(recorded, corpus) else recorded


def is_same_folder(one: Path, other: Path) -> bool:
    """Whether two paths lead to one folder, however they are written; also where it is gone."""
    if os.path.realpath(one) == os.path.realpath(other):  # resolve() raises where links are a loop
        return True
    try:
        return one.samefile(other)
    except OSError:
        return False


def _has_moved(recorded: Path, loss: Loss | None) -> bool:
    """Whether a corpus stands elsewhere now: its old folder is gone, most articles are in the new.

    So an index and its corpus can be moved, or mounted under another name, without a question.
    Where the index cannot tell which articles it holds, it has not: the folder may be any.
    """
    if os.path.isdir(recorded):  # noqa: PTH112 - False where the path may not be looked at
        return False
    return loss is not None and 2 * loss.removed <= loss.articles
