"""Text that XML can contain."""

from __future__ import annotations

import re

_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text with U+FFFD for each character that no XML can contain."""
    return _IMPOSSIBLE.sub("\ufffd", text)
