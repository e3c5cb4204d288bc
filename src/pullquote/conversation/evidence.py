"""Decides with passages whether a question stands alone or leans on an earlier topic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pullquote.schema import Article, Hit, Question
from pullquote.terms import terms

ARTICLES = 4
"""At most this many articles of a search are compared."""

CHARACTERS = 12_000
"""Of an article's text. More would take too long to compare."""

SLACK = 0.1
HARM = 0.4

ON_TOPIC = 0.5
"""An article is on the topic if it has this share of the topic's words, weighted by rarity."""


class Found(Protocol):
    """The result of a search that is needed here; `pullquote.Assistant.find` returns one."""

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


def leans(question: str, completed: str, find: Find) -> bool:
    """Whether a question that may stand alone leans on the topic that completes it.

    It does if an article on the topic has its words, and the question alone finds other articles
    that have no more of them.
    """
    typed, added = find(question), find(completed)
    own, topic = typed.question, _without(added.question, typed.question)
    alone = _words_by_article(typed.hits)
    on_topic = {
        id: words
        for id, words in _words_by_article(added.hits).items()
        if topic.share_in(words) >= ON_TOPIC
    }
    if not on_topic or next(iter(alone), "") in on_topic:
        return False
    there = max(own.share_in(words) for words in on_topic.values())
    here = [own.share_in(words) for words in alone.values()]
    return there >= max(here, default=0.0) - SLACK


def keeps_own_words(question: str, completed: str, find: Find) -> bool:
    """Whether the passages for a completed question have the question's own words.

    If not, although passages for the question as typed have them, the completion was a mistake.
    """
    typed, added = find(question), find(completed)
    own = typed.question
    here = max(map(own.share_in, _words_by_article(typed.hits).values()), default=0.0)
    there = max(map(own.share_in, _words_by_article(added.hits).values()), default=0.0)
    return there >= here - HARM


def _without(question: Question, other: Question) -> Question:
    """The question without the terms of another one."""
    rarity = {term: one for term, one in question.rarity.items() if term not in other.rarity}
    return Question(question.text, rarity)


def _words_by_article(hits: Sequence[Hit]) -> dict[str, frozenset[str]]:
    """The terms of the first articles among the hits, by the article's id, best first."""
    articles = {hit.article.id: hit.article for hit in reversed(hits)}
    ids = list(dict.fromkeys(hit.article.id for hit in hits))[:ARTICLES]
    return {id: _words_of(articles[id]) for id in ids}


def _words_of(article: Article) -> frozenset[str]:
    return frozenset(terms(f"{article.title} {article.text[:CHARACTERS]}"))
