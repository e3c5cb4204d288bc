"""Adds files and web pages to the corpus over HTTP, a few at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pullquote.base.atomic_io import remedy_for
from pullquote.index.services import corpus_of
from pullquote.schema.settings import Settings
from pullquote.web.access.refusals import RETRY_AFTER, RETRY_SECONDS
from pullquote.web.corpus.links.address import LinkRefused, file_name, parse_address
from pullquote.web.corpus.links.fetch import FetchedPage, PageFetcher, warc_of
from pullquote.web.corpus.uploads import (
    IncomingUpload,
    UploadRefused,
    UploadSlots,
    paced_chunks,
    too_large,
)


class Additions:
    """The routes that add to the corpus, as far as the settings allow them.

    `streamed` are the paths whose request bodies are streamed, each with its limit in bytes.
    """

    def __init__(self, settings: Settings, *, prefix: str) -> None:
        self._settings = settings
        self._slots = UploadSlots()
        self.routes: list[Route] = []
        self.streamed: dict[str, int] = {}
        if settings.uploads:
            self.routes.append(self._route(f"{prefix}/upload", self._store_file))
            self.streamed[f"{prefix}/upload"] = settings.upload_bytes
        if fetches_links(settings):
            self.routes.append(self._route(f"{prefix}/link", self._store_page))
        self._fetcher = PageFetcher(
            most=min(settings.upload_bytes, settings.limits.member_bytes),
            networks=settings.link_networks,
        )

    def _route(self, path: str, store: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, partial(self._in_slot, store), methods=["POST"])

    async def _in_slot(
        self, store: Callable[[Request], Awaitable[Response]], request: Request
    ) -> Response:
        """What `store` answers, or a refusal, also if no slot is free."""
        address = "" if request.client is None else request.client.host
        if not self._slots.take(address):
            why = f"Too many uploads are in progress. Try again in {RETRY_SECONDS} seconds."
            return refusal(UploadRefused(why, status=503))
        try:
            return await store(request)
        except (UploadRefused, LinkRefused) as error:
            return refusal(error)
        except TimeoutError:
            return refusal(UploadRefused("The file took too long to arrive.", status=408))
        except ClientDisconnect:
            why = "The upload was cut off before the file was complete."
            return refusal(UploadRefused(why, status=400))
        except OSError as error:
            why = f"The file could not be stored: {error.strerror or error}. {remedy_for(error)}"
            return refusal(UploadRefused(why, status=507))
        finally:
            self._slots.give_back(address)

    async def _store_file(self, request: Request) -> Response:
        """Store the uploaded file in the corpus, and answer with its id.

        The status is 200 if the corpus already has the same file, and otherwise 201.
        """
        query, most = request.query_params, self._settings.upload_bytes
        announced = request.headers.get("content-length", "")
        size = int(announced) if announced.isdecimal() else None
        if size is not None and size > most:
            raise too_large(most)
        corpus, name = corpus_of(self._settings), query.get("name", "")
        replaces = query.get("replace") == "1"
        upload = await run_sync(
            partial(IncomingUpload, corpus, name, replace=replaces, most=most, size=size)
        )
        try:
            async for chunk in paced_chunks(request.stream()):
                await run_sync(upload.write, chunk)
            file = await run_sync(upload.commit)
            return JSONResponse({"file": file}, status_code=200 if upload.already_there else 201)
        finally:
            upload.abandon()

    async def _store_page(self, request: Request) -> Response:
        """Store the page at the address in the body, and answer with the id of its file.

        An earlier copy of the page is replaced only if the request says so.
        """
        text = (await request.body()).decode(errors="replace")
        page = await self._fetcher.fetch(parse_address(text))
        replaces = request.query_params.get("replace") == "1"
        return await run_sync(partial(self._stored, page, replace=replaces))

    def _stored(self, page: FetchedPage, *, replace: bool) -> Response:
        content = warc_of(page)
        upload = IncomingUpload(
            corpus_of(self._settings), file_name(page.url), replace=replace, most=len(content)
        )
        try:
            upload.write(content)
            answer = {"file": upload.commit(), "address": str(page.url)}
            return JSONResponse(answer, status_code=201)
        finally:
            upload.abandon()


def fetches_links(settings: Settings) -> bool:
    """Whether the page accepts web addresses."""
    return settings.uploads and settings.fetch_links


def refusal(error: UploadRefused | LinkRefused) -> Response:
    """The response to a request that is refused."""
    # The rest of the request is not read.
    headers = {"Connection": "close", **(RETRY_AFTER if error.status == 503 else {})}
    return JSONResponse({"detail": str(error)}, status_code=error.status, headers=headers)
