"""A question -> Hits: dense and lexical search, fused by rank."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from pullquote.cancellation import check_cancelled
from pullquote.encoder import Encoder
from pullquote.index import OpenGeneration
from pullquote.schema import Filters, Hit, Passage, Question
from pullquote.terms import content_terms

NEAR_EQUAL = 0.5
"""Two passages of an article that share this part of the shorter one are one hit."""


def fuse(rankings: Sequence[Iterable[int]], *, k: int) -> dict[int, float]:
    """Reciprocal-rank score of each passage number, best first; higher is better.

    Ranks start at 1 in every ranking; equal scores stand in order of their numbers.
    Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion, SIGIR 2009.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, number in enumerate(ranking, start=1):
            scores[number] = scores.get(number, 0.0) + 1 / (k + rank)
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))


def collapse(passages: Iterable[Passage]) -> Iterator[Passage]:
    """The passages without those nearly equal to a better one of the same article."""
    kept: list[Passage] = []
    for passage in passages:
        if not any(_near_equal(passage, better) for better in kept):
            kept.append(passage)
            yield passage


def _near_equal(a: Passage, b: Passage) -> bool:
    if a.article != b.article:
        return False
    shared = min(a.end, b.end) - max(a.start, b.start)
    return shared >= NEAR_EQUAL * min(a.end - a.start, b.end - b.start)


class Retriever:
    """Finds passages in whichever generation it is handed."""

    def __init__(self, encoder: Encoder, *, candidates: int, rrf_k: int) -> None:
        self._encoder = encoder
        self._candidates = candidates
        self._rrf_k = rrf_k
        self._beside = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="pullquote-lexical")

    def close(self) -> None:
        """End the threads that search beside the asking ones."""
        self._beside.shutdown()

    def question(self, text: str, generation: OpenGeneration) -> Question:
        """The question with its search terms, each with its rarity in the corpus."""
        return Question(text, generation.rarity(content_terms(text)))

    def retrieve(
        self, question: Question, generation: OpenGeneration, *, k: int, filters: Filters
    ) -> list[Hit]:
        """The `k` best passages for a question, best first; fewer where the corpus has fewer."""
        wanted = max(self._candidates, k)
        lexical = self._beside.submit(
            generation.matching, list(question.rarity), k=wanted, filters=filters
        )
        vector = self._encoder.encode_question(question.text)
        check_cancelled()
        cosines = generation.nearest(vector, k=wanted, filters=filters)
        bm25s = lexical.result()
        check_cancelled()
        fused = fuse([cosines, bm25s], k=self._rrf_k)
        passages = list(islice(collapse(generation.passages(list(fused))), k))
        numbers = [passage.id for passage in passages]
        return [
            Hit(
                passage=passage,
                article=generation.article(passage.article),
                cosine=cosine,
                bm25=bm25s.get(passage.id),
                rrf=fused[passage.id],
            )
            for passage, cosine in zip(passages, generation.cosines(vector, numbers), strict=True)
        ]
