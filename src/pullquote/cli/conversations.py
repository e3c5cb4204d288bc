"""Answers a file of conversations: reads JSON Lines, and prints one line of JSON per turn."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import BaseModel, Field, ValidationError

from pullquote.cli import terminal
from pullquote.cli.questions import LINE_SHOWN, id_of, lines_of, reason_of
from pullquote.schema import Filters, Reply
from pullquote.schema.errors import PullquoteError

if TYPE_CHECKING:  # these imports load FAISS
    from pullquote import Assistant
    from pullquote.conversation.session import ConversationSession

ConversationsOption = Annotated[
    Path | None,
    typer.Option(
        "--conversations",
        metavar="FILE",
        help='JSON Lines file of {"id", "turns": [questions]}, or - for standard input; needs '
        "--json. Prints a line for each turn, whose question may refer to the turns before it.",
    ),
]


class ConversationLine(BaseModel):
    """One line of a file of conversations. Unknown keys are ignored."""

    id: str | int | None = None
    turns: list[str] = Field(min_length=1)


def answer_conversations(
    assistant: Assistant, path: Path, *, k: int | None, filters: Filters, as_of: date | None
) -> bool:
    """Answer every conversation in a file and print a line for each turn; False if any failed.

    A turn's line has its number, counting from 0, the text that was searched for, the articles
    found and the answers. For a line or a turn that fails, the `error` names the line's number.
    """
    succeeded = True
    for number, line in lines_of(path):
        try:
            asked = ConversationLine.model_validate_json(line)
        except ValidationError as error:
            succeeded = False
            beginning = line.decode(errors="replace").strip()[:LINE_SHOWN]
            fault = f"line {number}: {reason_of(error)}"
            _print({"id": id_of(line), "error": fault, "line": beginning})
            continue
        session = assistant.conversation()
        for turn, question in enumerate(asked.turns):
            place = {"id": asked.id, "turn": turn, "question": question}
            try:
                reply = session.ask(question, k=k, filters=filters, as_of=as_of)
                _print({**place, **_facts(reply, session)})
            except PullquoteError as error:
                succeeded = False
                _print({**place, "error": f"line {number}: {error}"})
    return succeeded


def _facts(reply: Reply, session: ConversationSession) -> dict[str, Any]:
    facts = reply.model_dump(mode="json", include={"searched_for", "kind", "outcome", "answers"})
    return {
        "searched_for": facts["searched_for"],
        "kind": facts["kind"],
        "outcome": facts["outcome"],
        "hits": list(session.articles),
        "answers": facts["answers"],
    }


def _print(result: dict[str, Any]) -> None:
    terminal.print_json(result, in_a_line=True)
