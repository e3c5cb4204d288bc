"""The endpoints of the HTTP API. Their docstrings are their descriptions in the document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from pullquote.index.catalog.catalog import Catalog
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.article_list import ArticleList, CatalogArticle
from pullquote.schema.article_part import ArticlePart, ArticleWithCopies, article_part
from pullquote.schema.found_passages import found_passages
from pullquote.schema.problem import Problem
from pullquote.web.current_catalog import CurrentCatalog
from pullquote.web.http_api.etags import ETags, is_known
from pullquote.web.http_api.index_info import IndexFigures
from pullquote.web.http_api.parameters import ArticleQuery, DraftBody, ListQuery, Searched
from pullquote.web.http_api.problems import problem_response
from pullquote.web.http_api.streaming import stream_answer
from pullquote.web.limits import MAX_PASSAGES_READ
from pullquote.web.requests import parse_draft, parse_id
from pullquote.web.scheduler import Scheduler

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
        self._figures = IndexFigures(assistant)
        self.most_read = max(MAX_PASSAGES_READ, assistant.settings.hits)

    async def ask(self, request: Request, given: Searched) -> Response:
        """Answer a question with the exact words of the articles, best answer first.

        Look at `outcome` first. "answer": the first answer is likely to be right. "possible": it
        may be wrong, so check it in the article. "nothing": the articles have no answer, and
        `answers` are only the closest passages.
        """
        return await self._answer(request, "ask", given, partial(self._reply, given))

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
        return await self._answer(request, "article", given, partial(self._part, given))

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
        return await self._answer(request, "index", None, self._info)

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

    async def _reply(self, given: Searched) -> BaseModel:
        return await self._scheduler.ask(self._assistant, given.search())

    async def _hits(self, given: Searched) -> BaseModel:
        search = given.search()
        found = await self._scheduler.found(self._assistant, search)
        return found_passages(search.question, found.hits, found.generation.name)

    async def _part(self, given: ArticleQuery) -> BaseModel:
        return await self._scheduler.look_up(partial(self._read_part, given))

    def _read_part(self, given: ArticleQuery) -> ArticleWithCopies:
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

    async def _info(self) -> BaseModel:
        return await self._scheduler.look_up(self._figures.current)


def _json(model: BaseModel, headers: dict[str, Any]) -> Response:
    return Response(model.model_dump_json(), headers=headers, media_type="application/json")
