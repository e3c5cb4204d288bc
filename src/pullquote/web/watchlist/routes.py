"""The page of the standing questions over HTTP: list, add, remove, ask now, and the feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Self
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.watchlist.watchlist import Watchlist
from pullquote.newsroom.watchlist.wording import rss
from pullquote.schema.errors import PullquoteError
from pullquote.web.corpus.routes import may_rebuild
from pullquote.web.pages import Application, PageGroup, PageLink, answer, sources_of, style_route
from pullquote.web.requests import parse_search
from pullquote.web.scheduler import Scheduler
from pullquote.web.watchlist.document import (
    FEED,
    PAGE,
    WatchlistContent,
    change_link,
    watchlist_html,
)
from pullquote.web.watchlist.job import WatchlistJob

MOST_FIELDS = 20

Form = Mapping[str, str]


class WatchlistPage(PageGroup):
    """The page for one assistant, made by the scheduler. Only if `may_change` is set, it has forms.

    `is_updating` says whether the index is being updated.
    """

    links = (PageLink(40, PAGE, "Watchlist"),)

    def __init__(
        self,
        assistant: Assistant,
        scheduler: Scheduler,
        *,
        may_change: bool,
        is_updating: Callable[[], bool],
    ) -> None:
        self._assistant, self._scheduler = assistant, scheduler
        self._may_change = may_change
        self._is_updating = is_updating
        self._watchlist = Watchlist(settings=assistant.settings)
        self._job = WatchlistJob(assistant, self._watchlist)
        self.routes = [
            Route(f"/{PAGE}", self._get_page, methods=["GET"]),
            Route(f"/{FEED}", self._get_feed, methods=["GET"]),
            style_route("watchlist/watchlist"),
        ]
        if may_change:
            self.routes.append(Route(f"/{PAGE}", self._post, methods=["POST"]))
        self.paths = (f"/{PAGE}",)

    @classmethod
    def open(cls, application: Application) -> Self:
        """The pages in an application."""
        job = application.rebuild_job
        page = cls(
            application.assistant,
            application.scheduler,
            may_change=may_rebuild(application.assistant.settings),
            is_updating=lambda: job.is_running,
        )
        job.then(page.index_changed)
        return page

    def index_changed(self) -> None:
        """Ask the questions again, if there are any; returns at once."""
        try:
            if self._watchlist.questions:
                self._job.start()
        except PullquoteError:
            return  # the page says why the file cannot be read

    def close(self) -> None:
        """End a run."""
        self._job.close()

    async def _get_page(self, _: Request) -> Response:
        return await self._scheduler.show(self._page)

    def _page(self, notice: str = "", typed: str = "", status: int = 200) -> Response:
        updating = self._is_updating()  # first, since the questions are asked before it ends
        content = WatchlistContent(
            (), (), self._may_change, self._job.state, updating, notice=notice, typed=typed
        )
        try:
            content = replace(content, questions=self._watchlist.standing())
            content = replace(content, sources=sources_of(self._assistant))
        except PullquoteError as error:
            content = replace(content, notice=notice or str(error))
        return answer(watchlist_html(content), status=status)

    async def _get_feed(self, request: Request) -> Response:
        return await self._scheduler.show(partial(self._feed, str(request.base_url)))

    def _feed(self, base: str) -> Response:
        try:
            changes = self._watchlist.changes
        except PullquoteError as error:
            return PlainTextResponse(str(error), status_code=503)
        links = [change_link(one, base) for one in changes]
        content = rss(changes, links, home=f"{base}{PAGE}")
        return answer(content, "application/rss+xml")

    async def _post(self, request: Request) -> Response:
        body = (await request.body()).decode(errors="replace")
        fields = parse_qsl(body, errors="replace")[:MOST_FIELDS]
        return await self._scheduler.show(partial(self._change, dict(fields)))

    def _change(self, form: Form) -> Response:
        """Do what a form says, and lead back to the page; or say why that is impossible."""
        changes = {"add": self._add, "remove": self._remove}
        try:
            changes.get(form.get("action", ""), self._run)(form)
        except PullquoteError as error:
            return self._page(str(error), form.get("question", ""), 400)
        return RedirectResponse(PAGE, status_code=303)

    def _add(self, form: Form) -> None:
        source = form.get("source", "")
        search = parse_search(
            question=form.get("question", ""),
            since=form.get("since", ""),
            sources=(source,) if source else (),
        )
        self._watchlist.add(search.question, search.filters)
        self._job.start()

    def _remove(self, form: Form) -> None:
        self._watchlist.remove(form.get("id", ""))

    def _run(self, _: Form) -> None:
        self._job.start()
