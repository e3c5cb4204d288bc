"""Evidence packs: ZIP files with quotes and all that is needed to verify them elsewhere."""

from pullquote.newsroom.packs.build import BuiltPack, build_pack
from pullquote.newsroom.packs.manifest import AskedReply
from pullquote.newsroom.packs.verify import is_pack, is_pack_bytes, verify_pack, verify_pack_bytes

__all__ = [
    "AskedReply",
    "BuiltPack",
    "build_pack",
    "is_pack",
    "is_pack_bytes",
    "verify_pack",
    "verify_pack_bytes",
]
