"""Tells whether a question leans on earlier turns, from its words and from the passages found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

from pullquote.base.regression import Weights
from pullquote.conversation import antecedent
from pullquote.conversation.completed import QuestionDraft
from pullquote.conversation.models import Turn
from pullquote.conversation.parsed_question import ParsedQuestion, ProperName
from pullquote.conversation.pronouns import pronouns_of
from pullquote.conversation.signs import asks
from pullquote.english.questions.words import content_words, words_of
from pullquote.english.terms import terms
from pullquote.schema import Article, Hit, Question

MOST_ARTICLES = 8
"""At most this many articles of a search are compared."""

MOST_PRINTED = 4_000
"""At most this many characters of an article show how names are written."""

WEIGHT = 2.0
"""How much the support of passages counts, compared with the score of a substitution."""

COMPLETE = 0.95
"""A passage has all words of a question if it has this share of them, weighted by rarity."""

FEW = 2
"""A question with fewer content words of its own always needs its topic."""

TOP = 3
"""An article is about the topic if it has one of so many best hits for the completed question."""


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


def best_supported(drafts: Sequence[QuestionDraft], find: Find) -> QuestionDraft:
    """The draft with the best score, to which the support of passages is added."""
    if len(drafts) == 1:
        return drafts[0]
    return max(drafts, key=lambda draft: draft.score + WEIGHT * support(draft.text, find))


def shortest_enough(drafts: Sequence[QuestionDraft], find: Find) -> QuestionDraft:
    """The last draft, without the topic, if a passage on the topic has all of its words.

    Otherwise the first draft. Words that are not needed could mislead the reader.
    """
    full, short = drafts[0], drafts[-1]
    own = short.text
    for one in reversed(short.filled):
        own = own[: one.start] + own[one.end :]
    named = any(word.is_name for word in words_of(short.text)[1:])
    if len(drafts) == 1 or not named or len(content_words(words_of(own))) < FEW:
        return full
    found = find(short.text)
    complete = {
        hit.article.id
        for hit in found.hits[:MOST_ARTICLES]
        if found.question.share_in(_words_in(hit)) >= COMPLETE
    }
    on_topic = [hit.article.id for hit in find(full.text).hits[:TOP]]
    return short if any(id in complete for id in on_topic) else full


def support(text: str, find: Find) -> float:
    """The largest share of a text's words that is in one passage."""
    found = find(text)
    shares = (found.question.share_in(_words_in(hit)) for hit in found.hits[:MOST_ARTICLES])
    return max(shares, default=0.0)


def printed(found: Found) -> list[str]:
    """The titles and texts of the articles found, which show how names are written."""
    hits = found.hits[:MOST_ARTICLES]
    articles = {hit.article.id: hit.article for hit in hits}.values()
    return [part for one in articles for part in (one.title, one.text[:MOST_PRINTED])]


def _words_in(hit: Hit) -> frozenset[str]:
    return frozenset(terms(f"{hit.article.title} {hit.passage.text}"))


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
    - `pronoun`: 1 if it has a pronoun whose meaning it does not say itself, else 0.
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
            pronoun=int(bool(pronouns_of(asked))),
            asks=int(asks(asked)),
            opener=int(asked.opener_count > 0),
            same_article=int(len(first) == 2 and first[0].id == first[1].id),
            found_share=found_share,
            topic_share=topic_share,
            unrelated=int(topic_share == 0 < found_share),
        )


def _article_of(turn: Turn, found: Found) -> Article | None:
    articles = {hit.article.id: hit.article for hit in found.hits}
    cited = (articles[id] for id in antecedent.cited(turn) if id in articles)
    return next(cited, next(iter(articles.values()), None))


def _article_words(article: Article) -> frozenset[str]:
    return frozenset(terms(f"{article.title} {article.text[:MOST_CHARACTERS]}"))


def _is_known(name: ProperName, before: set[str]) -> bool:
    return all(word.low in before for word in words_of(name.text))


@cache
def packaged_weights() -> Weights:
    """The weights that ship with pullquote, fitted by training/leaning.py."""
    stored = files("pullquote") / "base" / "models" / "leaning.json"
    return Weights.model_validate_json(stored.read_text(encoding="utf-8"))


def leans(asked: ParsedQuestion, turns: Sequence[Turn], searches: Searches) -> bool:
    """Whether a question is more likely to lean on earlier turns than to stand alone."""
    features = LeaningFeatures.of(asked, turns, searches)
    return packaged_weights().logit(features) > 0
