"""The values that a reply shows."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.evaluate.compare import is_right
from pullquote.schema import Reply


def shown_values(reply: Reply) -> tuple[str, ...]:
    """The words of the values of a reply, or of its answers if it has no values.

    Empty with the outcome `NOTHING`.
    """
    if reply.best is None:
        return ()
    return tuple(one.text for one in reply.values or reply.shown)


def is_shown(wordings: Sequence[str], reply: Reply) -> bool:
    """Whether a reply shows a value, in any of its wordings."""
    return any(is_right(text, wordings) for text in shown_values(reply))
