"""Keeps what took long to make in a file, so that a second fit need not make it again."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

Made = TypeVar("Made")


def stored(path: Path | None, make: Callable[[], Made]) -> Made:
    """What the file holds; else it is made, and stored in the file if there is a path."""
    if path is not None and path.exists():
        return cast("Made", pickle.loads(path.read_bytes()))  # noqa: S301 - written by ourselves
    made = make()
    if path is not None:
        path.write_bytes(pickle.dumps(made))
    return made
