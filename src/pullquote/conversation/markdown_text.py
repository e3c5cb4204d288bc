"""Escapes text for Markdown, so that it cannot begin a heading, link, image or HTML."""

from __future__ import annotations

import re
from urllib.parse import quote

_INLINE = re.compile(r"[\\`*_\[\]<>&~$|@]|:(?=//|[\w+-]+:)")
"""Characters that begin inline markup in CommonMark or the dialects of GitHub and GitLab."""

_BARE_WEB = re.compile(r"(?i)\bwww(?=\.)")
_BEGINS_BLOCK = re.compile(r"(?:[-+#=!]|[0-9]{1,9}(?=[.)]))")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"^\s+|\s+$|(?<=\s)\s|[^\S ]")


def escape_markdown(text: str) -> str:
    """Escape a text so that CommonMark renders it character for character, on one line.

    Invisible characters become numeric character references. So does white space that a renderer
    would drop or merge.
    """
    escaped = _INLINE.sub(_escaped, _CONTROL.sub("\ufffd", text))
    escaped = _BARE_WEB.sub(r"\g<0>\\", escaped)
    if begins := _BEGINS_BLOCK.match(escaped):
        sign = begins[0]
        escaped = f"{sign}\\{escaped[len(sign) :]}" if sign.isdigit() else f"\\{escaped}"
    escaped = _SPACES.sub(_numbered, escaped)
    return _INVISIBLE.sub(_numbered, escaped)


def _escaped(match: re.Match[str]) -> str:
    # "&" becomes an entity. A backslash before "&#38;" would also work, but some tools decode
    # entities before they process backslashes.
    return "&amp;" if match[0] == "&" else f"\\{match[0]}"


def _numbered(match: re.Match[str]) -> str:
    return "".join(f"&#{ord(character)};" for character in match[0])


def escape_address(url: str) -> str:
    """Escape a web address for use between < and >."""
    return re.sub(r"[<>\\`\s\x00-\x1f]", lambda match: quote(match[0]), url).replace("&", "&amp;")
