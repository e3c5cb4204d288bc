"""The Corpus page over HTTP: lists articles, rebuilds the index and accepts files and links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, Self

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pullquote.base.plurals import listed
from pullquote.index.catalog.catalog import Catalog, CatalogPage, Overview
from pullquote.index.catalog.catalog_rows import CatalogQuery, State
from pullquote.index.metadata import PublicationDays
from pullquote.index.services import corpus_of
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import PullquoteError
from pullquote.schema.settings import Settings
from pullquote.web.access.auth import is_local
from pullquote.web.corpus.additions import Additions, fetches_links, refusal
from pullquote.web.corpus.document import CorpusContent, date_chart, document_html
from pullquote.web.corpus.listing import file_outcome, listing_row, outcome_html
from pullquote.web.corpus.query import ListRequest, parse_consent, parse_list_request
from pullquote.web.corpus.rebuild_job import RebuildJob
from pullquote.web.corpus.rebuild_panel import rebuild_panel_html
from pullquote.web.corpus.uploads import UploadRefused
from pullquote.web.current_catalog import CurrentCatalog
from pullquote.web.lists import ROWS_PER_PAGE
from pullquote.web.pages import (
    STYLES,
    Application,
    PageGroup,
    PageLink,
    answer,
    render,
    script,
    static_route,
    style,
)
from pullquote.web.scheduler import Scheduler
from pullquote.web.state.facets import label_of

NEWEST: Final = CatalogQuery(state=State.INDEXED)
"""The articles to list, newest first."""

NEWEST_SHOWN = 6

_LANGUAGES_SHOWN = 4


def archive_html(overview: Overview, newest: CatalogPage, days: PublicationDays) -> Markup:
    """The newest articles, and what the archive contains, as HTML; "" for an empty archive."""
    if not newest.entries:
        return render("corpus/archive.html", "archive", None)
    first, last, _ = days
    names = [label_of("languages", name) for name in overview.languages if name]
    more = [f"{len(names) - _LANGUAGES_SHOWN} more"] if len(names) > _LANGUAGES_SHOWN else []
    return render(
        "corpus/archive.html",
        "archive",
        newest=[listing_row(entry) for entry in newest.entries],
        articles=newest.count,
        sources=sum(1 for name in overview.sources if name),
        first=first,
        last=last,
        languages=listed([*names[:_LANGUAGES_SHOWN], *more]) if names else "",
        dates=date_chart(CatalogQuery(), overview.months if overview.states else {}),
    )


CORPUS: Final = "/corpus"

FAILED_SHOWN = 5
"""Failed files that the top of the page names. The list has all of them."""

Listed = Callable[[CorpusContent], CorpusContent]

_LISTING = "The list of articles is being prepared. It will appear here when it is ready."


class CorpusPage(PageGroup):
    """The page for one assistant; `close` ends its rebuild and its threads."""

    links = (PageLink(50, "corpus", "Corpus"),)

    def __init__(
        self,
        assistant: Assistant,
        scheduler: Scheduler,
        rebuild_job: RebuildJob,
        catalog: CurrentCatalog,
    ) -> None:
        settings = assistant.settings
        self._assistant, self._scheduler = assistant, scheduler
        self._catalog = catalog
        self._additions = Additions(settings, prefix=CORPUS)
        self._rebuilds = may_rebuild(settings)
        self._upload_bytes = settings.upload_bytes if settings.uploads else None
        self._rebuild_job = rebuild_job
        self.routes = self._allowed_routes()
        self.paths = (CORPUS,)
        self.streamed = self._additions.streamed

    @classmethod
    def open(cls, application: Application) -> Self:
        """The pages in an application."""
        return cls(
            application.assistant,
            application.scheduler,
            application.rebuild_job,
            application.catalog,
        )

    def close(self) -> None:
        """Cancel a running rebuild, and delete the catalog."""
        self._rebuild_job.close()
        self._catalog.close()

    def _allowed_routes(self) -> list[Route]:
        routes = [
            Route(CORPUS, self._get_page, methods=["GET"]),
            Route(f"{CORPUS}/archive", self._get_archive, methods=["GET"]),
            static_route(f"{CORPUS}/look.css", style(*STYLES, "corpus/corpus"), "text/css"),
            static_route(
                f"{CORPUS}/page.js", script("corpus/corpus", "corpus/uploads"), "text/javascript"
            ),
        ]
        if self._rebuilds:
            routes += [
                Route(f"{CORPUS}/rebuild", self._get_panel, methods=["GET"]),
                Route(f"{CORPUS}/rebuild", self._start_rebuild, methods=["POST"]),
                Route(f"{CORPUS}/cancel", self._cancel_rebuild, methods=["POST"]),
            ]
        if self._upload_bytes is not None:
            routes.append(Route(f"{CORPUS}/outcome", self._get_outcome, methods=["GET"]))
        return [*routes, *self._additions.routes]

    async def _get_page(self, request: Request) -> Response:
        wanted = parse_list_request(request.query_params)
        try:
            listed: Listed = partial(self._with_list, await self._catalog.updated())
        except TimeoutError:
            listed = partial(replace, notice=_LISTING, waits=True)
        except PullquoteError as error:
            listed = partial(replace, notice=str(error))
        return answer(
            await self._scheduler.show(lambda: document_html(self._content(wanted, listed)))
        )

    async def _get_archive(self, _: Request) -> Response:
        try:
            catalog = await self._catalog.updated()
        except TimeoutError:
            return Response(status_code=202)
        except PullquoteError:
            return Response(status_code=204)  # the chat says why there is no index
        return await self._scheduler.show(partial(self._archive, catalog))

    def _archive(self, catalog: Catalog) -> Response:
        try:
            days = self._assistant.generation.days()
        except PullquoteError:
            return Response(status_code=204)
        newest = catalog.page(NEWEST, start=0, count=NEWEST_SHOWN)
        return answer(archive_html(catalog.overview, newest, days))

    def _content(self, request: ListRequest, listed: Listed) -> CorpusContent:
        content = CorpusContent(
            request=request,
            panel=rebuild_panel_html(self._rebuild_job.state) if self._rebuilds else None,
            upload_bytes=self._upload_bytes,
            links=fetches_links(self._assistant.settings),
        )
        try:
            if self._rebuilds:
                content = replace(content, corpus=corpus_of(self._assistant.settings))
        except PullquoteError as error:  # the server of the index does not answer
            return replace(content, notice=str(error))
        return listed(content)

    def _with_list(self, catalog: Catalog, content: CorpusContent) -> CorpusContent:
        """The content with the list, or with the reason why there is none."""
        try:
            progress = self._assistant.generation.manifest.progress
        except PullquoteError as error:
            return replace(content, notice=str(error))
        start = (content.request.page - 1) * ROWS_PER_PAGE
        wanted = content.request.wanted
        listed = catalog.page(wanted, start=start, count=ROWS_PER_PAGE)
        failures = CatalogQuery(state=State.FAILED, sort="added")
        failed = catalog.page(failures, start=0, count=FAILED_SHOWN)
        notice = "" if progress is None else progress.note
        return replace(
            content, notice=notice, overview=catalog.overview, listed=listed, failed=failed
        )

    async def _get_outcome(self, request: Request) -> Response:
        """What an added file has become, as HTML; 503 while the catalog is updated."""
        file = parse_list_request(request.query_params).wanted.file or ""
        try:
            catalog = await self._catalog.updated()
            outcome = await self._scheduler.show(
                lambda: file_outcome(file, catalog, self._assistant.generation)
            )
        except (TimeoutError, PullquoteError) as error:
            return refusal(UploadRefused(str(error) or _LISTING, status=503))
        return answer(outcome_html(outcome))

    async def _get_panel(self, _: Request) -> Response:
        return answer(rebuild_panel_html(self._rebuild_job.state))

    async def _start_rebuild(self, request: Request) -> Response:
        self._rebuild_job.start(parse_consent(request.query_params))
        return _redirect_to_page()

    async def _cancel_rebuild(self, _: Request) -> Response:
        self._rebuild_job.cancel()
        return _redirect_to_page()


def may_rebuild(settings: Settings) -> bool:
    """Whether the page may rebuild the index.

    If `rebuild_from_chat` is not set, it may do so only if nobody on another machine can reach the
    page, not even through a proxy.
    """
    if settings.rebuild_from_chat is not None:
        return settings.rebuild_from_chat
    proxied = settings.allowed_hosts or settings.trusted_proxies or settings.proxy_header
    return is_local(settings.host) and not proxied


def _redirect_to_page() -> Response:
    """A redirect to the page, for browsers that do not run its script."""
    return RedirectResponse("../corpus", status_code=303)
