"""Postings in tantivy: BM25 search among the passages that filters leave."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import tantivy

from pullquote.errors import IndexDamaged, IndexUnwritable
from pullquote.index.store import Row
from pullquote.schema import Filters, Passage, Role
from pullquote.terms import analyzer, composed

NAME = "postings"

HEADLINE_WEIGHT = 0.5
"""What a term in the headline counts beside one in the text; `pullquote evaluate` shows the
recall of others."""

_HEAP_BYTES = 64_000_000
_ANALYSIS = "pullquote"
_RAW_FIELDS = ("role", "source", "section")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", indexed=True, fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name=_ANALYSIS)
    builder.add_text_field("context", tokenizer_name=_ANALYSIS)
    for name in _RAW_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


class LexicalWriter:
    """Writes the postings of one generation, which has none yet."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._path.mkdir()
        index = tantivy.Index(_schema(), str(self._path))
        index.register_tokenizer(_ANALYSIS, analyzer())
        self._writer = index.writer(_HEAP_BYTES, num_threads=1)

    def add(self, passage: Passage, row: Row) -> None:
        """Put a passage in with what filters ask of it."""
        document = tantivy.Document()
        document.add_integer("number", passage.id)
        document.add_text("text", composed(passage.text))
        document.add_text("context", composed(passage.context))
        document.add_text("role", row.role)
        if row.day is not None:
            document.add_integer("day", row.day)
        for name, value in (("source", row.source), ("section", row.section)):
            if value is not None:
                document.add_text(name, value)
        self._writer.add_document(document)

    def close(self) -> None:
        """Commit, and wait for the last merge.

        Raises:
            IndexUnwritable: tantivy could not write a file.
        """
        try:
            self._writer.commit()
            self._writer.wait_merging_threads()
        except (ValueError, OSError) as error:
            raise IndexUnwritable(self._path, str(error)) from error
        for lock in self._path.glob("*.lock"):
            lock.unlink()

    def abandon(self) -> None:
        """Stop writing, so that the folder can be removed; without effect once closed."""
        with suppress(ValueError, RuntimeError):  # what tantivy says of one that closed or failed
            self._writer.wait_merging_threads()


class LexicalIndex:
    """Reads the postings of one generation."""

    def __init__(self, folder: Path) -> None:
        path = folder / NAME
        try:
            index = tantivy.Index.open(str(path))
            index.register_tokenizer(_ANALYSIS, analyzer())
            self._schema = index.schema
            self._searcher = index.searcher()
        except (ValueError, OSError) as error:
            raise IndexDamaged(path, expected="a tantivy index", found=str(error)) from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, terms: Sequence[str], *, k: int, filters: Filters) -> dict[int, float]:
        """The BM25 score of the `k` best passages that hold a term, by number, best first.

        Equal scores stand in order of their numbers.
        """
        wanted = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term_query(term)) for term in terms]
        )
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, wanted), *self._conditions(filters)]
        )
        hits = self._searcher.search(query, k, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        found = [(int(n or 0), float(score)) for n, (score, _) in zip(numbers, hits, strict=True)]
        return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: near 0 for a word of every passage.

        Source: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.
        """
        total = len(self)
        return {term: _idf(self._searcher.doc_freq("text", term), total) for term in terms}

    def _term_query(self, term: str) -> tantivy.Query:
        in_text = tantivy.Query.term_query(self._schema, "text", term)
        in_context = tantivy.Query.term_query(self._schema, "context", term)
        return tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, in_text),
                (tantivy.Occur.Should, tantivy.Query.boost_query(in_context, HEADLINE_WEIGHT)),
            ]
        )

    def _conditions(self, filters: Filters) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        sets = {
            "role": [str(role) for role in filters.roles],
            "source": list(filters.sources),
            "section": list(filters.sections),
        }
        conditions = [
            (tantivy.Occur.Must, tantivy.Query.term_set_query(self._schema, name, values))
            for name, values in sets.items()
            if values
        ]
        if filters.since is not None or filters.until is not None:
            days = tantivy.Query.range_query(
                self._schema,
                "day",
                tantivy.FieldType.Integer,
                filters.since.toordinal() if filters.since is not None else None,
                filters.until.toordinal() if filters.until is not None else None,
            )
            conditions.append((tantivy.Occur.Must, days))
        scoreless = [
            (occur, tantivy.Query.const_score_query(query, 0.0)) for occur, query in conditions
        ]
        if not filters.comments:
            comment = tantivy.Query.term_query(self._schema, "role", str(Role.COMMENT))
            scoreless.append((tantivy.Occur.MustNot, comment))
        return scoreless


def _idf(documents_with_term: int, documents: int) -> float:
    without = max(documents - documents_with_term, 0)
    return math.log1p((without + 0.5) / (documents_with_term + 0.5))
