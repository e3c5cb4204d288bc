"""How many passages contain each term, and the BM25 scores computed from these counts.

Milvus's own counts include retired rows until it compacts them, and its formula handles only one
field. So its hits are scored again with our formula and our counts, which are the same as those of
an index in a folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from pullquote.index.bm25 import HEADLINE_WEIGHT, gain, idf
from pullquote_milvus.batches import chunks_of
from pullquote_milvus.client.conditions import alive_at, among
from pullquote_milvus.client.server import Row, Server
from pullquote_milvus.client.tables import TERMS
from pullquote_milvus.manifest import MilvusManifest
from pullquote_milvus.rows import FIELD_SEPARATOR, PLACEHOLDER, new_row

TERMS_AT_ONCE = 500
"""How many terms one query asks for."""


class MilvusTermField(StrEnum):
    """The field in which a term occurs. The value is the term's prefix in the table."""

    TEXT = "t"
    CONTEXT = "c"


WEIGHTS = {MilvusTermField.TEXT: 1.0, MilvusTermField.CONTEXT: HEADLINE_WEIGHT}


def count_terms(column: str) -> dict[MilvusTermField, Counter[str]]:
    """How often each term occurs in each field of a passage, from its column `terms`."""
    text, _, context = column.partition(FIELD_SEPARATOR)
    return {
        MilvusTermField.TEXT: Counter(text.split()),
        MilvusTermField.CONTEXT: Counter(context.split()),
    }


def scores(
    passages: Mapping[int, Mapping[MilvusTermField, Counter[str]]],
    terms: Sequence[str],
    counts: Mapping[str, int],
    manifest: MilvusManifest,
) -> dict[int, float]:
    """The BM25 score of passages by passage id, best first. Those without a term are left out.

    Equal scores are in order of passage ids. Terms are added up rarest first, as in a folder, so
    the sums are the same to the last bit.
    """
    weights = {
        (field, term): WEIGHTS[field] * idf(counts[f"{field}{term}"], manifest.passages)
        for term in terms
        for field in MilvusTermField
    }
    rarest = sorted(weights, key=lambda key: -weights[key])
    mean_lengths = dict(zip(MilvusTermField, manifest.mean_lengths, strict=True))
    found: dict[int, float] = {}
    for number, counted in passages.items():
        lengths = {field: terms.total() for field, terms in counted.items()}
        score = 0.0
        for field, term in rarest:
            if count := counted[field][term]:
                gained = gain(count, length=lengths[field], mean=mean_lengths[field])
                score += weights[field, term] * gained
        if score > 0.0:
            found[number] = score
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def changed_rows(
    server: Server, name: str, changes: Mapping[str, int], *, before: int | None, step: int
) -> Iterator[tuple[list[Row], list[Row]]]:
    """The new rows of a step, and the rows that they replace, in batches.

    `changes` says by how much each count changes; `before` is the previous step, if there was one.
    """
    for some in chunks_of([term for term, change in changes.items() if change], TERMS_AT_ONCE):
        old: list[Row] = []
        if before is not None:
            old = server.rows(name, among("term", some) & alive_at(before), TERMS.column_names())
        known = {row["term"]: int(row["count"]) for row in old}
        totals = {term: known.get(term, 0) + changes[term] for term in some}
        yield (
            [_row(term, total, step) for term, total in totals.items() if total],
            [{**row, "died": step} for row in old],
        )


def _row(term: str, count: int, step: int) -> Row:
    return {
        "key": f"{term}.{step}",
        "term": term,
        "count": count,
        "point": PLACEHOLDER,
        **new_row(step),
    }
