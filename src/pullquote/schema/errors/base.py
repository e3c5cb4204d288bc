"""The base of all errors, and the errors that any part of pullquote may raise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class PullquoteError(Exception):
    """The base class of every error that pullquote raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        """How to copy and pickle the error: Exception would pass the message to `__init__`."""
        _, message, *state = super().__reduce__()  # type: ignore[str-unpack]
        return _restored, (type(self), message), *state


def _restored(kind: type[PullquoteError], message: tuple[object, ...]) -> PullquoteError:
    """An error with that message, still without its attributes."""
    error = kind.__new__(kind)
    super(PullquoteError, error).__init__(*message)
    return error


class SettingsError(PullquoteError, ValueError):
    """A setting, option, argument or question that cannot be used."""


class ExtraMissing(PullquoteError, ModuleNotFoundError):
    """A feature needs the optional packages of `extra`, which are not installed.

    `name` is the module that is missing, if it is known.
    """

    def __init__(self, extra: str, *, what: str, module: str | None = None) -> None:
        self.extra = extra
        missing = "" if module is None else f". The module {module!r} is missing"
        super().__init__(
            f'{what} needs packages that are not installed. Run: pip install "pullquote[{extra}]"'
            f"{missing}",
            name=module,
        )


@contextmanager
def importing_extra(extra: str, *, what: str) -> Iterator[None]:
    """For imports of the packages of an extra.

    Raises:
        ExtraMissing: a module is not installed. `what` says what needs it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise ExtraMissing(extra, what=what, module=error.name) from error
