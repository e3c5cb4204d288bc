"""The interfaces of backends: other places for an index, other places to embed articles.

Backends are found by entry points; docs/backends.md says how to write one.
"""

from __future__ import annotations

from typing import Protocol

from pullquote.address import BackendAddress
from pullquote.index.interfaces import Index
from pullquote.index.rebuild.batches import Prepare
from pullquote.settings import Settings


class IndexBackend(Protocol):
    """Opens indexes that are not in a folder. An entry point names it.

    The entry point's group is `pullquote.index_backends` and its name is the scheme of the
    addresses. The object is called without arguments, so it is usually a class. An address
    `scheme+variant://` goes to the backend `scheme`.
    """

    def parse_address(self, written: str) -> BackendAddress:
        """Parse an address as it was written, with its scheme. Load nothing heavy.

        Raises:
            ValueError: it is not valid. The message says how to write one and has no secret.
        """

    def open_index(self, address: BackendAddress, settings: Settings) -> Index:
        """The index at an address from `parse_address`. Connect to nothing yet."""


class EmbeddingBackend(Protocol):
    """Parses and embeds articles outside this process. An entry point names it.

    The group is `pullquote.embedding_backends`; the object is called without arguments.
    """

    def preparing(self, address: str, settings: Settings) -> Prepare:
        """How to prepare articles at an address, which may be empty. Connect to nothing yet."""
