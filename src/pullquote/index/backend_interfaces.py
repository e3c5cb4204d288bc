"""What a package has to bring so that indexes stand, or articles are embedded, somewhere else.

Backends are found by entry points; docs/backends.md says how to write one.
"""

from __future__ import annotations

from typing import Protocol

from pullquote.address import BackendAddress
from pullquote.index.interfaces import Index
from pullquote.index.rebuild.batches import Prepare
from pullquote.settings import Settings


class IndexBackend(Protocol):
    """Where indexes stand that are not in a folder; named by an entry point.

    The group is `pullquote.index_backends`, the name is the scheme of the addresses, and the object
    is called without arguments: a class, mostly. `scheme+variant` goes to the backend `scheme`.
    """

    def parse_address(self, written: str) -> BackendAddress:
        """The address as it was written, scheme and all. Load nothing heavy to read it.

        Raises:
            ValueError: it cannot be used; the message says how to write one and has no secret.
        """
        ...

    def open_index(self, address: BackendAddress, settings: Settings) -> Index:
        """The index at an address that `parse_address` gave. Connect to nothing yet."""
        ...


class EmbeddingBackend(Protocol):
    """Where articles are read and embedded that this process does not; named by an entry point.

    The group is `pullquote.embedding_backends`; the object is called without arguments.
    """

    def preparing(self, address: str, settings: Settings) -> Prepare:
        """How articles are prepared at an address, which may be empty. Connect to nothing yet."""
        ...
