"""Writes one generation in Milvus: adds the rows of its step and retires others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pullquote.index.duplicates.signatures import Signatures, signature_of
from pullquote.index.encoder import Vectors
from pullquote.index.manifest import FailedFile, IndexConfig
from pullquote.schema import Article, Passage
from pullquote.schema.errors import IndexDamaged
from pullquote.schema.file_limits import Limits
from pullquote_milvus.batches import RowBatches, chunks_of
from pullquote_milvus.client.conditions import Condition, alive_at, among
from pullquote_milvus.client.server import Row, Server
from pullquote_milvus.client.tables import (
    ARTICLES,
    DATA,
    PASSAGES,
    TERMS,
    TEXTS,
    MilvusTable,
    collection_name,
)
from pullquote_milvus.generation import MilvusGeneration
from pullquote_milvus.manifest import (
    FORMAT,
    MilvusManifest,
    TermTotals,
)
from pullquote_milvus.relations import Relations, Survey
from pullquote_milvus.row_updater import ROWS_PER_QUERY, RowUpdater, roll_back
from pullquote_milvus.rows import SURVEY_COLUMNS, article_rows, passage_rows, row_bytes, term_row
from pullquote_milvus.term_stats import TERMS_AT_ONCE, MilvusTermField, count_terms

FLUSH_FROM_ROWS = 1000
"""The server is asked to flush only if more rows than this were written. Each flush of fewer rows
would leave a tiny segment, and the server accepts a flush only every few seconds."""

VERIFIED_PASSAGES = 500

VERIFIED_ARTICLES = 64
"""How many articles are read back after writing, with their passages, as a sample of all."""


class MilvusWriter:
    """Writes a generation; `finish` completes and checks it, `discard` undoes it.

    `before_writing` raises if another rebuild has taken over the lock.
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
        self._previous = base
        self._dimension = dimension
        self.base = generation if base is None else base.base
        self.step = 1 if base is None else base.step + 1
        self._terms: Counter[str] = Counter()
        self._roles: Counter[str] = Counter({} if base is None else base.roles)
        self._lengths = TermTotals(0, 0) if base is None else base.lengths
        self._sizes: Counter[str] = Counter({} if base is None else base.sizes)
        self._written: list[Article] = []
        self._count = 0
        self._lexical = server.version.full_text if base is None else base.lexical
        self.manifest: MilvusManifest | None = None
        self.made_collections = base is None
        if base is None:
            for table in DATA:
                server.create(self._name(table), table, dimension=dimension)
        self._updater = RowUpdater(
            server=server,
            index=index,
            base=self.base,
            step=self.step,
            before_writing=before_writing,
        )
        self._articles = RowBatches(server, self._name(ARTICLES), before_writing)
        self._texts = RowBatches(server, self._name(TEXTS), before_writing)
        self._passages = RowBatches(server, self._name(PASSAGES), before_writing)

    def remove(self, files: Sequence[str]) -> None:
        """Remove the articles that came from those files.

        Raises:
            IndexDamaged: the index has no article from one of the files.
        """
        if self._previous is None:
            if files:
                raise self._missing_articles(files[0])
            return
        alive = alive_at(self._previous.step)
        for some in chunks_of(files, ROWS_PER_QUERY):
            left = set(some)
            for rows in self._updater.rows(ARTICLES, among("file", some) & alive):
                left.difference_update(row["file"] for row in rows)
                self._retire(rows, alive)
            if left:
                raise self._missing_articles(min(left))

    def add(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: Vectors,
        *,
        file: str,
        signature: Signatures | None = None,
    ) -> None:
        """Add an article with its passages and their vectors, shape (len(passages), dim).

        Raises:
            IndexUnwritable: a vector is not of length 1, or the server refuses the rows.
        """
        signature = signature_of(article) if signature is None else signature
        row, pieces = article_rows(article, file=file, signature=signature, step=self.step)
        rows = passage_rows(article, passages, vectors, step=self.step, place=self._server.place)
        self._articles.add([row])
        self._texts.add(pieces)
        self._passages.add(rows)
        self._count_passages(rows, sign=1)
        self._count += 1
        # A sample of all articles: when it is full, every second one is dropped.
        if self._count % (1 << max(0, (self._count // VERIFIED_ARTICLES).bit_length() - 1)) == 0:
            self._written.append(article)
            if len(self._written) > 2 * VERIFIED_ARTICLES:
                self._written = self._written[::2]

    def finish(
        self,
        index_config: IndexConfig,
        *,
        corpus: Path,
        failed: tuple[FailedFile, ...],
        limits: Limits | None = None,
    ) -> MilvusGeneration:
        """Complete the generation, count its rows and compare a sample of them.

        Raises:
            IndexDamaged: the server does not return the rows that were written.
        """
        for batches in (self._articles, self._texts, self._passages):
            batches.flush()
        self._write_terms()
        for batches in (self._articles, self._passages):
            if batches.rows > FLUSH_FROM_ROWS:
                self._server.flush(batches.name)
        survey, alive = Survey(), alive_at(self.step)
        for row in self._server.scan(self._name(ARTICLES), alive, SURVEY_COLUMNS):
            survey.add(row)
        relations = Relations.of(survey)
        self._updater.update_groups(list(relations.changed(survey)))
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
            sources=survey.counts_by("source"),
            sections=survey.counts_by("section"),
            languages=survey.counts_by("language"),
            kinds=survey.counts_by("kind"),
            first_day=first,
            last_day=last,
            undated=survey.days.count(0),
            copied=sum(map(len, relations.copy_groups)),
            copy_groups=len(relations.copy_groups),
            sizes={**self._sizes, "articles": survey.bytes},
        )
        written = MilvusGeneration(self._server, self._index, manifest)
        written.known = survey.known()
        written.check()
        self._verify(written)
        self.manifest = manifest
        return written

    def discard(self) -> None:
        """Undo what was written, which no search has seen."""
        if self._previous is None:
            for table in DATA:
                self._server.drop(self._name(table))
        else:
            roll_back(
                self._server, self._index, self._previous, before_writing=self._before_writing
            )

    def _retire(self, articles: Sequence[Row], alive: Condition) -> None:
        """Retire articles with their texts and passages."""
        self._updater.retire(ARTICLES, articles)
        long = [row["content_key"] for row in articles if row["pieces"]]
        for keys in chunks_of(long, ROWS_PER_QUERY):
            for texts in self._updater.rows(TEXTS, among("content_key", keys) & alive):
                self._updater.retire(TEXTS, texts)
        ids = among("article", [row["id"] for row in articles])
        for passages in self._updater.rows(PASSAGES, ids & alive):
            self._count_passages(passages, sign=-1)
            self._updater.retire(PASSAGES, passages)

    def _name(self, table: MilvusTable) -> str:
        return collection_name(self._index, table, self.base)

    def _missing_articles(self, file: str) -> IndexDamaged:
        return IndexDamaged(self._server.place, expected=f"articles of {file}", found="none")

    def _count_passages(self, rows: Sequence[Row], *, sign: int) -> None:
        text, context = self._lengths
        for row in rows:
            counts = count_terms(row["terms"])
            for field, terms in counts.items():
                for term in terms:
                    self._terms[f"{field}{term}"] += sign
            text += sign * counts[MilvusTermField.TEXT].total()
            context += sign * counts[MilvusTermField.CONTEXT].total()
            self._roles[row["role"]] += sign
            self._sizes["passages"] += sign * (row_bytes(row) - 8 * len(row["vector"]))
            self._sizes["vectors"] += sign * 4 * len(row["vector"])
        self._lengths = TermTotals(text, context)

    def _write_terms(self) -> None:
        """Write the terms whose counts have changed, and retire the rows that they replace."""
        name = self._name(TERMS)
        new = RowBatches(self._server, name, self._before_writing)
        old = RowBatches(self._server, name, self._before_writing)
        changed = [term for term, change in self._terms.items() if change]
        for some in chunks_of(changed, TERMS_AT_ONCE):
            rows: list[Row] = []
            if self._previous is not None:
                known = among("term", some) & alive_at(self._previous.step)
                rows = self._server.rows(name, known, TERMS.column_names())
            totals = {term: self._terms[term] for term in some}
            for row in rows:
                totals[row["term"]] += int(row["count"])
            new.add(
                term_row(term, count, step=self.step) for term, count in totals.items() if count
            )
            old.add({**row, "died": self.step} for row in rows)
        new.flush()
        old.flush()
        self._sizes["terms"] += new.bytes - old.bytes

    def _verify(self, written: MilvusGeneration) -> None:
        """Read back a sample of the articles, with their passages."""
        for some in chunks_of(self._written, ROWS_PER_QUERY):
            ids = [article.id for article in some]
            found = written.read_articles(ids)
            condition = among("article", ids) & alive_at(self.step)
            rows = self._server.rows(
                self._name(PASSAGES), condition, ["number"], limit=VERIFIED_PASSAGES
            )
            for article in some:
                if article.id not in found or found[article.id].article != article:
                    expected = f"article {article.id!r} as it was written"
                    raise IndexDamaged(self._server.place, expected=expected, found="another")
            for _ in written.passages([int(row["number"]) for row in rows]):
                pass  # `passages` compares each with the text of its article
