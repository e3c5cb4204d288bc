"""What a rebuild needs consent for: removing many articles, or reading another folder."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pullquote.errors import CorpusChanged, IndexDamaged, Loss, RemovalsRefused
from pullquote.index.interfaces import Index, OpenGeneration
from pullquote.index.rebuild.batches import Batch
from pullquote.index.rebuild.changes import compare
from pullquote.index.rebuild.plan import Plan
from pullquote.settings import Settings

FEWEST_REFUSED = 10
"""Fewer removals than this are never refused: somebody who tidies a small folder means it."""

EXAMPLES_NAMED = 5

_SHARE: float = Settings.model_fields["removals_at_most"].default


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a rebuild may do unasked: remove that share of the articles, any number, use any folder.

    `removals_up_to` is the number of articles that a person was shown; more are not removed.
    `new_corpus` also allows what goes with the old folder, unless nothing comes in its place.
    """

    removals_at_most: float = _SHARE
    removals: bool = False
    removals_up_to: int = 0
    new_corpus: bool = False


ORDINARY = Consent()


class ConsentCheck:
    """Compares a rebuild with what was agreed to, first by file names, then by what was read.

    The first check reads and embeds nothing. Where files are new or changed, it leaves removals to
    the second check: the missing articles may be in them. An article is not lost where another one
    that came has the same text.

    Only the second check sees files that have become unreadable, and archives and exports that
    have lost articles. A file that gives as many articles as before has lost none, whichever they
    are.

    `moved_from` is where the corpus was, if the whole folder has moved.
    """

    def __init__(
        self, index: Index, previous: OpenGeneration | None, plan: Plan, consent: Consent
    ) -> None:
        self._place = index.place
        self._previous = previous
        self._plan = plan
        self._consent = consent
        self._recorded = _other_folder(index, previous, plan.corpus)
        self._held = _held(index, previous, plan)
        self._read: Counter[str] = Counter()
        self._new_texts: Counter[bytes] = Counter()
        self.moved_from: Path | None = None

    def check_names(self) -> None:
        """Refuse what the names and digests of the files already show.

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
        if not self._held.has_new_files:
            self._check(loss, failed=len(self._plan.failed))

    def note(self, batch: Batch) -> None:
        """Count the articles that were read, and remember the texts of new ones."""
        held = self._held
        for one in batch.articles:
            self._read[one.file] += 1
            ids = held.again.get(one.file, set())
            if one.article.id in ids:
                ids.remove(one.article.id)
            elif held.lost or held.again:
                self._new_texts[_digest(one.article.text)] += 1

    def check_read(self, *, failed: int) -> None:
        """Refuse what only reading could show; `failed` files could not be read.

        Raises:
            RemovalsRefused: nobody has agreed to it.
        """
        loss = self._loss_by_reading(Counter())
        if self._new_texts and self._is_refused(
            loss
        ):  # only then are the missing articles looked up
            loss = self._loss_by_reading(self._new_texts.copy())
        self._check(loss, failed=failed)

    def _is_refused(self, loss: Loss | None) -> bool:
        consent = self._consent
        replaced = self._recorded is not None and consent.new_corpus and self._plan.files
        if loss is None or consent.removals or replaced:
            return False
        if loss.removed < FEWEST_REFUSED or loss.removed <= consent.removals_up_to:
            return False
        return loss.removed / loss.articles > consent.removals_at_most

    def _check(self, loss: Loss | None, *, failed: int) -> None:
        if loss is not None and self._is_refused(loss):
            raise RemovalsRefused(
                self._place,
                corpus=self._plan.corpus.resolve(),
                loss=loss,
                removals_at_most=self._consent.removals_at_most,
                failed=failed,
            )

    def _loss_by_names(self) -> Loss | None:
        held = self._held
        if held.articles is None:
            return None
        if not held.is_listed:
            return None if self._plan.files else Loss(held.articles, held.articles)
        return _loss(held.lost, held.articles)

    def _loss_by_reading(self, texts: Counter[bytes]) -> Loss | None:
        """What the index would lose; articles with one of the new `texts` are not lost."""
        held = self._held
        if held.articles is None:
            return None
        if not held.is_listed:
            return Loss(max(0, held.articles - self._read.total()), held.articles)
        lost = [id for id in held.lost if not self._is_among(texts, id)]
        for file, count in held.counts.items():
            fewer = count - self._read[file]
            if fewer > 0:
                missing = sorted(held.again[file])
                lost += [id for id in missing if not self._is_among(texts, id)][:fewer]
        return _loss(lost, held.articles)

    def _is_among(self, texts: Counter[bytes], id: str) -> bool:
        """Whether one of the texts is that of an article of the index; if so, it is taken out."""
        if not texts or self._previous is None:
            return False
        try:
            article = self._previous.held(id)
        except IndexDamaged:
            if self._plan.base is not None:
                raise  # the rebuild begins again from nothing
            return False
        digest = None if article is None else _digest(article.text)
        if digest is None or texts[digest] == 0:
            return False
        texts[digest] -= 1
        return True


@dataclass(frozen=True, slots=True)
class _Held:
    """What the index holds: `articles` in all, None where nothing says how many.

    `lost` are the ids of articles whose files are gone. `again` are those whose files are read
    again, by the file's present name, and `counts` how many there were. `is_listed` says whether
    these are known: of a damaged index only the number of its articles may be. `has_new_files` says
    whether a file of the corpus is new or changed.
    """

    articles: int | None
    lost: list[str]
    again: dict[str, set[str]]
    counts: dict[str, int]
    is_listed: bool = True
    has_new_files: bool = False


def _held(index: Index, previous: OpenGeneration | None, plan: Plan) -> _Held:
    if previous is None:
        return _Held(index.recorded_articles(), [], {}, {}, is_listed=False)
    articles = previous.manifest.articles
    if plan.base is not None and not plan.gone:
        return _Held(articles, [], {}, {})
    try:
        return _compared(previous, plan)
    except IndexDamaged:
        if plan.base is not None:
            raise  # the rebuild begins again from nothing
        return _Held(articles, [], {}, {}, is_listed=False)


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
    return _Held(
        previous.manifest.articles,
        sorted(lost),
        dict(again),
        counts,
        has_new_files=not plan.unread.keys().isdisjoint((*changes.added, *changes.changed)),
    )


def _loss(ids: Sequence[str], articles: int) -> Loss:
    return Loss(len(ids), articles, tuple(ids[:EXAMPLES_NAMED]))


def _digest(text: str) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()


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
