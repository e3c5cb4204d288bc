"""What is said of a file that cannot be read, in a line that is fit to print."""

from __future__ import annotations

import reprlib

from pullquote.errors import ArticleError

_LONGEST = 500
"""Characters of a reason. The index keeps it, and a reader may quote from the file in it."""
_SHORT = reprlib.Repr()
_SHORT.maxlevel = 2  # of lists in lists, six in each, the rest makes a book


def shown(value: object) -> str:
    """A value, abridged."""
    return _SHORT.repr(value)


def in_a_line(error: Exception) -> str:
    """What was raised, for someone who reports it."""
    told = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return told.encode("utf-8", "backslashreplace").decode()


def abridged(error: ArticleError) -> ArticleError:
    """The error with a reason that is not too long."""
    if len(error.reason) <= _LONGEST:
        return error
    reason = f"{error.reason[:_LONGEST]}\N{HORIZONTAL ELLIPSIS}"
    return ArticleError(error.path, reason, version=error.version, left_out=error.left_out)
