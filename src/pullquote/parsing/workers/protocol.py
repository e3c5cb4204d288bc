"""The frames of bytes that this process and a worker process exchange.

Frames contain JSON instead of pickles, because a process that parses untrusted files is not trusted
itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import IO

from pullquote.parsing.source import ParserOutput
from pullquote.parsing.trace import DroppedText, Trace
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError

_HEADER_BYTES = 9


class FrameKind(Enum):
    """The kind of a frame."""

    ORDER = b"?"
    """An order to parse the files in a list of names."""
    READY = b">"
    """The process has started."""
    ALIVE = b"~"
    """The process is still reading a file."""
    ARTICLE = b"+"
    RECORD_ERROR = b"-"
    """A record of the file is not an article."""
    FILE_ERROR = b"!"
    """The file, or the rest of it, cannot be read."""
    ENDED = b"."
    """The file has ended, and the next one begins."""
    TRACE = b"*"
    """The parser's trace of the next item."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    kind: FrameKind
    content: bytes = b""

    def output(self, file: str) -> ParserOutput:
        """The article, the error or the end of a file that this frame contains.

        Raises ValueError if the content is malformed.
        """
        if self.kind is FrameKind.ENDED:
            return ParserOutput(file, None)
        if self.kind is FrameKind.ARTICLE:
            return ParserOutput(file, Article.model_validate_json(self.content))
        error = ArticleError(**json.loads(self.content))
        return ParserOutput(file, error, is_file_error=self.kind is FrameKind.FILE_ERROR)

    def trace(self) -> Trace:
        """The trace that this frame contains.

        Raises ValueError if the content is malformed.
        """
        fields = json.loads(self.content)
        return Trace(
            dropped=[DroppedText(text, reason) for text, reason in fields["dropped"]],
            more_dropped=fields["more_dropped"],
            origins={(fact, value): origin for fact, value, origin in fields["origins"]},
        )


def article_frame(article: Article) -> Frame:
    """An article as a frame."""
    return Frame(FrameKind.ARTICLE, article.model_dump_json().encode())


def error_frame(error: ArticleError, *, is_file_error: bool) -> Frame:
    """An error of a record, or of its file, as a frame."""
    fields = {name: getattr(error, name) for name in ("path", "reason", "version", "left_out")}
    kind = FrameKind.FILE_ERROR if is_file_error else FrameKind.RECORD_ERROR
    return Frame(kind, json.dumps(fields).encode())


def trace_frame(trace: Trace) -> Frame:
    """A trace as a frame."""
    fields = {
        "dropped": [[dropped.text, dropped.reason] for dropped in trace.dropped],
        "more_dropped": trace.more_dropped,
        "origins": [[*fact, origin] for fact, origin in trace.origins.items()],
    }
    return Frame(FrameKind.TRACE, json.dumps(fields).encode())


def send(pipe: IO[bytes], frame: Frame) -> None:
    """Write a frame and flush the pipe."""
    header = frame.kind.value + len(frame.content).to_bytes(_HEADER_BYTES - 1, "little")
    pipe.write(header + frame.content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Frame | None:
    """The next frame, or None if the pipe closes before the frame is complete.

    Raises ValueError if the bytes are not a frame.
    """
    header = pipe.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES:
        return None
    size = int.from_bytes(header[1:], "little")
    content = pipe.read(size)
    return Frame(FrameKind(header[:1]), content) if len(content) == size else None
