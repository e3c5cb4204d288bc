"""Functions in a process of their own: what they do there stays there."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pullquote.errors import ArticleError
from pullquote.ingest.apart import Apart


def act(content: bytes) -> bytes:
    """What the tests call apart; the content says what happens."""
    os.write(1, b"something that a library prints")
    match content:
        case b"pid":
            return str(os.getpid()).encode()
        case b"refuse":
            raise ArticleError("", "it is no good")
        case b"sleep":
            time.sleep(60)
        case b"die":
            os._exit(3)
        case b"eat":
            return bytes(4 << 30)
    return content[::-1]


@contextmanager
def apart(*, seconds: float = 30) -> Iterator[Apart]:
    """The function above, apart."""
    called = Apart(f"{__name__}:act", seconds=seconds, memory=1 << 30)
    yield called
    called.close()


def test_bytes_go_in_and_out() -> None:
    """Whatever a library prints; one process answers all calls, and it is another one."""
    content = bytes(range(256)) * 5000
    with apart() as called:
        assert called(content, path="a") == content[::-1]
        assert called(b"", path="a") == b""
        first, second = (int(called(b"pid", path="a")) for _ in range(2))
        assert first == second != os.getpid()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"refuse", "it is no good"),
        (b"sleep", "it takes more than 1 seconds to read"),
        (b"die", "it takes more than 1024 MB to read, or its reader crashed over it"),
        (b"eat", "it takes more than 1024 MB to read"),
    ],
)
def test_one_file_costs_one_file(content: bytes, reason: str) -> None:
    """What refuses, hangs, crashes or eats memory is an error of that file; the next is read."""
    with apart(seconds=1 if content == b"sleep" else 30) as called:
        with pytest.raises(ArticleError) as caught:
            called(content, path="a/b")
        assert (caught.value.path, caught.value.reason) == ("a/b", reason)
        assert called(b"ab", path="c") == b"ba"
