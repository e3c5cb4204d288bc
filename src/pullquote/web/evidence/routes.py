"""Routes for evidence: an evidence pack of a conversation, and a statement of absence.

The browser sends the turns that it has saved. The files are those of the commands `pack` and
`absence` for the same turns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pullquote.base.plurals import counted
from pullquote.base.wording import GIVEN_UP
from pullquote.conversation import Conversation, Turn
from pullquote.newsroom.absences import (
    AbsenceStatement,
    absence_lines,
    absence_markdown,
    source_line,
)
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.packs import BuiltPack
from pullquote.newsroom.packs.packing import absence, pack
from pullquote.schema.errors import (
    Busy,
    ConversationUnreadable,
    PullquoteError,
    RequestGivenUp,
    SettingsError,
)
from pullquote.web.access.refusals import RETRY_AFTER, retry_after
from pullquote.web.conversation_routes import CONVERSATIONS, parse_conversation
from pullquote.web.pages import Refusal, answer, file_answer, render
from pullquote.web.scheduler import Scheduler
from pullquote.web.views.downloads import Download

SOURCES_SHOWN = 200
"""Sources that the page lists; the files have all of them."""


def pack_message(built: BuiltPack) -> str:
    """What is in a pack, in ASCII."""
    facts = built.manifest
    quotes = counted(len(facts.citations), "quote")
    parts = [f"{quotes} from {counted(len(facts.articles), 'article')}."]
    if facts.left_out:
        left_out = counted(len(facts.left_out), "quote")
        parts.append(f"{left_out} left out; the pack says why.")
    if facts.absences:
        parts.append("It states what was searched, because nothing was found.")
    return " ".join([*parts, f"SHA-256 of the ZIP: {built.sha256}"])


def statement_html(statement: AbsenceStatement, turn: Turn) -> Markup:
    """The statement, with buttons that save it as Markdown and as JSON.

    `more` counts the sources that are not shown.
    """
    name = f"pullquote-absence{_day([turn])}"
    files = (
        (
            "Save as Markdown",
            Download(f"{name}.md", "text/markdown", absence_markdown(statement)),
        ),
        ("Save as JSON", Download(f"{name}.json", "application/json", statement.to_json())),
    )
    sources = statement.coverage.sources
    return render(
        "views/evidence.html",
        "statement",
        statement=statement,
        lines=absence_lines(statement),
        sources=[source_line(one) for one in sources[:SOURCES_SHOWN]],
        more=len(sources[SOURCES_SHOWN:]),
        files=files,
    )


def _day(turns: Sequence[Turn]) -> str:
    return "".join(f"-{turn.asked:%Y-%m-%d}" for turn in turns[-1:])


PACK: Final = f"{CONVERSATIONS}/pack"
ABSENCE: Final = f"{CONVERSATIONS}/absence"

SAVED_AS: Final = "Pullquote-Message"
"""The header of a pack with a sentence in ASCII that says what is in it."""

_GIVEN_UP = f"{GIVEN_UP} Please try again, or choose fewer questions."


def _busy(reason: str, retry: Mapping[str, str] = RETRY_AFTER) -> Response:
    return JSONResponse({"detail": reason}, status_code=503, headers=retry)


EVIDENCE_POSTS: Final[Mapping[str, Refusal]] = MappingProxyType({PACK: _busy, ABSENCE: _busy})
"""The paths that ask for work, each with what it answers if there is too much of it."""


def evidence_routes(
    assistant: Assistant,
    scheduler: Scheduler,
    may_be_shown: Callable[[Conversation], Conversation],
    *,
    most: int,
) -> list[Route]:
    """The routes; `may_be_shown` removes withheld words, and a conversation has `most` bytes."""

    def packed(body: bytes, texts: bool) -> Response:
        conversation = parse_conversation(body, most)
        built = pack(conversation, assistant, texts=texts)
        if not built.manifest.citations and not built.manifest.absences:
            raise SettingsError(
                "There is nothing to pack: no quotation stands in the articles as they are now. "
                "Ask the question again."
            )
        name = f"pullquote-evidence{_day(conversation.turns)}.zip"  # the day of the last question
        return file_answer(built.data, "application/zip", name, {SAVED_AS: pack_message(built)})

    def stated(body: bytes) -> Response:
        turn = may_be_shown(parse_conversation(body, most)).turns[-1]
        if turn.reply is None or not turn.understood:
            raise SettingsError("There is no reply to state. Ask the question again.")
        statement = absence(turn.reply, assistant, filters=turn.filters)
        return answer(statement_html(statement, turn))

    async def post_pack(request: Request) -> Response:
        texts = request.query_params.get("texts") != "no"
        body = await request.body()
        return await _answered(scheduler, lambda: packed(body, texts))

    async def post_absence(request: Request) -> Response:
        body = await request.body()
        return await _answered(scheduler, lambda: stated(body))

    return [
        Route(PACK, post_pack, methods=["POST"]),
        Route(ABSENCE, post_absence, methods=["POST"]),
    ]


async def _answered(scheduler: Scheduler, work: Callable[[], Response]) -> Response:
    """The response that the work makes, or its fault, which is no error of the page."""
    try:
        return await scheduler.collect(work)
    except Busy as error:
        return _busy(str(error), retry_after(error))
    except RequestGivenUp:
        return JSONResponse({"fault": _GIVEN_UP})
    except ConversationUnreadable as error:  # its text is about programs, too
        return JSONResponse({"fault": f"The conversation cannot be read: {error.reason}."})
    except PullquoteError as error:
        return JSONResponse({"fault": str(error)})
