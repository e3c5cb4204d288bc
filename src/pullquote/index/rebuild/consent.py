"""The consent that a rebuild needs to remove many articles, or to use a different folder."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pullquote.index.interfaces import Index, OpenGeneration
from pullquote.index.rebuild.batches import Batch
from pullquote.index.rebuild.plan import RebuildPlan
from pullquote.index.rebuild.report import compare
from pullquote.schema.errors import CorpusChanged, IndexDamaged, Loss, RemovalsRefused
from pullquote.schema.settings import Settings

FEWEST_REFUSED = 10
"""Fewer removals than this are never refused, since people do tidy up small folders."""

EXAMPLES_NAMED = 5

_SHARE: float = Settings.model_fields["removals_at_most"].default


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a user allows a rebuild to do.

    `removals_at_most` is the share of articles that it may remove; `removals` allows it to remove
    any number.

    `removals_up_to` is the number of removals that a person was shown. That many are allowed, even
    if their share is larger. `new_corpus` allows a different folder, and the removal of the old
    folder's articles unless the new folder is empty.
    """

    removals_at_most: float = _SHARE
    removals: bool = False
    removals_up_to: int = 0
    new_corpus: bool = False


DEFAULT_CONSENT = Consent()


class ConsentCheck:
    """Compares a rebuild with the consent, first by file names, then by the parsed articles.

    The first check parses and embeds nothing. If there are new or changed files, missing articles
    may be in them, so it leaves removals to the second check. An article does not count as lost if
    a new one has the same text.

    Only the second check notices files that have become unreadable, and archives and exports that
    now have fewer articles. A file with as many articles as before counts as having lost none, even
    if they are different articles.

    `moved_from` is the old corpus folder if the whole folder has moved.
    """

    def __init__(
        self, index: Index, previous: OpenGeneration | None, plan: RebuildPlan, consent: Consent
    ) -> None:
        self._location = index.location
        self._previous = previous
        self._plan = plan
        self._consent = consent
        self._recorded = _other_folder(index, previous, plan.corpus)
        self._indexed = _indexed_articles(index, previous, plan)
        self._read: Counter[str] = Counter()
        self._new_texts: Counter[bytes] = Counter()
        self.moved_from: Path | None = None

    def check_names(self) -> None:
        """Refuse removals that the names and digests of the files already show.

        Raises:
            CorpusChanged, RemovalsRefused: the rebuild does not have the consent that it needs.
        """
        loss = self._loss_by_names()
        if self._recorded is not None and not self._consent.new_corpus:
            if not _has_moved(self._recorded, loss):
                raise CorpusChanged(
                    self._location,
                    recorded=self._recorded,
                    corpus=self._plan.corpus.resolve(),
                    loss=loss,
                )
            self.moved_from = self._recorded
        if not self._indexed.has_new_files:
            self._check(loss, failed=len(self._plan.failed))

    def count_batch(self, batch: Batch) -> None:
        """Count the parsed articles, and remember the texts of new ones."""
        indexed = self._indexed
        for one in batch.articles:
            self._read[one.file] += 1
            ids = indexed.again.get(one.file, set())
            if one.article.id in ids:
                ids.remove(one.article.id)
            elif indexed.lost or indexed.again:
                self._new_texts[_digest(one.article.text)] += 1

    def check_parsed(self, *, failed: int) -> None:
        """Refuse removals that only parsing could show; `failed` is the number of failed files.

        Raises:
            RemovalsRefused: the rebuild does not have the consent that it needs.
        """
        loss = self._loss_by_parsing(Counter())
        if self._new_texts and self._is_refused(loss):  # only then look up the missing articles
            loss = self._loss_by_parsing(self._new_texts.copy())
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
                self._location,
                corpus=self._plan.corpus.resolve(),
                loss=loss,
                removals_at_most=self._consent.removals_at_most,
                failed=failed,
            )

    def _loss_by_names(self) -> Loss | None:
        indexed = self._indexed
        if indexed.articles is None:
            return None
        if not indexed.is_listed:
            return None if self._plan.files else Loss(indexed.articles, indexed.articles)
        return _loss(indexed.lost, indexed.articles)

    def _loss_by_parsing(self, texts: Counter[bytes]) -> Loss | None:
        """The articles that the index would lose, not counting those whose text is in `texts`."""
        indexed = self._indexed
        if indexed.articles is None:
            return None
        if not indexed.is_listed:
            return Loss(max(0, indexed.articles - self._read.total()), indexed.articles)
        lost = [id for id in indexed.lost if not self._is_among(texts, id)]
        for file, count in indexed.counts.items():
            fewer = count - self._read[file]
            if fewer > 0:
                missing = sorted(indexed.again[file])
                lost += [id for id in missing if not self._is_among(texts, id)][:fewer]
        return _loss(lost, indexed.articles)

    def _is_among(self, texts: Counter[bytes], id: str) -> bool:
        """Whether the text of an indexed article is in `texts`; if so, remove it from `texts`."""
        if not texts or self._previous is None:
            return False
        try:
            article = self._previous.stored_article(id)
        except IndexDamaged:
            if self._plan.base is not None:
                raise  # the rebuild starts again from nothing
            return False
        digest = None if article is None else _digest(article.text)
        if digest is None or texts[digest] == 0:
            return False
        texts[digest] -= 1
        return True


