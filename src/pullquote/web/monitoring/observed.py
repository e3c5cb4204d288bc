"""What is observed: requests that were answered, and work that was done for them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RequestDone:
    """A request that was answered with a status after `seconds`; 0 if it was not answered."""

    id: str
    method: str
    path: str
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class WorkDone:
    """Work of one stage, such as "find" or "read": it waited for its turn, and then ran.

    `result` is what it gave, and `error` the name of the error that ended it. `request` is the id
    of the request that it was done for.
    """

    stage: str
    waited: float
    seconds: float
    result: object = None
    error: str | None = None
    request: str | None = None


@dataclass(frozen=True, slots=True)
class StageLoad:
    """How much work of a stage waits for its turn, and how much runs."""

    waiting: int
    running: int


class Observer(Protocol):
    """Is called for each request and each work, from the thread of the server's events."""

    def request_done(self, done: RequestDone) -> None:
        """A request was answered."""

    def work_done(self, done: WorkDone) -> None:
        """Work has ended."""


class Observers:
    """Several observers as one; without any, nothing is measured."""

    def __init__(self, observers: tuple[Observer, ...] = ()) -> None:
        self._observers = observers

    def __bool__(self) -> bool:
        return bool(self._observers)

    def request_done(self, done: RequestDone) -> None:
        """A request was answered."""
        for one in self._observers:
            one.request_done(done)

    def work_done(self, done: WorkDone) -> None:
        """Work has ended."""
        for one in self._observers:
            one.work_done(done)

    async def observe(
        self,
        stage: str,
        work: Callable[[], T],
        run: Callable[[Callable[[], T]], Awaitable[T]],
        request: Callable[[], str | None],
    ) -> T:
        """The result of `run(work)`, which runs the work when its turn comes."""
        if not self._observers:
            return await run(work)
        timed, asked, id = _Timed(work), time.perf_counter(), request()
        result, error = None, None
        try:
            result = await run(timed)
        except BaseException as reason:
            error = type(reason).__name__
            raise
        finally:
            now = time.perf_counter()
            began = now if timed.began is None else timed.began
            ended = now if timed.ended is None else timed.ended
            self.work_done(
                WorkDone(stage, began - asked, max(0.0, ended - began), result, error, id)
            )
        return result


class _Timed(Generic[T]):
    """Work that notes when it begins and ends."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self.began: float | None = None
        self.ended: float | None = None

    def __call__(self) -> Any:  # noqa: ANN401 - what the work returns
        """Do the work."""
        self.began = time.perf_counter()
        try:
            return self._work()
        finally:
            self.ended = time.perf_counter()
