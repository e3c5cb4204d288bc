"""Looks in the whole index for what other articles say about a known value.

The passages with most of the words of a value and of its sentence are looked at. The reader does
not read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from pullquote.answering.weighing.groups import JOINS, Likely, ValueGroup, counterpart, give
from pullquote.answering.weighing.mentions import is_mention
from pullquote.answering.weighing.relevance import same_story, share_of_terms, story_score
from pullquote.answering.weighing.statement import ValueStatement, differ
from pullquote.english.sentences import sentence_around, sentence_spans
from pullquote.english.terms import content_terms, terms
from pullquote.english.values import value_of, values_in
from pullquote.english.values.models import Text, Value
from pullquote.index import OpenGeneration
from pullquote.schema import Filters, Hit, Question, Span, day_of

LOOKED_AT = 10
"""Maximum number of passages that are looked at for each value."""
ON_TOPIC = 0.6
"""A sentence gives the value if it has this part of the question's terms that the best one has."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The articles of an index that a question may be answered from."""

    generation: OpenGeneration
    filters: Filters

    def passages(self, wanted: Sequence[str]) -> Iterator[Hit]:
        """The passages with most of the wanted terms, as hits."""
        found = self.generation.matching(wanted, k=LOOKED_AT, filters=self.filters)
        for passage in self.generation.passages(list(found)):
            article = self.generation.article(passage.article)
            yield Hit(passage=passage, article=article, cosine=0.0, bm25=None, fused_score=0.0)


def add_support(question: Question, groups: Sequence[ValueGroup], elsewhere: Elsewhere) -> None:
    """Add to each value the articles that give it and that give no value so far.

    Values that are plain words are left out.
    """
    voted = {article for group in groups for article in group.articles}
    for group in groups:
        if isinstance(group.best.value, Text):
            continue
        for statement in _on_topic(question, group.best, elsewhere, voted):
            if statement.article.id not in voted and group.has(statement):
                voted.add(statement.article.id)
                group.add(Likely(statement, JOINS))


def add_counterparts(groups: list[ValueGroup], known: ValueGroup, elsewhere: Elsewhere) -> None:
    """Add the other values that stand in sentences nearly equal to that of a known value.

    Such a sentence answers the question as well as the known one. So its value becomes that of its
    article, unless the article gives a more probable one.
    """
    best = known.best
    for hit in elsewhere.passages(list(content_terms(best.sentence))):
        if hit.article.id in known.articles:
            continue
        other = _counterpart(best, hit)
        if other is not None and differ(other, best):
            give(groups, Likely(other, known.probability))


def _on_topic(
    question: Question, best: ValueStatement, elsewhere: Elsewhere, voted: Set[str]
) -> Iterator[ValueStatement]:
    """The statements with enough of the question's terms that a known one has.

    Articles that have voted are left out.
    """
    topic = frozenset(question.rarity) & frozenset(terms(best.sentence))
    wanted = [*content_terms(best.span.text), *sorted(topic)]
    least = ON_TOPIC * question.share_in(topic)
    for hit in elsewhere.passages(wanted) if topic else ():
        if hit.article.id in voted or not same_story(hit.article, best.article):
            continue
        day, language = day_of(hit.article.published), hit.article.language
        for start, end in sentence_spans(hit.passage.text, language):
            sentence = hit.passage.text[start:end]
            if question.share_in(topic & frozenset(terms(sentence))) < least:
                continue
            for one in values_in(sentence, day=day, language=language):
                found = _statement(best, hit, start + one.start, start + one.end, one.value)
                if not found.mention:
                    yield found


def _counterpart(best: ValueStatement, hit: Hit) -> ValueStatement | None:
    """What a passage says in a sentence that is nearly equal to that of a known statement."""
    passage, language = hit.passage, hit.article.language
    for first, last in sentence_spans(passage.text, language):
        sentence = passage.text[first:last]
        place = counterpart(best.sentence, *best.place, sentence)
        if place is not None:
            words = sentence[place[0] : place[1]]
            value = value_of(
                words, day=day_of(hit.article.published), language=language, sentence=sentence
            )
            if value is not None:
                return _statement(best, hit, first + place[0], first + place[1], value)
    return None


def _statement(
    best: ValueStatement, hit: Hit, start: int, end: int, value: Value
) -> ValueStatement:
    """A statement of a passage that was not read; its span has the log-odds of the known one."""
    text = hit.passage.text
    low, high = sentence_around(text, start, end, hit.article.language)
    span = replace(best.span, hit=hit, start=start, end=end)
    mention = is_mention(text[low:high], start - low, end - low)
    return ValueStatement(span, value, text[low:high], mention)


MOST_READ = 6
"""Maximum number of further passages that are read for one question."""
ABOUT_THE_SAME = 0.3
"""A further passage is read if it has at least this part of the terms that the best passage has.

In `tests/data/stories`, 1.8 such passages are read for a question; in 2,225 news articles, 1.1.
"""


def further_hits(
    question: Question, hits: Sequence[Hit], further: Sequence[Hit], spans: Sequence[Span]
) -> list[Hit]:
    """The hits to read too: the best one of each other article that is about the same story.

    `hits` are those that the reader was given, and `further` are the next best ones. There are none
    if the story has no days: no value can then be newer than another, and reading takes time.
    """
    best = max(spans, key=lambda span: story_score(question, span)).hit.article
    if best.published is None:
        return []
    seen = {span.hit.article.id for span in spans}
    shares = [share_of_terms(question, hit) for hit in hits]
    least = ABOUT_THE_SAME * max(shares, default=0.0)
    chosen: list[Hit] = []
    for hit in (*hits, *further):
        if len(chosen) == MOST_READ:
            break
        article = hit.article
        if (
            article.id in seen
            or not same_story(article, best)
            or share_of_terms(question, hit) < least
        ):
            continue
        seen.add(article.id)
        chosen.append(hit)
    return chosen
