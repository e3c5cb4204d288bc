"""Routes for saved conversations: check one, prepare it for export, return its rated questions.

The server stores no conversation. The browser sends them one by one, so each fits into a request.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pullquote.conversation import Conversation
from pullquote.conversation.rated_questions import rated_questions
from pullquote.schema.errors import ConversationUnreadable, PullquoteError
from pullquote.web.scheduler import Scheduler
from pullquote.web.state.browser_conversation import parse_saved_conversation

CONVERSATIONS = "/conversations"


def conversation_routes(
    scheduler: Scheduler, may_be_shown: Callable[[Conversation], Conversation], *, most: int
) -> list[Route]:
    """The routes; `may_be_shown` removes withheld words, and a conversation has `most` bytes."""
    return [
        Route(f"{CONVERSATIONS}/check", _Answer(scheduler, most, _checked).to, methods=["POST"]),
        Route(
            f"{CONVERSATIONS}/export",
            _Answer(scheduler, most, lambda conversation: _exported(conversation, may_be_shown)).to,
            methods=["POST"],
        ),
        Route(
            f"{CONVERSATIONS}/questions",
            _Answer(
                scheduler, most, lambda conversation: _questions(may_be_shown(conversation))
            ).to,
            methods=["POST"],
        ),
    ]


def _checked(conversation: Conversation) -> Response:
    """The conversation as this version writes it, with all fields of newer versions."""
    text = f'{{"conversation":{conversation.to_json()}}}'
    return Response(text, media_type="application/json")


def _exported(
    conversation: Conversation, may_be_shown: Callable[[Conversation], Conversation]
) -> Response:
    """The conversation without withheld words, and the number of quotations left out."""
    shown = may_be_shown(conversation)
    withheld = _quotations(conversation) - _quotations(shown)
    text = f'{{"conversation":{shown.to_json()},"withheld":{withheld}}}'
    return Response(text, media_type="application/json")


def _quotations(conversation: Conversation) -> int:
    replies = [turn.reply for turn in conversation.turns if turn.reply is not None]
    return sum(len(answer.citations) for reply in replies for answer in reply.answers)


def _questions(conversation: Conversation) -> Response:
    """The gold questions of the rated turns, without withheld words."""
    rated = rated_questions(conversation)
    return JSONResponse({"questions": rated.questions, "left_out": rated.left_out})


class _Answer:
    """Parses the conversation in a request and answers with what `respond` makes of it.

    An unreadable conversation is no error of the page, so the answer is a `fault` with status 200.
    """

    def __init__(
        self, scheduler: Scheduler, most: int, respond: Callable[[Conversation], Response]
    ) -> None:
        self._scheduler = scheduler
        self._most = most
        self._respond = respond

    async def to(self, request: Request) -> Response:
        """Answer one request."""
        body = await request.body()
        return await self._scheduler.show(lambda: self._answer(body))

    def _answer(self, body: bytes) -> Response:
        try:
            return self._respond(parse_conversation(body, self._most))
        except PullquoteError as error:
            reason = error.reason if isinstance(error, ConversationUnreadable) else str(error)
            return JSONResponse({"fault": reason})


def parse_conversation(body: bytes, most: int) -> Conversation:
    """The conversation in a request, of at most `most` bytes.

    Raises:
        ConversationUnreadable: it is too large, invalid or empty.
    """
    if len(body) > most:
        raise ConversationUnreadable(f"it has {len(body):,} bytes, more than the {most:,} allowed")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise ConversationUnreadable("it is not UTF-8") from error
    conversation = parse_saved_conversation(text)
    if not conversation.turns:
        raise ConversationUnreadable("it has no questions")
    return conversation
