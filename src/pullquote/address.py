"""Where an index stands: in a folder, or with a backend that the scheme of its address names."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Protocol, cast

from pullquote.errors import SettingsError
from pullquote.plugins import INDEX_BACKENDS, installed, load_backend, missing_backend

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9.-]+)(\+[A-Za-z0-9.+-]+)?:")
"""Two letters at least: `C:` is a drive. What follows a + is a variant of the backend's own."""


class BackendAddress(ABC):
    """The address of an index that a backend keeps; each backend has a subclass.

    `scheme` is the name of the backend's entry point. `str` gives the address without what is
    secret, and reading that again gives an address of the same place.
    """

    __slots__ = ()

    scheme: ClassVar[str]

    @abstractmethod
    def __str__(self) -> str:
        """The address without what is secret."""


Address = Path | BackendAddress


class AddressParser(Protocol):
    """What reads the addresses of one scheme."""

    def parse_address(self, written: str) -> BackendAddress:
        """The address as it was written, scheme and all.

        Raises:
            ValueError: it cannot be used; the message says how to write one and has no secret.
        """
        ...


def parse_address(value: object) -> object:
    """The address that is written; a path where it has no scheme, anything else as it is.

    Raises:
        ValueError: no backend of that scheme is installed, or it cannot read the address. The
            message has no secret.
    """
    if not isinstance(value, str):
        return value
    if (begins := _SCHEME.match(value)) is None:
        return Path(value)
    scheme = begins[1].lower()
    if scheme not in installed(INDEX_BACKENDS):
        if not value.startswith("//", begins.end()):
            return Path(value)
        raise ValueError(f"{missing_backend(INDEX_BACKENDS, scheme)} A folder has no scheme.")
    try:
        parser = cast("AddressParser", load_backend(INDEX_BACKENDS, scheme))
    except SettingsError as error:
        raise ValueError(str(error)) from None
    return parser.parse_address(value)


def folder_name(address: BackendAddress) -> str:
    """The name of the folder in which this machine keeps what it knows of an index elsewhere."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", str(address)).strip("-")
