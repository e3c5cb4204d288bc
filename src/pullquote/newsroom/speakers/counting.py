"""Counts the claims of articles."""

from __future__ import annotations

from pullquote.schema import Attribution
from pullquote.schema.speakers import SourceNaming

_PRONOUNS = frozenset(
    "he she it they we i you him her them us me his its their our who whom which that this".split()
)


def words_in(text: str, claim: Attribution) -> int:
    """The number of words of a claim in its article's text."""
    return sum(len(text[start:end].split()) for start, end in claim.content)


def source_words(text: str, claim: Attribution) -> str:
    """The words that name who makes a claim, on one line; "" if there are none."""
    return " ".join(" ".join(text[start:end] for start, end in claim.source).split())


def naming_of(text: str, claim: Attribution) -> SourceNaming:
    """How the article with this text names who makes a claim."""
    if claim.speaker is not None:
        return "named"
    words = source_words(text, claim).casefold()
    return "unclear" if not words or words in _PRONOUNS else "unnamed"
