"""Parses and checks what browsers and programs send, before any other work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    TypeAdapter,
    ValidationError,
    create_model,
)

from pullquote.newsroom.checking.quotations import check_most
from pullquote.schema import Filters, QueryOptions, QuestionKind, well_formed
from pullquote.schema.errors import SettingsError
from pullquote.schema.filter_parameters import FILTER_PARAMETERS, QUERY_PARAMETERS, FilterParameter
from pullquote.web.request_limits import (
    MAX_CHIP_CHARS,
    MAX_DRAFT_CHARS,
    MAX_ID_CHARS,
    MAX_KEY_CHARS,
    MAX_NAME_CHARS,
    MAX_NAMES,
    MAX_NARROWING_CHARS,
    MAX_OFFSET,
    MAX_SWITCHED,
    check_question,
)

Name = Annotated[str, Field(max_length=MAX_NAME_CHARS)]
Switched = Annotated[
    tuple[Annotated[str, Field(max_length=MAX_CHIP_CHARS)], ...],
    Field(max_length=MAX_SWITCHED),
    FailFast(),
]
Narrowing = Annotated[str, Field(max_length=MAX_NARROWING_CHARS)]


_SWITCHED: TypeAdapter[tuple[str, ...]] = TypeAdapter(Switched)

_MAX_FAULTS = 5

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _check_id(article: str) -> None:
    if len(article) > MAX_ID_CHARS:
        raise SettingsError(
            f"The id of an article may have at most {MAX_ID_CHARS:,} characters, not "
            f"{len(article):,}."
        )


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question, the number of passages to find for it, the filters and the query options."""

    question: str
    k: int | None
    filters: Filters
    options: QueryOptions


