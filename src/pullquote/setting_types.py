"""Types of settings beyond plain numbers and words."""

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
"""The fields of an article that a record of an export may have."""


def _split_names(value: object) -> object:
    """The names in "one, another"; other values are returned unchanged."""
    if not isinstance(value, str):
        return value
    return tuple(name.strip() for name in value.split(",") if name.strip())


def check_networks(named: tuple[str, ...]) -> tuple[str, ...]:
    """The names, if each is an IP address or a network.

    Raises:
        ValueError: one is neither.
    """
    for name in named:
        ipaddress.ip_network(name, strict=False)
    return named


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_names)]
"""Several names, separated by commas in the environment."""

_MOST_PROCESSES = 8
"""One process reads 60 web pages a second; two cores embed 12 articles a second."""


def default_processes() -> int:
    """One for each core except the one that embeds; more than a few would only wait."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(_MOST_PROCESSES, max(1, (1 if count is None else count) - 1))


@dataclass(frozen=True, slots=True)
class EmbeddingChoice:
    """The name of an embedding backend's entry point, and the address for it."""

    backend: str
    address: str
