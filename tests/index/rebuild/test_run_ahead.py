"""An iterator that runs ahead of its consumer: in order, bounded, and ended with its consumer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from pullquote.base.cancellation import Cancellation, Cancelled, check_cancelled
from pullquote.index.rebuild.batches import RunAhead


def test_items_come_in_order_from_another_thread() -> None:
    """Every item is made in one other thread."""
    threads = set[str]()

    def numbers() -> Iterator[int]:
        for number in range(100):
            threads.add(threading.current_thread().name)
            yield number

    with closing(RunAhead[int](most=10, size=lambda _: 1)) as ahead:
        ahead.start(numbers())
        assert list(ahead) == list(range(100))
    assert threads != {threading.current_thread().name}
    assert len(threads) == 1


@pytest.mark.parametrize("size", [1, 5])
def test_it_runs_only_so_far_ahead(size: int) -> None:
    """At most so many items wait that their sizes just reach the bound, and one more is made."""
    made, full = list[int](), threading.Event()

    def numbers() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            if len(made) == 10 // size + 1:
                full.set()
            yield number

    with closing(RunAhead[int](most=10, size=lambda _: size)) as ahead:
        ahead.start(numbers())
        assert full.wait(10)
        for taken, _ in enumerate(ahead, start=1):
            assert len(made) <= taken + 10 // size + 1


def test_what_the_iterator_raises_is_raised_after_the_items_before_it() -> None:
    """The consumer sees the items, and then the error."""

    def numbers() -> Iterator[int]:
        yield 1
        raise KeyError("two")

    with closing(RunAhead[int](most=10, size=lambda _: 1)) as ahead:
        ahead.start(numbers())
        found = iter(ahead)
        assert next(found) == 1
        with pytest.raises(KeyError, match="two"):
            next(found)


def test_it_ends_when_its_consumer_stops() -> None:
    """A consumer that stops early leaves no thread behind, even if there is no room."""
    before = threading.active_count()
    with closing(RunAhead[int](most=1, size=lambda _: 1)) as ahead:
        ahead.start(iter(range(100)))
        assert next(iter(ahead)) == 0
    assert threading.active_count() <= before


def test_a_cancellation_applies_to_the_thread() -> None:
    """Work in the thread is cancelled with the work of its consumer."""
    cancellation = Cancellation()

    def numbers() -> Iterator[int]:
        while True:
            check_cancelled()
            yield 1

    def use(ahead: RunAhead[int]) -> None:
        ahead.start(numbers())
        for _ in ahead:
            cancellation.cancel()

    with (
        cancellation.applied(),
        closing(RunAhead[int](most=3, size=lambda _: 1)) as ahead,
        pytest.raises(Cancelled),
    ):
        use(ahead)
