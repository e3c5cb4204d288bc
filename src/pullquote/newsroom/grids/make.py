"""Asks the questions of a grid, cell by cell; its columns are articles, sources or months."""

from __future__ import annotations

import hashlib
import time
from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import version

from pullquote.answering.answer_engine import MOST_HITS
from pullquote.answering.retrieval.scope import FilterChecks, Scope, check_passages_left
from pullquote.base.cancellation import Cancellation, Cancelled
from pullquote.base.plurals import counted
from pullquote.conversation.citations import link_to, place_link
from pullquote.index import OpenGeneration
from pullquote.index.metadata import fold
from pullquote.index.services import check_complete, check_not_empty
from pullquote.newsroom.absences import ListedArticle, searched_articles
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.packs.packing import settings_shown
from pullquote.schema import (
    FilterChoice,
    Filters,
    Outcome,
    QueryOptions,
    QuestionKind,
    Reply,
    check_hits,
    check_kind,
    check_question,
    filters_of,
)
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.errors import FiltersLeaveNothing, SettingsError
from pullquote.schema.grid import GridBy, GridCell, GridColumn, GridSpec

_NOUNS = {GridBy.ARTICLE: "articles", GridBy.SOURCE: "sources", GridBy.MONTH: "months"}

_REMEDIES = {
    GridBy.ARTICLE: "The filters leave no article; choose wider ones.",
    GridBy.SOURCE: "No article that passes the filters names its source; use articles instead.",
    GridBy.MONTH: "No article that passes the filters has a date; use articles instead.",
}


def columns_of(
    generation: OpenGeneration, by: GridBy, filters: Filters, *, most: int
) -> tuple[GridColumn, ...]:
    """The columns of a grid, at most `most`.

    Articles that the filters name are in the order given. Other articles and months are in the
    order of days. Sources are in the order of their numbers of articles.

    Raises:
        SettingsError: there are no columns, or too many; the message says how many.
        ArticleUnknown, ArticleWithheld: an article that the filters name cannot be asked.
    """
    if by is GridBy.ARTICLE and filters.articles:
        ids = tuple(dict.fromkeys(filters.articles))
        _check_number(len(ids), by, most)
        return tuple(_article(generation, id) for id in ids)
    listed = searched_articles(generation, filters, at=int(time.time()))
    if by is GridBy.ARTICLE:
        _check_number(len(listed), by, most)
        return tuple(
            _article(generation, one.id)
            for one in sorted(listed, key=lambda each: (each.day is None, each.day or 0, each.id))
        )
    counted = _sources(listed) if by is GridBy.SOURCE else _months(listed)
    _check_number(len(counted), by, most)
    return tuple(GridColumn(key=key, title=key, articles=n) for key, n in counted.items())


def column_named(generation: OpenGeneration, by: GridBy, key: str) -> GridColumn:
    """The column with that key.

    Raises:
        ArticleUnknown, ArticleWithheld: the key is that of an article that cannot be asked.
    """
    return _article(generation, key) if by is GridBy.ARTICLE else GridColumn(key=key, title=key)


def column_filters(by: GridBy, key: str, filters: Filters) -> Filters:
    """The filters narrowed to one column; `ask` with them gives the column's cells.

    Raises:
        SettingsError: the column is not within the filters.
    """
    if by is GridBy.ARTICLE:
        return replace(filters, articles=(key,))
    if by is GridBy.SOURCE:
        return replace(filters, sources=(key,))
    first, last = _days(key)
    since, until = filters.since, filters.until
    return replace(
        filters,
        since=first if since is None else max(since, first),
        until=last if until is None else min(until, last),
    )


def _article(generation: OpenGeneration, id: str) -> GridColumn:
    found = generation.article(id)
    return GridColumn(
        key=id, title=found.title, source=found.source, published=found.published, articles=1
    )


