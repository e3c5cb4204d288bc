"""Writes one generation in Milvus: rows that are new in its step, and marks on those that end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pullquote.backends.milvus.batches import Batches
from pullquote.backends.milvus.changes import Changes, some_of, take_back
from pullquote.backends.milvus.client.conditions import Condition, alive_at, among
from pullquote.backends.milvus.client.server import Row, Server
from pullquote.backends.milvus.client.tables import (
    ARTICLES,
    DATA,
    PASSAGES,
    TERMS,
    TEXTS,
    Table,
    collection,
)
from pullquote.backends.milvus.generation import MilvusGeneration
from pullquote.backends.milvus.manifest import FORMAT, Lengths, MilvusManifest, Stored, published_of
from pullquote.backends.milvus.relations import Relations, Survey
from pullquote.backends.milvus.rows import TOLD_COLUMNS, article_rows, bytes_of, passage_rows
from pullquote.backends.milvus.term_stats import Counted, changed_rows
from pullquote.encoder import Vectors
from pullquote.errors import IndexDamaged
from pullquote.index.duplicates.signatures import Signatures, signature_of
from pullquote.index.manifest import FailedFile, IndexConfig
from pullquote.limits import Limits
from pullquote.schema import Article, Passage

SETTLED_FROM = 1000
"""Rows after which the server is told to put them in order. Of a few rows it would make a segment
each time, and a server takes such orders only every few seconds."""

PASSAGES_COMPARED = 500

COMPARED = 64
"""Articles that are read back after they were written, with their passages: some from all over."""


class MilvusWriter:
    """A generation on its way; `finish` completes and checks it, `discard` takes it back.

    `before_writing` raises where another rebuild has taken this one's place.
    """

    def __init__(
        self,
        server: Server,
        index: str,
        generation: str,
        base: MilvusManifest | None,
        *,
        dimension: int,
        before_writing: Callable[[], None],
    ) -> None:
        self._server = server
        self._index = index
        self.generation = generation
        self._before_writing = before_writing
        self._before = base
        self._dimension = dimension
        self.base = generation if base is None else base.base
        self.step = 1 if base is None else base.step + 1
        self._terms: Counter[str] = Counter()
        self._roles: Counter[str] = Counter({} if base is None else base.roles)
        self._lengths = Lengths(0, 0) if base is None else base.lengths
        self._sizes: Counter[str] = Counter({} if base is None else base.sizes)
        self._written: list[Article] = []
        self._count = 0
        self._lexical = server.version.full_text if base is None else base.lexical
        self.manifest: MilvusManifest | None = None
        self.made = False
        if base is None:
            self.made = True
            for table in DATA:
                server.create(self._name(table), table, dimension=dimension)
        self._changes = Changes(
            server, index, self.base, step=self.step, before_writing=before_writing
        )
        self._articles = Batches(server, self._name(ARTICLES), before_writing)
        self._texts = Batches(server, self._name(TEXTS), before_writing)
        self._passages = Batches(server, self._name(PASSAGES), before_writing)

    def remove(self, files: Sequence[str]) -> None:
        """Take out the articles that came from those files.

        Raises:
            IndexDamaged: there are none of one of them.
        """
        if self._before is None:
            if files:
                raise self._lacking(files[0])
            return
        alive = alive_at(self._before.step)
        for some in some_of(files):
            left = set(some)
            for rows in self._changes.rows(ARTICLES, among("file", some) & alive):
                left.difference_update(row["file"] for row in rows)
                self._end(rows, alive)
            if left:
                raise self._lacking(min(left))

    def add(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: Vectors,
        *,
        file: str,
        signature: Signatures | None = None,
    ) -> None:
        """Put an article in with its passages and their vectors, shape (len(passages), dim).

        Raises:
            IndexUnwritable: a vector is not of length 1, or the server takes no more.
        """
        signed = signature_of(article) if signature is None else signature
        row, pieces = article_rows(article, file=file, signature=signed, step=self.step)
        rows = passage_rows(article, passages, vectors, step=self.step, place=self._server.place)
        self._articles.add([row])
        self._texts.add(pieces)
        self._passages.add(rows)
        self._count_passages(rows, sign=1)
        self._count += 1
        # Some from all over: of twice as many every second is kept.
        if self._count % (1 << max(0, (self._count // COMPARED).bit_length() - 1)) == 0:
            self._written.append(article)
            if len(self._written) > 2 * COMPARED:
                self._written = self._written[::2]

    def finish(
        self,
        index_config: IndexConfig,
        *,
        corpus: Path,
        failed: tuple[FailedFile, ...],
        limits: Limits | None = None,
    ) -> MilvusGeneration:
        """The generation as a reader will see it, its rows counted and some of them compared.

        Raises:
            IndexDamaged: the server does not give back what was written.
        """
        for batches in (self._articles, self._texts, self._passages):
            batches.flush()
        self._write_terms()
        for batches in (self._articles, self._passages):
            if batches.rows > SETTLED_FROM:
                self._server.settle(batches.name)
        survey = self._survey()
        relations = Relations.of(survey)
        self._changes.note(list(relations.differing(survey)))
        first, last = survey.first_and_last()
        manifest = MilvusManifest(
            format=FORMAT,
            generation=self.generation,
            created=datetime.now(UTC),
            corpus=str(corpus.resolve()),
            index_config=index_config,
            dimension=self._dimension,
            articles=len(survey),
            passages=self._roles.total(),
            failed=failed,
            limits=limits,
            base=self.base,
            step=self.step,
            server=self._server.version.text,
            lexical=self._lexical,
            lengths=self._lengths,
            roles=dict(sorted((+self._roles).items(), key=lambda pair: (-pair[1], pair[0]))),
            sources=survey.named("source"),
            sections=survey.named("section"),
            languages=survey.named("language"),
            kinds=survey.named("kind"),
            first_day=first,
            last_day=last,
            undated=survey.days.count(0),
            copied=sum(map(len, relations.copy_groups)),
            copy_groups=len(relations.copy_groups),
            sizes={**self._sizes, "articles": survey.bytes},
        )
        written = MilvusGeneration(
            self._server, self._index, Stored(manifest, published_of(manifest))
        )
        written.stored_articles.known = survey.known()
        written.check()
        self._compare(written)
        self.manifest = manifest
        return written

    def discard(self) -> None:
        """Take back what was written; a reader never saw it."""
        if self.made:
            for table in DATA:
                self._server.drop(self._name(table))
        elif self._before is not None:
            take_back(self._server, self._index, self._before, before_writing=self._before_writing)

    def _end(self, articles: Sequence[Row], alive: Condition) -> None:
        """Have articles be in no generation from this one on, with all that is theirs."""
        self._changes.end(ARTICLES, articles)
        for keys in some_of([row["content_key"] for row in articles if row["pieces"]]):
            for texts in self._changes.rows(TEXTS, among("content_key", keys) & alive):
                self._changes.end(TEXTS, texts)
        for passages in self._changes.rows(
            PASSAGES, among("article", [row["id"] for row in articles]) & alive
        ):
            self._count_passages(passages, sign=-1)
            self._changes.end(PASSAGES, passages)

    def _name(self, table: Table) -> str:
        return collection(self._index, table, self.base)

    def _lacking(self, file: str) -> IndexDamaged:
        return IndexDamaged(self._server.place, expected=f"articles of {file}", found="none")

    def _count_passages(self, rows: Sequence[Row], *, sign: int) -> None:
        text, context = self._lengths
        for row in rows:
            counted = Counted.of(row["terms"])
            for term in counted.marked():
                self._terms[term] += sign
            text += sign * counted.text.total()
            context += sign * counted.context.total()
            self._roles[row["role"]] += sign
            self._sizes["passages"] += sign * (bytes_of(row) - 8 * len(row["vector"]))
            self._sizes["vectors"] += sign * 4 * len(row["vector"])
        self._lengths = Lengths(text, context)

    def _write_terms(self) -> None:
        name = self._name(TERMS)
        new = Batches(self._server, name, self._before_writing)
        old = Batches(self._server, name, self._before_writing)
        before = None if self._before is None else self._before.step
        for begun, ended in changed_rows(
            self._server, name, self._terms, before=before, step=self.step
        ):
            new.add(begun)
            old.add(ended)
        new.flush()
        old.flush()
        self._sizes["terms"] += new.bytes - old.bytes

    def _survey(self) -> Survey:
        survey = Survey()
        alive = alive_at(self.step)
        for row in self._server.scan(self._name(ARTICLES), alive, TOLD_COLUMNS):
            survey.add(row)
        return survey

    def _compare(self, written: MilvusGeneration) -> None:
        """Read some of the articles that were written back, with their passages."""
        for some in some_of(self._written):
            found = written.stored_articles.read([article.id for article in some])
            ids = [article.id for article in some]
            condition = among("article", ids) & alive_at(self.step)
            rows = self._server.rows(
                self._name(PASSAGES), condition, ["number"], limit=PASSAGES_COMPARED
            )
            for article in some:
                if article.id not in found or found[article.id].article != article:
                    expected = f"article {article.id!r} as it was written"
                    raise IndexDamaged(self._server.place, expected=expected, found="another")
            for _ in written.passages([int(row["number"]) for row in rows]):
                pass  # each is compared with the words of its article
