"""What the entry point `milvus` names: it reads addresses and opens indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pullquote.address import BackendAddress, folder_name
from pullquote.backends.milvus.address import MilvusAddress, parse_address
from pullquote.settings import Settings

if TYPE_CHECKING:
    from pullquote.backends.milvus.client.connection import Access
    from pullquote.backends.milvus.index import MilvusIndex


class MilvusBackend:
    """Indexes on Milvus servers, by the settings that begin with `milvus_`."""

    def parse_address(self, written: str) -> MilvusAddress:
        """The address that is written.

        Raises:
            ValueError: it cannot be used; the message repeats no secret.
        """
        return parse_address(written)

    def open_index(self, address: BackendAddress, settings: Settings) -> MilvusIndex:
        """The index at an address; nothing is connected to yet."""
        from pullquote.backends.milvus.index import MilvusIndex  # noqa: PLC0415 - it loads FAISS

        if not isinstance(address, MilvusAddress):
            raise TypeError(f"{address} is no address of Milvus")
        return MilvusIndex(
            address,
            access=access_of(settings),
            beside=settings.cache / "indexes" / folder_name(address),
            lexical=settings.milvus_lexical,
            kept_seconds=settings.milvus_kept_seconds,
        )


def access_of(settings: Settings) -> Access:
    """How the settings say that a Milvus server lets us in."""
    from pullquote.backends.milvus.client.connection import Access  # noqa: PLC0415 - as above

    return Access(
        user=settings.milvus_user,
        password=settings.milvus_password,
        token=settings.milvus_token,
        certificate=settings.milvus_ca,
        seconds=settings.milvus_seconds,
    )
