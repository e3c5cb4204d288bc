"""Evidence packs: ZIP files with quotes and all that is needed to verify them elsewhere."""

from pullquote.packs.build import BuiltPack, build_pack
from pullquote.packs.questions import AskedReply
from pullquote.packs.verify import is_pack, is_pack_bytes, verify_pack, verify_pack_bytes

__all__ = [
    "AskedReply",
    "BuiltPack",
    "build_pack",
    "is_pack",
    "is_pack_bytes",
    "verify_pack",
    "verify_pack_bytes",
]
