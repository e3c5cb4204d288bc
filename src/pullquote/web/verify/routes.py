"""The page that verifies a pack or an export: a form, and the result. It needs no script."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Self

from markupsafe import Markup
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from pullquote.base.plurals import counted
from pullquote.base.wording import GIVEN_UP
from pullquote.index import OpenGeneration
from pullquote.newsroom.packs import is_pack_bytes
from pullquote.newsroom.verification.verify import verify_bytes
from pullquote.schema import CitationState, Verification, VerifiedCitation
from pullquote.schema.errors import Busy, CitationsUnreadable, PullquoteError, RequestGivenUp
from pullquote.schema.file_limits import megabytes
from pullquote.web.access.refusals import RETRY_SECONDS
from pullquote.web.corpus.uploads import UploadSlots, paced_chunks
from pullquote.web.pages import (
    NOTHING,
    Application,
    PageFrame,
    PageGroup,
    PageLink,
    RequestRefused,
    answer,
    render,
    style_route,
)
from pullquote.web.request_limits import MAX_VERIFIED
from pullquote.web.scheduler import Scheduler
from pullquote.web.views.permalinks import article_href

MOST_BYTES = 16 << 20
"""Maximum size of a file. Its JSON may take ten times as much memory."""

MOST_REQUEST_BYTES = MOST_BYTES + 4096
"""Maximum size of the form, with the lines between its parts."""

NAME_SHOWN = 200
"""Characters of a file name that are shown."""


class FormUnreadable(RequestRefused):
    """The form has no file that can be read."""


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """The file of a form, and whether its quotes are also compared with the index."""

    name: str
    data: bytes
    compares: bool


async def read_form(headers: Headers, stream: AsyncGenerator[bytes, None]) -> IncomingFile:
    """The file in the body of a request.

    Raises:
        FormUnreadable: the body is too large, is no form, or has no file.
        TimeoutError: it arrives too slowly.
    """
    if not headers.get("content-type", "").startswith("multipart/form-data"):
        raise FormUnreadable("Choose a file, then press the button.")
    body = _within(paced_chunks(stream))
    try:
        form = await MultiPartParser(headers, body, max_files=1, max_fields=4).parse()
    except MultiPartException as error:
        raise FormUnreadable(f"The form cannot be read: {error.message}", status=400) from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise FormUnreadable("Choose a file, then press the button.")
        data = await file.read()
        if len(data) > MOST_BYTES:
            raise _too_large()
        if not data:
            raise FormUnreadable("The file is empty.")
        return IncomingFile(file.filename[-NAME_SHOWN:], data, form.get("compare") is not None)
    finally:
        await form.close()


async def _within(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        if received > MOST_REQUEST_BYTES:
            raise _too_large()
        yield chunk


def _too_large() -> FormUnreadable:
    most = megabytes(MOST_BYTES)
    reason = f"The file is larger than {most}. Verify it with the command pullquote verify."
    return FormUnreadable(reason, status=413)


MOST_SHOWN = 300
"""Citations that the page lists, those that do not stand first."""

TEXT_SHOWN = 1000
"""Characters of a quote, or of words that two texts share."""

_MEANINGS = {
    CitationState.STANDS: "The words stand where they were.",
    CitationState.MOVED: "The words are the same, but stand elsewhere.",
    CitationState.CHANGED: "Other words stand there now, or the words are gone.",
    CitationState.WITHDRAWN: "The source has withdrawn the article, or may not release it yet.",
    CitationState.GONE: "The article is no longer there.",
    CitationState.UNCLEAR: "It cannot be told which words were meant.",
}


@dataclass(frozen=True, slots=True)
class VerificationView:
    """What became of the citations of a file.

    `not_checked` are sentences about the facts that an old pack is not checked for.
    `pack_sha256` is None unless the file is a pack. `compared` says whether the articles of the
    index were looked at; `uncompared` is the reason why that failed.
    """

    name: str
    is_good: bool
    faults: Sequence[str]
    not_checked: Sequence[str]
    pack_sha256: str | None
    counts: Sequence[Mapping[str, object]]
    citations: Sequence[Mapping[str, object]]
    total: str
    left_out: int
    compared: bool
    uncompared: str = ""


@dataclass(frozen=True, slots=True)
class VerifyView:
    """The page: a result, or the reason why there is none, or only the form."""

    result: VerificationView | None = None
    notice: str = ""

    @property
    def most(self) -> str:
        """The largest file."""
        return megabytes(MOST_BYTES)


def verify_html(view: VerifyView, *, style: str) -> Markup:
    """The whole page."""
    frame = PageFrame("Verify", "verify", styles=(style,), notice=view.notice)
    return render("verify/document.html", "document", view, frame)


def result_of(found: Verification, name: str) -> VerificationView:
    """The result of verifying a file with that name."""
    compared = found.generation is not None
    ordered = sorted(found.citations, key=lambda one: one.state.is_good)
    return VerificationView(
        name=name,
        is_good=found.is_good,
        faults=found.faults,
        not_checked=found.not_checked,
        pack_sha256=found.pack_sha256,
        counts=[
            {"state": state, "count": f"{count:,}", "meaning": _MEANINGS[state]}
            for state, count in found.counts.items()
        ],
        citations=[_citation(one, compared=compared) for one in ordered[:MOST_SHOWN]],
        total=counted(len(ordered), "citation"),
        left_out=len(ordered[MOST_SHOWN:]),
        compared=compared,
    )


def _citation(one: VerifiedCitation, *, compared: bool) -> Mapping[str, object]:
    """A citation with its state; `link` opens its words in the chat, "" if they have no place."""
    place = "" if one.start is None else f"characters {one.start:,}–{one.end:,}"
    article = one.article if one.article_now is None else f"{one.article}, now {one.article_now}"
    link = ""
    if compared and one.start is not None and one.end is not None:
        now = one.article_now or one.article
        link = article_href(now, one.start, one.end, one.version_now)
    return {
        "is_good": one.state.is_good,
        "state": one.state,
        "title": one.title,
        "facts": [fact for fact in (article, place, one.where) if fact],
        "quote": _clipped(one.quote),
        "differences": [
            each.model_copy(update={"text": _clipped(each.text)}) for each in one.differences
        ],
        "reason": one.reason,
        "link": link,
    }


def _clipped(text: str) -> str:
    """The text; of a long one, its beginning and its end."""
    if len(text) <= TEXT_SHOWN:
        return text
    half = TEXT_SHOWN // 2
    return f"{text[:half]} … {text[-half:]}"


VERIFY: Final = "/verify"

_GIVEN_UP = f"{GIVEN_UP} Verify a file with fewer citations, or use the command pullquote verify."
_TOO_MANY = f"Too many files are being sent. Try again in {RETRY_SECONDS} seconds."
_TOO_SLOW = "The file took too long to arrive."
_CUT_OFF = "The file was cut off before its end."


class VerifyPage(PageGroup):
    """The page; `generation` opens the current one, and the scheduler runs the work."""

    links = (PageLink(20, "verify", "Verify"),)

    def __init__(self, generation: Callable[[], OpenGeneration], scheduler: Scheduler) -> None:
        self._generation = generation
        self._scheduler = scheduler
        self._slots = UploadSlots()
        self.routes = [
            Route(VERIFY, self._get, methods=["GET"]),
            Route(VERIFY, self._post, methods=["POST"]),
            style_route("verify/verify"),
        ]
        self.paths = (VERIFY,)
        self.streamed = {VERIFY: MOST_REQUEST_BYTES}
        self.posts = {VERIFY: partial(_refused, status=503)}

    @classmethod
    def open(cls, application: Application) -> Self:
        """The pages in an application."""
        return cls(lambda: application.assistant.generation, application.scheduler)

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
    view: VerifyView,
    *,
    status: int = 200,
    error: PullquoteError | None = None,
    headers: Mapping[str, str] = NOTHING,
) -> Response:
    html = verify_html(view, style="verify.css")
    return answer(html, status=status, error=error, headers=headers)


def _refused(reason: str, *, status: int, error: PullquoteError | None = None) -> Response:
    """The page with the reason; the rest of the request is not read."""
    view, headers = VerifyView(notice=reason), {"Connection": "close"}
    return _page(view, status=status, error=error, headers=headers)
