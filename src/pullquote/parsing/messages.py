"""Shortens the reason why a file cannot be read, and puts the reason on one line."""

from __future__ import annotations

import reprlib

from pullquote.errors import ArticleError

_LONGEST = 500
"""Maximum length of a reason, in characters. The index stores the reason, which may quote from the
file."""
_SHORT = reprlib.Repr()
_SHORT.maxlevel = 2  # nested lists with six items each would soon fill a page


def abridged_repr(value: object) -> str:
    """The `repr` of a value, abridged."""
    return _SHORT.repr(value)


def one_line(error: Exception) -> str:
    """The type and message of an unexpected error, for a bug report."""
    line = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return line.encode("utf-8", "backslashreplace").decode()


def with_short_reason(error: ArticleError) -> ArticleError:
    """The error, with its reason cut to 500 characters."""
    if len(error.reason) <= _LONGEST:
        return error
    reason = f"{error.reason[:_LONGEST]}\N{HORIZONTAL ELLIPSIS}"
    return ArticleError(error.path, reason, version=error.version, left_out=error.left_out)
