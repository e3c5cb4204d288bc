"""The Haystack components in a pipeline, saved and loaded, with Haystack's own evaluators."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("haystack", reason="needs the extra `haystack`")

from haystack import Document, Pipeline
from haystack.components.evaluators import (
    AnswerExactMatchEvaluator,
    DocumentRecallEvaluator,
)

import pullquote
from pullquote.integrations.haystack import PullquoteReader, PullquoteRetriever

QUESTION = "who agreed to the Interpol centre?"


@pytest.fixture
def pipeline(sample_index: Path) -> Pipeline:
    """Both components beside each other, saved as YAML and loaded again."""
    made = Pipeline()
    made.add_component("retriever", PullquoteRetriever(str(sample_index), top_k=4))
    made.add_component("reader", PullquoteReader(str(sample_index)))
    return Pipeline.loads(made.dumps(), allowed_modules=["pullquote.integrations.haystack"])


def asked(pipeline: Pipeline, question: str) -> dict[str, dict[str, object]]:
    """The outputs of both components."""
    query = {"query": question}
    found: dict[str, dict[str, object]] = pipeline.run({"retriever": query, "reader": query})
    return found


def test_documents_and_answers_are_slices_of_articles(
    pipeline: Pipeline, sample_index: Path
) -> None:
    """With their places, and the answer's place in its sentence."""
    found = asked(pipeline, QUESTION)
    documents, answer = found["retriever"]["documents"], found["reader"]["answers"][0]
    assert found["reader"]["outcome"] == "answer"
    assert len(documents) == 4
    with pullquote.open(sample_index) as assistant:
        for document in documents:
            text = assistant.article(document.meta["article"]).text
            assert text[document.meta["start"] : document.meta["end"]] == document.content
        place, inside = answer.document_offset, answer.context_offset
        text = assistant.article(answer.meta["article"]).text
        assert text[place.start : place.end] == answer.data
        assert answer.context[inside.start : inside.end] == answer.data


def test_nothing_is_answered_where_the_articles_have_no_answer(pipeline: Pipeline) -> None:
    """The outcome says so."""
    found = asked(pipeline, "who painted the Mona Lisa?")["reader"]
    assert found == {"answers": [], "outcome": "nothing"}


def test_the_framework_s_evaluators_measure_both(pipeline: Pipeline) -> None:
    """Exact match of answers, and recall of documents."""
    found = asked(pipeline, QUESTION)
    answer = found["reader"]["answers"][0]
    matched = AnswerExactMatchEvaluator().run(
        ground_truth_answers=[answer.data], predicted_answers=[answer.data]
    )
    assert matched["score"] == 1.0
    first = found["retriever"]["documents"][0]
    recalled = DocumentRecallEvaluator().run(
        ground_truth_documents=[[Document(content=first.content)]],
        retrieved_documents=[found["retriever"]["documents"]],
    )
    assert recalled["score"] == 1.0


def test_an_open_assistant_cannot_be_saved_with_a_pipeline(sample_index: Path) -> None:
    """The message says what to do."""
    with pullquote.open(sample_index) as assistant:
        made = Pipeline()
        made.add_component("reader", PullquoteReader(assistant))
        with pytest.raises(TypeError, match="address of the index"):
            made.dumps()