@dataclass(frozen=True, slots=True)
class _IndexedArticles:
    """The articles of the index; `articles` is their number, or None if it is unknown.

    `lost` are the ids of articles whose files are gone. `again` has the ids of articles whose files
    are parsed again, by the file's present name, and `counts` has their number for each file.
    `is_listed` says whether the ids are known; for a damaged index, perhaps only the number of
    articles is known. `has_new_files` says whether a file of the corpus is new or changed.
    """

    articles: int | None
    lost: list[str]
    again: dict[str, set[str]]
    counts: dict[str, int]
    is_listed: bool = True
    has_new_files: bool = False


def _indexed_articles(
    index: Index, previous: OpenGeneration | None, plan: RebuildPlan
) -> _IndexedArticles:
    if previous is None:
        return _IndexedArticles(index.recorded_articles(), [], {}, {}, is_listed=False)
    articles = previous.manifest.articles
    if plan.base is not None and not plan.removed:
        return _IndexedArticles(articles, [], {}, {})
    try:
        return _find_articles(previous, plan)
    except IndexDamaged:
        if plan.base is not None:
            raise  # the rebuild starts again from nothing
        return _IndexedArticles(articles, [], {}, {}, is_listed=False)


def _find_articles(previous: OpenGeneration, plan: RebuildPlan) -> _IndexedArticles:
    """The articles whose files are gone, and those whose files are parsed again."""
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
    return _IndexedArticles(
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
    """The folder that the index was built from, if `corpus` is a different one.

    An empty index may be built from any folder.
    """
    if previous is None:
        recorded = index.recorded_corpus()
    elif previous.manifest.articles == 0:
        recorded = None
    else:
        recorded = Path(previous.manifest.corpus)
    return None if recorded is None or is_same_folder(recorded, corpus) else recorded


def is_same_folder(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same folder, however they are written, even if it is gone."""
    if os.path.realpath(one) == os.path.realpath(other):  # resolve() raises for a loop of links
        return True
    try:
        return one.samefile(other)
    except OSError:
        return False


def _has_moved(recorded: Path, loss: Loss | None) -> bool:
    """Whether the corpus has moved: its old folder is gone, and most articles are in the new one.

    This allows an index and its corpus to be moved or mounted elsewhere without asking for consent.
    If the index cannot list its articles, the answer is no: the new folder could be any folder.
    """
    if os.path.isdir(recorded):  # noqa: PTH112 - False without permission
        return False
    return loss is not None and 2 * loss.removed <= loss.articles
