"""The entry point `milvus`: parses addresses and opens indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pullquote.schema.index_address import BackendAddress, folder_name
from pullquote.schema.settings import Settings
from pullquote_milvus.address import MilvusAddress, parse_address
from pullquote_milvus.client.connection import ConnectionOptions

if TYPE_CHECKING:
    from pullquote_milvus.index import MilvusIndex


class MilvusBackend:
    """Indexes on Milvus servers, configured by the settings that begin with `milvus_`."""

    def parse_address(self, written: str) -> MilvusAddress:
        """Parse an address.

        Raises:
            ValueError: the address cannot be used; the message contains no secret.
        """
        return parse_address(written)

    def open_index(self, address: BackendAddress, settings: Settings) -> MilvusIndex:
        """The index at an address. It connects when it is first used."""
        from pullquote_milvus.index import MilvusIndex  # noqa: PLC0415 - it loads FAISS

        if not isinstance(address, MilvusAddress):
            raise TypeError(f"{address} is not a Milvus address")
        return MilvusIndex(
            address,
            options=connection_options(settings),
            beside=settings.cache / "indexes" / folder_name(address),
            lexical=settings.milvus_lexical,
            cache_seconds=settings.milvus_cache_seconds,
        )


def connection_options(settings: Settings) -> ConnectionOptions:
    """The credentials and the time limit that the settings give for a Milvus server."""
    return ConnectionOptions(
        user=settings.milvus_user,
        password=settings.milvus_password,
        token=settings.milvus_token,
        certificate=settings.milvus_ca,
        seconds=settings.milvus_seconds,
    )
