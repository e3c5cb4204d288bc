"""The LangChain retriever and tool pass LangChain's own tests, and carry our citations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("langchain_tests", reason="needs the extra `langchain`")

from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool
from langchain_tests.integration_tests import (
    RetrieversIntegrationTests,
    ToolsIntegrationTests,
)
from langchain_tests.unit_tests import ToolsUnitTests

import pullquote
from pullquote.integrations.langchain import PullquoteRetriever, PullquoteTool

pytestmark = pytest.mark.anyio

QUESTION = "who agreed to the Interpol centre?"


@pytest.fixture(autouse=True)
def _index(request: pytest.FixtureRequest, sample_index: Path) -> None:
    """The index of the sample corpus, for the classes below."""
    if request.instance is not None:
        request.instance.index = sample_index


class TestRetriever(RetrieversIntegrationTests):
    """LangChain's own tests of retrievers, unmodified."""

    index: Path

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return PullquoteRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": self.index}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


class ToolUnderTest:
    """What both suites for tools are told."""

    index: Path

    @property
    def tool_constructor(self) -> type[BaseTool]:
        return PullquoteTool

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        return {"index": self.index}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return {"question": QUESTION}


class TestToolUnit(ToolUnderTest, ToolsUnitTests):
    """LangChain's own unit tests of tools, unmodified."""


class TestToolIntegration(ToolUnderTest, ToolsIntegrationTests):
    """LangChain's own integration tests of tools, unmodified."""


def test_a_document_is_a_slice_of_its_article(sample_index: Path) -> None:
    """Its metadata say where."""
    retriever = PullquoteRetriever(index=sample_index, k=4)
    documents = retriever.invoke(QUESTION)
    assert len(documents) == 4
    for document in documents:
        where = document.metadata
        article = retriever._lazy.assistant.article(where["article"])
        assert article.text[where["start"] : where["end"]] == document.page_content
        assert document.id == f"{where['article']}:{where['start']}-{where['end']}"


async def test_k_may_be_given_with_an_asynchronous_call(sample_index: Path) -> None:
    """As with a synchronous one."""
    found = await PullquoteRetriever(index=sample_index).ainvoke(QUESTION, k=2)
    assert len(found) == 2


def call(tool: BaseTool, **arguments: object) -> Any:
    """The message that an agent gets."""
    return tool.invoke({"name": tool.name, "args": arguments, "id": "1", "type": "tool_call"})


def test_the_tool_answers_with_words_and_place(sample_index: Path) -> None:
    """The content is for the model, and the artifact is the whole reply."""
    message = call(PullquoteTool(index=sample_index), question=QUESTION)
    assert message.content.startswith("Answers in the words of the articles")
    first = message.artifact["answers"][0]
    assert first["text"] in message.content
    assert first["citations"][0]["article"] in message.content


def test_the_tool_says_that_the_articles_have_no_answer(sample_index: Path) -> None:
    """A retriever cannot."""
    message = call(PullquoteTool(index=sample_index), question="who painted the Mona Lisa?")
    assert message.content.startswith("The articles have no answer")
    assert message.artifact["outcome"] == "nothing"


def test_an_agent_reads_what_was_wrong_with_its_call(sample_index: Path) -> None:
    """The message names similar papers, and the agent may call again."""
    message = call(PullquoteTool(index=sample_index), question=QUESTION, sources=["No Such Paper"])
    assert message.status == "error"
    assert "No Such Paper" in message.content


def test_an_agent_cannot_leave_the_filters_of_its_tool(sample_index: Path) -> None:
    """Its own days and papers only narrow them."""
    tool = PullquoteTool(index=sample_index, filters={"sources": ["Strait Dispatch"]})
    found = call(tool, question=QUESTION).artifact["answers"][0]["citations"][0]
    assert found["source"] == "Strait Dispatch"
    other = call(tool, question=QUESTION, sources=["Harbour Post"])
    assert (other.status, other.content.startswith("This tool searches only")) == ("error", True)
    same = call(tool, question=QUESTION, sources=["strait dispatch"], since="2023-01-01")
    assert same.artifact["answers"][0]["citations"][0] == found


@pytest.mark.parametrize("made", [PullquoteRetriever, PullquoteTool])
def test_a_misspelt_filter_or_argument_is_no_silence(
    sample_index: Path, made: type[PullquoteRetriever | PullquoteTool]
) -> None:
    """An ignored one would search too many articles."""
    with pytest.raises(pullquote.SettingsError, match="Did you mean 'sources'"):
        made(index=sample_index, filters={"source": "BBC"})
    with pytest.raises(ValueError, match="top_k"):
        made(index=sample_index, top_k=5)


@pytest.mark.parametrize("wrong", [{"query": QUESTION}, {"question": QUESTION, "source": "BBC"}])
def test_an_agent_reads_which_arguments_there_are(
    sample_index: Path, wrong: dict[str, str]
) -> None:
    """Unknown ones are named, and not ignored."""
    message = call(PullquoteTool(index=sample_index), **wrong)
    assert message.status == "error"
    assert "The arguments are question, since, until, sources." in message.content


def test_a_retriever_refuses_to_return_no_documents(sample_index: Path) -> None:
    """0 is no way to ask for the default."""
    with pytest.raises(pullquote.SettingsError):
        PullquoteRetriever(index=sample_index).invoke(QUESTION, k=0)
