"""Receives the form with a draft, within limits on its size, its pace and the number of senders."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from pullquote.newsroom.checking.cited_words import with_cited, with_cited_text
from pullquote.newsroom.checking.quotations import check_most, draft_of
from pullquote.parsing import FORMATS
from pullquote.parsing.decode import decode
from pullquote.parsing.files import suffix_of
from pullquote.parsing.source import ParsedItem
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import megabytes
from pullquote.schema.settings import Settings
from pullquote.web.access.refusals import RETRY_SECONDS
from pullquote.web.corpus.uploads import UploadSlots, paced_chunks
from pullquote.web.pages import RequestRefused
from pullquote.web.request_limits import MAX_DRAFT_BYTES, MAX_DRAFT_CHARS

_ROOM = 1_000_000
"""Bytes of a form besides a file: the text of a draft in JSON, other fields, and boundaries."""

MAX_RECEIVED: Final = 6 * MAX_DRAFT_BYTES
"""Bytes that are received. What is beyond the limit of a draft is thrown away, so that the page can
name the limit: a browser that is cut off while it sends shows an error of its own."""

_FIELDS = 8


class DraftRefused(RequestRefused):
    """A draft is not checked."""


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


SUFFIXES: Final = tuple(suffix for suffix, format in FORMATS.items() if not format.streamed)
"""Of files that have one article. Exports and archives have many, and are no drafts."""

PARSE_SECONDS = 10.0
"""Of processor time. A file that takes longer is refused; the settings may allow less."""

_TEXT = frozenset({".txt", ".text", ""})
_MOST_BYTES_OF_A_CHARACTER = 4


def draft_of_text(text: str) -> Article:
    """The draft in a text field; browsers send the ends of its lines as CR LF."""
    text = text.replace("\r\n", "\n")
    return with_cited_text(draft_of(text), text)


def draft_of_file(file: DraftFile, settings: Settings) -> Article:
    """The draft in a file. Other files than plain text are parsed in a process of their own.

    Raises:
        DraftRefused: the file cannot be read, or is not one article.
        SettingsError: a plain text is too long.
    """
    suffix = suffix_of(file.name)
    if suffix not in _TEXT and suffix not in SUFFIXES:
        raise DraftRefused(
            f"A file ending in {suffix} is no draft that can be read. Choose a text, Markdown, "
            "HTML or Word file (DOCX), or paste the text.",
            status=415,
        )
    try:
        if suffix in _TEXT:
            check_most(
                len(file.content) // _MOST_BYTES_OF_A_CHARACTER, MAX_DRAFT_CHARS, "characters"
            )
            return draft_of_text(decode(file.content, path=file.name).text)
        draft = _only(_parsed(file.content, suffix, settings))
        fits = len(draft.text) <= MAX_DRAFT_CHARS  # a longer one is refused with a reason later
        return with_cited(draft, file.content, suffix) if fits else draft
    except ArticleError as error:
        raise unreadable(error) from None


def unreadable(error: ArticleError) -> DraftRefused:
    """The refusal of a file that cannot be read, or that no comments can be added to."""
    reason = f"The file cannot be read: {error.reason}. Save it again, or paste its text."
    return DraftRefused(reason, status=422)


def _only(found: list[ParsedItem]) -> Article:
    """The one article of a file.

    Raises:
        ArticleError: the file cannot be read.
        DraftRefused: the file has no article, or several.
    """
    for one in found:
        if isinstance(one, ArticleError):
            raise one
    articles = [one for one in found if isinstance(one, Article)]
    if len(articles) != 1:
        raise DraftRefused(
            f"The file has {len(articles):,} articles. Check them one by one: paste the text of "
            "each."
            if articles
            else "The file has no text. Choose another one, or paste the text.",
            status=422,
        )
    return articles[0]


def _parsed(content: bytes, suffix: str, settings: Settings) -> list[ParsedItem]:
    """The first few articles and errors of a file, which is on the disk only while it is read."""
    limits = settings.limits
    parser = FileParser(
        limits=limits.model_copy(update={"seconds": min(PARSE_SECONDS, limits.seconds)}),
        processes=min(1, settings.reading_processes),
    )
    with TemporaryDirectory() as folder:
        name = f"draft{suffix}"
        (Path(folder) / name).write_bytes(content)
        with parser.parse(Path(folder), {name: None}) as outputs:
            found = list[ParsedItem]()
            for one in outputs:
                if one.found is not None:
                    found.append(one.found)
                if len(found) > 1:
                    break
            return found
