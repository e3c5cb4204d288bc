"""Walks over the cases of one promise, and names all that fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Case = TypeVar("Case")


def walk(cases: Iterable[tuple[str, Case]], check: Callable[[Case], object]) -> None:
    """Check every named case; the error holds those of all cases that failed, with their names.

    A test for each of hundreds of equal cases would cost more than the cases do.
    """
    failed: list[Exception] = []
    number = 0
    for number, (name, case) in enumerate(cases, start=1):  # noqa: B007 - used below
        try:
            check(case)
        except Exception as error:  # noqa: BLE001 - raised below
            error.add_note(f"in the case: {name}")
            failed.append(error)
    assert number, "there are no cases"
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {number} cases failed", failed)
