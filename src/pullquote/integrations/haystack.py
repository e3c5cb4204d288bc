"""For Haystack: a component that retrieves passages, and one that answers with their words."""

from __future__ import annotations

from typing import Any

from pullquote.integrations.opening import (
    IndexSource,
    LazyAssistant,
    answer_metadata,
    passage_metadata,
)
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Answer, Citation, Hit, Reply
from pullquote.schema.errors import importing_extra

with importing_extra("haystack", what="pullquote.integrations.haystack"):
    from haystack import Document, component, default_to_dict
    from haystack.dataclasses import ExtractedAnswer


class _OfIndex:
    """The parameters of both components, which a pipeline saves and loads."""

    def __init__(
        self, index: IndexSource = None, *, top_k: int = 10, filters: dict[str, Any] | None = None
    ) -> None:
        self._top_k, self._filters = top_k, filters
        self._lazy = LazyAssistant(index)

    def warm_up(self) -> None:
        """Open the index and load the models, as pipelines do before they run."""
        assistant = self._lazy.assistant
        assistant.encoder.encode([""])

    def to_dict(self) -> dict[str, Any]:
        """The parameters. An open assistant cannot be saved: give the address of its index."""
        source = self._lazy.source
        if isinstance(source, Assistant):
            raise TypeError(
                "An open assistant cannot be saved with a pipeline. Make the component with the "
                "address of the index instead, such as index='index'."
            )
        index = None if source is None else str(source)
        given = {"index": index, "top_k": self._top_k, "filters": self._filters}
        saved: dict[str, Any] = default_to_dict(self, **given)
        return saved


@component
class PullquoteRetriever(_OfIndex):
    """The `top_k` passages that match a question best, as documents with their fused scores.

    `index` is the address of an index, or an assistant that is open; by default, the index in the
    settings. `filters` is a mapping of the fields of `pullquote.Filters`, such as
    `{"sources": ["Harbour Post"]}`. `pullquote.integrations.opening` lists the metadata.
    """

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        """The passages, best first. Both options replace those of the component."""
        chosen = self._filters if filters is None else filters
        hits = self._lazy.assistant.retrieve(query, k=top_k or self._top_k, filters=chosen)
        return {"documents": [_document(hit) for hit in hits]}


@component
class PullquoteReader(_OfIndex):
    """Answers with the exact words of articles, from the `top_k` passages that match best.

    The parameters are those of `PullquoteRetriever`. `outcome` is "answer", "possible" (check it
    before you use it) or "nothing"; then there are no answers.
    """

    def warm_up(self) -> None:
        """Open the index and load the models, the reader's too."""
        _OfIndex.warm_up(self)  # super() does not know the class that the decorator makes
        _ = self._lazy.assistant.reader

    @component.output_types(answers=list[ExtractedAnswer], outcome=str)
    def run(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, list[ExtractedAnswer] | str]:
        """The answers, best first, each at its first citation."""
        chosen = self._filters if filters is None else filters
        reply = self._lazy.assistant.ask(query, k=top_k or self._top_k, filters=chosen)
        shown = () if reply.abstained else reply.shown
        answers = [_answer(reply, one, one.citations[0]) for one in shown]
        return {"answers": answers, "outcome": str(reply.outcome)}


def _document(hit: Hit) -> Document:
    metadata = passage_metadata(hit)
    id = f"{metadata['article']}:{metadata['start']}-{metadata['end']}"
    return Document(id=id, content=hit.passage.text, meta=metadata, score=hit.fused_score)


def _answer(reply: Reply, answer: Answer, citation: Citation) -> ExtractedAnswer:
    start = citation.start - citation.sentence_start
    return ExtractedAnswer(
        query=reply.question,
        score=answer.confidence,
        data=citation.quote,
        context=citation.sentence,
        context_offset=ExtractedAnswer.Span(start, start + len(citation.quote)),
        document_offset=ExtractedAnswer.Span(citation.start, citation.end),
        meta=answer_metadata(reply, answer, citation),
    )
