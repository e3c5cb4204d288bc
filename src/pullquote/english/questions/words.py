"""Cuts a question into words, and tells which of them have a meaning of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.english import word_lists as en

_WORD = re.compile(r"[^\W_](?:[\w'’.&-]*\w)?")

AUXILIARIES = en.QUESTION_VERBS | en.CONTRACTED | {"be"}
MEASURES = frozenset("many much long old far big tall high often fast large come deep wide".split())
_LIGHT = frozenset(
    "say said says do did done doing happen happened happens mean means think thinks make made get "
    "got go went take took give gave tell told know known want wanted call called".split()
)
THIN = en.FUNCTION_WORDS | MEASURES | _LIGHT
"""Words too common to search for on their own."""

_ENGLISH = frozenset(
    "the of did does do is are was were what who whom whose when where why how which and about "
    "with from for it he she they that this there his him them their else has have had will would "
    "can could should by on to".split()
)
_OTHER = frozenset(
    "el la los las del de que qué y en un una por para con se su es son fue cuándo cómo quién "
    "dónde le les des du et est dans qui quand pourquoi où il elle une pour sur avec ce cette "
    "der die das und ist ein eine wer wann wo warum wie mit von zu er sie hat "
    "che chi di il lo gli perché quando quanto o os as do da em não um uma quem onde como "
    "het een wat wie waarom hoe en van och att det som på är vad hvem hvad hvornår og".split()
) - {"die", "do", "as", "was"}
_OTHER_THIN = frozenset(
    "die wird wurde wurden sind war waren haben hatte gibt gab sagt sagte macht machte viel viele "
    "sont était étaient été ont avait dit fait combien beaucoup "
    "han ha hay era eran dijo dice hizo hace cuánto cuántos cuántas muchos muchas "
    "è sono stato stata hanno detto fatto quanti quante molti molte "
    "foi são está disse fez quantos quantas muitos muitas "
    "zijn werd wordt heeft zei veel hoeveel är var har sa hur många er sagde mange hvor".split()
)
"""Words too common to search for in questions that are not English."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its position: `text == question[start:end]`."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """The word in lower case."""
        return self.text.lower().replace("’", "'")

    @property
    def is_name(self) -> bool:
        """Whether the word begins like a name, with a capital letter or a digit."""
        return self.text[0].isupper() or self.text[0].isdigit()


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in order."""
    return tuple(Word(m[0], m.start(), m.end()) for m in _WORD.finditer(text))


def is_english(words: Sequence[Word]) -> bool:
    """Whether the function words are mostly English; False if there are none."""
    english, other = _function_words(words)
    return english > other


def is_foreign(words: Sequence[Word]) -> bool:
    """Whether the function words are mostly not English; False if there are none."""
    english, other = _function_words(words)
    return other > english


def _function_words(words: Sequence[Word]) -> tuple[int, int]:
    """The number of English function words, and of those of other languages."""
    small = [word.low for word in words if not word.text[0].isupper() or word is words[0]]
    return sum(word in _ENGLISH for word in small), sum(word in _OTHER for word in small)


def is_thin_word(word: str, *, foreign: bool) -> bool:
    """Whether a word is too common to search for, in English or another language of Europe.

    `foreign` says whether its question is not English: "die" means something only in English.
    """
    low = word.lower().replace("’", "'")
    return low in THIN or low in _OTHER or (foreign and low in _OTHER_THIN)


def content_words(words: Sequence[Word]) -> list[Word]:
    """The words that have a meaning of their own."""
    return [word for word in words if word.low not in THIN]
