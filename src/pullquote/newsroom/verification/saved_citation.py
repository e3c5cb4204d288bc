"""A citation as it was saved, whatever the format of the file."""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST_QUOTE = 200_000
LARGEST_OFFSET = 2**53
LONGEST_ID = 4096


def rest_of_sentence(sentence: str, sentence_start: int, start: int, quote: str) -> tuple[str, str]:
    """The text before and after a quote in its sentence; "" if the sentence does not have it."""
    at = start - sentence_start
    if at < 0 or sentence[at : at + len(quote)] != quote:
        return "", ""
    return sentence[:at], sentence[at + len(quote) :]


@dataclass(frozen=True, slots=True)
class SavedCitation:
    """The quoted words, their place, and the text around them, as they were when saved.

    `quote` and `version` are None if the file does not say. A version may be only the beginning of
    one. `where` is the position in the file; it does not count when citations are compared.
    """

    article: str
    start: int
    end: int
    quote: str | None
    version: str | None
    title: str = ""
    before: str = ""
    after: str = ""
    where: str = field(default="", compare=False)

    @property
    def is_sound(self) -> bool:
        """Whether it names a place that an article can have."""
        return (
            0 <= self.start <= self.end <= LARGEST_OFFSET
            and 0 < len(self.article) <= LONGEST_ID
            and (self.quote is None or 0 < len(self.quote.strip()) <= LONGEST_QUOTE)
        )

    def is_of(self, version: str) -> bool:
        """Whether it quotes that version of the article."""
        return bool(self.version) and version.startswith(str(self.version))
