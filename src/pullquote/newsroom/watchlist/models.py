"""Standing questions, and what changed in their answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pullquote.base.plurals import counted
from pullquote.schema import Citation, CitationState, Filters, Reply, ValueStatus, short_text
from pullquote.schema.article import Model


class WatchedQuestion(Model):
    """A standing question with its filters. `id` is computed from both."""

    id: str
    question: str
    filters: Filters = Filters()


class ChangeKind(StrEnum):
    """How the answer to a standing question differs from the one that was reported last.

    These are reported:

    - `NEW_ANSWER`: nothing was found before, or a list has one more item.
    - `CHANGED_VALUE`: the answer is another number, day or name than before.
    - `OTHER_ANSWER`: other words answer better than those before, which still stand.
    - `NO_LONGER_SUPPORTED`: the article is gone or has other words.
    - `CORRECTED`, `OUTDATED`, `DISPUTED`: the value that was reported has this status now.
    - `SETTLED`: the value is no longer disputed.

    These are quiet: they are in the JSON, but they are not reported.

    - `FIRST_ASKED`: the question is new, and this is its answer.
    - `FURTHER_SUPPORT`, `OTHER_SUPPORT`: more or other articles give the same answer.
    - `LESS_SURE`: the words still stand, but are not sure enough to be an answer now.
    - `OTHER_ORDER`: another of the known answers comes first, or another value counts, and none of
      their articles has changed.
    """

    NEW_ANSWER = "new answer"
    CHANGED_VALUE = "changed value"
    OTHER_ANSWER = "other answer"
    NO_LONGER_SUPPORTED = "no longer supported"
    CORRECTED = "corrected"
    OUTDATED = "outdated"
    DISPUTED = "disputed"
    SETTLED = "no longer disputed"
    FIRST_ASKED = "first asked"
    FURTHER_SUPPORT = "further support"
    OTHER_SUPPORT = "other support"
    LESS_SURE = "less sure"
    OTHER_ORDER = "other order"

    @property
    def is_quiet(self) -> bool:
        """Whether the change is not reported."""
        return self in _QUIET


_QUIET = frozenset(
    {
        ChangeKind.FIRST_ASKED,
        ChangeKind.FURTHER_SUPPORT,
        ChangeKind.OTHER_SUPPORT,
        ChangeKind.LESS_SURE,
        ChangeKind.OTHER_ORDER,
    }
)


class WatchedAnswer(Model):
    """The words of an answer, their first citation, and whether they are only a possible answer."""

    text: str
    possible: bool
    status: ValueStatus | None
    citation: Citation


class Difference(Model):
    """A difference between two replies to one question.

    `state` and `reason` say what became of the citation of the old answer, if that is why.
    `correction` is the sentence that corrects the old answer.
    """

    kind: ChangeKind
    old: WatchedAnswer | None = None
    new: WatchedAnswer | None = None
    state: CitationState | None = None
    reason: str = ""
    correction: Citation | None = None


class WatchChange(Difference):
    """A difference, with the question, and the moment and the generation in which it was found."""

    id: str
    question: str
    at: datetime
    generation: str

    def __repr__(self) -> str:
        return f"WatchChange({self.kind}, {short_text(self.question)!r})"

    __str__ = __repr__


class WatchReport(Model):
    """The result of asking the standing questions again.

    `changes` are reported; `quiet` are the other differences. `unchanged` questions were not asked,
    because nothing that their replies depend on had changed. `passages_read` counts the passages
    that were read, and `passages_reused` those that had been read for the question before.
    """

    changes: tuple[WatchChange, ...]
    quiet: tuple[WatchChange, ...]
    asked: int
    unchanged: int
    passages_read: int
    passages_reused: int
    generation: str
    seconds: float

    def __repr__(self) -> str:
        return f"WatchReport({counted(len(self.changes), 'change')}, {self.asked} asked)"

    __str__ = __repr__


class LastReply(Model):
    """What was reported last for a question, and what its reply depended on.

    `depends_on` has digests of the generation, and of the settings and models. `note` says why the
    question could not be answered, if so.
    """

    depends_on: str
    at: datetime
    reply: Reply
    note: str = ""


class StandingQuestion(Model):
    """A standing question with what was reported last; None before it was first asked.

    `changes` are its reported changes, newest first.
    """

    question: WatchedQuestion
    asked: LastReply | None
    changes: tuple[WatchChange, ...]


def reported(changes: Sequence[WatchChange]) -> tuple[WatchChange, ...]:
    """The changes that are reported."""
    return tuple(one for one in changes if not one.kind.is_quiet)
