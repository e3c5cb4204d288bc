"""The endpoints of the HTTP API. Their docstrings are their descriptions in the document."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from pullquote.answering.retrieval.searcher import SearchResult
from pullquote.index import OpenGeneration
from pullquote.index.catalog.catalog import Catalog
from pullquote.index.interfaces import CALIBRATION, KnowsReleases
from pullquote.index.services import index_of
from pullquote.index.stats import generation_figures
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Reply
from pullquote.schema.api_results import (
    ArticleList,
    ArticlePart,
    ArticleWithCopies,
    CatalogArticle,
    article_part,
    found_passages,
)
from pullquote.schema.errors import PullquoteError
from pullquote.schema.index_info import IndexInfo
from pullquote.schema.problem import Problem
from pullquote.web.current_catalog import CurrentCatalog
from pullquote.web.http_api.parameters import ArticleQuery, DraftBody, ListQuery, Searched
from pullquote.web.http_api.problems import problem_of, problem_response
from pullquote.web.request_limits import MAX_PASSAGES_READ
from pullquote.web.requests import SearchRequest, parse_draft, parse_id
from pullquote.web.scheduler import Scheduler
from pullquote.web.slots import CallerLeft


class ETags:
    """The ETags of the responses of one assistant."""

    def __init__(self, assistant: Assistant, *, clock: Callable[[], float] = time.time) -> None:
        self._assistant = assistant
        self._clock = clock
        self._calibration = index_of(assistant.settings).local_folder / CALIBRATION
        settings = assistant.settings.model_dump_json()  # hides passwords
        self._constant = f"{version('pullquote')} {settings}"

    def of(self, endpoint: str, parameters: Mapping[str, Any]) -> str | None:
        """The ETag of a response now; None if the index cannot tell whether it has changed.

        Raises:
            PullquoteError: the index cannot be opened.
        """
        generation = self._assistant.generation
        if not isinstance(generation, KnowsReleases):
            return None
        parts = [
            self._constant,
            _state(generation),
            str(bisect_right(generation.releases, self._clock())),
            self._calibrated(),
            endpoint,
            json.dumps(parameters, sort_keys=True),
        ]
        return f'W/"{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}"'

    def _calibrated(self) -> str:
        """The digest of the calibration that was fitted for the index; "" if there is none."""
        try:
            return hashlib.sha256(self._calibration.read_bytes()).hexdigest()
        except OSError:
            return ""


def is_known(request: Request, etag: str | None) -> bool:
    """Whether the client has the response already. Source: RFC 9110, section 13.1.2."""
    given = request.headers.get("if-none-match")
    if given is None or etag is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in given.split(",")]
    return "*" in tags or etag.removeprefix("W/") in tags


def _state(generation: OpenGeneration) -> str:
    """The generation that answers, with the digest of its manifest."""
    return f"{generation.published.name} {generation.published.digest} {generation.answers_for}"


def index_info(generation: OpenGeneration) -> IndexInfo:
    """The figures of a generation."""
    manifest = generation.manifest
    return IndexInfo(
        **generation_figures(generation),
        pullquote=manifest.index_config.pullquote,
        encoder=manifest.index_config.encoder.name,
        index_progress=manifest.progress,
        failed=len(manifest.failed),
        damaged=generation.damage is not None,
    )


PING_SECONDS = 10.0
"""How often a comment is sent while the reader works, so that no proxy closes the connection."""

_PING = b": reading\n\n"

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def stream_answer(
    assistant: Assistant, scheduler: Scheduler, search: SearchRequest
) -> Response:
    """The response that sends what was found at once, and the reply when it has been read.

    The reader does not wait for the client to receive what was found.

    Raises:
        PullquoteError: the search is invalid or asks for too much, or too many questions wait.
    """
    found = asyncio.get_running_loop().create_future()
    asking = asyncio.ensure_future(scheduler.ask(assistant, search, found=found.set_result))
    try:
        await asyncio.wait({found, asking}, return_when=asyncio.FIRST_COMPLETED)
        if not found.done():
            asking.result()  # raises why nothing was found
    except BaseException:
        asking.cancel()
        raise
    events = _events(found.result(), asking)
    return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)


async def _events(found: SearchResult, asking: asyncio.Future[Reply]) -> AsyncIterator[bytes]:
    try:
        yield event("hits", found_passages(found.query.typed, found.hits, found.generation.name))
        while not (await asyncio.wait({asking}, timeout=PING_SECONDS))[0]:
            yield _PING
        yield _last_event(asking)
    finally:
        asking.cancel()


def event(name: str, data: BaseModel) -> bytes:
    """One event; its data is JSON on one line."""
    return f"event: {name}\ndata: {data.model_dump_json()}\n\n".encode()


def _last_event(read: asyncio.Future[Reply]) -> bytes:
    try:
        return event("reply", read.result())
    except CallerLeft:
        return b""
    except PullquoteError as error:
        return event("problem", problem_of(error))


_REVALIDATED = {"Cache-Control": "private, no-cache"}

_LISTING = Problem(
    type="urn:pullquote:problem:being-prepared",
    title="Service Unavailable",
    status=503,
    detail="The list of articles is being prepared. Try again in a few seconds.",
)


class ApiEndpoints:
    """The endpoints for one assistant, whose articles `catalog` lists."""

    def __init__(self, assistant: Assistant, scheduler: Scheduler, catalog: CurrentCatalog) -> None:
        self._assistant = assistant
        self._scheduler = scheduler
        self._catalog = catalog
        self._etags = ETags(assistant)
        self._counted: tuple[OpenGeneration, IndexInfo] | None = None
        self.most_read = max(MAX_PASSAGES_READ, assistant.settings.hits)

    async def ask(self, request: Request, given: Searched) -> Response:
        """Answer a question with the exact words of the articles, best answer first.

        Look at `outcome` first. "answer": the first answer is likely to be right. "possible": it
        may be wrong, so check it in the article. "nothing": the articles have no answer, and
        `answers` are only the closest passages.
        """
        return await self._answer(
            request, "ask", given, lambda: self._scheduler.ask(self._assistant, given.search())
        )

    async def ask_stream(self, request: Request, given: Searched) -> Response:
        """Answer a question as server-sent events: first the passages found, then the reply.

        The event "hits" has the same data as the response of `search`, and the event "reply" that
        of `ask`. If the passages cannot be read, the last event is "problem" instead.
        """
        await request.body()  # from here on, it is noticed when the caller leaves
        return await stream_answer(self._assistant, self._scheduler, given.search())

    async def search(self, request: Request, given: Searched) -> Response:
        """Find the passages that match a question or topic best, best first, with their scores.

        For every score, higher is better.
        """
        return await self._answer(request, "search", given, partial(self._hits, given))

    async def article(self, request: Request, given: ArticleQuery) -> Response:
        """Read an article, or a part of it, with its blocks and the ids of its near duplicates.

        `start` and `end` of a citation count the characters (Unicode code points) of the whole
        text. If the text continues after this part, `more` is the `start` of the next one.
        """
        part = partial(self._part, given)
        return await self._answer(request, "article", given, lambda: self._scheduler.look_up(part))

    async def articles(self, request: Request, given: ListQuery) -> Response:
        """List the articles of the index with their states, filtered, sorted and in pages.

        Files that could not be read are listed too, in the state "failed".
        """
        try:
            return await self._answer(request, "articles", given, partial(self._listed, given))
        except TimeoutError:
            return problem_response(_LISTING)

    async def index(self, request: Request) -> Response:
        """Show what the index contains: counts of articles by source, day, language and kind."""
        return await self._answer(
            request, "index", None, lambda: self._scheduler.look_up(self._figures)
        )

    async def check(self, request: Request, given: DraftBody) -> Response:
        """Check whether the quotations of a draft stand in the articles, word for word.

        Each has a `verdict`: "exact"; "altered", with the words that differ; "misattributed" to
        another speaker; "spliced" from different sentences; or "absent".
        """
        await request.body()
        checked = await self._scheduler.check_text(self._assistant, parse_draft(given.draft))
        return _json(checked, {"Cache-Control": "no-store"})

    async def _answer(
        self,
        request: Request,
        endpoint: str,
        given: BaseModel | None,
        work: Callable[[], Awaitable[BaseModel]],
    ) -> Response:
        """The response, or 304 if the client has it already.

        The ETag is made first: if the index is replaced meanwhile, the next request notices it.
        """
        await request.body()  # from here on, it is noticed when the caller leaves
        if request.method != "GET":
            return _json(await work(), {"Cache-Control": "no-store"})
        parameters = {} if given is None else given.model_dump(mode="json")
        etag = await self._scheduler.look_up(partial(self._etags.of, endpoint, parameters))
        headers = _REVALIDATED if etag is None else {**_REVALIDATED, "ETag": etag}
        if is_known(request, etag):
            return Response(status_code=304, headers=headers)
        return _json(await work(), headers)

    async def _hits(self, given: Searched) -> BaseModel:
        search = given.search()
        found = await self._scheduler.found(self._assistant, search)
        return found_passages(search.question, found.hits, found.generation.name)

    def _part(self, given: ArticleQuery) -> ArticleWithCopies:
        id = parse_id(given.article)
        found = self._assistant.article(id)
        part = article_part(found, start=given.start, length=given.length)
        facts = {name: getattr(part, name) for name in ArticlePart.model_fields}
        return ArticleWithCopies(**facts, copies=tuple(self._assistant.copies_of(id)))

    async def _listed(self, given: ListQuery) -> BaseModel:
        catalog = await self._catalog.updated()
        work = partial(self._list, given, catalog)
        return await self._scheduler.show(work)  # no search waits for it

    @staticmethod
    def _list(given: ListQuery, catalog: Catalog) -> ArticleList:
        start = (given.page - 1) * given.per_page
        listed = catalog.page(given.wanted(), start=start, count=given.per_page)
        return ArticleList(
            generation=catalog.generation,
            count=listed.count,
            page=given.page,
            pages=max(1, -(-listed.count // given.per_page)),
            articles=tuple(CatalogArticle.model_validate(one) for one in listed.entries),
        )

    def _figures(self) -> IndexInfo:
        """The figures of the generation that answers now, counted once for each."""
        generation, counted = self._assistant.generation, self._counted
        if counted is None or counted[0] is not generation:
            counted = self._counted = generation, index_info(generation)
        return counted[1]


def _json(model: BaseModel, headers: dict[str, Any]) -> Response:
    return Response(model.model_dump_json(), headers=headers, media_type="application/json")
