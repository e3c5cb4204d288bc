"""The speaker pages over HTTP: lists, claims and audits as pages and as files."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Self

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pullquote.base.cancellation import Cancellation
from pullquote.base.thread_pool import ThreadPool
from pullquote.base.wording import BEING_READ
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.speakers import SpeakerIndex
from pullquote.newsroom.speakers.tables import (
    article_audit_csv,
    audit_csv,
    claims_csv,
    speakers_csv,
)
from pullquote.schema.errors import ArticleUnknown, ArticleWithheld, PullquoteError, SpeakerUnknown
from pullquote.web.lists import ROWS_PER_PAGE, last_page
from pullquote.web.pages import (
    Application,
    PageGroup,
    PageLink,
    answer,
    file_answer,
    sources_of,
    style_route,
)
from pullquote.web.scheduler import Scheduler
from pullquote.web.speakers.pages import (
    article_audit_html,
    corpus_audit_html,
    message_html,
    speaker_frame,
    speaker_html,
    speakers_html,
    unknown_html,
)
from pullquote.web.speakers.query import (
    parse_audit_request,
    parse_claims_request,
    parse_speakers_request,
)
from pullquote.web.views.permalinks import AUDIT, SPEAKER, SPEAKERS

READY_SECONDS = 3.0
"""How long a page waits for new articles to be read before it shows how far that is."""


class BackgroundReading:
    """Brings the speakers of an index up to date in a thread of its own."""

    def __init__(self, speakers: SpeakerIndex) -> None:
        self._speakers = speakers
        self._worker = ThreadPool(1, name="speakers")
        self._cancellation = Cancellation()
        self._lock = threading.Lock()
        self._update: Future[None] | None = None
        self._done, self._total = 0, 0

    async def progress(self, scheduler: Scheduler) -> tuple[int, int] | None:
        """How many of how many articles are read; None once all are.

        If some are not, reading them begins, and they are waited for a moment, during which other
        pages are made. While the number of articles is unknown, both are 0.

        Raises:
            PullquoteError: the index cannot be opened, or the last reading failed.
        """
        update = await scheduler.show(self._begun)
        if update is None:
            return None
        try:
            waiting = asyncio.shield(asyncio.wrap_future(update))
            return await asyncio.wait_for(waiting, READY_SECONDS)
        except TimeoutError:
            return self._done, self._total

    def close(self) -> None:
        """Stop reading; what has been read is stored."""
        self._cancellation.cancel()
        self._worker.shutdown()

    def _begun(self) -> Future[None] | None:
        """The reading that is at work, or begins now; None if all articles are read."""
        if self._speakers.is_ready:
            return None
        with self._lock:
            if self._update is None or self._update.done():
                self._done, self._total = 0, 0
                self._update = self._worker.submit(self._read)
            return self._update

    def _read(self) -> None:
        with self._cancellation.applied():
            self._speakers.update(self._note)

    def _note(self, done: int, total: int) -> None:
        self._done, self._total = done, total


_NOT_READY = f"{BEING_READ} Try again in a moment."

_BOM = "\ufeff"
"""Without it, spreadsheets read accents and dashes wrongly."""

Query = Mapping[str, str]


class SpeakerPages(PageGroup):
    """The pages for one assistant, made by the scheduler; `close` ends the reading of articles."""

    links = (PageLink(60, SPEAKERS, "Speakers"), PageLink(70, AUDIT, "Source audit"))

    def __init__(self, assistant: Assistant, scheduler: Scheduler) -> None:
        self._assistant, self._scheduler = assistant, scheduler
        self._reading = BackgroundReading(assistant.speakers)
        self.routes = [
            self._route(SPEAKERS, "Speakers", self._speakers),
            self._route(SPEAKER, "Speaker", self._speaker),
            self._route(AUDIT, "Source audit", self._audit),
            self._file(SPEAKERS, self._speakers_file),
            self._file(SPEAKER, self._speaker_file),
            self._file(AUDIT, self._audit_file),
            style_route("speakers/speakers"),
        ]
        self.paths = tuple(f"/{page}" for page in (SPEAKERS, SPEAKER, AUDIT))

    @classmethod
    def open(cls, application: Application) -> Self:
        """The pages in an application."""
        return cls(application.assistant, application.scheduler)

    def close(self) -> None:
        """Stop reading articles."""
        self._reading.close()

    def _route(self, page: str, title: str, made: Callable[[Query], Markup]) -> Route:
        async def get(request: Request) -> Response:
            frame, query = speaker_frame(title, page), request.query_params
            try:
                progress = await self._reading.progress(self._scheduler)
                if progress is not None:
                    done, total = progress
                    return answer(message_html(replace(frame, waits=True, done=done, total=total)))
                return await self._scheduler.show(lambda: answer(made(query)))
            except SpeakerUnknown as error:
                return answer(unknown_html(error.name, error.near), status=404)
            except PullquoteError as error:
                html = message_html(replace(frame, notice=str(error)))
                return answer(html, status=_status(error), error=error)

        return Route(f"/{page}", get, methods=["GET"])

    def _file(self, page: str, made: Callable[[Query], str]) -> Route:
        def table(query: Query) -> Response:
            content = (_BOM + made(query)).encode(errors="backslashreplace")
            return file_answer(content, "text/csv; charset=utf-8", f"{page}.csv")

        async def get(request: Request) -> Response:
            query = request.query_params
            try:
                if await self._reading.progress(self._scheduler) is not None:
                    return answer(_NOT_READY, "text/plain", status=503)
                return await self._scheduler.show(lambda: table(query))
            except PullquoteError as error:
                return answer(str(error), "text/plain", status=_status(error), error=error)

        return Route(f"/{page}.csv", get, methods=["GET"])

    def _speakers(self, query: Query) -> Markup:
        request, speakers = parse_speakers_request(query), self._assistant.speakers
        total = speakers.number_of_speakers(request.words, filters=request.filters)
        request = replace(request, page=min(request.page, last_page(total)))
        found = speakers.find(
            request.words,
            filters=request.filters,
            sort=request.sort,
            descending=request.descending,
            start=(request.page - 1) * ROWS_PER_PAGE,
            count=ROWS_PER_PAGE,
        )
        return speakers_html(request, found, total=total, sources=sources_of(self._assistant))

    def _speakers_file(self, query: Query) -> str:
        request = parse_speakers_request(query)
        return speakers_csv(
            self._assistant.speakers.find(
                request.words,
                filters=request.filters,
                sort=request.sort,
                descending=request.descending,
            )
        )

    def _speaker(self, query: Query) -> Markup:
        request, speakers = parse_claims_request(query), self._assistant.speakers
        speaker = speakers.speaker(request.name)
        total = speakers.number_of_claims(request.name, filters=request.filters)
        request = replace(request, page=min(request.page, last_page(total)))
        claims = speakers.claims_by(
            request.name,
            filters=request.filters,
            descending=not request.oldest,
            start=(request.page - 1) * ROWS_PER_PAGE,
            count=ROWS_PER_PAGE,
        )
        return speaker_html(
            request,
            speaker,
            claims,
            total=total,
            similar=speakers.similar(request.name),
            sources=sources_of(self._assistant),
        )

    def _speaker_file(self, query: Query) -> str:
        request = parse_claims_request(query)
        return claims_csv(
            self._assistant.speakers.claims_by(
                request.name, filters=request.filters, descending=not request.oldest
            )
        )

    def _audit(self, query: Query) -> Markup:
        request, speakers = parse_audit_request(query), self._assistant.speakers
        if request.article:
            return article_audit_html(speakers.audit_article(request.article))
        return corpus_audit_html(request, speakers.audit(filters=request.filters))

    def _audit_file(self, query: Query) -> str:
        request, speakers = parse_audit_request(query), self._assistant.speakers
        if request.article:
            return article_audit_csv(speakers.audit_article(request.article))
        return audit_csv(speakers.audit(filters=request.filters))


def _status(error: PullquoteError) -> int:
    return 404 if isinstance(error, (SpeakerUnknown, ArticleUnknown, ArticleWithheld)) else 503
