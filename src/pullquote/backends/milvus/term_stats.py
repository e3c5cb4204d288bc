"""In how many passages each term stands, and what passages score by that.

Milvus finds passages by words with counts of its own: those of rows that were taken out stay in
them until it compacts, and its formula knows one field. So what it finds is scored once more by
our formula and our counts, which are those of an index in a folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pullquote.backends.milvus.client.conditions import alive_at, among
from pullquote.backends.milvus.client.server import Consistency, Row, Server
from pullquote.backends.milvus.client.tables import NEVER, TERMS
from pullquote.backends.milvus.manifest import MilvusManifest
from pullquote.backends.milvus.rows import FIELDS, POINT
from pullquote.index.bm25 import HEADLINE_WEIGHT, gain, idf

TERMS_AT_ONCE = 500
"""Terms that one question to the server names."""


class Field(StrEnum):
    """Where a term stands; the mark before it in the table."""

    TEXT = "t"
    CONTEXT = "c"


WEIGHTS = {Field.TEXT: 1.0, Field.CONTEXT: HEADLINE_WEIGHT}


@dataclass(frozen=True, slots=True)
class Counted:
    """The terms of a passage, with how often each stands in its text and above it."""

    text: Counter[str]
    context: Counter[str]

    @classmethod
    def of(cls, terms: str) -> Counted:
        """Those of the column `terms`."""
        text, _, context = terms.partition(FIELDS)
        return cls(Counter(text.split()), Counter(context.split()))

    def fields(self) -> Iterator[tuple[Field, Counter[str]]]:
        """Each field with its terms."""
        yield Field.TEXT, self.text
        yield Field.CONTEXT, self.context

    def marked(self) -> list[str]:
        """Each of the terms once, with the mark of its field."""
        return [f"{field}{term}" for field, terms in self.fields() for term in terms]


def read_counts(
    server: Server,
    name: str,
    terms: Sequence[str],
    *,
    step: int,
    consistency: Consistency,
) -> dict[str, int]:
    """In how many passages each of those terms stands, 0 for none; each with its mark."""
    found = dict.fromkeys(terms, 0)
    for at in range(0, len(terms), TERMS_AT_ONCE):
        condition = among("term", terms[at : at + TERMS_AT_ONCE]) & alive_at(step)
        rows = server.rows(name, condition, ["term", "count"], consistency=consistency)
        for row in rows:
            found[row["term"]] = int(row["count"])
    return found


def scores(
    passages: Mapping[int, Counted],
    terms: Sequence[str],
    counts: Mapping[str, int],
    manifest: MilvusManifest,
) -> dict[int, float]:
    """The BM25 score of passages by their numbers, best first; those without a term are left out.

    Equal scores stand in order of their numbers. The terms are added up as an index in a folder
    does, rarest first, so that sums are the same to the last bit.
    """
    weights = {
        (field, term): WEIGHTS[field] * idf(counts[f"{field}{term}"], manifest.passages)
        for term in terms
        for field in Field
    }
    rarest = sorted(weights, key=lambda key: -weights[key])
    means = dict(zip(Field, manifest.means, strict=True))
    found: dict[int, float] = {}
    for number, counted in passages.items():
        held = dict(counted.fields())
        lengths = {field: terms.total() for field, terms in held.items()}
        score = 0.0
        for field, term in rarest:
            if count := held[field][term]:
                worth = gain(count, length=lengths[field], mean=means[field])
                score += weights[field, term] * worth
        if score > 0.0:
            found[number] = score
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def changed_rows(
    server: Server, name: str, changes: Mapping[str, int], *, before: int | None, step: int
) -> Iterator[tuple[list[Row], list[Row]]]:
    """The rows that are new in a step, and those of before that end with it, some at a time.

    `changes` says by how much each count differs; `before` is the step before, if there was one.
    """
    marked = [term for term, change in changes.items() if change]
    for at in range(0, len(marked), TERMS_AT_ONCE):
        some = marked[at : at + TERMS_AT_ONCE]
        old: list[Row] = []
        if before is not None:
            old = server.rows(name, among("term", some) & alive_at(before), TERMS.names())
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
        "point": POINT,
        "born": step,
        "died": NEVER,
    }
