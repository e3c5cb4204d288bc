"""Data types for retrieval and reading: passages, questions, hits and spans."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from dataclasses import dataclass

from pullquote.schema.article import Article, Role
from pullquote.schema.question_kind import QuestionKind, TimeAsked
from pullquote.schema.short_text import short_text


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of whole sentences of one role: the unit of embedding and retrieval.

    `id` is computed only from the article's id, the role and the offsets, so it is the same in
    every build. `text == article.text[start:end]`. `context` is the headline and the day, and for
    a comment its author. The context helps search to find the passage, but is not part of it.
    """

    id: int
    article: str
    role: Role
    start: int
    end: int
    text: str
    context: str


@dataclass(frozen=True, slots=True)
class Question:
    """The text of a question, with its search terms and the rarity (idf) of each in the corpus."""

    text: str
    rarity: dict[str, float]
    kind: QuestionKind = QuestionKind.FACT
    time: TimeAsked = TimeAsked.UNSAID

    def share_in(self, present: Collection[str]) -> float:
        """The share of the terms that are in `present`, weighted by rarity; 0 to 1."""
        total = sum(self.rarity.values())
        found = sum(rarity for term, rarity in self.rarity.items() if term in present)
        return found / total if total > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage with its article and its retrieval scores. For every score, higher is better.

    `cosine` is -1 to 1. `bm25` is None if the lexical search did not return the passage, for
    example because no word of the question is in it. `fused_score` orders the hits unless a
    reranker did. `rerank_logit` is the reranker's log-odds that the passage answers the question,
    or None if no reranker read the passage.
    """

    passage: Passage
    article: Article
    cosine: float
    bm25: float | None
    fused_score: float
    rerank_logit: float | None = None

    @property
    def rrf(self) -> float:
        """Deprecated: the former name of `fused_score`. The next release removes it."""
        warnings.warn(
            "Hit.rrf is now Hit.fused_score; the next release removes the old name.",
            DeprecationWarning,
            stacklevel=2,
        )
        return self.fused_score

    def __repr__(self) -> str:
        passage = self.passage
        place = f"{short_text(passage.article)} {passage.start}-{passage.end}, {passage.role}"
        return f"Hit({place}, fused {self.fused_score:.4f}, {short_text(passage.text)!r})"

    def facts(self) -> dict[str, object]:
        """The hit as plain values for JSON."""
        passage, article = self.passage, self.article
        published = article.published
        return {
            "article": article.id,
            "title": article.title,
            "published": published.isoformat() if published is not None else None,
            "source": article.source,
            "section": article.section,
            "role": str(passage.role),
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "cosine": self.cosine,
            "bm25": self.bm25,
            "fused_score": self.fused_score,
            "rrf": self.fused_score,  # until the next release
            "rerank_logit": self.rerank_logit,
        }


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one hit that answer a question: `text == hit.passage.text[start:end]`.

    `span_logit` is the reader's log-odds that these words are the answer; higher is better. The
    log-odds of exact words and those of whole sentences cannot be compared. `sentence_logit` is the
    log-odds that the sentence around the words settles the question, or None if the reader does not
    score sentences with its network. `second_logit` and `second_sentence_logit` are the same from
    the second network, or None if it did not read these words.
    """

    hit: Hit
    start: int
    end: int
    span_logit: float
    whole_sentence: bool = False
    sentence_logit: float | None = None
    second_logit: float | None = None
    second_sentence_logit: float | None = None

    @property
    def text(self) -> str:
        """The words as a string."""
        return self.hit.passage.text[self.start : self.end]

    @property
    def logit(self) -> float:
        """The sum of both networks' log-odds, or those of the only one that read the words."""
        return self.span_logit + (0.0 if self.second_logit is None else self.second_logit)

    @property
    def cut(self) -> range:
        """The range of the words in the article's text."""
        start = self.hit.passage.start
        return range(start + self.start, start + self.end)
