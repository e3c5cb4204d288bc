"""Looks for a known value in articles of the whole index that were not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pullquote.index import OpenGeneration
from pullquote.schema import Filters, Hit, Passage, Question, day_of
from pullquote.sentences import sentence_around
from pullquote.terms import content_terms, terms
from pullquote.values import values_in
from pullquote.values.models import Text
from pullquote.weighing.groups import JOINS, Likely, ValueGroup
from pullquote.weighing.mentions import is_mention
from pullquote.weighing.statement import ValueStatement
from pullquote.weighing.story import same_story

LOOKED_AT = 20
"""Maximum number of passages that are looked at for each value; none of them is read."""
ON_TOPIC = 0.3
"""A sentence gives the value if it has this part of the question's terms that the best one has."""


def add_support(
    question: Question,
    groups: Sequence[ValueGroup],
    generation: OpenGeneration,
    filters: Filters,
) -> None:
    """Add to each value the articles that give it and that give no value so far.

    The passages with most of the words of a value and of its topic are looked at, in the whole
    index. Values that are plain words are left out.
    """
    voted = {article for group in groups for article in group.articles}
    for group in groups:
        if isinstance(group.best.value, Text):
            continue
        for statement in _supporting(question, group.best, generation, filters):
            if statement.article.id not in voted and group.has(statement):
                voted.add(statement.article.id)
                group.add(Likely(statement, JOINS))


def _supporting(
    question: Question, best: ValueStatement, generation: OpenGeneration, filters: Filters
) -> Iterator[ValueStatement]:
    """The statements about the topic of a known one, in articles about the same story."""
    topic = frozenset(question.rarity) & frozenset(terms(best.sentence))
    if not topic:
        return
    wanted = [*content_terms(best.span.text), *sorted(topic)]
    found = generation.matching(wanted, k=LOOKED_AT, filters=filters)
    least = ON_TOPIC * question.share_in(topic)
    for passage in generation.passages(list(found)):
        for statement in _statements_in(passage, best, generation):
            if question.share_in(topic & frozenset(terms(statement.sentence))) >= least:
                yield statement


def _statements_in(
    passage: Passage, best: ValueStatement, generation: OpenGeneration
) -> Iterator[ValueStatement]:
    """A statement for each value in a passage that is no mention."""
    article = generation.article(passage.article)
    if not same_story(article, best.article):
        return
    hit = Hit(passage=passage, article=article, cosine=0.0, bm25=None, fused_score=0.0)
    day, language = day_of(article.published), article.language
    for one in values_in(passage.text, day=day, language=language):
        low, high = sentence_around(passage.text, one.start, one.end, language)
        sentence = passage.text[low:high]
        if not is_mention(sentence, one.start - low, one.end - low):
            span = replace(best.span, hit=hit, start=one.start, end=one.end)
            yield ValueStatement(span, one.value, sentence, mention=False)
