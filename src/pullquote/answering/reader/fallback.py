"""Reads passages in some languages with a network, and all others with the sentence reader."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.answering.reader.languages import ENGLISH, ReaderLanguages
from pullquote.answering.reader.memory import ReadingMemory
from pullquote.answering.reader.protocol import Reader, RemembersPassages
from pullquote.schema import Hit, Question, Span


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


def with_memory(reader: Reader, memory: ReadingMemory) -> Reader:
    """The reader with a memory, or unchanged if it reads passages together and not one by one."""
    return reader.remembering(memory) if isinstance(reader, RemembersPassages) else reader
