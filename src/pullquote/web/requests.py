"""What a browser or a program asks for, checked before anything is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    FailFast,
    Field,
    TypeAdapter,
    ValidationError,
    create_model,
)

from pullquote.errors import SettingsError
from pullquote.schema import Filters, well_formed
from pullquote.schema.filter_parameters import FILTER_PARAMETERS, FilterParameter
from pullquote.web.limits import (
    MAX_CHIP_CHARS,
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

_FAULTS_SAID = 5


def _bounded(place: CitedSpan) -> CitedSpan:
    """The place, if its article has an id that can be one.

    Raises:
        SettingsError: it is too long.
    """
    _check_id(place.article)
    return place


def _check_id(article: str) -> None:
    if len(article) > MAX_ID_CHARS:
        raise SettingsError(
            f"The id of an article has at most {MAX_ID_CHARS:,} characters; this one has "
            f"{len(article):,}."
        )


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question, how many passages to look at for it, and which of them may answer."""

    question: str
    k: int | None
    filters: Filters


def _bounded_type(filter: FilterParameter) -> Any:  # noqa: ANN401 - made at run time
    """The type of a filter, with the limits of a list."""
    if not filter.is_list:
        return filter.optional_type
    name = Name if filter.type is str else filter.type
    return Annotated[tuple[name, ...], Field(max_length=MAX_NAMES), FailFast()]  # type: ignore[valid-type]


_filter_fields: dict[str, Any] = {
    one.name: (_bounded_type(one), one.default) for one in FILTER_PARAMETERS
}
_SearchOptions = create_model(
    "_SearchOptions",
    __config__=ConfigDict(extra="forbid"),
    question=str,
    k=(int | None, Field(None, ge=1, le=1000)),
    **_filter_fields,
)
"""The options of a search as they arrive; checks each."""


class CitedSpan(BaseModel):
    """Characters of an article, as a citation names them; `version` None means any."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    article: str
    start: int = Field(0, ge=0, le=MAX_OFFSET)
    end: int = Field(0, ge=0, le=MAX_OFFSET)
    version: str | None = None


def parse_search(question: object, **given: object) -> SearchRequest:
    """The search that those values ask for; None and "" stand for an option that was not given.

    Raises:
        SettingsError: a value cannot be used; the message names it.
    """
    if isinstance(question, str):
        check_question(question)
    options = {name: value for name, value in given.items() if value not in (None, "")}
    try:
        checked = dict(_SearchOptions.model_validate({"question": question, **options}))
    except ValidationError as error:
        raise SettingsError(f"This cannot be searched for: {_faults(error)}.") from error
    since, until = checked["since"], checked["until"]
    if since is not None and until is not None and since > until:
        raise SettingsError(
            f"The first day, {since}, is after the last, {until}. Swap them, or clear one."
        )
    return SearchRequest(checked.pop("question"), checked.pop("k"), Filters(**checked))


def _faults(error: ValidationError) -> str:
    """The first faults in words; what was given is not repeated, since it may be long."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    said = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found[:_FAULTS_SAID]]
    more = len(found) - len(said)
    return "; ".join([*said, f"and {more:,} more"] if more else said)


def parse_cited_span(given: object) -> CitedSpan:
    """The place that a click on a citation names.

    Raises:
        SettingsError: it names none.
    """
    try:
        place = CitedSpan.model_validate(given)
    except ValidationError as error:
        raise SettingsError("This does not name a place in an article.") from error
    return _bounded(place)


def parse_switched(given: object) -> tuple[str, ...]:
    """The ids of filters that were switched.

    Raises:
        SettingsError: they are too many, or one is too long.
    """
    try:
        return _SWITCHED.validate_python(given)
    except ValidationError as error:
        raise SettingsError(f"These filters cannot be switched: {_faults(error)}.") from error


class ChosenQuestion(BaseModel):
    """A question that is asked by choosing it, or that the page's address asks.

    `narrowed` is the part of an address that narrows it; `keeps` says that the article which is
    open stays.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    question: str
    narrowed: Narrowing = ""
    keeps: bool = False


class RepeatedQuestion(BaseModel):
    """A turn, by its key, that is asked again with a chip switched or with another search."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    key: Annotated[str, Field(max_length=MAX_KEY_CHARS)]
    chip: Annotated[str, Field(max_length=MAX_CHIP_CHARS)] | None = None
    searched: str | None = None


class OpenedCitation(BaseModel):
    """A citation that was chosen, and the question it was found by."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    place: Annotated[CitedSpan, AfterValidator(_bounded)]
    question: str = ""
    narrowed: Narrowing = ""


Event = TypeVar("Event", ChosenQuestion, RepeatedQuestion, OpenedCitation)


def parse_event(kind: type[Event], given: object) -> Event:
    """What an event of the page says.

    Raises:
        SettingsError: it is none of that kind.
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        if kind is OpenedCitation:
            raise SettingsError("This does not name a place in an article.") from error
        raise SettingsError("The page sent what it never sends. Load it again.") from error


def parse_id(given: object) -> str:
    """The id of an article.

    Raises:
        SettingsError: it is none.
    """
    if not isinstance(given, str) or not well_formed(given):
        raise SettingsError("The id of an article is a text, for example: harbour/ferry.md.")
    _check_id(given)
    return given
