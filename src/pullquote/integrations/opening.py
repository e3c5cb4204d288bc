"""Opens an index for a framework when it is first used."""

from __future__ import annotations

import threading
from pathlib import Path

from pullquote.newsroom.assistant import Assistant, open_assistant
from pullquote.schema import Answer, Article, Citation, Hit, Reply

IndexSource = str | Path | Assistant | None
"""The address of an index, an assistant that is open, or None for the index in the settings."""


class LazyAssistant:
    """The assistant of an index. It is opened once, when it is first used. Thread-safe.

    Frameworks copy what uses it, so a deep copy is the same object. `source` is what was given.
    """

    def __init__(self, source: IndexSource) -> None:
        self.source = source
        self._opened = source if isinstance(source, Assistant) else None
        self._lock = threading.Lock()

    def __deepcopy__(self, _: object) -> LazyAssistant:
        return self

    def __reduce__(self) -> tuple[type[LazyAssistant], tuple[IndexSource]]:
        return LazyAssistant, (self.source,)

    @property
    def assistant(self) -> Assistant:
        """The assistant.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: the index cannot be opened.
        """
        with self._lock:
            if self._opened is None:
                self._opened = open_assistant(self.source)  # type: ignore[arg-type]
            return self._opened


Metadata = dict[str, str | int | float]


def passage_metadata(hit: Hit) -> Metadata:
    """The metadata of a passage."""
    passage = hit.passage
    return _known(
        **_of_article(hit.article),
        article=passage.article,
        role=str(passage.role),
        start=passage.start,
        end=passage.end,
        fused_score=hit.fused_score,
        cosine=hit.cosine,
        bm25=hit.bm25,
    )


def answer_metadata(reply: Reply, answer: Answer, citation: Citation) -> Metadata:
    """The metadata of an answer at one of its citations."""
    return _known(
        **_of_article(citation),
        article=citation.article,
        role=str(citation.role),
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        sentence=citation.sentence,
        page=citation.page,
        confidence=answer.confidence,
        outcome=str(reply.outcome),
        status=None if answer.status is None else str(answer.status),
        said_by=citation.said_by or None,
    )


def _of_article(found: Article | Citation) -> dict[str, str | None]:
    published = found.published
    return {
        "title": found.title,
        "source": found.source,
        "section": found.section,
        "author": found.author,
        "published": None if published is None else published.isoformat(),
        "url": found.url,
        "version": found.version,
    }


def _known(**values: str | float | None) -> Metadata:
    return {name: value for name, value in values.items() if value is not None}
