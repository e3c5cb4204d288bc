"""The named endpoints of the web chat, for programs: `ask`, `retrieve`, `article`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import gradio as gr

from pullquote.assistant import Assistant
from pullquote.errors import PullquoteError
from pullquote.schema.filter_parameters import FILTER_PARAMETERS, FilterParameter, with_filters
from pullquote.web.requests import SearchRequest, parse_id, parse_search
from pullquote.web.scheduler import Scheduler

ENDPOINT_NAMES = ("ask", "retrieve", "article")
"""The methods of `Endpoints`, which programs call by name."""


def _json_type(filter: FilterParameter) -> object:
    """The type of a filter in JSON: days and kinds of articles are texts."""
    if filter.is_list:
        return list[str] | None
    return bool if filter.type is bool else str | None


class Endpoints:
    """The endpoints; their docstrings are the descriptions in the API, and they return JSON."""

    def __init__(self, assistant: Assistant, scheduler: Scheduler) -> None:
        self._assistant = assistant
        self._scheduler = scheduler

    @with_filters(_json_type)
    async def ask(
        self,
        question: str,
        k: int | None = None,
        *filters: object,
    ) -> object:
        """Answers to a question in the exact words of the articles, best first, with citations.

        Returns the same JSON as `pullquote ask --json`. `abstained` says that there is no confident
        answer. `k` is how many passages are read, up to 50. `since` and `until` are days of
        publication (YYYY-MM-DD), both included. `languages` are tags such as "en", `kinds` names
        such as "opinion". `comments` lets reader comments answer, which are labelled.
        """
        with _raise_as_gradio_error():
            search = _search_request(question, k, filters)
            reply = await self._scheduler.ask(self._assistant, search)
            return reply.model_dump(mode="json")

    @with_filters(_json_type)
    async def retrieve(
        self,
        question: str,
        k: int | None = None,
        *filters: object,
    ) -> object:
        """The passages that match a question best, best first, with their scores.

        Returns the same JSON as `pullquote retrieve --json`, and the same options as `ask`.
        """
        with _raise_as_gradio_error():
            search = _search_request(question, k, filters)
            hits = await self._scheduler.retrieve(self._assistant, search)
            generation = self._assistant.generation.name
        found = [hit.facts() for hit in hits]
        return {"question": search.question, "hits": found, "generation": generation}

    async def article(self, article: str) -> dict[str, Any]:
        """The stored article of that id, with its text and blocks, and its near duplicates.

        Returns the same JSON as `pullquote show --json`. `start` and `end` of a citation count
        characters (Unicode code points, not UTF-16 units) of its `text`.
        """
        with _raise_as_gradio_error():
            id = parse_id(article)
            found = await self._scheduler.find(partial(self._assistant.article, id))
            copies = await self._scheduler.find(partial(self._assistant.copies_of, id))
        return {**found.model_dump(mode="json"), "copies": copies}


def _search_request(question: str, k: int | None, filters: Sequence[object]) -> SearchRequest:
    """What a call asks for; Gradio passes all filters by position."""
    names = (filter.name for filter in FILTER_PARAMETERS)
    return parse_search(question=question, k=k, **dict(zip(names, filters, strict=True)))


@contextmanager
def _raise_as_gradio_error() -> Iterator[None]:
    """Turn errors of pullquote into errors that Gradio sends to the caller."""
    try:
        yield
    except PullquoteError as error:
        raise gr.Error(str(error), print_exception=False) from error
