"""Chooses between completed forms of a question, by the passages that are found for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pullquote.conversation.draft import QuestionDraft
from pullquote.english.questions.words import content_words, words_of
from pullquote.english.terms import terms
from pullquote.schema import Hit, Question

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
