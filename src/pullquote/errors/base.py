"""The base of all errors, and the errors that any part of pullquote may raise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class PullquoteError(Exception):
    """The base class of every error that pullquote raises on purpose."""


class SettingsError(PullquoteError):
    """A setting, option or question that cannot be used."""


class ExtraMissing(PullquoteError, ImportError):
    """A feature needs the optional packages of `extra`, which are not installed."""

    def __init__(self, extra: str, *, what: str) -> None:
        self.extra = extra
        super().__init__(
            f'{what} needs packages that are not installed. Run: pip install "pullquote[{extra}]"'
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
        raise ExtraMissing(extra, what=what) from error