def _written_as_day(given: object) -> object:
    """A day as it was given; pydantic would take a number for seconds since 1970.

    Raises:
        ValueError: it is not written as a day.
    """
    if given is None or isinstance(given, date):
        return given
    if isinstance(given, str) and _DAY.fullmatch(given):
        return given
    raise ValueError("give a day as YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(_written_as_day)]
"""A day, which is written as YYYY-MM-DD."""


def bounded_type(filter: FilterParameter) -> Any:  # noqa: ANN401 - made at run time
    """The type of a filter, with the limits of a list and the form of a day."""
    if filter.type is date:
        return Day | None
    if not filter.is_list:
        return filter.optional_type
    name = Name if filter.type is str else filter.type
    return Annotated[tuple[name, ...], Field(max_length=MAX_NAMES), FailFast()]  # type: ignore[valid-type]


_option_fields: dict[str, Any] = {
    one.name: (bounded_type(one), one.default) for one in (*FILTER_PARAMETERS, *QUERY_PARAMETERS)
}
_SearchOptions = create_model(
    "_SearchOptions",
    __config__=ConfigDict(extra="forbid"),
    question=str,
    k=(int | None, Field(None, ge=1, le=1000)),
    **_option_fields,
)
"""A model that checks each option of a search."""


class CitedSpan(BaseModel):
    """The characters of an article that a citation names; a `version` of None means any version."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    article: str
    start: int = Field(0, ge=0, le=MAX_OFFSET)
    end: int = Field(0, ge=0, le=MAX_OFFSET)
    version: str | None = None


def parse_search(question: object, **given: object) -> SearchRequest:
    """The search for a question and its options; None and "" mean that an option is left out.

    Raises:
        SettingsError: a value is invalid; the message names it.
    """
    if isinstance(question, str):
        check_question(question)
    chosen = {name: value for name, value in given.items() if value not in (None, "")}
    try:
        checked = dict(_SearchOptions.model_validate({"question": question, **chosen}))
    except ValidationError as error:
        raise SettingsError(f"This cannot be searched for: {_fault_text(error)}.") from error
    since, until = checked["since"], checked["until"]
    if since is not None and until is not None and since > until:
        raise SettingsError(
            f"The start date, {since}, is after the end date, {until}. Swap them, or clear one."
        )
    options = QueryOptions(**{one.name: checked.pop(one.name) for one in QUERY_PARAMETERS})
    return SearchRequest(checked.pop("question"), checked.pop("k"), Filters(**checked), options)


def fault_texts(error: ValidationError) -> list[str]:
    """The faults as texts, without the values, which may be long."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found]


def _fault_text(error: ValidationError) -> str:
    texts = fault_texts(error)
    more = len(texts) - _MAX_FAULTS
    return "; ".join([*texts[:_MAX_FAULTS], *([f"and {more:,} more"] if more > 0 else [])])


def parse_cited_span(given: object) -> CitedSpan:
    """The span that a citation or a link names.

    Raises:
        SettingsError: what was given is not a span.
    """
    try:
        span = CitedSpan.model_validate(given)
    except ValidationError as error:
        raise SettingsError(
            "This link is incomplete or damaged. Check that you copied all of it."
        ) from error
    _check_id(span.article)
    return span


def parse_switched(given: object) -> tuple[str, ...]:
    """The ids of the switched filters.

    Raises:
        SettingsError: there are too many, or one is too long.
    """
    try:
        return _SWITCHED.validate_python(given)
    except ValidationError as error:
        raise SettingsError(
            f"Something is wrong with the filters: {_fault_text(error)}. Type the question again."
        ) from error


class ChosenQuestion(BaseModel):
    """A question from a button or from the page's address.

    `narrowed` is the part of the address with its filters. If `keeps` is true, the open article
    stays open.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    question: str
    narrowed: Narrowing = ""
    keeps: bool = False


class RepeatedQuestion(BaseModel):
    """The key of a turn to ask again, with one change.

    A chip is switched, the search text is replaced, or the question is read as another `kind`; ""
    lets pullquote recognise the kind. `as_typed` says whether to search for the text unchanged, and
    `fast` whether the small network is to read alone.
    Filters are given as in a link: `added` replace those of the same field, and `chosen` replace
    all that were chosen.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    key: Annotated[str, Field(max_length=MAX_KEY_CHARS)]
    chip: Annotated[str, Field(max_length=MAX_CHIP_CHARS)] | None = None
    searched: str | None = None
    kind: Annotated[QuestionKind, Field(strict=False)] | Literal[""] | None = None
    as_typed: bool | None = None
    fast: bool | None = None
    added: Narrowing | None = None
    chosen: Narrowing | None = None


class OpenedConversation(BaseModel):
    """The conversation that a person opened, and the key of the turn to go to; "" for the last."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    key: Annotated[str, Field(max_length=MAX_KEY_CHARS)] = ""


class OpenedCitation(BaseModel):
    """A citation that a person opened, with the question that found it.

    A `place` of None closes the article.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    place: CitedSpan | None
    question: str = ""
    narrowed: Narrowing = ""


Event = TypeVar("Event", ChosenQuestion, RepeatedQuestion, OpenedCitation, OpenedConversation)


def parse_event(kind: type[Event], given: object) -> Event:
    """The data of an event of the page.

    Raises:
        SettingsError: the data is not of that kind, or the id of an article is too long.
    """
    try:
        event = kind.model_validate(given)
    except ValidationError as error:
        if kind is OpenedCitation:
            raise SettingsError("This citation is damaged. Ask the question again.") from error
        raise SettingsError("Something went wrong on this page. Reload it.") from error
    if isinstance(event, OpenedCitation) and event.place is not None:
        _check_id(event.place.article)
    return event


def parse_id(given: object) -> str:
    """The id of an article.

    Raises:
        SettingsError: it is not valid Unicode text, or it is too long.
    """
    if not isinstance(given, str) or not well_formed(given):
        raise SettingsError("The id of an article must be a string, for example: harbour/ferry.md.")
    _check_id(given)
    return given


def parse_draft(given: object) -> str:
    """The text of a draft.

    Raises:
        SettingsError: it is not valid Unicode text, or it is too long.
    """
    if not isinstance(given, str) or not well_formed(given):
        raise SettingsError("The draft must be a string: plain text or Markdown.")
    check_most(len(given), MAX_DRAFT_CHARS, "characters")
    return given
