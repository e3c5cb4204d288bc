"""What goes through the pipes between us and a process that reads files: frames of bytes.

JSON and no pickle: a process that parses what anybody may have sent is not trusted with our own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import IO

from pullquote.errors import ArticleError
from pullquote.parsing.source import Given
from pullquote.parsing.trace import LeftOut, Notes
from pullquote.schema import Article

_HEAD = 9


class Kind(Enum):
    """What a frame says."""

    ORDER = b"?"
    """Read these files: a list of names."""
    READY = b">"
    """The process has started."""
    GOING = b"~"
    """It reads on."""
    ARTICLE = b"+"
    ERROR = b"-"
    """A record of the file is no article."""
    REFUSED = b"!"
    """The file is none, or from here on."""
    ENDED = b"."
    """The next file begins."""
    NOTES = b"*"
    """What was noted about what comes next."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    kind: Kind
    content: bytes = b""

    def given(self, file: str) -> Given:
        """What it says of a file.

        Raises ValueError where it is none that says so.
        """
        if self.kind is Kind.ENDED:
            return Given(file, None)
        if self.kind is Kind.ARTICLE:
            return Given(file, Article.model_validate_json(self.content))
        return Given(file, ArticleError(**json.loads(self.content)), self.kind is Kind.REFUSED)

    def notes(self) -> Notes:
        """What it says was noted.

        Raises ValueError where it is none that says so.
        """
        told = json.loads(self.content)
        return Notes(
            left_out=[LeftOut(text, reason) for text, reason in told["left_out"]],
            missed=told["missed"],
            origins={(fact, value): origin for fact, value, origin in told["origins"]},
        )


def article_frame(article: Article) -> Frame:
    """An article as a frame."""
    return Frame(Kind.ARTICLE, article.model_dump_json().encode())


def error_frame(error: ArticleError, *, whole: bool) -> Frame:
    """An error of a record or, if `whole`, of its file."""
    facts = {name: getattr(error, name) for name in ("path", "reason", "version", "left_out")}
    return Frame(Kind.REFUSED if whole else Kind.ERROR, json.dumps(facts).encode())


def notes_frame(notes: Notes) -> Frame:
    """Notes as a frame."""
    told = {
        "left_out": [[out.text, out.reason] for out in notes.left_out],
        "missed": notes.missed,
        "origins": [[*of, origin] for of, origin in notes.origins.items()],
    }
    return Frame(Kind.NOTES, json.dumps(told).encode())


def send(pipe: IO[bytes], frame: Frame) -> None:
    """Write a frame, at once."""
    head = frame.kind.value + len(frame.content).to_bytes(_HEAD - 1, "little")
    pipe.write(head + frame.content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Frame | None:
    """The next frame, or None where the pipe was closed before all of it came.

    Raises ValueError where it is none.
    """
    head = pipe.read(_HEAD)
    if len(head) < _HEAD:
        return None
    size = int.from_bytes(head[1:], "little")
    content = pipe.read(size)
    return Frame(Kind(head[:1]), content) if len(content) == size else None
