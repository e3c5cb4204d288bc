"""Tells whether a question leans on earlier turns, from its words and from the passages found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pullquote.conversation.evidence import MOST_ARTICLES, Found
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion, ProperName
from pullquote.conversation.pronouns import pronouns_of
from pullquote.conversation.signs import asks
from pullquote.conversation.words import content_words, words_of
from pullquote.regression import Weights
from pullquote.schema import Article
from pullquote.terms import terms

MOST_CHARACTERS = 12_000
"""At most this many characters of an article's text are compared; more would take too long."""

SLACK = 0.1
"""An article counts for `several` if its share of the words is less than this below the best."""


@dataclass(frozen=True, slots=True)
class LeaningFeatures:
    """The features that tell whether a question leans on earlier turns.

    - `rarity`: the sum of the rarities of its words, divided by the rarity of the rarest word in
      the completed question. A question that stands alone has rarer words.
    - `words`: how many of its words have a meaning of their own.
    - `named`: 1 if it has a name, else 0; `known_names`: how many of its names were typed before.
    - `pronoun`: 1 if it has a pronoun whose meaning it does not say itself, else 0.
    - `asks`: 1 if it has a question word or begins with an auxiliary, else 0.
    - `opener`: 1 if it begins with a word such as "and" or "so", else 0.
    - `same_article`: 1 if the best passages for it, as typed and as completed, are from the same
      article, else 0.
    - `found_share`: the largest share of its words, weighted by rarity, in one of the first 8
      articles for it, 0 to 1; `topic_share`: that in the first article for the completed question.
    - `several`: the number of these 8 articles whose share is nearly as large as the largest.
    """

    rarity: float
    words: int
    named: int
    known_names: int
    pronoun: int
    asks: int
    opener: int
    same_article: int
    found_share: float
    topic_share: float
    several: int

    @classmethod
    def of(
        cls, asked: ParsedQuestion, turns: Sequence[Turn], typed: Found, completed: Found
    ) -> LeaningFeatures:
        """The features of a question after these turns, from both searches."""
        own = typed.question
        rarest = max(completed.question.rarity.values(), default=0.0)
        articles = {hit.article.id: hit.article for hit in typed.hits}
        best = list(articles.values())[:MOST_ARTICLES]
        shares = [own.share_in(_words_in(article)) for article in best]
        before = {word.low for turn in turns for word in words_of(turn.question)}
        # The first word of a question has a capital letter in any case.
        names = [name for name in asked.names if name.start > 0 or " " in name.text]
        first = [found.hits[0].article for found in (typed, completed) if found.hits]
        return cls(
            rarity=sum(own.rarity.values()) / rarest if rarest else 0.0,
            words=len(content_words(asked.words)),
            named=int(bool(names)),
            known_names=sum(_is_known(name, before) for name in names),
            pronoun=int(bool(pronouns_of(asked))),
            asks=int(asks(asked)),
            opener=int(asked.opener_count > 0),
            same_article=int(len(first) == 2 and first[0].id == first[1].id),
            found_share=max(shares, default=0.0),
            topic_share=own.share_in(_words_in(first[1])) if len(first) == 2 else 0.0,
            several=sum(share >= max(shares) - SLACK for share in shares),
        )


def _words_in(article: Article) -> frozenset[str]:
    return frozenset(terms(f"{article.title} {article.text[:MOST_CHARACTERS]}"))


def _is_known(name: ProperName, before: set[str]) -> bool:
    return all(word.low in before for word in words_of(name.text))


@cache
def packaged_weights() -> Weights:
    """The weights that ship with pullquote, fitted by training/leaning.py."""
    stored = files("pullquote") / "models" / "leaning.json"
    return Weights.model_validate_json(stored.read_text(encoding="utf-8"))


def leans(asked: ParsedQuestion, turns: Sequence[Turn], typed: Found, completed: Found) -> bool:
    """Whether a question is more likely to lean on earlier turns than to stand alone."""
    features = LeaningFeatures.of(asked, turns, typed, completed)
    return packaged_weights().logit(features) > 0
