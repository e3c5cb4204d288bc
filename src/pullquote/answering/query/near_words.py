"""Finds words in the articles whose spelling is close to that of a typed word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pullquote.answering.query.typing_errors import error_cost
from pullquote.english.terms import terms
from pullquote.index import OpenGeneration
from pullquote.schema import Filters

TWO_ERRORS = 8
"""A word of at least this many letters may have two errors. A shorter word may have one."""

MOST_LOOKED_UP = 5
"""Maximum number of terms whose words are looked up in passages; each takes about 1 ms.

Of 200 planted errors, 128 were corrected with a limit of 3, 131 with 5 and 134 with 8.
"""

_PASSAGES = 300
"""How many passages with a term are compared with those that have the question's other words."""

_READ = 5
"""How many of these passages are read to see how the word is written."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class NearWord:
    """A word as the articles write it, and the cost of the errors that turn it into the typed word.

    `rarity` is the rarity of its term. `passages` are ids of passages with the term. `is_name`
    says that it is never written in lower case.
    """

    word: str
    cost: float
    rarity: float
    passages: tuple[int, ...]
    is_name: bool


def near_words(word: str, vocabulary: Sequence[str], generation: OpenGeneration) -> list[NearWord]:
    """The words that are near a typed word, at most one for each term."""
    near = _near_terms(word.lower(), vocabulary)
    rarity = generation.rarity(list(near))
    nearest = sorted(near, key=lambda term: (near[term], rarity[term]))[:MOST_LOOKED_UP]
    found = (_near_word(word.lower(), term, rarity[term], generation) for term in nearest)
    return [one for one in found if one is not None]


def _near_terms(word: str, vocabulary: Sequence[str]) -> dict[str, int]:
    """The terms near a word, near its stem or near its beginning, each with its distance.

    The beginning is compared too, since an error near the end may hide an ending from the stemmer.
    """
    most = 2 if len(word) >= TWO_ERRORS else 1
    found: dict[str, int] = {}
    for typed in {word, word[:-1], *terms(word)}:
        near = process.extract(
            typed, vocabulary, scorer=OSA.distance, score_cutoff=most, limit=None
        )
        for term, distance, _ in near:
            found[term] = min(found.get(term, most), int(distance))
    return found


def _near_word(word: str, term: str, rarity: float, generation: OpenGeneration) -> NearWord | None:
    """The nearest form of a term to the word; None if no article that may be shown has one."""
    passages = tuple(generation.matching([term], k=_PASSAGES, filters=Filters()))
    read = generation.passages(passages[:_READ])
    texts = [f"{passage.context}\n{passage.text}" for passage in read]
    words = {found for text in texts for found in _WORD.findall(text)}
    forms = [found for found in words if _may_be(found, term) and terms(found) == [term]]
    if not forms:
        return None
    costs = {form: error_cost(word, form.lower()) for form in forms}
    best = min(sorted(forms, key=_capitals), key=costs.__getitem__)
    return NearWord(best, costs[best], rarity, passages, all(map(_capitals, forms)))


def _may_be(word: str, term: str) -> bool:
    """Whether a word's first letter allows it to have that term; this is a quick check."""
    return word[0].lower() == term[0] or not word[0].isascii()


def _capitals(word: str) -> int:
    return sum(letter.isupper() for letter in word)
