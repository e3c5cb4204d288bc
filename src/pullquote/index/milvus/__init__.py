"""The index in the collections of a Milvus server, for archives that one machine cannot hold.

Nothing here loads pymilvus before a server is asked; see `server`.
"""

from pullquote.index.milvus.connection import Access
from pullquote.index.milvus.index import MilvusIndex

__all__ = ["Access", "MilvusIndex"]
