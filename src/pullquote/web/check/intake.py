"""Receives the form with a draft, within limits on its size, its pace and the number of senders."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from pullquote.schema.errors import PullquoteError
from pullquote.schema.limits import megabytes
from pullquote.web.access.retry import RETRY_SECONDS
from pullquote.web.corpus.upload_pace import paced_chunks
from pullquote.web.corpus.upload_slots import UploadSlots
from pullquote.web.limits import MAX_DRAFT_BYTES

_ROOM = 1_000_000
"""Bytes of a form besides a file: the text of a draft in JSON, other fields, and boundaries."""

MAX_RECEIVED: Final = 6 * MAX_DRAFT_BYTES
"""Bytes that are received. What is beyond the limit of a draft is thrown away, so that the page can
name the limit: a browser that is cut off while it sends shows an error of its own."""

_FIELDS = 8


class DraftRefused(PullquoteError):
    """A draft is not checked; `status` is the HTTP status of the refusal."""

    def __init__(self, reason: str, *, status: int) -> None:
        self.status = status
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file as the browser sent it, in memory."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReceivedForm:
    """The fields of a form, and the file of its field "file" unless none was chosen."""

    fields: Mapping[str, str]
    file: DraftFile | None = None


class FormIntake:
    """Receives a few forms at a time."""

    def __init__(self) -> None:
        self._slots = UploadSlots()

    @asynccontextmanager
    async def receiving(self, request: Request) -> AsyncIterator[ReceivedForm]:
        """The form of a request. It counts as being received until the context ends.

        Raises:
            DraftRefused: it is too large, too slow or no form, or too many others arrive.
        """
        address = "" if request.client is None else request.client.host
        if not self._slots.take(address):
            reason = f"Too many drafts are arriving. Try again in {RETRY_SECONDS} seconds."
            raise DraftRefused(reason, status=503)
        try:
            yield await _form(request, await _body(request))
        finally:
            self._slots.give_back(address)


def too_large() -> str:
    """What the page says about a file that is too large."""
    return (
        f"The draft is larger than {megabytes(MAX_DRAFT_BYTES)}, the limit for the file of a "
        "draft. Remove its pictures, or paste its text."
    )


async def _body(request: Request) -> bytes:
    """The whole body of a request."""
    chunks, size = list[bytes](), 0
    try:
        async for chunk in paced_chunks(request.stream()):
            size += len(chunk)
            if size > MAX_DRAFT_BYTES + _ROOM:
                chunks.clear()
            else:
                chunks.append(chunk)
            if size > MAX_RECEIVED:
                break
    except TimeoutError:
        raise DraftRefused("The draft took too long to arrive. Try again.", status=408) from None
    except ClientDisconnect:
        raise DraftRefused("The draft was cut off before its end.", status=400) from None
    if size > MAX_DRAFT_BYTES + _ROOM:
        raise DraftRefused(too_large(), status=413)
    return b"".join(chunks)


async def _form(request: Request, body: bytes) -> ReceivedForm:
    """The form in the body of a request."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        async with Request(request.scope, receive).form(
            max_files=1, max_fields=_FIELDS, max_part_size=MAX_DRAFT_BYTES
        ) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            return ReceivedForm(fields, await _file(form.get("file")))
    except HTTPException:  # Starlette's, for a form that it cannot parse
        raise DraftRefused("The request has no form that can be read.", status=400) from None


async def _file(given: UploadFile | str | None) -> DraftFile | None:
    """The file of a field; None if the field is empty.

    Raises:
        DraftRefused: it is too large.
    """
    if not isinstance(given, UploadFile) or not given.filename:
        return None
    content = await given.read()
    if len(content) > MAX_DRAFT_BYTES:
        raise DraftRefused(too_large(), status=413)
    return DraftFile(given.filename, content)
