"""Decides from passages whether a question stands alone or leans on an earlier topic.

A question that stands alone has rarer words, and few articles contain all of them. The limits were
chosen from the figures in docs/benchmarks.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from pullquote.conversation.casing import PrintedNames, is_lower
from pullquote.conversation.draft import QuestionDraft
from pullquote.conversation.parsed_question import ParsedQuestion
from pullquote.conversation.words import content_words, words_of
from pullquote.schema import Article, Hit, Question
from pullquote.terms import terms

MOST_ARTICLES = 8
"""At most this many articles of a search are compared."""

MOST_CHARACTERS = 12_000
"""At most this many characters of an article's text are compared; more would take too long."""

MOST_OF = 0.6
"""A question with a name stands alone if a passage has more than this share of its words."""

MOST_PRINTED = 4_000
"""At most this many characters of an article show how names are written."""

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

WEIGHT = 2.0
"""How much the support of passages counts, compared with the score of a substitution."""

COMPLETE = 0.95
"""A passage has all words of a question if it has this share of them, weighted by rarity."""

FEW = 2
"""A question with fewer content words of its own always needs its topic."""

TOP = 3
"""An article is about the topic if it has one of so many best hits for the completed question."""

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


def printed_names(texts: Sequence[str], found: Found) -> PrintedNames:
    """How the words of lower-case texts are written in the articles found."""
    return PrintedNames(texts, printed(found))


def printed(found: Found) -> list[str]:
    """The titles and texts of the articles found, which show how names are written."""
    hits = found.hits[:MOST_ARTICLES]
    articles = {hit.article.id: hit.article for hit in hits}.values()
    return [part for one in articles for part in (one.title, one.text[:MOST_PRINTED])]


def leans(question: str, completed: str, find: Find) -> bool:
    """Whether a full question leans on the topic that completes it.

    It does if its words are common, and articles on the topic have as many of them as others.
    """
    typed, added = find(question), find(completed)
    own = typed.question
    if _total(own) > SPECIFIC * _rarest(added.question) or _names_all(question, typed):
        return False
    alone, on_topic = _shares(own, typed.hits), _on_topic(own, added)
    vague = _total(own) <= VAGUE * _rarest(added.question)
    here = max(alone.values(), default=0.0)
    there = max(on_topic.values(), default=-1.0)
    several = sum(share >= here - SLACK for share in alone.values()) >= SEVERAL
    return there >= here - SLACK or (several and (vague or there >= PART))


def _names_all(question: str, typed: Found) -> bool:
    """Whether a question has a name and more, and a passage has all of it: "who founded X"."""
    asked = ParsedQuestion(question)
    if asked.question_word_at is None and asked.auxiliary_at is None:
        return False
    words = printed_names([question], typed).restored(question) if is_lower(question) else question
    names = {word.low for name in ParsedQuestion(words).names for word in words_of(name.text)}
    more = [word for word in content_words(asked.words) if word.low not in names]
    hits = typed.hits[:MOST_ARTICLES]
    found = any(typed.question.share_in(_words_in(hit)) > MOST_OF for hit in hits)
    return bool(names) and bool(more) and found


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


def _words_in(hit: Hit) -> frozenset[str]:
    return frozenset(terms(f"{hit.article.title} {hit.passage.text}"))


def _words_of(article: Article) -> frozenset[str]:
    return frozenset(terms(f"{article.title} {article.text[:MOST_CHARACTERS]}"))
