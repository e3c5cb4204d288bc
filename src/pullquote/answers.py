"""Spans -> Answers: merge equal words, cite every place, say how sure, abstain when not."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from pullquote.reader import Calibration
from pullquote.schema import Answer, Citation, Role, Span
from pullquote.sentences import sentence_around

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation + "“”‘’«»–—…", " "))


def normalise(words: str) -> str:
    """A copy to compare answers by: lower case, without punctuation, articles and extra space.

    After the SQuAD evaluation, Rajpurkar et al., EMNLP 2016, but punctuation becomes a space where
    SQuAD deletes it: "3-2" stays two numbers.
    """
    return " ".join(_ARTICLES.sub(" ", words.casefold().translate(_PUNCTUATION)).split())


def merge(spans: Sequence[Span], *, keep: int, calibration: Calibration) -> list[Answer]:
    """At most `keep` answers, best first; spans of equal words are citations of one answer.

    The best span of an answer lends it its words and its confidence.
    """
    groups: dict[str, list[Span]] = {}
    for span in sorted(spans, key=_rank):
        groups.setdefault(normalise(span.text) or span.text, []).append(span)
    return [
        Answer(
            text=group[0].text,
            confidence=round(calibration.confidence(group[0].span_logit), 4),
            citations=tuple(dict.fromkeys(cite(span) for span in group)),
        )
        for group in list(groups.values())[:keep]
    ]


def cite(span: Span) -> Citation:
    """Where a span stands in its article, and whose words it is."""
    passage, article = span.hit.passage, span.hit.article
    start, end = passage.start + span.start, passage.start + span.end
    block = article.block_at(start)
    spoken = block.author if block is not None else None
    left, right = sentence_around(passage.text, span.start, span.end, article.language)
    return Citation(
        article=article.id,
        title=article.title,
        published=article.published,
        source=article.source,
        role=passage.role,
        author=spoken if passage.role is Role.COMMENT else spoken or article.author,
        start=start,
        end=end,
        quote=article.text[start:end],
        sentence=passage.text[left:right],
        version=article.version,
        url=article.url,
    )


def _rank(span: Span) -> tuple[float, str, int, int]:
    passage = span.hit.passage
    return -span.span_logit, passage.article, passage.start + span.start, span.end - span.start
