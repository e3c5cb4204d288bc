"""The Corpus page over HTTP, with what it does: list, rebuild, take files."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property, partial
from importlib.resources import files
from typing import Final

from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pullquote.assistant import Assistant
from pullquote.errors import PullquoteError
from pullquote.index.catalog.catalog import Catalog
from pullquote.services import corpus_of, rebuild_with_consent
from pullquote.settings import Settings
from pullquote.web.access.auth import is_local
from pullquote.web.access.retry import RETRY_AFTER, RETRY_SECONDS
from pullquote.web.corpus.document import View, document_html
from pullquote.web.corpus.listing import ROWS
from pullquote.web.corpus.pace import pieces
from pullquote.web.corpus.panel import panel_html
from pullquote.web.corpus.places import UploadPlaces
from pullquote.web.corpus.query import Asked, parse_agreed, parse_asked
from pullquote.web.corpus.rebuilding import Rebuilding
from pullquote.web.corpus.uploads import Incoming, UploadRefused, too_large

CORPUS: Final = "/corpus"

LIST_SECONDS = 3.0
"""How long the page waits for the catalog before it says that it is being made."""


class CorpusPage:
    """The page over one assistant; `close` it to end what it has begun."""

    def __init__(self, assistant: Assistant) -> None:
        settings = assistant.settings
        self._assistant = assistant
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="catalog")
        self._making: Future[None] | None = None
        self._lock = threading.Lock()
        self._places = UploadPlaces()
        self._rebuilds = may_rebuild(settings)
        self._upload_bytes = settings.upload_bytes if settings.uploads else None
        self._rebuilding = Rebuilding(
            partial(rebuild_with_consent, settings),
            # Opened here, so that nobody's question waits for it.
            after=lambda: assistant.generation,
        )
        self.routes = self._made()

    @property
    def streamed(self) -> Mapping[str, int]:
        """The paths whose bodies are read as they come, and how long those may be."""
        return {} if self._upload_bytes is None else {f"{CORPUS}/upload": self._upload_bytes}

    def close(self) -> None:
        """Give up a rebuild that is at work, and forget the catalog."""
        self._rebuilding.close()
        self._worker.shutdown()
        if self._making is not None:
            self._catalog.close()

    @cached_property
    def _catalog(self) -> Catalog:
        """Made with the first visit."""
        return Catalog()

    def _made(self) -> list[Route]:
        """What the settings allow; for the rest there is no route."""
        folder = files("pullquote") / "web" / "static"
        look = "".join(
            (folder / name).read_text(encoding="utf-8") for name in ("style.css", "corpus.css")
        )
        script = (folder / "corpus.js").read_text(encoding="utf-8")
        routes = [
            Route(CORPUS, self._page, methods=["GET"]),
            Route(f"{CORPUS}/look.css", _fixed(look, "text/css"), methods=["GET"]),
            Route(f"{CORPUS}/page.js", _fixed(script, "text/javascript"), methods=["GET"]),
        ]
        if self._rebuilds:
            routes += [
                Route(f"{CORPUS}/rebuild", self._panel, methods=["GET"]),
                Route(f"{CORPUS}/rebuild", self._start, methods=["POST"]),
                Route(f"{CORPUS}/cancel", self._stop, methods=["POST"]),
            ]
        if self._upload_bytes is not None:
            routes.append(Route(f"{CORPUS}/upload", self._upload, methods=["POST"]))
        return routes

    async def _page(self, request: Request) -> Response:
        asked = parse_asked(request.query_params)
        return _told(document_html(await run_sync(self._view, asked)))

    def _view(self, asked: Asked) -> View:
        """What there is to show now."""
        allowed = View(
            asked=asked,
            panel=panel_html(self._rebuilding.state) if self._rebuilds else None,
            corpus=None,
            upload_bytes=self._upload_bytes,
        )
        try:
            if self._rebuilds:
                allowed = replace(allowed, corpus=corpus_of(self._assistant.settings))
        except PullquoteError as error:  # its server does not answer
            return replace(allowed, notice=str(error))
        return self._filled(allowed)

    def _filled(self, view: View) -> View:
        """The view with the list, or with the reason why there is none."""
        try:
            self._made_by_now().result(timeout=LIST_SECONDS)
        except TimeoutError:
            return replace(view, notice=_BEING_LISTED, waits=True)
        except PullquoteError as error:
            return replace(view, notice=str(error))
        start = (view.asked.page - 1) * ROWS
        listed = self._catalog.page(view.asked.wanted, start=start, count=ROWS)
        return replace(view, overview=self._catalog.overview, listed=listed)

    def _made_by_now(self) -> Future[None]:
        """The catalog of the current generation, being made or done."""
        with self._lock:
            if self._making is None or self._making.done():
                generation, now = self._assistant.generation, time.time()
                if self._making is None or not self._catalog.holds(generation, now=now):
                    self._making = self._worker.submit(self._catalog.update, generation, now=now)
            return self._making

    async def _panel(self, _: Request) -> Response:
        return _told(panel_html(self._rebuilding.state))

    async def _start(self, request: Request) -> Response:
        self._rebuilding.start(parse_agreed(request.query_params))
        return _back()

    async def _stop(self, _: Request) -> Response:
        self._rebuilding.stop()
        return _back()

    async def _upload(self, request: Request) -> Response:
        address = "" if request.client is None else request.client.host
        if not self._places.take(address):
            return _refused(_all_places_taken())
        try:
            return JSONResponse({"file": await self._taken(request)}, status_code=201)
        except UploadRefused as error:
            return _refused(error)
        except TimeoutError:
            return _refused(UploadRefused("The file took too long to arrive.", status=408))
        except ClientDisconnect:
            return _refused(UploadRefused("The file did not arrive whole.", status=400))
        except OSError as error:
            why = f"The file could not be kept: {error.strerror or error}."
            return _refused(UploadRefused(why, status=507))
        finally:
            self._places.give_back(address)

    async def _taken(self, request: Request) -> str:
        """The id of the file that a request brings, once it is in the corpus."""
        query, most = request.query_params, self._assistant.settings.upload_bytes
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > most:
            raise too_large(most)
        corpus = corpus_of(self._assistant.settings)
        made = partial(
            Incoming, corpus, query.get("name", ""), replace=query.get("replace") == "1", most=most
        )
        incoming = await run_sync(made)
        try:
            async for piece in pieces(request.stream()):
                await run_sync(incoming.write, piece)
            return await run_sync(incoming.keep)
        finally:
            incoming.abandon()


_BEING_LISTED = "The articles are being listed. This page shows them as soon as that is done."


def may_rebuild(settings: Settings) -> bool:
    """Whether the index may be rebuilt from the page.

    Unless the settings say so, only where nobody else can reach it, also not by a proxy.
    """
    if settings.rebuild_from_chat is not None:
        return settings.rebuild_from_chat
    proxied = settings.allowed_hosts or settings.trusted_proxies or settings.proxy_header
    return is_local(settings.host) and not proxied


def _told(html: str) -> Response:
    return HTMLResponse(html, headers={"Cache-Control": "no-store"})


def _back() -> Response:
    """To the page, for a browser without the script."""
    return RedirectResponse("../corpus", status_code=303)


def _all_places_taken() -> UploadRefused:
    reason = f"Too many files are arriving already. Try again in {RETRY_SECONDS} seconds."
    return UploadRefused(reason, status=503)


def _refused(error: UploadRefused) -> Response:
    # What else is on its way is not read.
    headers = {"Connection": "close", **(RETRY_AFTER if error.status == 503 else {})}
    return JSONResponse({"detail": str(error)}, status_code=error.status, headers=headers)


def _fixed(text: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    """What answers with a text that never changes."""

    async def serve(_: Request) -> Response:
        return Response(text, media_type=kind, headers={"Cache-Control": "no-cache"})

    return serve
