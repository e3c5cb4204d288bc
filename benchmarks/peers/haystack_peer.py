"""Haystack's extractive question answering; runs in its own environment.

    PYTHON haystack_peer.py ORDER.json

Source: Haystack's tutorial 34, "Build an Extractive QA Pipeline", and its pages on
TransformersExtractiveReader and DocumentJoiner, https://docs.haystack.deepset.ai.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from exchange import (
    ANSWERS_RETURNED,
    READ,
    Ask,
    PeerAnswer,
    PeerPassage,
    PeerReply,
    PeerTask,
    serve,
)
from haystack import Document, ExtractedAnswer, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever as WordRetriever
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever as VectorRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder as DocumentEmbedder,
)
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersTextEmbedder as QuestionEmbedder,
)
from haystack_integrations.components.readers.transformers import (
    TransformersExtractiveReader as Reader,
)


def default(order: PeerTask, passages: list[PeerPassage]) -> Ask:
    """The tutorial's pipeline with its defaults: dense search, ten documents read."""
    store = stored(passages, DocumentEmbedder(model=order.encoder, progress_bar=False))
    pipeline = Pipeline()
    pipeline.add_component("embedder", QuestionEmbedder(model=order.encoder, progress_bar=False))
    pipeline.add_component("retriever", VectorRetriever(store))
    pipeline.add_component("reader", Reader(order.reader))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")
    pipeline.connect("retriever.documents", "reader.documents")

    def ask(question: str) -> PeerReply:
        result = pipeline.run({"embedder": {"text": question}, "reader": {"query": question}})
        return PeerReply(list(spans(result["reader"]["answers"])))

    return ask


def best(order: PeerTask, passages: list[PeerPassage]) -> Ask:
    """Hybrid search fused by reciprocal rank, the headline embedded too, ten documents read."""
    embedder = DocumentEmbedder(
        model=order.encoder, meta_fields_to_embed=["context"], progress_bar=False
    )
    store = stored(passages, embedder)
    reader = Reader(order.reader, top_k=ANSWERS_RETURNED, no_answer=False)
    tell_token_types(reader)
    pipeline = Pipeline()
    pipeline.add_component("embedder", QuestionEmbedder(model=order.encoder, progress_bar=False))
    pipeline.add_component("vectors", VectorRetriever(store, top_k=50))
    pipeline.add_component("words", WordRetriever(store, top_k=50))
    pipeline.add_component("joiner", DocumentJoiner("reciprocal_rank_fusion", top_k=READ))
    pipeline.add_component("reader", reader)
    pipeline.connect("embedder.embedding", "vectors.query_embedding")
    pipeline.connect("vectors", "joiner")
    pipeline.connect("words", "joiner")
    pipeline.connect("joiner.documents", "reader.documents")

    def ask(question: str) -> PeerReply:
        query = {"query": question}
        result = pipeline.run({"embedder": {"text": question}, "words": query, "reader": query})
        return PeerReply(list(spans(result["reader"]["answers"])))

    return ask


def stored(passages: list[PeerPassage], embedder: DocumentEmbedder) -> InMemoryDocumentStore:
    """A store of the passages and their vectors."""
    documents = [Document(id=p.id, content=p.text, meta={"context": p.context}) for p in passages]
    store = InMemoryDocumentStore()
    store.write_documents(embedder.run(documents)["documents"])
    return store


def spans(answers: Iterable[ExtractedAnswer]) -> Iterable[PeerAnswer]:
    """The answers with words, in their original order."""
    for answer in answers:
        if answer.data:  # an answer without words means "no answer"
            yield PeerAnswer(answer.data, answer.score, answer.document.id)


def tell_token_types(reader: Reader) -> None:
    """Pass token types, so that a BERT can tell the question's tokens from the passage's.

    The reader does not pass them. Its default model, a RoBERTa, has none. A BERT without them takes
    the passage for part of the question.
    """
    reader.warm_up()
    plain, separator = reader.model.forward, reader.tokenizer.sep_token_id

    def forward(input_ids: torch.Tensor, attention_mask: torch.Tensor) -> object:
        ends = (input_ids == separator).int()
        after_the_first = (ends.cumsum(1) - ends).clamp(max=1)
        types = after_the_first * attention_mask
        return plain(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=types)

    reader.model.forward = forward


def build(order: PeerTask, passages: list[PeerPassage]) -> Ask:
    """Build the function that answers, at the settings of the task."""
    return {"default": default, "best": best}[order.settings](order, passages)


if __name__ == "__main__":
    serve(
        build,
        packages=(
            "haystack-ai",
            "transformers-haystack",
            "sentence-transformers-haystack",
            "sentence-transformers",
            "transformers",
            "torch",
        ),
    )
