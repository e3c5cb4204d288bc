"""How much a file of the corpus may ask for before it is refused."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """What reading a file may take. Beyond it the file is named with its reason, and no other.

    A rebuild by other limits reads what failed before again, and nothing else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_bytes: int = Field(
        256 << 20,
        ge=1,
        description="bytes of a file that is read as a whole; exports, archives and crawls are "
        "read in parts and may be longer",
    )
    article_chars: int = Field(
        10_000_000, ge=1, description="characters of an article; the Bible has half of the default"
    )
    member_bytes: int = Field(
        32 << 20,
        ge=1,
        description="bytes of a file in an archive or a document, or of a page in a crawl, when "
        "unpacked",
    )
    entries: int = Field(200_000, ge=1, description="files in an archive or a document")
    # Text shrinks to a tenth, one paragraph over and over to a hundredth, a bomb to a thousandth.
    expansion: int = Field(
        200, ge=1, description="how many times its size an archive or a document may hold"
    )
    free_expansion: int = Field(
        64 << 20, ge=0, description="bytes that an archive or a document may hold however small"
    )
    seconds: float = Field(
        60.0,
        gt=0,
        description="seconds of the processor for which a file may be read without giving "
        "an article, and a hundredth of them for each megabyte; ten times as many by the clock",
    )
    memory: int = Field(
        2 << 30,
        ge=256 << 20,
        description="bytes of memory of a process that reads files, where the system can limit it",
    )


LIMITS = Limits()
"""Those that hold unless others are set."""


def megabytes(size: int) -> str:
    """A number of bytes as it is told: "32 MB"."""
    return f"{size / (1 << 20):,.0f} MB"
