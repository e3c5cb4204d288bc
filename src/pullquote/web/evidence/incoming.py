"""Reads a file from a form, of bounded size and at a minimum speed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from pullquote.schema.limits import megabytes
from pullquote.web.corpus.uploads import paced_chunks
from pullquote.web.pages import RequestRefused

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
