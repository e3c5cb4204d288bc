"""A parser process whose parser obeys commands in the content of a file."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from pullquote.parsing.documents import plain
from pullquote.parsing.source import SourceFile
from pullquote.parsing.workers.worker_main import serve as serve_worker
from pullquote.schema import Article

_parse_plain = plain.parse_plain


def execute(file: SourceFile) -> Iterator[Article]:  # noqa: PLR0912 - a case for each word
    """Yield one article for each line, up to a line with a command."""
    for number, line in enumerate(file.content.decode().splitlines()):
        word, _, rest = line.partition(" ")
        match word:
            case "print":
                os.write(1, b"something that a library prints")
            case "sleep":
                time.sleep(float(rest))
            case "burn":
                until = time.process_time() + float(rest)
                while time.process_time() < until:
                    pass
            case "stick":
                re.match(r"(a+)+$", "a" * 60 + "b")
            case "die":
                os._exit(3)
            case "crash":
                ctypes.string_at(0)
            case "eat":
                bytearray(4 << 30)
            case "fail":
                raise KeyError(rest)
            case "killed-once":
                if not Path(rest).exists():
                    Path(rest).touch()
                    os.kill(os.getpid(), signal.SIGKILL)
            case "pid":
                Path(rest).write_text(str(os.getpid()))
            case _:
                [article] = _parse_plain(
                    SourceFile(id=file.id, version=file.version, content=line.encode())
                )
                yield article.model_copy(update={"id": f"{file.id}#{number}"})


def serve() -> None:
    """Run the worker with this parser for plain text."""
    plain.parse_plain = execute
    serve_worker()
