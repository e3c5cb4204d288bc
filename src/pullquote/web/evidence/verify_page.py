"""The page that verifies a pack or an export: a form, and the result. It needs no script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pullquote.index import OpenGeneration
from pullquote.newsroom.packs import is_pack_bytes
from pullquote.newsroom.verification.verify import verify_bytes
from pullquote.schema.errors import Busy, CitationsUnreadable, PullquoteError, RequestGivenUp
from pullquote.web.access.retry import RETRY_SECONDS, retry_after
from pullquote.web.corpus.upload_slots import UploadSlots
from pullquote.web.evidence.incoming import (
    MOST_REQUEST_BYTES,
    FormUnreadable,
    IncomingFile,
    read_form,
)
from pullquote.web.evidence.results import VerificationView, VerifyView, result_of, verify_html
from pullquote.web.limits import MAX_VERIFIED
from pullquote.web.liveness import Refusal
from pullquote.web.scheduler import Scheduler
from pullquote.web.static_files import static_route, style

VERIFY: Final = "/verify"
STYLE: Final = "verify.css"

_GIVEN_UP = (
    "It took too long and was stopped. Verify a file with fewer citations, or use the command "
    "pullquote verify."
)
_TOO_MANY = f"Too many files are being sent. Try again in {RETRY_SECONDS} seconds."
_TOO_SLOW = "The file took too long to arrive."
_CUT_OFF = "The file was cut off before its end."


class VerifyPage:
    """The page; `generation` opens the current one, and the scheduler runs the work."""

    def __init__(self, generation: Callable[[], OpenGeneration], scheduler: Scheduler) -> None:
        self._generation = generation
        self._scheduler = scheduler
        self._slots = UploadSlots()
        self.routes = [
            Route(VERIFY, self._get, methods=["GET"]),
            Route(VERIFY, self._post, methods=["POST"]),
            static_route(f"/{STYLE}", style("verify"), "text/css"),
        ]
        self.paths = (VERIFY,)

    @property
    def streamed(self) -> Mapping[str, int]:
        """The paths whose request bodies are streamed, each with its limit in bytes."""
        return {VERIFY: MOST_REQUEST_BYTES}

    @property
    def posts(self) -> Mapping[str, Refusal]:
        """The path that asks for work, with what it answers if there is too much of it."""
        return {VERIFY: partial(_refused, status=503)}

    def close(self) -> None:
        """Nothing runs in the background."""

    async def _get(self, _: Request) -> Response:
        return _page(VerifyView())

    async def _post(self, request: Request) -> Response:
        address = "" if request.client is None else request.client.host
        if not self._slots.take(address):
            return _refused(_TOO_MANY, status=503)
        try:
            file = await read_form(request.headers, request.stream())
        except FormUnreadable as error:
            return _refused(str(error), status=error.status)
        except TimeoutError:
            return _refused(_TOO_SLOW, status=408)
        except ClientDisconnect:
            return _refused(_CUT_OFF, status=400)
        finally:
            self._slots.give_back(address)
        return await self._answered(file)

    async def _answered(self, file: IncomingFile) -> Response:
        try:
            result = await self._scheduler.collect(lambda: self._result(file))
        except CitationsUnreadable as error:
            return _refused(f"{file.name} cannot be verified: {error.reason}.", status=422)
        except RequestGivenUp:
            return _refused(_GIVEN_UP, status=503)
        except Busy as error:
            return _refused(str(error), status=503, error=error)
        except PullquoteError as error:
            return _refused(str(error), status=503)
        return _page(VerifyView(result))

    def _result(self, file: IncomingFile) -> VerificationView:
        """The result; a sound pack is also compared with the index, if there is one."""
        verified = partial(verify_bytes, file.data, file.name, most=MAX_VERIFIED)
        if not is_pack_bytes(file.data, file.name):
            return result_of(verified(self._generation), file.name)
        if not file.compares:
            return result_of(verified(None), file.name)
        try:
            return result_of(verified(self._generation), file.name)
        except CitationsUnreadable:
            raise
        except PullquoteError as error:  # the index cannot be opened
            return replace(result_of(verified(None), file.name), uncompared=str(error))


def _page(
    view: VerifyView, *, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})
) -> Response:
    html = verify_html(view, style=STYLE)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store", **headers})


def _refused(reason: str, *, status: int, error: PullquoteError | None = None) -> Response:
    """The page with the reason; the rest of the request is not read."""
    headers = {"Connection": "close", **(retry_after(error) if status == 503 else {})}
    return _page(VerifyView(notice=reason), status=status, headers=headers)
