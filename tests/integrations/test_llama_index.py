"""The LlamaIndex retriever and query engine, with the real package."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra `llama-index`")

from llama_index.core import Settings
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode
from llama_index.core.schema import MetadataMode
from llama_index.core.tools import QueryEngineTool

import pullquote
from pullquote.integrations.llama_index import PullquoteQueryEngine, PullquoteRetriever

pytestmark = pytest.mark.anyio

QUESTION = "who agreed to the Interpol centre?"


def test_a_node_is_a_slice_of_its_article(sample_index: Path) -> None:
    """Its score orders the nodes, and a model sees only title, source and day beside the text."""
    with pullquote.open(sample_index) as assistant:
        nodes = PullquoteRetriever(assistant, k=4).retrieve(QUESTION)
        assert len(nodes) == 4
        scores = [node.score for node in nodes]
        assert scores == sorted(scores, reverse=True)
        for node in nodes:
            where = node.node.metadata
            article = assistant.article(where["article"])
            assert article.text[where["start"] : where["end"]] == node.node.text
            assert "cosine" not in node.node.get_content(MetadataMode.LLM)
            assert where["title"] in node.node.get_content(MetadataMode.LLM)


def test_the_retriever_serves_the_framework_s_own_query_engine(
    sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any language model can write from our passages; here, none does."""
    monkeypatch.setattr(Settings, "_llm", MockLLM())  # the default one needs an account
    retriever = PullquoteRetriever(sample_index, k=2)
    engine = RetrieverQueryEngine.from_args(retriever, response_mode=ResponseMode.NO_TEXT)
    found = engine.query(QUESTION)
    assert len(found.source_nodes) == 2


def test_the_engine_answers_with_words_of_an_article(sample_index: Path) -> None:
    """The nodes carry quote, place, confidence and outcome."""
    with pullquote.open(sample_index) as assistant:
        response = PullquoteQueryEngine(assistant).query(QUESTION)
        first = response.source_nodes[0].node.metadata
        article = assistant.article(first["article"])
        assert str(response) == first["quote"]
        assert article.text[first["start"] : first["end"]] == first["quote"]
        assert first["quote"] in first["sentence"] == response.source_nodes[0].node.text
        assert first["outcome"] == response.metadata["outcome"] == "answer"


async def test_the_engine_is_silent_where_the_articles_are(sample_index: Path) -> None:
    """The response is empty, and the nodes are only the closest sentences."""
    response = await PullquoteQueryEngine(sample_index).aquery("who painted the Mona Lisa?")
    assert response.response == ""
    assert response.metadata["outcome"] == "nothing"


def test_an_agent_learns_that_there_is_no_answer(sample_index: Path) -> None:
    """The framework would print "None", and give that to an agent."""
    engine = PullquoteQueryEngine(sample_index)
    tool = QueryEngineTool.from_defaults(engine, name="archive", description="Articles.")
    silent = "The articles have no answer."
    assert str(engine.query("who painted the Mona Lisa?")) == silent
    assert tool.call("who painted the Mona Lisa?").content == silent


async def test_the_event_loop_goes_on_while_the_index_is_searched(
    sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Searching and answering work in another thread."""
    here, searched = threading.get_ident(), []

    def noted(self: pullquote.Assistant, *given: Any, **options: Any) -> Any:
        searched.append(threading.get_ident())
        return find(self, *given, **options)

    find = pullquote.Assistant.find
    monkeypatch.setattr(pullquote.Assistant, "find", noted)
    assert await PullquoteRetriever(sample_index, k=2).aretrieve(QUESTION)
    assert await PullquoteQueryEngine(sample_index).aquery(QUESTION)
    assert len(searched) == 2
    assert here not in searched
