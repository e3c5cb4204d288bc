"""The languages that a reader was trained on, and a sentence reader for passages in all others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from pullquote.answering.reader.memory import ReadingMemory
from pullquote.answering.reader.protocol import Reader, with_memory
from pullquote.parsing.language import tag_of
from pullquote.schema import Hit, Question, Span

_MODEL_CARD = "README.md"
_ANY = frozenset({"multilingual", "mul"})
"""What model cards say instead of listing languages."""

_FUNCTION_WORDS = frozenset(
    "the of and to is was that for with it his her said has have by from which were be are at on "
    "who their this not as an".split()
)
_LEAST_SHARE = 0.08
"""Minimum share of function words; English passages have 0.2 to 0.4, other languages less."""

_FEWEST_WORDS = 20
"""A passage with fewer words, such as a caption, may have no function word at all."""

_LAST_LATIN = "\u024f"


@dataclass(frozen=True, slots=True)
class ReaderLanguages:
    """The codes of the languages that a reader was trained on, such as "en"; None for any."""

    codes: frozenset[str] | None

    def include(self, hit: Hit) -> bool:
        """Whether a hit's article is in one of the languages.

        Articles without a known language are marked as English. So a passage that is marked as
        English must look like English too, unless any language will do.
        """
        if self.codes is None:
            return True
        code = _code(hit.article.language)
        return code in self.codes and (code != "en" or _looks_english(hit.passage.text))

    def __str__(self) -> str:
        return "any language" if self.codes is None else ", ".join(sorted(self.codes))


ENGLISH = ReaderLanguages(frozenset({"en"}))


def declared_languages(folder: Path) -> ReaderLanguages:
    """The languages that the model card in a model's folder lists; English if it lists none.

    The word "multilingual" stands for any language, unless the card lists languages too.
    """
    names = _listed(folder / _MODEL_CARD)
    codes = frozenset(filter(None, map(_code, names)))
    if codes - _ANY:
        return ReaderLanguages(codes - _ANY)
    return ENGLISH if _ANY.isdisjoint(names) else ReaderLanguages(None)


def _listed(card: Path) -> list[str]:
    """The `language` of a model card, which is a name or a list; empty if it cannot be read."""
    from huggingface_hub import metadata_load  # noqa: PLC0415 - only for hub models

    try:
        listed = (metadata_load(card) or {}).get("language")
    except (OSError, ValueError, yaml.YAMLError):
        return []
    names = listed if isinstance(listed, list) else [listed]
    return [name.strip().casefold() for name in names if isinstance(name, str)]


def _code(language: str) -> str | None:
    """The code of a language without region or script; None if there is no such code."""
    tag = "en" if language.casefold() == "english" else tag_of(language)
    return None if tag is None else tag.partition("-")[0]


def _looks_english(text: str) -> bool:
    """Whether a text has mostly Latin letters, and as many function words as English has."""
    letters = [character for character in text if character.isalpha()]
    if 2 * sum(letter <= _LAST_LATIN for letter in letters) < len(letters):
        return False
    words = re.findall(r"\w+", text.casefold())
    known = sum(word in _FUNCTION_WORDS for word in words)
    return len(words) < _FEWEST_WORDS or known >= _LEAST_SHARE * len(words)


class FallbackReader:
    """Reads passages in the network's languages for exact words, and others for whole sentences.

    If the network does not score sentences, and "no answer" is more likely than any exact words,
    the sentence reader reads every passage.
    """

    def __init__(
        self, words: Reader, sentences: Reader, *, languages: ReaderLanguages = ENGLISH
    ) -> None:
        self._words = words
        self._sentences = sentences
        self._languages = languages

    def remembering(self, memory: ReadingMemory) -> FallbackReader:
        """The same reader, whose network reads no passage that the memory has for the question."""
        return FallbackReader(
            with_memory(self._words, memory), self._sentences, languages=self._languages
        )

    @property
    def identity(self) -> str:
        """The identities of both readers, and the network's languages if not just English."""
        read = "" if self._languages == ENGLISH else f" for {self._languages}"
        return f"{self._words.identity}{read}, else {self._sentences.identity}"

    @property
    def silent_below(self) -> float:
        """Exact words with log-odds below this do not answer."""
        return self._words.silent_below

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        """The exact words, then the sentences, both best first."""
        readable = [hit for hit in hits if self._languages.include(hit)]
        words = self._words.read(question, readable) if readable else []
        answered = any(
            span.whole_sentence or span.span_logit >= self.silent_below for span in words
        )
        known = {hit.passage.id for hit in readable}
        remaining = [hit for hit in hits if hit.passage.id not in known] if answered else hits
        return [*words, *(self._sentences.read(question, remaining) if remaining else [])]
