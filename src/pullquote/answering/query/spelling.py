"""Corrects misspelt words of a question to words that the articles contain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pullquote.answering.query.english_words import english_terms
from pullquote.answering.query.near_words import NearWord, near_words
from pullquote.base.cancellation import check_cancelled
from pullquote.english.terms import content_terms, terms
from pullquote.index import OpenGeneration
from pullquote.schema import Correction, Filters

MOST_CORRECTED = 6
"""In words. A text with more unknown words is in another language, or is not about the articles.
Each unknown word is compared with every term of the index."""

SHORTEST = 4
"""In letters. Shorter words are not corrected, since too many words are near them."""

COST_PER_LETTER = 0.08
SUPPORT_WEIGHT = 0.22
"""A word is corrected if its errors cost at most `COST_PER_LETTER` for each of its letters.

Full support by the question's other words adds `SUPPORT_WEIGHT` for each letter to this limit. Both
were fitted with errors planted in 200 questions.
"""

RARITY_WEIGHT = 0.05
"""Of two near words with equal support, the more frequent one is used."""

_COMPARED = 300
"""How many passages with the question's other words are compared."""

_TOKEN = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text with its misspelt words replaced, and the replacements in the text's order."""

    text: str
    corrections: tuple[Correction, ...] = ()


def correct(text: str, generation: OpenGeneration) -> Corrected:
    """The text with misspelt words replaced by near words that the articles contain.

    A word is misspelt if no article contains it or another form of it, and it is not English.
    Numbers, words of fewer than `SHORTEST` letters and words without a near word stay as typed.
    """
    misspelt = _misspelt(text, generation)
    if not misspelt or len(misspelt) > MOST_CORRECTED or not (vocabulary := generation.terms()):
        return Corrected(text)
    support = _support(text, misspelt, generation)
    used: dict[str, str] = {}
    for word in misspelt:
        check_cancelled()
        is_name = word[0].isupper() and not text.startswith(word)
        meant = _meant(word, near_words(word, vocabulary, generation), support, is_name=is_name)
        if meant is not None:
            used[word] = _capitalised_as(word, meant)
    corrected = _TOKEN.sub(lambda found: used.get(found[0], found[0]), text)
    return Corrected(corrected, tuple(Correction(typed=a, used=b) for a, b in used.items()))


def _misspelt(text: str, generation: OpenGeneration) -> list[str]:
    """The distinct words that are neither in an article nor English, in order."""
    stems = {
        word: terms(word)
        for word in _TOKEN.findall(text)
        if len(word) >= SHORTEST and _LETTERS.fullmatch(word) and not word.isupper()
    }
    all_stems = {term for found in stems.values() for term in found}
    unknown = set(generation.unknown_terms(sorted(all_stems)))
    if unknown:
        unknown -= english_terms()
    return [word for word, found in stems.items() if found and unknown.issuperset(found)]


def _support(text: str, misspelt: Sequence[str], generation: OpenGeneration) -> Mapping[int, float]:
    """The passages with the question's other words, by id: 1 if a passage has about all of them."""
    wrong = {term for word in misspelt for term in terms(word)}
    others = [term for term in content_terms(text) if term not in wrong]
    most = sum(generation.rarity(others).values())
    found = generation.matching(others, k=_COMPARED, filters=Filters()) if most else {}
    return {passage: min(score / most, 1.0) for passage, score in found.items()}


def _meant(
    word: str, near: Sequence[NearWord], support: Mapping[int, float], *, is_name: bool
) -> str | None:
    """The word that was probably meant; None if none is near enough.

    A name is only corrected to a name.
    """
    best: str | None = None
    best_score = 0.0
    for one in near:
        supported = max((support.get(passage, 0.0) for passage in one.passages), default=0.0)
        most = len(word) * (COST_PER_LETTER + SUPPORT_WEIGHT * supported)
        score = supported - one.cost - RARITY_WEIGHT * one.rarity
        if one.cost <= most and (one.is_name or not is_name) and (not best or score > best_score):
            best, best_score = one.word, score
    return best


def _capitalised_as(word: str, meant: str) -> str:
    """The meant word, with a capital if the typed word has one."""
    return meant[0].upper() + meant[1:] if word[0].isupper() else meant
