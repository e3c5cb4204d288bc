"""Embeds texts in a thread, while the vectors of earlier texts are used.

Only the thread of the caller uses the cache of vectors, because an SQLite connection belongs to one
thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from pullquote.base.cancellation import check_cancelled
from pullquote.base.thread_pool import ThreadPool
from pullquote.index.embedding_cache import STORED_AT_ONCE, EmbeddingCache
from pullquote.index.encoder import Vectors

_CHECK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some new texts, and the vectors that they will have."""

    texts: Sequence[str]
    vectors: Future[Vectors]


@dataclass(frozen=True, slots=True)
class PendingTexts:
    """Texts of which some are being embedded."""

    texts: Sequence[str]
    chunks: Sequence[_Chunk]


class EmbeddingThread:
    """Embeds the texts given to `begin`, in order; `end` waits for the vectors and stores them.

    `end` must be called in the order of `begin`. `close` waits until the texts that are being
    embedded are done, and drops the others.
    """

    def __init__(self, embeddings: EmbeddingCache) -> None:
        self._embeddings = embeddings
        self._thread = ThreadPool(1, "pullquote-embedding")
        self._running = set[str]()
        """The texts that are being embedded or wait for it."""

    def begin(self, texts: Sequence[str]) -> PendingTexts:
        """Have those texts embedded that are neither cached nor being embedded."""
        unknown = self._embeddings.uncached(texts)
        new = [text for text in unknown if text not in self._running]
        self._running.update(new)
        parts = [new[at : at + STORED_AT_ONCE] for at in range(0, len(new), STORED_AT_ONCE)]
        encode = self._embeddings.encoder.encode
        return PendingTexts(
            texts, [_Chunk(part, self._thread.submit(encode, part)) for part in parts]
        )

    def end(self, pending: PendingTexts) -> Vectors:
        """The vectors of all of the texts; see `EmbeddingCache.vectors`.

        Raises:
            Cancelled: the work of the caller was cancelled.
        """
        for chunk in pending.chunks:
            self._embeddings.store(chunk.texts, _wait_for(chunk.vectors))
            self._running.difference_update(chunk.texts)
        return self._embeddings.vectors(pending.texts)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(cancel_futures=True)


def _wait_for(vectors: Future[Vectors]) -> Vectors:
    """The vectors, once they are there."""
    while True:
        check_cancelled()
        try:
            return vectors.result(_CHECK_SECONDS)
        except TimeoutError:
            if vectors.done():
                raise
