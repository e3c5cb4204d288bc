"""Corrects misspelt words of a question to words that the articles contain."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pullquote.base.cancellation import check_cancelled
from pullquote.english.terms import content_terms, terms
from pullquote.index import OpenGeneration
from pullquote.schema import Correction, Filters

_TOKENIZER = ("base", "models", "span-reader", "tokenizer.json")

SHORTEST = 4
"""In letters. Shorter tokens are often pieces of words."""


@cache
def english_terms() -> frozenset[str]:
    """The terms of about 20,000 common English words and present-day names."""
    packaged = files("pullquote").joinpath(*_TOKENIZER).read_text(encoding="utf-8")
    tokens = json.loads(packaged)["model"]["vocab"]
    words = [token for token in tokens if len(token) >= SHORTEST and token.isalpha()]
    return frozenset(terms(" ".join(words)))


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
_SOUND_ALIKE = ("bp", "ck", "ckqs", "dt", "fpv", "gj", "mn", "sz", "xz")

SLIP = 0.6
"""The cost of the commonest errors: a letter doubled or not doubled, two letters swapped, one
vowel for another, or a letter for one that sounds alike or is next to it on the keyboard."""

FIRST_LETTER = 0.5
"""The extra cost of an error in the first letter, since people rarely get it wrong."""


def _pairs() -> frozenset[tuple[str, str]]:
    """The pairs of letters that are confused, in both orders."""
    near = {pair for row in _ROWS for pair in pairwise(row)}
    near |= {pair for above, below in pairwise(_ROWS) for pair in zip(above, below, strict=False)}
    near |= {(a, b) for group in _SOUND_ALIKE for a in group for b in group}
    near |= {(a, b) for a in _VOWELS for b in _VOWELS}
    return frozenset(near | {(b, a) for a, b in near})


_CONFUSED = _pairs()


def error_cost(typed: str, meant: str) -> float:
    """What the errors cost that turn `meant` into `typed`: 0 for none, 1 for a rare error.

    This is the optimal string alignment distance with lower costs for common errors.
    """
    before: list[float] = []
    above = [0.0]
    for letter, previous in zip(meant, " " + meant, strict=False):
        above.append(above[-1] + _missing(letter, previous))
    for i, got in enumerate(typed, start=1):
        row = [above[0] + _missing(got, typed[i - 2] if i > 1 else " ")]
        for j, letter in enumerate(meant, start=1):
            best = min(
                above[j - 1] + _replaced(got, letter),
                above[j] + _missing(got, typed[i - 2] if i > 1 else " "),
                row[j - 1] + _missing(letter, meant[j - 2] if j > 1 else " "),
            )
            swapped = i > 1 < j and typed[i - 2] == letter and got == meant[j - 2] != letter
            row.append(min(best, before[j - 2] + SLIP) if swapped else best)
        before, above = above, row
    return above[-1] + (FIRST_LETTER if typed[:1] != meant[:1] else 0.0)


def _missing(letter: str, previous: str) -> float:
    """The cost of leaving a letter out, or of adding it."""
    return SLIP if letter == previous or letter in "aeiouy" else 0.9


def _replaced(typed: str, meant: str) -> float:
    if typed == meant:
        return 0.0
    return SLIP if (typed, meant) in _CONFUSED else 1.0


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


MOST_CORRECTED = 6
"""In words. A text with more unknown words is in another language, or is not about the articles.
Each unknown word is compared with every term of the index."""

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
