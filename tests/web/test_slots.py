"""Work ends when its caller leaves or its time is up, and every slot is freed."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import httpx
import pytest
from gradio.context import LocalContext
from gradio.queueing import Event
from starlette.requests import Request
from starlette.responses import PlainTextResponse

import forks
from pullquote.answering.reader import Reader
from pullquote.answering.reader.packaged import PackagedNetwork
from pullquote.answering.reader.span_reader import EarlyStopping, SpanReader
from pullquote.base.cancellation import Cancellation, Cancelled, check_cancelled
from pullquote.schema import Question
from pullquote.schema.errors import QuestionGivenUp
from pullquote.web.liveness import STREAM_SECONDS, CallerWatch
from pullquote.web.scheduler import MAX_CONCURRENT_READS, Scheduler
from pullquote.web.slots import CallerLeft, LineTooLong, Slots

PATIENCE = 30.0


def stays() -> bool:
    """A caller who stays."""
    return False


def until_cancelled() -> None:
    """Work that runs until it is cancelled."""
    while True:
        check_cancelled()
        time.sleep(0.005)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


def test_work_outside_slots_is_never_cancelled() -> None:
    """Calls of the Python API run without slots."""
    check_cancelled()


def test_work_ends_at_its_next_step() -> None:
    """Work that is cancelled before its start does not start."""
    cancellation = Cancellation()
    with cancellation.applied():
        check_cancelled()
        cancellation.cancel()
        with pytest.raises(Cancelled):
            check_cancelled()
    with pytest.raises(Cancelled), cancellation.applied():
        pytest.fail("it began")
    check_cancelled()


def test_work_that_takes_too_long_is_given_up() -> None:
    """The caller gets the limit, the work stops, and the slot is free."""

    async def serve() -> str:
        slots = Slots(1, seconds=0.2, name="test")
        with pytest.raises(QuestionGivenUp, match=r"longer than 0\.2 s and") as raised:
            await slots.run(until_cancelled, has_left=stays)
        assert raised.value.seconds == 0.2
        return await slots.run(lambda: "served", has_left=stays)

    assert asyncio.run(serve()) == "served"


def test_work_ends_when_its_caller_leaves() -> None:
    """The work is cancelled, and the slot is free."""

    async def serve() -> str:
        slots, left = Slots(1, seconds=PATIENCE, name="test"), threading.Event()
        running = asyncio.create_task(slots.run(until_cancelled, has_left=left.is_set))
        await asyncio.sleep(0.1)
        left.set()
        with pytest.raises(CallerLeft):
            await running
        return await slots.run(lambda: "served", has_left=stays)

    assert asyncio.run(serve()) == "served"


def test_who_leaves_while_waiting_is_passed_over() -> None:
    """The work of that caller never starts."""

    async def serve() -> list[str]:
        slots, left, go = Slots(1, seconds=PATIENCE, name="test"), threading.Event(), []
        release, done = threading.Event(), list[str]()
        go.append(asyncio.create_task(slots.run(lambda: release.wait(PATIENCE), has_left=stays)))
        go.append(asyncio.create_task(slots.run(lambda: done.append("left"), has_left=left.is_set)))
        go.append(asyncio.create_task(slots.run(lambda: done.append("stayed"), has_left=stays)))
        await asyncio.sleep(0.1)
        left.set()
        with pytest.raises(CallerLeft):
            await go[1]
        release.set()
        await go[2]
        return done

    assert asyncio.run(serve()) == ["stayed"]


def test_a_cancelled_task_keeps_its_slot_until_the_thread_has_ended() -> None:
    """Otherwise too much work would run at a time."""

    async def serve() -> None:
        slots, release, done = (
            Slots(1, seconds=PATIENCE, name="test"),
            threading.Event(),
            list[str](),
        )
        first = asyncio.create_task(slots.run(lambda: release.wait(PATIENCE), has_left=stays))
        await asyncio.sleep(0.1)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        second = asyncio.create_task(slots.run(lambda: done.append("second"), has_left=stays))
        await asyncio.sleep(0.5)
        assert done == []
        release.set()
        await second
        assert done == ["second"]

    asyncio.run(serve())


def test_slots_that_do_not_move_are_noticed() -> None:
    """They are stuck if all have work that should have ended."""

    async def serve() -> None:
        slots, release = Slots(2, seconds=0.1, name="test"), threading.Event()
        for _ in range(2):
            assert not slots.are_stuck(grace=0)
            with pytest.raises(QuestionGivenUp):
                await slots.run(lambda: release.wait(PATIENCE), has_left=stays)
        assert slots.are_stuck(grace=0)
        assert not slots.are_stuck(grace=PATIENCE)
        release.set()
        await until(lambda: not slots.are_stuck(grace=0))
        assert await slots.run(lambda: "served", has_left=stays) == "served"

    asyncio.run(serve())


def test_a_stuck_scheduler_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """`/healthz` reports it when no question is read any more."""
    monkeypatch.setattr("pullquote.web.slots.GRACE_SECONDS", 0.0)

    async def serve() -> None:
        scheduler, release = Scheduler(waiting=5, seconds=0.1), threading.Event()
        for _ in range(MAX_CONCURRENT_READS):
            assert not scheduler.is_stuck
            with pytest.raises(QuestionGivenUp):
                await scheduler.read(lambda: release.wait(PATIENCE))
        assert scheduler.is_stuck
        release.set()
        await until(lambda: not scheduler.is_stuck)

    asyncio.run(serve())


def test_reading_stops_between_passages(network: PackagedNetwork) -> None:
    """The packaged reader notices that its caller has left."""
    reader: Reader = SpanReader(network, silent_below=0.0, stopping=EarlyStopping(4, 100.0))
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled), cancellation.applied():
        reader.read(Question("who?", {}), [])
    check_cancelled()


def test_work_that_ended_with_its_caller_says_nothing_about_the_time_of_work() -> None:
    """Who asks and leaves would make the line seem quick; work that was given up was slow."""

    async def serve() -> list[float]:
        slots, left = Slots(1, seconds=0.2, name="test"), threading.Event()
        running = asyncio.create_task(slots.run(until_cancelled, has_left=left.is_set))
        await until(lambda: slots.running == 1)
        left.set()
        with pytest.raises((CallerLeft, QuestionGivenUp)):
            await running
        await until(lambda: slots.running == 0)
        early = [one for one in slots.recent if one < 0.2]
        with pytest.raises(QuestionGivenUp):
            await slots.run(until_cancelled, has_left=stays)
        await until(lambda: slots.running == 0)
        assert max(slots.recent) >= 0.2
        return early

    assert asyncio.run(serve()) == []


def test_work_is_refused_if_it_would_be_given_up_before_its_turn() -> None:
    """The refusal has the estimated wait, the longest one, and when to try again."""
    slots = Slots(2, seconds=60.0, name="test")
    slots.check_wait(1000)  # nothing is known yet
    slots.recent.extend([10.0, 30.0])
    slots.check_wait(6)
    with pytest.raises(LineTooLong, match=r"about 70 s, .* 60 s allowed. .* in 10 s\.") as raised:
        slots.check_wait(7)
    assert (raised.value.wait, raised.value.seconds, raised.value.retry_seconds) == (70, 60, 10)


def test_the_silence_of_a_caller_is_counted_over_all_stages_of_its_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever is silent in each of several stages is gone, unless the stream was open between."""
    now = 100.0
    monkeypatch.setattr("pullquote.web.liveness.time", SimpleNamespace(monotonic=lambda: now))

    async def serve() -> None:
        nonlocal now
        with gr.Blocks(analytics_enabled=False) as chat:
            gr.api(stays)
        watch = CallerWatch(PlainTextResponse(""), chat, calls=[], waiting=9)
        scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
        event = Event("page", chat.fns[0], Request(scope), None)
        event.enqueue_time = now
        chat._queue.event_ids_to_events[event._id] = event
        LocalContext.event_id.set(event._id)
        for _ in range(int(STREAM_SECONDS)):
            has_left = watch.watch()
            now += 1.0
            assert not has_left()
        now += 1.0
        assert watch.watch()()
        watch._streams["page"] += 1
        assert not watch.watch()()

    asyncio.run(serve())


