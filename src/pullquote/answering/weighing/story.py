"""Finds the story that a question is about, and tells which articles belong to it."""

from __future__ import annotations

import re
from functools import lru_cache

from pullquote.english.terms import terms
from pullquote.index.passages import embedding_text
from pullquote.schema import Article, Hit, Question, Span

SAME_STORY = 0.13
"""Two articles are about the same story if they share this part of the names of the one with fewer.

In `tests/data/stories`, 97% of pairs from different stories share less, and 98% of pairs from one
story share more.
"""

OF_THE_QUESTION = 12.0
"""The log-odds that a passage with all terms of the question adds to those of its words.

Without it, words of the right type from another story often come first.
"""

_NAME = re.compile(r"(?<=[a-z,;’'\"”] )[A-Z][\w'’-]{2,}")
"""A capitalised word that does not begin a sentence."""
_READ = 20_000
"""In characters. Only the beginning of a long article is read."""


def share_of_terms(question: Question, hit: Hit) -> float:
    """The share of the question's terms, weighted by rarity, in a passage and its context."""
    return question.share_in(_terms(embedding_text(hit.passage)))


def story_score(question: Question, span: Span) -> float:
    """How likely words are from the story that a question is about: the higher, the likelier."""
    return span.span_logit + OF_THE_QUESTION * share_of_terms(question, span.hit)


def same_story(one: Article, other: Article) -> bool:
    """Whether two articles seem to be about the same story."""
    here, there = (
        _names(one.id, one.version, one.text[:_READ]),
        _names(other.id, other.version, other.text[:_READ]),
    )
    shared = len(here & there)
    return one.id == other.id or shared >= SAME_STORY * max(1, min(len(here), len(there)))


@lru_cache(maxsize=512)
def _terms(text: str) -> frozenset[str]:
    return frozenset(terms(text))


@lru_cache(maxsize=512)
def _names(_article: str, _version: str, text: str) -> frozenset[str]:
    return frozenset(name.rstrip("’'s") for name in _NAME.findall(text))
