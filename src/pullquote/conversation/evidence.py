"""Decides from passages whether a question stands alone or leans on an earlier topic.

A question that stands alone has rarer words, and few articles contain all of them. The limits were
chosen from the figures in docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from pullquote.schema import Article, Hit, Question
from pullquote.terms import terms

MOST_ARTICLES = 8
"""At most this many articles of a search are compared."""

MOST_CHARACTERS = 12_000
"""At most this many characters of an article's text are compared; more would take too long."""

ON_TOPIC = 0.5
"""An article is on the topic if it has this share of the topic's words, weighted by rarity."""

SPECIFIC = 1.65
"""A question stands alone if the rarities of its words add up to more than this many times the
rarity of the rarest word in the completed question."""

VAGUE = 1.0
"""A question can rarely stand alone if the rarities of its words add up to at most this many times
the rarity of the rarest word in the completed question."""

VERY_SPECIFIC = 3.0
"""Like `SPECIFIC`, for a question with a pronoun or another sign of a follow-up."""

SLACK = 0.1
"""In articles on the topic, the share of the question's words may be lower than in other articles
by this much."""

HARM = 0.5
"""A completion is a mistake if it loses this share of the question's words."""

PART = 0.3
"""A question that says little leans on a topic if an article on it has this share of its words."""

SEVERAL = 4
"""A question says little if at least this many articles have about all of its words."""


class Found(Protocol):
    """The result of a search, as far as it is compared; `Assistant.find` returns one."""

    @property
    def question(self) -> Question:
        """The text that was searched for, with the rarity of its words."""
        ...

    @property
    def hits(self) -> Sequence[Hit]:
        """The passages found, best first."""
        ...


Find = Callable[[str], Found]
"""Searches for a text."""

Evidence = Callable[[str, str, Find], bool]
"""Whether the passages for a question, as typed and as completed, show that it is a follow-up."""


def leans(question: str, completed: str, find: Find) -> bool:
    """Whether a full question leans on the topic that completes it.

    It does if its words are common, and articles on the topic have as many of them as others.
    """
    typed, added = find(question), find(completed)
    own = typed.question
    if _total(own) > SPECIFIC * _rarest(added.question):
        return False
    alone, on_topic = _shares(own, typed.hits), _on_topic(own, added)
    vague = _total(own) <= VAGUE * _rarest(added.question)
    here = max(alone.values(), default=0.0)
    there = max(on_topic.values(), default=-1.0)
    several = sum(share >= here - SLACK for share in alone.values()) >= SEVERAL
    return there >= here - SLACK or (several and (vague or there >= PART))


def shares_words(question: str, completed: str, find: Find) -> bool:
    """Whether an article on the topic has some of the question's own words, such as "the boss"."""
    typed, added = find(question), find(completed)
    if _total(typed.question) <= VAGUE * _rarest(added.question):
        return True
    return max(_on_topic(typed.question, added).values(), default=0.0) >= PART


def keeps_words(
    question: str, completed: str, find: Find, *, specific: float = VERY_SPECIFIC
) -> bool:
    """Whether a completion is right: it finds articles with the question's own rare words.

    If the words of a question are less rare than `specific`, it is always completed.
    """
    typed, added = find(question), find(completed)
    own = typed.question
    if _total(own) <= specific * _rarest(added.question):
        return True
    here = max(_shares(own, typed.hits).values(), default=0.0)
    there = max(_on_topic(own, added).values(), default=0.0)
    return there >= here - HARM


def keeps_new_words(question: str, completed: str, find: Find) -> bool:
    """Like `keeps_words`, for new words that may stand alone, as in "what about Tesco?"."""
    return keeps_words(question, completed, find, specific=SPECIFIC)


def _total(question: Question) -> float:
    return sum(question.rarity.values())


def _rarest(question: Question) -> float:
    return max(question.rarity.values(), default=0.0)


def _on_topic(own: Question, added: Found) -> dict[str, float]:
    """The share of the question's own words in each article on the topic."""
    rarity = {term: one for term, one in added.question.rarity.items() if term not in own.rarity}
    topics = _shares(Question(added.question.text, rarity), added.hits)
    shares = _shares(own, added.hits)
    return {id: shares[id] for id, share in topics.items() if share >= ON_TOPIC}


def _shares(question: Question, hits: Sequence[Hit]) -> Mapping[str, float]:
    """The share of the question's words in each article of the hits, best hit first."""
    articles = {hit.article.id: hit.article for hit in hits}
    best = list(articles.values())[:MOST_ARTICLES]
    return {article.id: question.share_in(_words_of(article)) for article in best}


def _words_of(article: Article) -> frozenset[str]:
    return frozenset(terms(f"{article.title} {article.text[:MOST_CHARACTERS]}"))
