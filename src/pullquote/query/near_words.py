"""Finds words of the articles that are spelt nearly like a typed word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pullquote.index import OpenGeneration
from pullquote.query.typing_errors import error_cost
from pullquote.schema import Filters
from pullquote.terms import terms

TWO_ERRORS = 8
"""From this length on, a word may have two errors. A shorter word may have one."""

MOST_LOOKED_UP = 5
"""The most terms whose words are looked up in passages, which takes about 1 ms for each. Of 200
planted errors, 128 were mended with 3, 131 with 5 and 134 with 8."""

_PASSAGES = 300
"""How many passages with a term are compared with the passages of the question's other words."""

_READ = 5
"""How many of these passages are read to see how the word is written."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class NearWord:
    """A word as the articles write it, and what the errors cost that make it the typed word.

    `rarity` is that of its term. `passages` are ids of passages with the term. `is_name` says that
    it is never written in lower case.
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

    The beginning counts since an error at the end of a word may leave an ending unrecognised.
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
    """The form of a term that is nearest to the word; None if no article may be shown with it."""
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
    """Whether the first letter allows that the word has that term; this is quick to see."""
    return word[0].lower() == term[0] or not word[0].isascii()


def _capitals(word: str) -> int:
    return sum(letter.isupper() for letter in word)