def _sources(listed: Iterable[ListedArticle]) -> dict[str, int]:
    """The number of articles of each source, largest first; names in one spelling."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for one in listed:
        if key := fold(one.source):
            names[key] = min(names.get(key, one.source), one.source)
            counts[key] += 1
    ordered = sorted(counts, key=lambda key: (-counts[key], key))
    return {names[key]: counts[key] for key in ordered}


def _months(listed: Iterable[ListedArticle]) -> dict[str, int]:
    """The number of articles of each month that has any, in order."""
    days = (date.fromordinal(one.day) for one in listed if one.day is not None)
    counts = Counter(f"{day.year:04}-{day.month:02}" for day in days)
    return dict(sorted(counts.items()))


def _days(month: str) -> tuple[date, date]:
    """The first and last day of a month such as "2024-05"."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise SettingsError(
            f"The month of a column is {month[:80]!r}; write it as YYYY-MM."
        ) from None
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _check_number(found: int, by: GridBy, most: int) -> None:
    if not found:
        raise SettingsError(f"The grid has no columns. {_REMEDIES[by]}")
    if found > most:
        raise SettingsError(
            f"{found:,} {_NOUNS[by]} pass the filters, and the grid may have {most:,} columns. "
            "Choose narrower filters, or allow more columns."
        )


def check_questions(questions: Sequence[str]) -> tuple[str, ...]:
    """The questions, each once, without white space around them.

    Raises:
        SettingsError: there are none.
    """
    stripped = tuple(dict.fromkeys(one.strip() for one in questions if one.strip()))
    if not stripped:
        raise SettingsError("The grid has no questions. Give at least one.")
    return stripped


MOST_COLUMNS = 1000
"""Maximum number of columns; a table with more cannot be read."""

COLUMNS = 50
"""Maximum number of columns, unless another number is given."""

MOST_CELLS = 100_000
"""Maximum number of cells. At three cells a second, so many take nine hours."""

_AS_USUAL = QueryOptions()

CellKey = tuple[str, str]
"""A question and the key of a column."""


class GridRun:
    """A grid whose cells are asked while one iterates over it, in the order of the questions.

    `spec` says what the grid has. All cells are read from one generation of the index, even if a
    rebuild publishes a newer one meanwhile. `cancel` may be called from any thread.
    """

    def __init__(
        self,
        assistant: Assistant,
        generation: OpenGeneration,
        spec: GridSpec,
        done: Collection[CellKey],
    ) -> None:
        self.spec = spec
        self._assistant, self._generation = assistant, generation
        self._done = frozenset(done)
        self._cancellation = Cancellation()

    def __iter__(self) -> Iterator[GridCell]:
        """The cells that are not done yet, each as soon as it is ready."""
        for question in self.spec.questions:
            for column in self.spec.columns:
                if (question, column.key) in self._done:
                    continue
                cell = self._ask(question, column)
                if cell is None:
                    return
                yield cell

    @property
    def left(self) -> int:
        """The number of cells that are not done when the iteration begins."""
        keys = {(one, column.key) for one in self.spec.questions for column in self.spec.columns}
        return len(keys - self._done)

    def cancel(self) -> None:
        """End the iteration, without finishing the cell that is being asked."""
        self._cancellation.cancel()

    def _ask(self, question: str, column: GridColumn) -> GridCell | None:
        """The cell; None if it was cancelled."""
        try:
            with self._cancellation.applied():
                return ask_cell(
                    self._assistant,
                    question,
                    column.key,
                    column_filters(self.spec.by, column.key, self.spec.filters),
                    k=self.spec.k,
                    options=self.spec.options,
                    generation=self._generation,
                )
        except Cancelled:
            if self._cancellation.is_cancelled:
                return None
            raise


@naming_arguments
def grid(
    questions: Sequence[str],
    assistant: Assistant,
    *,
    by: GridBy | str = GridBy.ARTICLE,
    articles: Sequence[str] | None = None,
    filters: FilterChoice = None,
    k: int | None = None,
    kind: QuestionKind | None = None,
    as_typed: bool = False,
    as_of: date | None = None,
    fast: bool = False,
    most: int = COLUMNS,
    done: Collection[CellKey] = (),
) -> GridRun:
    """A grid of questions and columns; iterate over it to get its cells as they are ready.

    With `by` "article", the columns are the given `articles`, by id, or else all that pass the
    filters. With "source" or "month", they are the sources or months of the articles that pass. At
    most `most` columns are allowed. Each cell equals what `ask` says to its question with the
    filters narrowed to its column. Cells in `done`, pairs of a question and the key of a column,
    are left out. A question that is given twice is asked once.

    Raises:
        SettingsError, IndexEmpty, FilterUnknown: see `Assistant.find`; or there are no questions or
            columns, or too many columns or cells.
        ArticleUnknown, ArticleWithheld: one of the articles cannot be asked.
    """
    check_kind("The assistant", assistant, Assistant, give="the one that answers")
    check_kind("The questions", questions, (list, tuple), give="a list of texts")
    for one in questions:
        check_kind("One of the questions", one, str, give="a text, such as 'who won?'")
    asked = check_questions(questions)
    for question in asked:
        check_question(question, most=assistant.settings.question_chars)
    check_hits(k, most=MOST_HITS)
    options = QueryOptions(kind, as_typed, as_of, fast)
    generation = assistant.generation
    check_not_empty(assistant.settings, generation)
    check_complete(assistant.settings, generation)
    spec = _spec(
        assistant,
        generation,
        asked,
        _by(by),
        _chosen(filters_of(filters), articles, as_of),
        k=k,
        options=options,
        most=most,
    )
    return GridRun(assistant, generation, spec, done)


