"""An article's words in a few hundred bytes, by which near-copies of it are found.

MinHash (Broder, On the resemblance and containment of documents, 1997): of two signatures, the
share of equal numbers estimates which share of their words in threes two articles have in common,
the Jaccard index.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pullquote.schema import Article, Role

SAID = 126
"""Numbers that stand for an article's words in threes."""

FACTS = 64
"""Names and figures that are kept, each as a number: of most articles all, else the smallest."""

NO_FACT = 0xFFFF

FEWEST = 20
"""An article of fewer words in threes is too short to be known again."""

SIGNATURE = np.dtype([("triples", "<u4"), ("said", "<u2", (SAID,)), ("facts", "<u2", (FACTS,))])
"""How many words in threes there are, and what stands for them and for names and figures."""

COPIED_ROLES = frozenset({Role.BODY, Role.QUOTATION})
"""What papers print as they got it; headline, standfirst and captions are each paper's own."""

_SEED = 7
_WORD = re.compile(
    # Thai, Lao, Khmer, Japanese and Chinese are written without spaces: a character is a word.
    r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+"
)
_FACT = re.compile(r"\d+(?:[.,:]\d+)*|(?<=[\w,;] )[^\W\d_]\w*")
"""A figure, or a word within a sentence, which is a name if it has a capital."""

Hashes = npt.NDArray[np.uint64]
Signatures = npt.NDArray[np.void]


def algorithm() -> str:
    """What makes signatures: those of another are never compared with them."""
    from rensa import RMinHash  # noqa: PLC0415 - not with the name alone

    return f"1, rensa's {RMinHash.ALGORITHM_VERSION}"


def signature_of(article: Article) -> Signatures:
    """The signature of an article, as an array of one; the same on every machine."""
    texts = [article.text[b.start : b.end] for b in article.blocks if b.role in COPIED_ROLES]
    triples = _in_threes(_WORD.findall("\n".join(texts).casefold()))
    signature = np.zeros(1, SIGNATURE)
    if len(triples) >= FEWEST:
        signature["triples"], signature["said"] = len(triples), _minima(triples)
        facts = np.unique(_mixed(_hashes(_facts(texts))).astype(np.uint16))[:FACTS]
        signature["facts"] = NO_FACT
        signature["facts"][0, : len(facts)] = facts
    return signature


def _facts(texts: Iterable[str]) -> set[str]:
    """The names and figures of texts."""
    found = {match[0] for text in texts for match in _FACT.finditer(text)}
    return {fact.casefold() for fact in found if not fact[0].islower()}


def _hashes(words: Iterable[str]) -> Hashes:
    return np.array([zlib.crc32(word.encode()) for word in words], np.uint64)


def _in_threes(words: Sequence[str]) -> Hashes:
    """The hashes of the distinct threes of neighbouring words."""
    if len(words) < 3:
        return np.empty(0, np.uint64)
    one = _mixed(_hashes(words))
    return np.unique(_mixed(_mixed(_mixed(one[:-2]) + one[1:-1]) + one[2:]))


def _mixed(hashes: Hashes) -> Hashes:
    """Numbers of which each bit depends on all of a hash's.

    Source: the finalizer of SplitMix64, Steele, Lea and Flood, OOPSLA 2014.
    """
    mixed = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _minima(hashes: Hashes) -> npt.NDArray[Any]:
    """MinHash's numbers of a set, each cut to 16 bits: two that differ are equal once in 65,536."""
    from rensa import RMinHash  # noqa: PLC0415 - not with the name alone

    sets = [hashes.tolist()]
    matrix = RMinHash.digest_matrix_from_token_hash_sets(sets, num_perm=SAID, seed=_SEED)
    return np.array(matrix.to_rows()[0], np.uint32).astype("<u2")
