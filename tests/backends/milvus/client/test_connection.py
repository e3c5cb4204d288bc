"""The connection to a Milvus server: its errors, and when it reconnects."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from pullquote.schema.errors import IndexUnreachable
from pullquote_milvus.address import MilvusAddress
from pullquote_milvus.client.connection import ConnectionOptions, MilvusConnection

OPTIONS = ConnectionOptions(user=None, password=None, token=None, certificate=None, seconds=2.0)


class FakeMilvusClient:
    """A fake of pymilvus's client, which records whether it was closed."""

    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[FakeMilvusClient]:
    """The clients that were made."""
    clients: list[FakeMilvusClient] = []

    def connect(_: MilvusConnection) -> Any:
        clients.append(FakeMilvusClient())
        return clients[-1]

    monkeypatch.setattr(MilvusConnection, "_connect", connect)
    return clients


def connection(name: str = "bay") -> MilvusConnection:
    """A connection to a server that does not exist."""
    return MilvusConnection(MilvusAddress(name=name, host="127.0.0.1", port=1), OPTIONS)


def fail(to: MilvusConnection, error: Exception) -> str:
    """The reason in the error that a failed call raises."""
    with pytest.raises(IndexUnreachable) as caught, to.reading():
        raise error
    return caught.value.reason


def test_a_late_call_does_not_end_others(made: list[FakeMilvusClient]) -> None:
    """A running call keeps its client; the next call makes a new one."""
    to, going, ended = connection(), threading.Event(), list[bool]()

    def ask() -> None:
        with to.reading() as client:
            going.wait(30)
            ended.append(client.closed)  # type: ignore[attr-defined]

    other = threading.Thread(target=ask)
    other.start()
    assert "within 2 seconds" in fail(to, TimeoutError("Deadline Exceeded"))
    going.set()
    other.join(30)
    assert ended == [False]
    with to.reading():
        assert len(made) == 2


def test_a_connection_that_answers_others_stays_open(made: list[FakeMilvusClient]) -> None:
    """One slow search among many does not retire the connection."""
    to = connection()

    def ask() -> None:
        with to.reading(), to.reading():
            pass
        raise TimeoutError("Deadline Exceeded")

    with pytest.raises(IndexUnreachable), to.reading():
        ask()
    with to.reading():
        assert len(made) == 1


def test_a_lost_connection_is_closed(made: list[FakeMilvusClient]) -> None:
    """The next call makes another."""
    to = connection()
    fail(to, OSError("StatusCode.UNAVAILABLE failed to connect"))
    with to.reading():
        assert [client.closed for client in made] == [True, False]


def test_a_write_has_a_longer_limit(made: list[FakeMilvusClient]) -> None:
    """A write may take twelve times as long as a read."""
    with pytest.raises(IndexUnreachable, match="within 24 seconds"), connection().writing():
        raise TimeoutError("Deadline Exceeded")


@pytest.mark.parametrize("name", ["connections", "password_x", "timeout", "Timeout"])
def test_the_name_of_an_index_is_not_taken_for_an_error(
    made: list[FakeMilvusClient], name: str
) -> None:
    """An error that quotes the name of the index is not taken for another error."""
    to = connection(name)
    for quoted in (name, f"{name}_articles_20261126T011700_0acd"):
        assert fail(to, ValueError(f"{quoted!r} has no field")).startswith("the server says")


@pytest.mark.parametrize("name", ["a", "e", "un"])
def test_a_short_name_does_not_hide_an_error(made: list[FakeMilvusClient], name: str) -> None:
    """An error is recognised even if the index has a short name that occurs in other words."""
    for error in (TimeoutError("Deadline Exceeded"), OSError("StatusCode.UNAVAILABLE")):
        assert "did not answer" in fail(connection(name), error)


def test_a_retired_connection_is_closed_in_the_end(made: list[FakeMilvusClient]) -> None:
    """It is closed when its calls have ended, or when the index is closed."""
    to = connection()
    fail(to, TimeoutError("Deadline Exceeded"))
    with to.reading():
        pass
    to.close()
    assert [client.closed for client in made] == [True, True]
