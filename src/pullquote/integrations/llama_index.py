"""For LlamaIndex: a retriever, and a query engine that answers with the words of articles."""

from __future__ import annotations

import asyncio

from pullquote.integrations.opening import (
    IndexSource,
    LazyAssistant,
    Metadata,
    answer_metadata,
    passage_metadata,
)
from pullquote.schema import FilterChoice, Reply
from pullquote.schema.errors import importing_extra

with importing_extra("llama-index", what="pullquote.integrations.llama_index"):
    from llama_index.core.base.base_query_engine import BaseQueryEngine
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.base.response.schema import Response
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

_SHOWN = ("title", "source", "published")
"""The metadata that a language model or an embedding sees beside the text of a node."""


class PullquoteRetriever(BaseRetriever):
    """The `k` passages that match a question best, as nodes with their fused scores.

    `index` is the address of an index, or an assistant that is open; by default, the index in the
    settings. It is opened when it is first used. `filters` are as in `Assistant.retrieve`.
    `pullquote.integrations.opening` lists the metadata of a node.
    """

    def __init__(
        self, index: IndexSource = None, *, k: int = 10, filters: FilterChoice = None
    ) -> None:
        super().__init__()
        self._lazy, self._k, self._filters = LazyAssistant(index), k, filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        question = query_bundle.query_str
        hits = self._lazy.assistant.retrieve(question, k=self._k, filters=self._filters)
        return [
            _node(hit.passage.text, passage_metadata(hit), score=hit.fused_score) for hit in hits
        ]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class PullquoteResponse(Response):
    """An answer in the words of an article; as text for people and agents, silence is said."""

    def __str__(self) -> str:
        return self.response or "The articles have no answer."


class PullquoteQueryEngine(BaseQueryEngine):
    """Answers with the exact words of an article; `response` is "" if the articles have none.

    `str` of the response says then that there is no answer.

    The source nodes are the sentences around the answers, with our offsets and confidence. With
    the outcome "nothing" (`response.metadata["outcome"]`), they are only the closest ones.
    """

    def __init__(self, index: IndexSource = None, *, filters: FilterChoice = None) -> None:
        super().__init__(callback_manager=None)
        self._lazy, self._filters = LazyAssistant(index), filters

    def _query(self, query_bundle: QueryBundle) -> PullquoteResponse:
        reply = self._lazy.assistant.ask(query_bundle.query_str, filters=self._filters)
        best = reply.best
        return PullquoteResponse(
            response="" if best is None else best.text,
            source_nodes=_source_nodes(reply),
            metadata={"outcome": str(reply.outcome), "reply": reply.model_dump(mode="json")},
        )

    async def _aquery(self, query_bundle: QueryBundle) -> PullquoteResponse:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, object]:
        return {}  # nothing is prompted


def _source_nodes(reply: Reply) -> list[NodeWithScore]:
    return [
        _node(citation.sentence, answer_metadata(reply, answer, citation), score=answer.confidence)
        for answer in reply.shown
        for citation in answer.citations
    ]


def _node(text: str, metadata: Metadata, *, score: float) -> NodeWithScore:
    hidden = [name for name in metadata if name not in _SHOWN]
    node = TextNode(
        id_=f"{metadata['article']}:{metadata['start']}-{metadata['end']}",
        text=text,
        metadata=metadata,
        excluded_llm_metadata_keys=hidden,
        excluded_embed_metadata_keys=hidden,
    )
    return NodeWithScore(node=node, score=score)
