"""Limits on reading a file of the corpus."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """What reading one file may take. A file beyond it is reported as failed; others are read.

    A rebuild with other limits reads only the failed files again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_bytes: int = Field(
        256 << 20,
        ge=1,
        description="bytes of a file that is read as a whole; exports, archives and crawls are "
        "read in parts and may be larger",
    )
    article_chars: int = Field(
        10_000_000, ge=1, description="characters of an article; the Bible has half the default"
    )
    member_bytes: int = Field(
        32 << 20,
        ge=1,
        description="unpacked bytes of a file in an archive or a document, or of a page in a crawl",
    )
    entries: int = Field(200_000, ge=1, description="files in an archive or a document")
    # Text compresses to a tenth, a repeated paragraph to a hundredth, a bomb to a thousandth.
    expansion: int = Field(
        200,
        ge=1,
        description="unpacked size of an archive or a document, as a multiple of its own size",
    )
    free_expansion: int = Field(
        64 << 20,
        ge=0,
        description="unpacked bytes that even the smallest archive or document may have",
    )
    seconds: float = Field(
        60.0,
        gt=0,
        description="CPU seconds that reading may take without giving an article, and a hundredth "
        "of them for each megabyte of the file; ten times as many by the clock",
    )
    memory: int = Field(
        2 << 30,
        ge=256 << 20,
        description="bytes of memory of a parser process, where the system can limit it",
    )


LIMITS = Limits()
"""The defaults."""


def megabytes(size: int) -> str:
    """A number of bytes in megabytes: "32 MB"."""
    return f"{size / (1 << 20):,.0f} MB"
