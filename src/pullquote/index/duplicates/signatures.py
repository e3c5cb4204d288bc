"""Signatures of articles, a few hundred bytes each, for finding near duplicates.

They use MinHash (Broder, On the resemblance and containment of documents, 1997). The share of equal
numbers in two signatures estimates the Jaccard index of the two articles' word trigrams.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pullquote.schema import Article, Role

MINHASHES = 126
"""How many MinHash numbers represent the trigrams of an article."""

FACTS = 64
"""Maximum number of names and figures stored for an article, as hashes. If it has more, the
smallest hashes are stored."""

NO_FACT = 0xFFFF

FEWEST = 20
"""An article with fewer trigrams is too short to be recognised as a near duplicate."""

SIGNATURE = np.dtype(
    [("triples", "<u4"), ("minhashes", "<u2", (MINHASHES,)), ("facts", "<u2", (FACTS,))]
)
"""A signature: the number of trigrams, their MinHash numbers, and the hashes of names and
figures."""

COPIED_ROLES = frozenset({Role.BODY, Role.QUOTATION})
"""The roles that papers print unchanged; each paper writes its own headline, standfirst and
captions."""

_SEED = 7
_WORD = re.compile(
    # Thai, Lao, Khmer, Japanese and Chinese are written without spaces: each character is a word.
    r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+"
)
_FACT = re.compile(r"\d+(?:[.,:]\d+)*|(?<=[\w,;] )[^\W\d_]\w*")
"""A figure, or a word that does not begin a sentence; if capitalised, such a word is a name."""

Hashes = npt.NDArray[np.uint64]
Signatures = npt.NDArray[np.void]


def algorithm() -> str:
    """The version of the algorithm; signatures of different versions are never compared."""
    from rensa import RMinHash  # noqa: PLC0415 - not with the name alone

    return f"1, rensa's {RMinHash.ALGORITHM_VERSION}"


def signature_of(article: Article) -> Signatures:
    """The signature of an article, as an array of length 1; the same on every machine."""
    texts = [article.text[b.start : b.end] for b in article.blocks if b.role in COPIED_ROLES]
    triples = _trigrams(_WORD.findall("\n".join(texts).casefold()))
    signature = np.zeros(1, SIGNATURE)
    if len(triples) >= FEWEST:
        signature["triples"], signature["minhashes"] = len(triples), _minima(triples)
        facts = np.unique(_mixed(_hashes(_facts(texts))).astype(np.uint16))[:FACTS]
        signature["facts"] = NO_FACT
        signature["facts"][0, : len(facts)] = facts
    return signature


def _facts(texts: Iterable[str]) -> set[str]:
    """The names and figures in some texts."""
    found = {match[0] for text in texts for match in _FACT.finditer(text)}
    return {fact.casefold() for fact in found if not fact[0].islower()}


def _hashes(words: Iterable[str]) -> Hashes:
    return np.array([zlib.crc32(word.encode()) for word in words], np.uint64)


def _trigrams(words: Sequence[str]) -> Hashes:
    """The hashes of the distinct word trigrams."""
    if len(words) < 3:
        return np.empty(0, np.uint64)
    one = _mixed(_hashes(words))
    return np.unique(_mixed(_mixed(_mixed(one[:-2]) + one[1:-1]) + one[2:]))


def _mixed(hashes: Hashes) -> Hashes:
    """Hashes in which every bit depends on all bits of the input.

    Source: the finalizer of SplitMix64, Steele, Lea and Flood, OOPSLA 2014.
    """
    mixed = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _minima(hashes: Hashes) -> npt.NDArray[Any]:
    """The MinHash numbers of a set, cut to 16 bits; 1 in 65,536 different pairs become equal."""
    from rensa import RMinHash  # noqa: PLC0415 - not with the name alone

    sets = [hashes.tolist()]
    matrix = RMinHash.digest_matrix_from_token_hash_sets(sets, num_perm=MINHASHES, seed=_SEED)
    return np.array(matrix.to_rows()[0], np.uint32).astype("<u2")