def ask_cell(
    assistant: Assistant,
    question: str,
    column: str,
    filters: Filters,
    *,
    k: int | None = None,
    options: QueryOptions = _AS_USUAL,
    generation: OpenGeneration | None = None,
) -> GridCell:
    """The cell of a question and a column, whose filters are given: what `ask` says with them.

    Raises:
        SettingsError, IndexEmpty, FilterUnknown, ArticleUnknown, ArticleWithheld: see
            `Assistant.find`.
    """
    started = time.perf_counter()
    try:
        found = assistant.find(
            question,
            k=k,
            filters=filters,
            kind=options.kind,
            as_typed=options.as_typed,
            as_of=options.as_of,
            fast=options.fast,
            generation=generation,
        )
        check_passages_left(found.hits, found.scope.filters, found.generation)
        reply = assistant.read(found)
    except FiltersLeaveNothing:
        took = round(1000 * (time.perf_counter() - started), 1)
        return GridCell(
            question=question,
            column=column,
            outcome=Outcome.NOTHING,
            searched=False,
            took_ms=took,
        )
    return cell_of(reply, question, column)


def cell_of(reply: Reply, question: str, column: str) -> GridCell:
    """The cell that shows a reply."""
    answer = reply.best
    citation = None if answer is None else answer.citations[0]
    return GridCell(
        question=question,
        column=column,
        outcome=Outcome.NOTHING if answer is None else reply.outcome,
        answer=answer,
        place=None if citation is None else place_link(citation),
        link=None if citation is None else link_to(citation),
        took_ms=reply.took_ms,
    )


def _spec(
    assistant: Assistant,
    generation: OpenGeneration,
    questions: tuple[str, ...],
    by: GridBy,
    filters: Filters,
    *,
    k: int | None,
    options: QueryOptions,
    most: int,
) -> GridSpec:
    FilterChecks().check_names(filters, generation)
    if not 1 <= most <= MOST_COLUMNS:
        raise SettingsError(f"The columns are at most {most}; give a number to {MOST_COLUMNS:,}.")
    scope = Scope.of(filters, options.as_of)
    columns = columns_of(generation, by, scope.filters, most=most)
    spec = GridSpec(
        questions=questions,
        by=by,
        columns=columns,
        filters=filters,
        k=k,
        options=options,
        generation=generation.name,
        index_sha256=generation.published.digest,
        settings=_settings(assistant),
        pullquote=version("pullquote"),
    )
    if spec.cells > MOST_CELLS:
        raise SettingsError(
            f"{counted(len(questions), 'question')} and {counted(len(columns), 'column')} are "
            f"{counted(spec.cells, 'cell')}; "
            f"the limit is {MOST_CELLS:,}. Ask fewer questions, or choose narrower filters."
        )
    return spec


def _settings(assistant: Assistant) -> dict[str, object]:
    """What decides an answer, besides the index: settings, models and the calibration."""
    calibration = assistant.calibration.model_dump_json().encode()
    return {
        **settings_shown(assistant),
        "scored_by": assistant.scored_by,
        "calibration": hashlib.sha256(calibration).hexdigest()[:16],
    }


def _by(given: GridBy | str) -> GridBy:
    try:
        return GridBy(given)
    except ValueError:
        names = ", ".join(GridBy)
        raise SettingsError(f"A grid cannot be by {str(given)[:80]!r}; choose {names}.") from None


def _chosen(filters: Filters, articles: Sequence[str] | None, as_of: date | None) -> Filters:
    """The filters, with the given articles instead of those that they name."""
    Scope.of(filters, as_of)  # checks the day
    if articles is None:
        return filters
    check_kind("The articles", articles, (list, tuple), give="a list of ids")
    if not articles:
        raise SettingsError("The grid has no articles. Give at least one id.")
    return replace(filters, articles=tuple(articles))
