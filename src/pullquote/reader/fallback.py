"""Reads English passages with a network, and all others with the sentence reader."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.reader.protocol import Reader
from pullquote.schema import Hit, Question, Span

ENGLISH = frozenset({"en", "eng", "english"})
"""Names for the language that the span reader was trained on."""

_FUNCTION_WORDS = frozenset(
    "the of and to is was that for with it his her said has have by from which were be are at on "
    "who their this not as an".split()
)
_LEAST_SHARE = 0.08
"""Minimum share of function words; English passages have 0.2 to 0.4, other languages less."""

_FEWEST_WORDS = 20
"""A passage with fewer words, such as a caption, may have no function word at all."""

_LAST_LATIN = "\u024f"


class FallbackReader:
    """Reads English passages for exact words, and other languages for whole sentences.

    If the network does not score sentences, and "no answer" is more likely than any exact words,
    the sentence reader reads the English passages too.
    """

    def __init__(self, words: Reader, sentences: Reader) -> None:
        self._words = words
        self._sentences = sentences

    @property
    def identity(self) -> str:
        """The identities of both readers."""
        return f"{self._words.identity}, else {self._sentences.identity}"

    @property
    def silent_below(self) -> float:
        """Exact words with log-odds below this do not answer."""
        return self._words.silent_below

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        """The exact words, then the sentences, both best first."""
        english = {hit.passage.id for hit in hits if _is_english(hit)}
        readable = [hit for hit in hits if hit.passage.id in english]
        words = self._words.read(question, readable) if readable else []
        answered = any(
            span.whole_sentence or span.span_logit >= self.silent_below for span in words
        )
        remaining = [hit for hit in hits if hit.passage.id not in english] if answered else hits
        return [*words, *(self._sentences.read(question, remaining) if remaining else [])]


def _is_english(hit: Hit) -> bool:
    """Whether the article is marked as English and the passage looks like English."""
    if re.split("[-_]", hit.article.language.casefold())[0] not in ENGLISH:
        return False
    letters = [character for character in hit.passage.text if character.isalpha()]
    if 2 * sum(letter <= _LAST_LATIN for letter in letters) < len(letters):
        return False
    words = re.findall(r"\w+", hit.passage.text.casefold())
    known = sum(word in _FUNCTION_WORDS for word in words)
    return len(words) < _FEWEST_WORDS or known >= _LEAST_SHARE * len(words)
