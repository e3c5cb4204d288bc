"""The values that a reply shows, and whether they are known ones."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.english.values import Period, Quantity, Relation, Score, compare, value_of
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
    return any(is_value(text, wordings) for text in shown_values(reply))


def is_value(text: str, wordings: Sequence[str]) -> bool:
    """Whether words give a value, in any of its wordings.

    They do if they are right by `is_right`, and do not differ as numbers or times: "4 million
    crowns" shares two of three words with "6 million crowns".
    """
    return any(is_right(text, [one]) and not _differ(text, one) for one in wordings)


def _differ(text: str, wording: str) -> bool:
    """Whether both are numbers or times, and not the same."""
    given, known = value_of(text), value_of(wording)
    measured = (Quantity, Score, Period)
    if not isinstance(given, measured) or not isinstance(known, measured):
        return False
    return compare(given, known) is Relation.DIFFERENT
