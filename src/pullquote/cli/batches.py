"""Answers a file of questions or conversations: reads JSON Lines, and prints JSON Lines."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import BaseModel, Field, ValidationError

from pullquote.base.console import print_json
from pullquote.schema import Filters, QueryOptions, Reply
from pullquote.schema.errors import PullquoteError, SettingsError

if TYPE_CHECKING:
    from pullquote import Assistant
    from pullquote.conversation.session import ConversationSession


LINE_SHOWN = 200


class QuestionLine(BaseModel):
    """One line of a file of questions. Unknown keys are ignored."""

    id: str | int | None = None
    question: str


def answer_all(
    assistant: Assistant, path: Path, *, k: int | None, filters: Filters, options: QueryOptions
) -> bool:
    """Answer every question in a file and print a line for each; False if any failed.

    For a question that fails, the printed line has its `id`, the `error`, and in `line` the
    beginning of the input line.
    """
    succeeded = True
    for _number, line in lines_of(path):
        try:
            asked = QuestionLine.model_validate_json(line)
            reply = assistant.ask(asked.question, k=k, filters=filters, **asdict(options))
            result = reply.model_copy(update={"id": asked.id}).model_dump(mode="json")
        except (PullquoteError, ValidationError) as error:
            succeeded = False
            beginning = line.decode(errors="replace").strip()[:LINE_SHOWN]
            result = {"id": id_of(line), "error": reason_of(error), "line": beginning}
        print_json(result, in_a_line=True)
    return succeeded


def reason_of(error: PullquoteError | ValidationError) -> str:
    """What is wrong, in one line."""
    if isinstance(error, PullquoteError):
        return str(error)
    faults = (
        ": ".join(filter(None, (".".join(map(str, e["loc"])), e["msg"]))) for e in error.errors()
    )
    return "; ".join(faults)


def id_of(line: bytes) -> str | int | None:
    """The id in a line, or None if the line has no id that a reply could have."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    given = found.get("id") if isinstance(found, dict) else None
    return given if isinstance(given, str | int) else None


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file, or of standard input for "-", with their numbers, without blank lines.

    Lines are bytes, so one that is not UTF-8 does not affect the others. A byte order mark at the
    beginning is removed.
    """
    try:
        with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                if text.strip():
                    yield number, text
    except OSError as error:
        raise SettingsError(f"The questions in {path} cannot be read: {error}") from error


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
            print_json({"id": id_of(line), "error": fault, "line": beginning}, in_a_line=True)
            continue
        session = assistant.conversation()
        for turn, question in enumerate(asked.turns):
            place = {"id": asked.id, "turn": turn, "question": question}
            try:
                reply = session.ask(question, k=k, filters=filters, as_of=as_of)
                print_json({**place, **_facts(reply, session)}, in_a_line=True)
            except PullquoteError as error:
                succeeded = False
                print_json({**place, "error": f"line {number}: {error}"}, in_a_line=True)
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
