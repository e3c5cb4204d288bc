"""Draws pages of PDF files, each in a process of its own, which a hostile file may crash."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from pullquote.parsing.pdf.page_image import QuotedPage, page_image
from pullquote.parsing.workers.worker_main import limit_memory
from pullquote.parsing.workers.worker_process import worker_environment
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import Limits

_DRAW = "from pullquote.parsing.workers.page_drawing import main; main()"
_SECONDS = 10.0
"""Processor time for a page; most take less than one second. Reading a whole file may take more."""
_CLOCK_SECONDS = 40.0
_REFUSED = 3
"""The exit status if the output is the reason why the page cannot be drawn."""


def draw_page(corpus: Path, quoted: QuotedPage, *, limits: Limits) -> bytes:
    """The image that `page_image` returns.

    Raises:
        ArticleError: as `page_image`; or the page takes too much time or memory.
    """
    order = {"corpus": str(corpus), "quoted": asdict(quoted), "limits": limits.model_dump()}
    try:
        status, output = _run(json.dumps(order).encode())
    except (subprocess.TimeoutExpired, OSError) as error:
        raise ArticleError(quoted.file, f"page {quoted.page} cannot be drawn") from error
    if status == _REFUSED:
        raise ArticleError(quoted.file, output.decode(errors="replace"))
    if status or not output:
        raise ArticleError(quoted.file, f"page {quoted.page} cannot be drawn")
    return output


def _run(order: bytes) -> tuple[int, bytes]:
    """The exit status and the output of a process that draws. No process is left behind."""
    with subprocess.Popen(  # noqa: S603 - it is our own interpreter and program
        [sys.executable, "-P", "-c", _DRAW],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=worker_environment(),
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(order, timeout=_CLOCK_SECONDS)
        finally:
            if process.returncode != 0:
                _kill_group(process)
    return process.returncode, output


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process, and Tesseract if the process has started it and died."""
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def main() -> None:
    """Draw the page that the standard input describes, and write the image to the output."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is not part of the image
    order = json.load(sys.stdin)
    limits = Limits.model_validate(order["limits"])
    limit_memory(limits.memory)
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, min(_SECONDS, limits.seconds))
    try:
        output.write(
            page_image(Path(order["corpus"]), QuotedPage(**order["quoted"]), limits=limits)
        )
        status = 0
    except ArticleError as error:
        output.write(error.reason.encode())
        status = _REFUSED
    output.close()
    sys.exit(status)
