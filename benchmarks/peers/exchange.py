"""The data that driver and peer exchange. Plain Python: peers lack pullquote's packages."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

ANSWERS_RETURNED = 20
"""Answers that a peer returns for a question: the default of Haystack's reader.

With fewer, repeated answers could leave less than three different ones.
"""

READ = 10
"""Passages that are retrieved and read at the best settings; pullquote's own default."""

WARM_UP = "Who said that it was too early to tell?"
"""A question asked before the measured ones, so that everything is loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerTask:
    """The task of a peer, with the names of its files; written as JSON.

    `passages` and `questions` are JSON Lines. `encoder` and `reader` are folders of models.
    `corpus` has the articles that the passages were cut from; only pullquote reads them.
    """

    peer: str
    settings: Literal["default", "best", "int8"]
    passages: str
    questions: str
    corpus: str
    encoder: str
    encoder_name: str
    reader: str
    out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerPassage:
    """A passage as pullquote cut it, with its headline and day (`context`)."""

    id: str
    article: str
    start: int
    end: int
    context: str
    text: str


@dataclass(frozen=True, slots=True)
class PeerQuestion:
    """A question, without its answers."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """An answer. `score` is the peer's own, higher is better; `place` is its position."""

    text: str
    score: float
    place: str | None = None


@dataclass(frozen=True, slots=True)
class PeerReply:
    """A peer's answers, best first, and the exceptions that it caught."""

    answers: Sequence[PeerAnswer]
    raised: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PeerResult:
    """The result of a question; `raised` names the exceptions."""

    id: str
    milliseconds: float
    answers: Sequence[PeerAnswer]
    raised: Sequence[str]


@dataclass(frozen=True, slots=True)
class PeerRun:
    """A peer's run. `peak_mebibytes` is the peak memory of its process."""

    build_seconds: float
    peak_mebibytes: float
    versions: Sequence[str]
    asked: Sequence[PeerResult]


Ask = Callable[[str], PeerReply]
Build = Callable[[PeerTask, list[PeerPassage]], Ask]


def serve(build: Build, *, packages: Sequence[str]) -> None:
    """Run the task in the file that this process got as its argument, and write the result.

    The build time is that of `build`, which loads the models. Then each question is asked once.
    """
    order = PeerTask(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    passages = [PeerPassage(**line) for line in _lines(order.passages)]
    questions = [PeerQuestion(**line) for line in _lines(order.questions)]
    started = time.perf_counter()
    ask = build(order, passages)
    build_seconds = time.perf_counter() - started
    _asked(ask, PeerQuestion("warm-up", WARM_UP))
    asked = [_asked(ask, question) for question in questions]
    versions = [f"{name} {version(name)}" for name in packages]
    run = PeerRun(build_seconds, peak_mebibytes(), versions, asked)
    Path(order.out).write_text(json.dumps(asdict(run)), encoding="utf-8")


def read_run(path: Path) -> PeerRun:
    """Read a peer's run from its file."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    asked = [
        PeerResult(**{**one, "answers": [PeerAnswer(**answer) for answer in one["answers"]]})
        for one in facts["asked"]
    ]
    return PeerRun(**{**facts, "asked": asked})


def named(error: Exception) -> str:
    """An exception as one line, for counting."""
    return f"{type(error).__name__}: {error}"


def peak_mebibytes() -> float:
    """The peak memory of this process.

    From /proc, since ru_maxrss includes the memory of the parent when it started this process.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(peak) / 1024


def _asked(ask: Ask, question: PeerQuestion) -> PeerResult:
    started = time.perf_counter()
    try:
        reply = ask(question.text)
    except Exception as error:  # noqa: BLE001 - a peer's exceptions are part of its result
        reply = PeerReply([], [named(error)])
    took = 1000 * (time.perf_counter() - started)
    return PeerResult(question.id, took, reply.answers[:ANSWERS_RETURNED], reply.raised)


def _lines(path: str) -> list[dict[str, Any]]:
    text = Path(path).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]
