"""The address of an index: a folder, or `scheme:…` for the backend of that scheme."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Protocol, cast

from pullquote.errors import SettingsError
from pullquote.plugins import INDEX_BACKENDS, installed, load_backend, missing_message

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9.-]+)(\+[A-Za-z0-9.+-]+)?:")
"""At least two letters, because `C:` is a drive. A part after `+` is a variant of the backend."""


class BackendAddress(ABC):
    """The address of an index that a backend stores; each backend has a subclass.

    `scheme` is the name of the backend's entry point. `str` gives the address without secrets;
    parsed again, that is an address of the same index.
    """

    __slots__ = ()

    scheme: ClassVar[str]

    @abstractmethod
    def __str__(self) -> str:
        """The address without secrets."""


class AddressParser(Protocol):
    """Parses the addresses of one scheme."""

    def parse_address(self, written: str) -> BackendAddress:
        """The address that was written, with its scheme.

        Raises:
            ValueError: it is invalid; the message says how to write one and has no secret.
        """
        ...


def parse_address(value: object) -> object:
    """The address in a text, or a path if it has no scheme; other values are returned unchanged.

    Raises:
        ValueError: no backend of that scheme is installed, or it cannot parse the address. The
            message has no secret.
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
    """The name of this machine's folder for caches of an index that is stored elsewhere."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", str(address)).strip("-")
