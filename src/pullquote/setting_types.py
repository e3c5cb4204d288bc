"""The types of settings that are no plain numbers and words, and how they are written."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

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
"""What a record of an export may say of its article."""


def _split_names(value: object) -> object:
    """The names in "one, another"; anything else as it is."""
    if not isinstance(value, str):
        return value
    return tuple(name.strip() for name in value.split(",") if name.strip())


def check_networks(named: tuple[str, ...]) -> tuple[str, ...]:
    """The names, if each is an IP address or a network."""
    for name in named:
        ipaddress.ip_network(name, strict=False)
    return named


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_names)]
"""Several names; in the environment with commas between them."""

_MOST_PROCESSES = 8
"""One reads 60 web pages a second, and two cores embed 12 articles."""


def default_processes() -> int:
    """One for each core but one, which embeds; more than a few it never needs to wait for."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(_MOST_PROCESSES, max(1, (1 if count is None else count) - 1))


@dataclass(frozen=True, slots=True)
class EmbeddingChoice:
    """An embedding backend by the name of its entry point, and the address that it is given."""

    backend: str
    address: str
