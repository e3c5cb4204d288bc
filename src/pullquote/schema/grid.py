"""A grid: many questions, each asked of many articles, sources or months."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pullquote.base.wording import NOTHING_FOUND
from pullquote.schema.answer import Answer, Outcome
from pullquote.schema.article import Model
from pullquote.schema.filters import Filters
from pullquote.schema.moments import Moment
from pullquote.schema.question_kind import QueryOptions
from pullquote.schema.short_text import short_text


class GridBy(StrEnum):
    """What a column of a grid is: one article, one source, or one month."""

    ARTICLE = "article"
    SOURCE = "source"
    MONTH = "month"


class GridColumn(Model):
    """A column of a grid.

    `key` is the id of an article, the name of a source, or a month such as "2024-05". `articles` is
    the number of articles that are searched for it.
    """

    key: str
    title: str
    source: str | None = None
    published: Moment | None = None
    articles: int = 1


class GridSpec(Model):
    """Everything that decides the cells of a grid.

    The cell of a question and a column is what `ask` says to the question with `filters` narrowed
    to the column, and with `k` and `options`. `generation` names the state of the index, and
    `index_sha256` is the digest of its manifest.
    """

    questions: tuple[str, ...]
    by: GridBy
    columns: tuple[GridColumn, ...]
    filters: Filters = Filters()
    k: int | None = None
    options: QueryOptions = QueryOptions()
    generation: str
    index_sha256: str
    settings: Mapping[str, Any]
    pullquote: str

    @property
    def cells(self) -> int:
        """The number of cells."""
        return len(self.questions) * len(self.columns)


class GridCell(Model):
    """What one column says to one question.

    `answer` is the first answer of the reply; None with the outcome `NOTHING`. `searched` is false
    if no passage of the column passes the filters, so that there was nothing to search. `place` is
    the address of the quote in the chat, after its host, and `link` leads to it on the original
    page.
    """

    question: str
    column: str
    outcome: Outcome
    searched: bool = True
    answer: Answer | None = None
    place: str | None = None
    link: str | None = None
    took_ms: float

    @property
    def label(self) -> str:
        """The outcome in words."""
        return _LABELS[self.outcome] if self.searched else "nothing to search"

    def __repr__(self) -> str:
        found = self.label if self.answer is None else f"{self.label}: {self.answer.text!r}"
        return f"GridCell({short_text(found)}, {short_text(self.question)!r} × {self.column!r})"

    __str__ = __repr__


_LABELS: Mapping[Outcome, str] = {
    Outcome.ANSWER: "answer",
    Outcome.POSSIBLE: "possible answer",
    Outcome.NOTHING: NOTHING_FOUND,
}
