"""Collects the items of a list from the exact words that a reader found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pullquote.answering.answers.enumeration import items
from pullquote.answering.answers.ranking import RankedCandidate, Ranking
from pullquote.answering.answers.same_answer import say_the_same
from pullquote.english.values.name_form import is_name, is_part_of_name
from pullquote.schema import Question, Span

WITHIN_ARTICLE = 3.0
"""In log-odds. Words in the article of the first item are at most this much less likely than it."""

WITHIN_OTHERS = 2.0
"""The same for words in other articles. The limits were chosen on held-out lists."""

SETTLES_FROM = -3.0
"""In log-odds. The sentence of an item must be at least this likely to settle the question, unless
it is the first item's."""

NEARBY = 0.7
"""The passage of an item in another article has at least this share of what the first item's has of
the question's terms, weighted by rarity. Otherwise it is about something else."""

_ASKS_WHO_OR_WHERE = re.compile(
    r"(?i)\b(?:whom?|where|countr(?:y|ies)|governments?|states?|cit(?:y|ies)|towns?|villages?|places?"
    r"|days?|months?|people|(?:wo)?men|girls?|boys?|children|players?|act(?:or|ress)\w*|ministers?"
    r"|\w+(?:ers|ors|ists|ians)|teams?|nations?)\b"
)
"""Questions whose items are people, places or days, so that "Ghana and Malawi" are two items."""


def list_items(
    ranking: Ranking, question: Question, spans: Sequence[Span]
) -> list[RankedCandidate]:
    """The items of the best enumeration and of other words that are nearly as likely.

    If the first item is a name, so are all. Equal items of several articles are one answer, cited
    from each.
    """
    words = ranking.order(question, [span for span in spans if not span.whole_sentence])
    found: list[RankedCandidate] = []
    for one in words:
        if _may_be_item(one, words[0]):
            for span in one.candidate.spans:
                for item in _split(span, question) if _settles(span, words[0]) else ():
                    _add(found, item, one)
    if found and is_name(found[0].candidate.best.text):
        return [one for one in found if is_name(one.candidate.best.text)]
    return found


def _may_be_item(one: RankedCandidate, first: RankedCandidate) -> bool:
    """Whether words are nearly as likely as the first, and about the same thing."""
    this, best, behind = one.candidate, first.candidate, first.logit - one.logit
    if this.best.hit.passage.article == best.best.hit.passage.article:
        return behind <= WITHIN_ARTICLE
    near = this.features.overlap_nearby >= NEARBY * best.features.overlap_nearby
    return near and behind <= WITHIN_OTHERS


def _settles(span: Span, first: RankedCandidate) -> bool:
    """Whether the sentence of an item settles the question, or is as likely to as the first."""
    best = first.candidate.best.sentence_logit
    if span.sentence_logit is None or best is None:
        return True
    return span.sentence_logit >= min(SETTLES_FROM, best)


def _split(span: Span, question: Question) -> Iterator[Span]:
    """The items of an enumeration, or the span itself."""
    passage, language = span.hit.passage, span.hit.article.language
    pairs = _ASKS_WHO_OR_WHERE.search(question.text) is not None
    for start, end in items(passage.text, span.start, span.end, language=language, pairs=pairs):
        yield replace(span, start=start, end=end)


def _add(found: list[RankedCandidate], item: Span, part_of: RankedCandidate) -> None:
    """Add an item to the candidate that gives the same answer, or as a new candidate."""
    at = _same(found, item)
    if at is None:
        found.append(replace(part_of, candidate=replace(part_of.candidate, spans=(item,))))
        return
    one = found[at]
    spans = (*one.candidate.spans, item)
    found[at] = replace(one, candidate=replace(one.candidate, spans=spans))


def _same(found: Sequence[RankedCandidate], item: Span) -> int | None:
    """The position of the candidate that gives the same answer, in full or by a part of its name.

    If a surname is that of two candidates, it is neither.
    """
    for at, one in enumerate(found):
        if say_the_same(one.candidate.best, item):
            return at
    parts = [
        at for at, one in enumerate(found) if is_part_of_name(one.candidate.best.text, item.text)
    ]
    return parts[0] if len(parts) == 1 else None
