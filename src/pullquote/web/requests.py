"""What a browser or a program asks for, checked before anything is done with it."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pullquote.errors import SettingsError
from pullquote.schema import Filters, Kind, well_formed


class Search(BaseModel):
    """A question with its filters; None and empty leave a filter open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    k: int | None = Field(None, ge=1, le=1000)
    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = Field((), max_length=100)
    sections: tuple[str, ...] = Field((), max_length=100)
    languages: tuple[str, ...] = Field((), max_length=100)
    kinds: tuple[Kind, ...] = Field((), max_length=100)
    comments: bool = False

    @property
    def filters(self) -> Filters:
        """Which passages may answer."""
        return Filters(
            since=self.since,
            until=self.until,
            sources=self.sources,
            sections=self.sections,
            languages=self.languages,
            kinds=self.kinds,
            comments=self.comments,
        )


class Place(BaseModel):
    """Characters of an article, as a citation names them; `version` None means any."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    article: str
    start: int = Field(0, ge=0)
    end: int = Field(0, ge=0)
    version: str | None = None


def parse_search(question: object, **given: object) -> Search:
    """The search that those values ask for; None and "" stand for an option that was not given.

    Raises:
        SettingsError: a value cannot be used; the message names it.
    """
    options = {name: value for name, value in given.items() if value not in (None, "")}
    try:
        search = Search.model_validate({"question": question, **options})
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"This cannot be searched for: {faults}.") from error
    if search.since is not None and search.until is not None and search.since > search.until:
        raise SettingsError(
            f"The first day, {search.since}, is after the last, {search.until}. Swap them, or "
            "clear one."
        )
    return search


def parse_place(given: object) -> Place:
    """The place that a click on a citation names.

    Raises:
        SettingsError: it names none.
    """
    try:
        return Place.model_validate(given)
    except ValidationError as error:
        raise SettingsError("This does not name a place in an article.") from error


class Chosen(BaseModel):
    """A question that is asked by choosing it, or that the page's address asks.

    `narrowed` is the part of an address that narrows it; `keeps` says that the article which is
    open stays.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    question: str
    narrowed: str = ""
    keeps: bool = False


class Again(BaseModel):
    """A turn, by its key, that is asked again with a chip switched or with another search."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    key: str
    chip: str | None = None
    searched: str | None = None


class Opened(BaseModel):
    """A citation that was chosen, and the question it was found by."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    place: Place
    question: str = ""
    narrowed: str = ""


Event = TypeVar("Event", Chosen, Again, Opened)


def parse_event(kind: type[Event], given: object) -> Event:
    """What an event of the page says.

    Raises:
        SettingsError: it is none of that kind.
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        if kind is Opened:
            raise SettingsError("This does not name a place in an article.") from error
        raise SettingsError("The page sent what it never sends. Load it again.") from error


def parse_id(given: object) -> str:
    """The id of an article.

    Raises:
        SettingsError: it is none.
    """
    if not isinstance(given, str) or not well_formed(given):
        raise SettingsError("The id of an article is a text, for example: harbour/ferry.md.")
    return given
