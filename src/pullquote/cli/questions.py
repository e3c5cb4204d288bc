"""Answers a file of questions: reads JSON Lines, and prints one line of JSON per question."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from pullquote.cli import terminal
from pullquote.schema import Filters, QueryOptions
from pullquote.schema.errors import PullquoteError, SettingsError

if TYPE_CHECKING:  # this import loads FAISS
    from pullquote import Assistant

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
            reply = assistant.ask(
                asked.question,
                k=k,
                filters=filters,
                kind=options.kind,
                as_typed=options.as_typed,
                as_of=options.as_of,
            )
            result = reply.model_copy(update={"id": asked.id}).model_dump(mode="json")
        except (PullquoteError, ValidationError) as error:
            succeeded = False
            beginning = line.decode(errors="replace").strip()[:LINE_SHOWN]
            result = {"id": id_of(line), "error": reason_of(error), "line": beginning}
        terminal.print_json(result, in_a_line=True)
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
