"""The address of an index: a folder, or `scheme:…` for an index that a backend stores."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Protocol, cast

from pullquote.schema.errors import SettingsError
from pullquote.schema.plugins import INDEX_BACKENDS, installed, load_backend, missing_message

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9.-]+)(\+[A-Za-z0-9.+-]+)?:")
"""A scheme has at least two letters, because `C:` is a drive. The part after `+` is a variant."""


class BackendAddress(ABC):
    """The address of an index that a backend stores; each backend has a subclass.

    `scheme` is the name of the backend's entry point. `str` returns the address without secrets.
    Parsing that string yields an address of the same index.
    """

    __slots__ = ()

    scheme: ClassVar[str]

    @abstractmethod
    def __str__(self) -> str:
        """The address without secrets."""


class AddressParser(Protocol):
    """Parses the addresses of one scheme."""

    def parse_address(self, written: str) -> BackendAddress:
        """Parse an address as the user wrote it, scheme included.

        Raises:
            ValueError: the address is invalid; the message shows a valid one and no secrets.
        """
        ...


def parse_address(value: object) -> object:
    """Parse a string as an address, or as a path if it has no scheme.

    Values of other types are returned unchanged.

    Raises:
        ValueError: no backend for the scheme is installed, or the backend cannot parse the
            address. The message contains no secrets.
    """
    if not isinstance(value, str):
        return value
    if (prefix := _SCHEME.match(value)) is None:
        return Path(value)
    scheme = prefix[1].lower()
    if scheme not in installed(INDEX_BACKENDS):
        if not value.startswith("//", prefix.end()):
            return Path(value)
        raise ValueError(f"{missing_message(INDEX_BACKENDS, scheme)} A folder has no scheme.")
    try:
        parser = cast("AddressParser", load_backend(INDEX_BACKENDS, scheme))
    except SettingsError as error:
        raise ValueError(str(error)) from None
    return parser.parse_address(value)


def folder_name(address: BackendAddress) -> str:
    """The name of the local cache folder for an index that is stored elsewhere."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", str(address)).strip("-")
