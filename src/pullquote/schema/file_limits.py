"""Limits on reading one file of the corpus, and on the earlier editions that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from pullquote.schema.arguments import suggestion
from pullquote.schema.errors import SettingsError

MEGABYTE = 1 << 20


_REFUSED = "A setting cannot be used: "


class CheckedSettings(BaseModel):
    """Settings whose constructor raises SettingsError for a value that cannot be used."""

    if not TYPE_CHECKING:  # the fields remain the parameters that editors and mypy know

        def __init__(self, **given: object) -> None:
            try:
                super().__init__(**given)
            except ValidationError as error:
                faults = "; ".join(_fault(type(self), one) for one in error.errors())
                raise SettingsError(f"{_REFUSED}{faults}") from error


def _fault(settings: type[BaseModel], error: ErrorDetails) -> str:
    """What is wrong with a value; settings within settings have said it already."""
    place = ".".join(map(str, error["loc"]))
    inner = error.get("ctx", {}).get("error")
    if isinstance(inner, SettingsError) and str(inner).startswith(_REFUSED):
        return f"{place}.{str(inner).removeprefix(_REFUSED)}"
    known = suggestion(place, settings.model_fields) if error["type"] == "extra_forbidden" else ""
    return f"{place}: {error['msg']}{known and f'.{known}'}"


class Limits(CheckedSettings):
    """Limits on reading one file. A file over a limit is reported as failed; other files are read.

    After the limits change, a rebuild retries only the files that failed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_bytes: int = Field(
        256 << 20,
        ge=1,
        description="bytes of a file that is read as a whole; exports, archives and crawls are "
        "read piece by piece and may be larger",
    )
    article_chars: int = Field(
        10_000_000,
        ge=1,
        description="characters of an article; the default is twice the length of the Bible",
    )
    member_bytes: int = Field(
        32 << 20,
        ge=1,
        description="unpacked bytes of a file in an archive or document, or of a page in a crawl",
    )
    entries: int = Field(200_000, ge=1, description="number of files in an archive or document")
    # Text compresses to a tenth of its size, a repeated paragraph to a hundredth, and a zip bomb
    # to a thousandth.
    expansion: int = Field(
        200,
        ge=1,
        description="unpacked size of an archive or document, as a multiple of its packed size",
    )
    free_expansion: int = Field(
        64 << 20,
        ge=0,
        description="unpacked bytes that any archive or document may have, however small it is",
    )
    seconds: float = Field(
        60.0,
        gt=0,
        description="CPU seconds that reading may go on without yielding an article, and that "
        "splitting an article into passages may take; a hundredth of this limit is added for each "
        "megabyte read, and the wall-clock limit of reading is ten times as long",
    )
    memory: int = Field(
        2 << 30,
        ge=256 << 20,
        description="bytes of memory that a parser process may use, if the system can limit them",
    )


class EditionBounds(CheckedSettings):
    """How many earlier editions of the articles the index keeps.

    docs/how-to/editions.md says what they are for.

    The next rebuild drops what is over the bounds, even if no article has changed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    most: int = Field(
        10,
        ge=0,
        le=1000,
        description="earlier editions of one article; 0 keeps none and drops those that are stored",
    )
    days: int = Field(
        365,
        ge=1,
        le=36_500,
        description="days for which an edition is kept after the article was changed or removed",
    )


LIMITS = Limits()
"""The default limits."""


def megabytes(size: int) -> str:
    """A size in bytes for people, such as "32 MB" or "1.5 MB"; never more than the size.

    A megabyte has 2^20 bytes, as in the limits. The page's scripts do not compute sizes of files.
    """
    if size < MEGABYTE:
        return f"{size:,} bytes"
    return f"{size * 10 // MEGABYTE / 10:,.1f} MB".replace(".0 ", " ")
