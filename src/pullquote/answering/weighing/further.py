"""Finds passages that the reader has not read, and that may give another value."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.answering.weighing.story import same_story, share_of_terms, story_score
from pullquote.schema import Hit, Question, Span

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
