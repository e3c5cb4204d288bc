"""The connection to a Milvus server: what its errors mean, and when it is made anew."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from pullquote.backends.milvus.address import MilvusAddress
from pullquote.backends.milvus.client.connection import ConnectionOptions, MilvusConnection
from pullquote.errors import IndexUnreachable

ACCESS = ConnectionOptions(user=None, password=None, token=None, certificate=None, seconds=2.0)


class Client:
    """Stands for pymilvus's: only whether it was closed is asked of it."""

    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Client]:
    """The clients that were made."""
    clients: list[Client] = []

    def connect(_: MilvusConnection) -> Any:
        clients.append(Client())
        return clients[-1]

    monkeypatch.setattr(MilvusConnection, "_connect", connect)
    return clients


def connection(name: str = "bay") -> MilvusConnection:
    """One to a server that is not there."""
    return MilvusConnection(MilvusAddress(name=name, host="127.0.0.1", port=1), ACCESS)


def fail(to: MilvusConnection, error: Exception) -> str:
    """What is said of an error of a call."""
    with pytest.raises(IndexUnreachable) as caught, to.reading():
        raise error
    return caught.value.reason


def test_a_call_that_is_late_ends_no_other(made: list[Client]) -> None:
    """Another thread's goes on in the connection that it has; the next call makes one anew."""
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


def test_a_connection_that_answers_others_is_kept(made: list[Client]) -> None:
    """One slow search among many says nothing of it."""
    to = connection()

    def ask() -> None:
        with to.reading(), to.reading():
            pass
        raise TimeoutError("Deadline Exceeded")

    with pytest.raises(IndexUnreachable), to.reading():
        ask()
    with to.reading():
        assert len(made) == 1


def test_a_connection_that_was_lost_is_closed(made: list[Client]) -> None:
    """And the next call makes another."""
    to = connection()
    fail(to, OSError("StatusCode.UNAVAILABLE failed to connect"))
    with to.reading():
        assert [client.closed for client in made] == [True, False]


def test_what_is_waited_for_longer_is_said(made: list[Client]) -> None:
    """What writes may take twelve times as long."""
    with pytest.raises(IndexUnreachable, match="within 24 seconds"), connection().writing():
        raise TimeoutError("Deadline Exceeded")


@pytest.mark.parametrize("name", ["connections", "password_x", "timeout", "Timeout"])
def test_a_name_is_no_reason(made: list[Client], name: str) -> None:
    """An error that quotes the index by its name is not taken for another."""
    to = connection(name)
    for quoted in (name, f"{name}_articles_20261126T011700_0acd"):
        assert fail(to, ValueError(f"{quoted!r} has no field")).startswith("the server says")


@pytest.mark.parametrize("name", ["a", "e", "un"])
def test_a_short_name_hides_no_reason(made: list[Client], name: str) -> None:
    """Its letters stand in other words too."""
    for error in (TimeoutError("Deadline Exceeded"), OSError("StatusCode.UNAVAILABLE")):
        assert "does not answer" in fail(connection(name), error)


def test_what_was_left_open_is_closed_in_the_end(made: list[Client]) -> None:
    """When the calls that it may have answered are over, or all is."""
    to = connection()
    fail(to, TimeoutError("Deadline Exceeded"))
    with to.reading():
        pass
    to.close()
    assert [client.closed for client in made] == [True, True]
