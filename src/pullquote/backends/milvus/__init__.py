"""The index in the collections of a Milvus server, for archives that one machine cannot hold.

Nothing here loads pymilvus before a server is asked; see `client.server`.
"""

from pullquote.backends.milvus.client.connection import Access
from pullquote.backends.milvus.index import MilvusIndex

__all__ = ["Access", "MilvusIndex"]
