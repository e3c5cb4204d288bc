"""The base of all errors, and the errors that any part of pullquote may raise."""

from __future__ import annotations


class PullquoteError(Exception):
    """The base class of every error that pullquote raises on purpose."""


class SettingsError(PullquoteError):
    """A setting, option or question that cannot be used."""


class ExtraMissing(PullquoteError):
    """A feature needs the optional packages of `extra`, which are not installed."""

    def __init__(self, extra: str, *, what: str) -> None:
        self.extra = extra
        super().__init__(
            f'{what} needs packages that are not installed. Run: pip install "pullquote[{extra}]"'
        )
