"""The values that articles give in answer to one question, over time."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import FailFast, Field

from pullquote.base.plurals import counted
from pullquote.schema.article import Model
from pullquote.schema.citation import Citation
from pullquote.schema.moments import Moment, day_of
from pullquote.schema.notebook import notebook_html
from pullquote.schema.short_text import short_text


class ValueStatus(StrEnum):
    """What became of a value that articles gave.

    - `CURRENT`: the latest value: words of articles show that all others are outdated or wrong.
    - `OUTDATED`: words of an article show that another value is newer.
    - `CORRECTED`: an article says that the value was wrong.
    - `DISPUTED`: different speakers give different values at about the same time.
    - `REPORTED`: an article gives the value, and none shows what became of it.
    """

    CURRENT = "current"
    OUTDATED = "outdated"
    CORRECTED = "corrected"
    DISPUTED = "disputed"
    REPORTED = "reported"


class ReportedValue(Model):
    """A value that articles give in answer to a question, such as "£1.3m".

    `text` is the value in the words of the first article that gives it. `citations` quote the
    articles that give it, in order of time; `mentions` those that name it only to reject, replace
    or correct it. `correction` is the sentence that corrects it, if an article does. `sources` is
    the number of independent sources, as in `Answer`.
    """

    text: str
    status: ValueStatus
    first_reported: Moment | None
    last_reported: Moment | None
    sources: int = Field(ge=1)
    citations: Annotated[tuple[Citation, ...], FailFast()] = Field(min_length=1)
    mentions: Annotated[tuple[Citation, ...], FailFast()] = ()
    correction: Citation | None = None

    def __repr__(self) -> str:
        day, sources = day_of(self.first_reported), counted(self.sources, "source")
        since = "" if day is None else f", {day}"
        return f"ReportedValue({short_text(self.text)!r}, {self.status}{since}, {sources})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """The value with its status and its citations, for notebooks."""
        return notebook_html("reported_value", self)
