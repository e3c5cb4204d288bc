"""Evidence packs: ZIP files with quotes and all that is needed to verify them elsewhere."""

from pullquote.packs.build import AskedReply, BuiltPack, build_pack
from pullquote.packs.verify import is_pack, verify_pack

__all__ = ["AskedReply", "BuiltPack", "build_pack", "is_pack", "verify_pack"]
