"""Decides which names of different articles are one speaker."""

from __future__ import annotations

from functools import lru_cache

from pullquote.english.values import Relation, compare
from pullquote.english.values.models import Name
from pullquote.english.values.names import name_of
from pullquote.english.word_lists import COURTESY_TITLES
from pullquote.schema import Attribution
from pullquote.schema.speakers import SourceNaming

_WITHIN = ", "


@lru_cache(maxsize=4096)
def speaker_key(name: str) -> str:
    """The form in which names are compared; two names with one key are one speaker.

    It has no titles, capitals and accents: "Sir Ida Roe" and "Ida Roe" are one speaker. A single
    word keeps its title unless that is a courtesy: "Mr Roe" is "roe", but "General Motors" is not
    "motors". A full name and a bare surname have different keys.
    """
    found = _name(name)
    if found is None:
        return " ".join(name.casefold().split())
    words = found.words
    if len(words) == 1 and not COURTESY_TITLES.issuperset(found.titles):
        words = (*found.titles, *words)
    key = " ".join(words)
    return _WITHIN.join([key, *found.within])


def is_one_word(name: str) -> bool:
    """Whether a speaker's name is a single word, such as a bare surname."""
    return len(name.split()) == 1


def may_be_one(one: str, other: str) -> bool:
    """Whether two names that are listed apart may mean one speaker, such as "Roe" and "Ida Roe"."""
    here, there = _name(one), _name(other)
    return here is not None and there is not None and compare(here, there) is Relation.COMPATIBLE


def _name(text: str) -> Name | None:
    """The name that a text gives, also if it was typed without capitals."""
    found = name_of(text)
    return name_of(text.title()) if found is None else found


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
