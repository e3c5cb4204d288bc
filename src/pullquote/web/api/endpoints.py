"""The named endpoints of the web chat, for programs: `ask`, `retrieve`, `article`, `check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import gradio as gr

from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import PullquoteError
from pullquote.schema.filter_parameters import (
    FILTER_PARAMETERS,
    QUERY_PARAMETERS,
    FilterParameter,
    with_filters,
    with_filters_and_query_options,
)
from pullquote.web.requests import SearchRequest, parse_draft, parse_id, parse_search
from pullquote.web.scheduler import Scheduler

ENDPOINT_NAMES = ("ask", "retrieve", "article", "check")
"""The methods of `Endpoints`, which programs call by name."""


def _json_type(filter: FilterParameter) -> object:
    """The type of a parameter in JSON: days and kinds are strings."""
    if filter.is_list:
        return list[str] | None
    return bool if filter.type is bool else str | None


class Endpoints:
    """The endpoints, which return JSON. Their docstrings are the descriptions in the API."""

    def __init__(self, assistant: Assistant, scheduler: Scheduler) -> None:
        self._assistant = assistant
        self._scheduler = scheduler

    @with_filters_and_query_options(_json_type)
    async def ask(
        self,
        question: str,
        k: int | None = None,
        *options: object,
    ) -> object:
        """Answers to a question in the exact words of the articles, best first, with citations.

        Returns the same JSON as `pullquote ask --json`. `outcome` is "answer"; "possible" if the
        first answer may be wrong and has to be checked; or "nothing" if the answers are only the
        closest passages. All answers are returned. The page leaves out those after the first whose
        `confidence` is below 0.15, as they are rarely right. `k` is how many passages are read, up
        to 50. `since` and `until` are the first and the last day of publication (YYYY-MM-DD).
        `languages` are tags such as "en"; `kinds` are names of kinds of articles, such as
        "opinion". If `comments` is true, reader comments may answer too; they are labelled. `kind`
        is the kind of the question, such as "list" or "yes-no"; by default, pullquote recognises
        it. If `as_typed` is true, the search uses the question exactly as typed. `as_of` is a day
        (YYYY-MM-DD): only articles published by the end of that day are read. If `fast` is true,
        the small network reads alone: sooner, but its first answer is less often right.
        """
        with _raise_as_gradio_error():
            search = _search_request(question, k, options)
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

        Returns the same JSON as `pullquote retrieve --json`. It takes the same options as `ask`,
        except `kind`, `as_typed`, `as_of` and `fast`; `k` may be up to 1,000.
        """
        with _raise_as_gradio_error():
            search = _search_request(question, k, filters)
            hits = (await self._scheduler.found(self._assistant, search)).hits
            generation = self._assistant.generation.name
        found = [hit.facts() for hit in hits]
        return {"question": search.question, "hits": found, "generation": generation}

    async def article(self, article: str) -> dict[str, Any]:
        """The stored article with that id: its text and blocks, and its near duplicates.

        Returns the same JSON as `pullquote show --json`. The `start` and `end` of a citation
        count the characters (Unicode code points, not UTF-16 units) of its `text`.
        """
        with _raise_as_gradio_error():
            id = parse_id(article)
            found = await self._scheduler.look_up(partial(self._assistant.article, id))
            copies = await self._scheduler.look_up(partial(self._assistant.copies_of, id))
        return {**found.model_dump(mode="json"), "copies": copies}

    async def check(self, draft: str) -> object:
        """The quotations of a draft, each with its verdict: whether an article has its words.

        Returns the same JSON as `pullquote check --json`. `draft` is plain text or Markdown of up
        to 100,000 characters, with up to 200 quotations of 40,000 characters in all. `verdict` is
        "exact", "altered", "misattributed", "spliced" or "absent".
        """
        with _raise_as_gradio_error():
            checked = await self._scheduler.check_text(self._assistant, parse_draft(draft))
            return checked.model_dump(mode="json")


def _search_request(question: str, k: int | None, options: Sequence[object]) -> SearchRequest:
    """The search that a call asks for; Gradio passes all filters and options by position."""
    names = (one.name for one in (*FILTER_PARAMETERS, *QUERY_PARAMETERS))
    return parse_search(question=question, k=k, **dict(zip(names, options, strict=False)))


@contextmanager
def _raise_as_gradio_error() -> Iterator[None]:
    try:
        yield
    except PullquoteError as error:
        raise gr.Error(str(error), print_exception=False) from error
