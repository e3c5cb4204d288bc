"""Tells whether a question leans on earlier turns, from its words and from the passages found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pullquote.base.trees import DecisionTrees
from pullquote.conversation.context import cited
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion, ProperName
from pullquote.conversation.signs import asks, has_open_pronoun, points
from pullquote.english.questions.words import content_words, words_of
from pullquote.english.terms import terms
from pullquote.schema import Article, Hit, Question

MOST_ARTICLES = 8
"""At most this many articles of a search are compared."""


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


MOST_CHARACTERS = 12_000
"""At most this many characters of an article's text are compared; more would take too long."""


@dataclass(frozen=True, slots=True)
class Searches:
    """The passages for a question as typed and as completed, and for the last turn."""

    typed: Found
    completed: Found
    last: Found

    @classmethod
    def of(cls, question: str, completed: str, turns: Sequence[Turn], find: Find) -> Searches:
        """Search for these texts."""
        return cls(find(question), find(completed), find(turns[-1].searched))


@dataclass(frozen=True, slots=True)
class LeaningFeatures:
    """The features that tell whether a question leans on earlier turns.

    - `rarity`: the sum of the rarities of its words, divided by the rarity of the rarest word of
      the last turn. A question that stands alone has rarer words.
    - `words`: how many of its words have a meaning of their own.
    - `named`: 1 if it has a name, else 0; `known_names`: how many of its names were typed before.
    - `pronoun`: 1 if it has a personal pronoun with no name before it, else 0; `points`: 1 if it
      has a word such as "that", "there" or "else".
    - `asks`: 1 if it has a question word or begins with an auxiliary, else 0.
    - `opener`: 1 if it begins with a word such as "and" or "so", else 0.
    - `same_article`: 1 if the best passages for it, as typed and as completed, are from the same
      article, else 0.
    - `found_share`: the largest share of its words, weighted by rarity, in one of the first 8
      articles for it, 0 to 1; `topic_share`: that in the article of the last turn.
    - `unrelated`: 1 if the article of the last turn has none of its words but another one has.

    The article of a turn is the first one that it cites, or else the first one found for it.
    """

    rarity: float
    words: int
    named: int
    known_names: int
    pronoun: int
    points: int
    asks: int
    opener: int
    same_article: int
    found_share: float
    topic_share: float
    unrelated: int

    @classmethod
    def of(
        cls, asked: ParsedQuestion, turns: Sequence[Turn], searches: Searches
    ) -> LeaningFeatures:
        """The features of a question after these turns."""
        typed, completed, last = searches.typed, searches.completed, searches.last
        own = typed.question
        rarest = max(last.question.rarity.values(), default=0.0)
        articles = {hit.article.id: hit.article for hit in typed.hits}
        best = list(articles.values())[:MOST_ARTICLES]
        found_share = max((own.share_in(_article_words(article)) for article in best), default=0.0)
        before = {word.low for turn in turns for word in words_of(turn.question)}
        # The first word of a question has a capital letter in any case.
        names = [name for name in asked.names if name.start > 0 or " " in name.text]
        first = [found.hits[0].article for found in (typed, completed) if found.hits]
        topic = _article_of(turns[-1], last)
        topic_share = 0.0 if topic is None else own.share_in(_article_words(topic))
        return cls(
            rarity=sum(own.rarity.values()) / rarest if rarest else 0.0,
            words=len(content_words(asked.words)),
            named=int(bool(names)),
            known_names=sum(_is_known(name, before) for name in names),
            pronoun=int(has_open_pronoun(asked)),
            points=int(points(asked)),
            asks=int(asks(asked)),
            opener=int(asked.opener_count > 0),
            same_article=int(len(first) == 2 and first[0].id == first[1].id),
            found_share=found_share,
            topic_share=topic_share,
            unrelated=int(topic_share == 0 < found_share),
        )

    def row(self, names: Sequence[str]) -> npt.NDArray[np.float32]:
        """The features in `names` as a table with one row."""
        return np.array([[getattr(self, name) for name in names]], np.float32)


def _article_of(turn: Turn, found: Found) -> Article | None:
    articles = {hit.article.id: hit.article for hit in found.hits}
    known = (articles[id] for id in cited(turn) if id in articles)
    return next(known, next(iter(articles.values()), None))


def _article_words(article: Article) -> frozenset[str]:
    return frozenset(terms(f"{article.title} {article.text[:MOST_CHARACTERS]}"))


def _is_known(name: ProperName, before: set[str]) -> bool:
    return all(word.low in before for word in words_of(name.text))


@cache
def packaged_trees() -> DecisionTrees:
    """The decision trees that ship with pullquote, fitted by training/leaning.py."""
    return DecisionTrees.shipped("leaning.json")


def leans(asked: ParsedQuestion, turns: Sequence[Turn], searches: Searches) -> bool:
    """Whether a question leans on earlier turns, so likely that it may be completed unasked."""
    features, trees = LeaningFeatures.of(asked, turns, searches), packaged_trees()
    return bool(trees.score(features.row(trees.names))[0] >= trees.least)
