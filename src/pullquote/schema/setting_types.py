"""Types of settings that are more than plain numbers or strings.

This module does not import pydantic-settings, which parser processes do not need.
"""

from __future__ import annotations

import ipaddress
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, PlainSerializer

from pullquote.schema.index_address import BackendAddress, parse_address

FieldName = Literal[
    "id",
    "title",
    "standfirst",
    "body",
    "authors",
    "source",
    "section",
    "place",
    "tags",
    "published",
    "modified",
    "url",
    "language",
    "revision",
    "status",
    "embargoed",
]
"""The article fields that an export's record may contain."""


DenseType = Literal["auto", "flat", "rabitq"]
"""Whether to search all vectors or their one-bit codes; auto decides by the number of passages."""

Precision = Literal["float32", "int8"]
"""The numbers that an encoder multiplies; its sums and vectors are in float32."""


def _new_reader_name(reader: object) -> object:
    if reader != "packaged":
        return reader
    warnings.warn(
        'The reader "packaged" is now "thorough"; "fast" is the one of version 0.2.',
        FutureWarning,
        stacklevel=2,
    )
    return "thorough"


ReaderName = Annotated[str, BeforeValidator(_new_reader_name)]
"""A reader that ships with pullquote, or a model by name or path."""

SourceFolder = Literal["off", "top", "parent"]
"""Which folder of the corpus names the source of an article that names none."""

OcrLanguages = Annotated[str, Field(pattern=r"^([A-Za-z_]+(\+[A-Za-z_]+)*)?$")]
"""Languages as Tesseract names them, such as "eng+deu"; "" if no pictures are read."""

UPLOADS_FOLDER = "uploads"
"""The folder of the corpus with uploaded files; it is never the name of a source."""


def _split_names(value: object) -> object:
    """Split "one, another" into names; values that are not strings are returned unchanged."""
    if not isinstance(value, str):
        return value
    return tuple(name.strip() for name in value.split(",") if name.strip())


def check_networks(named: tuple[str, ...]) -> tuple[str, ...]:
    """Check that each name is an IP address or a network, and return the names.

    Raises:
        ValueError: a name is neither.
    """
    for name in named:
        ipaddress.ip_network(name, strict=False)
    return named


IndexAddress = Annotated[
    Path | InstanceOf[BackendAddress],
    BeforeValidator(parse_address),
    PlainSerializer(str, return_type=str, when_used="json"),
]
"""The folder of an index, or its address if a backend stores it."""

Names = Annotated[tuple[str, ...], BeforeValidator(_split_names)]
"""Several names; in an environment variable they are separated by commas."""

NetworkNames = Annotated[Names, AfterValidator(check_networks)]
"""Several IP addresses or networks."""

_MOST_PROCESSES = 8
"""More would only wait: a process reads 60 web pages a second, but two cores embed only 12."""


def default_processes() -> int:
    """One process for each core but one, on which embedding runs; at most `_MOST_PROCESSES`."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(_MOST_PROCESSES, max(1, (1 if count is None else count) - 1))


@dataclass(frozen=True, slots=True)
class EmbeddingChoice:
    """The name of an embedding backend's entry point, and the address for it."""

    backend: str
    address: str
