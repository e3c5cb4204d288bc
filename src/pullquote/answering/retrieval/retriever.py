"""Finds the hits for a question with a dense and a lexical search, and fuses them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from pullquote.base.cancellation import check_cancelled
from pullquote.base.thread_pool import ThreadPool
from pullquote.english.terms import content_terms
from pullquote.index import OpenGeneration
from pullquote.index.encoder import Encoder, Vectors
from pullquote.schema import Filters, Hit, Passage, Question, QuestionKind, TimeAsked
from pullquote.schema.fusion import Fusion, Ranking

NEAR_EQUAL = 0.5
"""Two passages of an article that share at least this part of the shorter one are one hit."""


@dataclass(frozen=True, slots=True)
class Rankings:
    """The passages that each search found and their fusion; each is best first, with scores."""

    dense: Ranking
    lexical: Ranking
    fused: Ranking


def collapse(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Drop each passage that is nearly the same as a better passage of the same article."""
    better: list[Passage] = []
    for passage in passages:
        if not any(_near_equal(passage, other) for other in better):
            better.append(passage)
            yield passage


def _near_equal(a: Passage, b: Passage) -> bool:
    if a.article != b.article:
        return False
    shared = min(a.end, b.end) - max(a.start, b.start)
    return shared >= NEAR_EQUAL * min(a.end - a.start, b.end - b.start)


class Retriever:
    """Finds the passages of a generation that best answer a question.

    Each search returns `candidates` passages. The rule `fusion` combines them; `rrf_k` is its
    constant, if it uses one.
    """

    def __init__(
        self,
        encoder: Encoder,
        *,
        candidates: int,
        rrf_k: int,
        fusion: Fusion = Fusion.RECIPROCAL_RANK,
    ) -> None:
        self._encoder = encoder
        self._candidates = candidates
        self._rrf_k = rrf_k
        self._fusion = fusion
        self._lexical_threads = ThreadPool(os.cpu_count(), name="pullquote-lexical")

    def close(self) -> None:
        """Stop the threads of the lexical search."""
        self._lexical_threads.shutdown()

    def question(
        self,
        text: str,
        generation: OpenGeneration,
        kind: QuestionKind = QuestionKind.FACT,
        time: TimeAsked = TimeAsked.UNSAID,
    ) -> Question:
        """The question with its search terms and the rarity of each in the corpus."""
        return Question(text, generation.rarity(content_terms(text)), kind, time)

    def search(
        self, question: Question, generation: OpenGeneration, *, depth: int, filters: Filters
    ) -> Rankings:
        """The `depth` best passages of each search, and their fusion."""
        lexical = self._lexical_threads.submit(
            generation.matching, list(question.rarity), k=depth, filters=filters
        )
        vector = self._vector(question, generation)
        check_cancelled()
        cosines = generation.nearest(vector, k=depth, filters=filters)
        bm25s = lexical.result()
        check_cancelled()
        return Rankings(cosines, bm25s, self._fusion.fuse([cosines, bm25s], k=self._rrf_k))

    def _vector(self, question: Question, generation: OpenGeneration) -> Vectors:
        """The vector of the question, in the precision of the generation's vectors."""
        made_with = generation.manifest.index_config.encoder
        return self._encoder.like(made_with).encode_question(question.text)

    def retrieve(
        self, question: Question, generation: OpenGeneration, *, k: int, filters: Filters
    ) -> list[Hit]:
        """The `k` best passages for a question, best first, or fewer if the corpus has fewer."""
        found = self.search(question, generation, depth=max(self._candidates, k), filters=filters)
        passages = list(islice(collapse(generation.passages(list(found.fused))), k))
        vector = self._vector(question, generation)
        cosines = generation.cosines(vector, [passage.id for passage in passages])
        return [
            Hit(
                passage=passage,
                article=generation.article(passage.article),
                cosine=cosine,
                bm25=found.lexical.get(passage.id),
                fused_score=found.fused[passage.id],
            )
            for passage, cosine in zip(passages, cosines, strict=True)
        ]