SLOW_CHAT = """
import socket, time
import gradio as gr, uvicorn
from fastapi import FastAPI
from pullquote.cancellation import Cancelled, check_cancelled
from pullquote.web.liveness import CallerWatch
from pullquote.web.slots import CallerLeft, Slots

slots = Slots(1, seconds=60, name="test")

def work():
    print("begun", flush=True)
    try:
        while True:
            check_cancelled()
            time.sleep(0.005)
    except Cancelled:
        print("cancelled", flush=True)
        raise

async def ask(question: str) -> str:
    try:
        await slots.run(work, has_left=watch.watch())
    except CallerLeft:
        print("left", flush=True)
    return question

with gr.Blocks() as chat:
    gr.api(ask, api_name="ask")
with socket.create_server(("127.0.0.1", 0)) as listening:
    print(listening.getsockname()[1], flush=True)
    app = gr.mount_gradio_app(FastAPI(), chat, path="")
    watch = CallerWatch(app, chat, calls=["/mcp"], waiting=9)
    uvicorn.Server(uvicorn.Config(watch, log_level="error", ws="none")).run([listening])
"""
"""A Gradio page whose only function works in a slot and prints how the work ended."""


def test_work_ends_when_the_stream_of_its_event_is_left(tmp_path: Path) -> None:
    """Gradio alone would run the function to its end."""
    program = tmp_path / "chat.py"
    program.write_text(SLOW_CHAT, encoding="utf-8")
    read, write = os.pipe()
    with os.fdopen(read) as output, (tmp_path / "errors").open("w") as errors:
        with os.fdopen(write, "w") as stdout:
            chat = forks.start(
                [str(program)],
                folder=tmp_path,
                environment=os.environ,
                stdout=stdout,
                stderr=errors,
            )
        killing = threading.Timer(2 * PATIENCE, chat.kill)  # so that no readline waits for ever
        killing.start()
        try:
            url = f"http://127.0.0.1:{output.readline().strip()}/gradio_api/call"
            called = httpx.post(f"{url}/v2/ask", json={"question": "who?"}, timeout=60)
            event = called.raise_for_status().json()["event_id"]
            with httpx.stream("GET", f"{url}/ask/{event}", timeout=60):
                assert output.readline() == "begun\n"
            became = {output.readline(), output.readline()}
        finally:
            killing.cancel()
            chat.kill()
            chat.wait()
    assert became == {"cancelled\n", "left\n"}
