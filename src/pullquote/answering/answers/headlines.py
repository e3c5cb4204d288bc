"""Puts a fact first that only the headline of an article has.

Headlines are no passages of their own: they are the context of those of their article
(`index.passages`). So those of the articles found are read apart, and only if the text has no sure
answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from pullquote.answering.answers.candidates import Candidate, say_the_same
from pullquote.answering.answers.ranking import RankedCandidate, Ranking
from pullquote.index.passages import passage_id
from pullquote.schema import Hit, Role, day_of

MOST_HEADLINES = 6
"""How many headlines are read: those of the best articles."""

LIKELY = 0.5
"""The least confidence of an answer from a headline.

`benchmarks.headlines` prints how often such an answer is right.
"""

AHEAD = 0.5
"""How far, in log-odds, an answer from a headline must be ahead of the likeliest of the text.

The words of a headline are few and short, so a text that is nearly as likely is better to quote.
"""


def headlines_of(hits: Sequence[Hit]) -> list[Hit]:
    """The headline of each article as a hit, in the order of the hits.

    Left out are articles whose headline is not part of their text, or is searched like the text.
    """
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.article, hit)
    found = (_headline_of(hit) for hit in best.values())
    return [hit for hit in found if hit is not None][:MOST_HEADLINES]


def _headline_of(hit: Hit) -> Hit | None:
    article = hit.article
    block = next((block for block in article.blocks if block.role is Role.HEADLINE), None)
    if block is None or hit.passage.role is Role.HEADLINE:
        return None
    day = day_of(article.published)
    passage = replace(
        hit.passage,
        id=passage_id(article.id, Role.HEADLINE, block.start, block.end),
        role=Role.HEADLINE,
        start=block.start,
        end=block.end,
        text=article.text[block.start : block.end],
        context="" if day is None else f"{day:%d %B %Y}",
    )
    return replace(hit, passage=passage)


def with_headline(
    ranking: Ranking, text: Sequence[RankedCandidate], headlines: Sequence[RankedCandidate]
) -> list[RankedCandidate]:
    """The candidates of the text, after the first of the headlines if that is clearly likelier.

    A candidate of the text that says the same is cited with it.
    """
    first = next(iter(headlines), None)
    if first is None or ranking.confidence(first) < LIKELY:
        return list(text)
    if first.logit < max((one.logit for one in text), default=-math.inf) + AHEAD:
        return list(text)
    words = first.candidate.best
    others = [one for one in text if not say_the_same(one.candidate.best, words)]
    same = (span for one in text if one not in others for span in one.candidate.spans)
    merged = Candidate((*first.candidate.spans, *same), first.candidate.features)
    return [replace(first, candidate=merged), *others]
