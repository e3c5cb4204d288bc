"""Rebuilds and asks an index in Milvus, each time in a child process that may be killed.

Everything is imported once, because a fork takes milliseconds and an import seconds. An order is a
line of JSON on standard input: what to `do`, and the `settings`. For a rebuild, `kill` is the call
to Milvus, counted from 1, at which the child kills itself; `sent` says whether that call is still
sent. The reply is also a line of JSON: the exit `status` (negative for a signal), the number of
`calls`, and the `report`.
"""

from __future__ import annotations

import gc
import json
import os
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pullquote
from conftest import FakeEncoder, Newsroom
from pullquote.answering import answer_engine
from pullquote.answering.retrieval.retriever import Retriever
from pullquote.index import services
from pullquote.newsroom import assistant
from pullquote.schema import Filters, Hit
from pullquote.schema.errors import IndexMissing
from pullquote.schema.settings import Settings

ARTICLES = 5
QUESTION = "which number has the boat?"
PATIENCE = 120
FAILED = 99
ON_ITS_WAY = 0.01
"""Seconds after which a call has certainly left this process."""


class Calls:
    """Counts the calls to Milvus, and kills this process at a given one."""

    def __init__(self, kill: int, *, sent: bool, log: Path) -> None:
        self._kill, self._sent, self._log = kill, sent, log
        self.made = 0

    def watch(self) -> None:
        """Count every gRPC call of this process from now on."""
        import grpc._channel  # noqa: PLC0415 - not installed everywhere

        calling = grpc._channel._UnaryUnaryMultiCallable
        for name in ("__call__", "with_call", "future"):
            setattr(calling, name, self._counted(getattr(calling, name), calling.future))

    def _counted(self, call: Callable[..., Any], start: Callable[..., Any]) -> Callable[..., Any]:
        def counted(self_: Any, *arguments: Any, **named: Any) -> Any:
            self.made += 1
            with self._log.open("a") as log:
                log.write(self_._method.decode().rpartition("/")[2] + "\n")
            if self.made == self._kill:
                if self._sent:
                    _ = start(self_, *arguments, **named)
                    time.sleep(ON_ITS_WAY)
                os.kill(os.getpid(), signal.SIGKILL)
            return call(self_, *arguments, **named)

        return counted


def rebuild(settings: Settings) -> str:
    """Rebuild, and return the new generation."""
    return services.rebuild_index(settings=settings).generation


def look(settings: Settings) -> str:
    """The numbers in all articles that are found; within one generation there is only one."""
    try:
        with assistant.open_assistant(settings=settings) as opened:
            return tell(opened)
    except IndexMissing:
        return "nothing"


def tell(opened: assistant.Assistant) -> str:
    """The results of an assistant's searches."""
    return summed_up(opened.retrieve(QUESTION, k=500))


def summed_up(hits: Sequence[Hit]) -> str:
    """The number of articles found, and the numbers in their passages and texts."""
    for hit in hits:
        passage = hit.passage
        if hit.article.text[passage.start : passage.end] != passage.text:
            raise ValueError(passage)
    texts = [text for hit in hits for text in (hit.passage.text, hit.article.text)]
    numbers = {number for text in texts for number in re.findall(r"number (\d+)", text)}
    return f"{len({hit.article.id for hit in hits})} articles of {','.join(sorted(numbers))}"


def expected_report(number: int) -> str:
    """The report if all articles have that number."""
    return f"{ARTICLES + 1} articles of {number}"


def publish(newsroom: Newsroom, number: int) -> None:
    """Publish a generation in which every article has that number."""
    write(newsroom, number)
    newsroom.rebuild()


def write(newsroom: Newsroom, number: int) -> None:
    """Write that number to every article; one article exists only for some numbers."""
    for n in range(ARTICLES):
        newsroom.write(f"{n}.md", f"The boat {n} has number {number}.")
    newsroom.write(f"only{number}.md", f"The boat of this time has number {number}.")
    (newsroom.corpus / f"only{number - 1}.md").unlink(missing_ok=True)


def report_of(newsroom: Newsroom) -> str:
    """The report of the newsroom's current generation."""
    with (
        closing(newsroom.open()) as generation,
        closing(Retriever(newsroom.encoder, candidates=50, rrf_k=60)) as retriever,
    ):
        asked = retriever.question(QUESTION, generation)
        return summed_up(retriever.retrieve(asked, generation, k=500, filters=Filters()))


def obey(order: dict[str, Any], output: Path, log: Path) -> int:
    """Carry out an order in a child process; returns its exit status."""
    signal.alarm(PATIENCE)
    Calls(order.get("kill", 0), sent=order.get("sent", False), log=log).watch()
    try:
        report = {"rebuild": rebuild, "look": look}[order["do"]](Settings(**order["settings"]))
    except BaseException:  # noqa: BLE001 - the test must see any error
        output.write_text(traceback.format_exc())
        return FAILED
    output.write_text(report)
    return 0


def main(folder: Path) -> None:
    """Carry out orders until the input ends."""
    answer_engine.encoder_of = services.encoder_of = lambda _settings: FakeEncoder()
    _ = pullquote.rebuild_index, import_module("pymilvus")  # so that no child imports them
    output, log = folder / "output", folder / "calls"
    gc.freeze()
    for line in sys.stdin:
        for file in (output, log):
            file.write_text("")
        child = os.fork()
        if child == 0:
            os._exit(obey(json.loads(line), output, log))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        calls = log.read_text().split()
        sys.stdout.write(
            json.dumps({"status": status, "calls": calls, "report": output.read_text()}) + "\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    with closing(sys.stdin):
        main(Path(sys.argv[1]))
