"""How many passages contain each term, and the BM25 scores computed from these counts.

Milvus's own counts include retired rows until it compacts them, and its formula handles only one
field. So its hits are scored again with our formula and our counts, which are the same as those of
an index in a folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from pullquote.index.bm25 import HEADLINE_WEIGHT, gain, idf
from pullquote_milvus.manifest import MilvusManifest
from pullquote_milvus.rows import FIELD_SEPARATOR

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
