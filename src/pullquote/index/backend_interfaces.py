"""The interfaces of backends, which store an index or embed articles somewhere else.

Backends are found through entry points; docs/how-to/backends.md explains how to write one.
"""

from __future__ import annotations

from typing import Protocol

from pullquote.index.interfaces import Index
from pullquote.index.rebuild.batches import Prepare
from pullquote.schema.index_address import BackendAddress
from pullquote.schema.settings import Settings


class IndexBackend(Protocol):
    """Opens indexes that are not in a folder. An entry point names the backend.

    The entry point's group is `pullquote.index_backends`, and its name is the scheme of the
    addresses that the backend opens. The object that the entry point names is called without
    arguments, so it is usually a class. An address `scheme+variant://` goes to the backend
    `scheme`.
    """

    def parse_address(self, written: str) -> BackendAddress:
        """Parse an address as the user wrote it, scheme included. Import no large library.

        Raises:
            ValueError: it is invalid. The message shows the right form and contains no secret.
        """

    def open_index(self, address: BackendAddress, settings: Settings) -> Index:
        """Return the index at an address from `parse_address`, without connecting yet."""


class EmbeddingBackend(Protocol):
    """Parses and embeds articles outside this process. An entry point names the backend.

    The entry point's group is `pullquote.embedding_backends`. The object that it names is called
    without arguments.
    """

    def preparing(self, address: str, settings: Settings) -> Prepare:
        """Return a function that prepares articles at an address, without connecting yet.

        The address may be empty.
        """
