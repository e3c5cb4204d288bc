"""What is retrieved and read: passages, questions, hits and spans."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pullquote.schema.article import Article, Role


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of whole sentences of one role: what is embedded and retrieved.

    `id` follows from the article's id, the role and the offsets alone, so that every build gives
    the same one. `text == article.text[start:end]`. `context` is the headline and
    the day, and for a comment its author; it helps to find the passage and is no part of it.
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
    """A question as typed, with its search terms and each one's rarity (idf) in the corpus."""

    text: str
    rarity: dict[str, float]

    def share_in(self, present: Collection[str]) -> float:
        """The share of its terms that is present, each weighted by its rarity; 0 to 1."""
        total = sum(self.rarity.values())
        found = sum(rarity for term, rarity in self.rarity.items() if term in present)
        return found / total if total > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage with its retrieval scores and its article; higher is better in all of them.

    `cosine` is in -1..1. `bm25` is None when the passage is not among the lexical search's
    candidates, as when no word of the question stands in it. `rrf` is the fused score by which hits
    are ordered, unless a reranker ordered them: by `rerank_logit`, its log-odds that the passage
    answers. That is None where no reranker read the passage.
    """

    passage: Passage
    article: Article
    cosine: float
    bm25: float | None
    rrf: float
    rerank_logit: float | None = None

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
            "rrf": self.rrf,
            "rerank_logit": self.rerank_logit,
        }


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one hit that answer: `text == hit.passage.text[start:end]`.

    `span_logit` is the reader's log-odds that these words answer; higher is better. Log-odds of
    whole sentences and of exact words come from different models and do not compare.
    """

    hit: Hit
    start: int
    end: int
    span_logit: float
    whole_sentence: bool = False

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.hit.passage.text[self.start : self.end]
