"""Finds the line below a block quote that says whose words it has: "— Ida Roe, mayor"."""

from __future__ import annotations

import re

QUOTED_LINE = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
"""What begins a line of a block quote in Markdown."""
_LONGEST = 160
"""In characters."""
_LONGEST_LINKED = 2000
"""In characters, with the addresses of links."""
_LINKED = re.compile(r"\[([^\[\]\n]*)\]\([^\s()]*\)")
"""A link in Markdown."""
_LINE = re.compile(
    r"[\s*_(]{0,6}(?:[—–―]|-{1,3})[\s*_]{0,6}"
    r"(?P<name>(?!\d)\w[\w'’.-]*(?: [\w'’.&-]+){0,7})[\s*_)]*(?:[,(].*)?"
)


def attribution_line(text: str) -> str | None:
    """The name in a line that says whose the words above it are; None for another line.

    >>> attribution_line("> — Ida Roe, mayor of Sula")
    'Ida Roe'
    >>> attribution_line("— Ida Roe, [Harbour Post](https://post.example/pier)")
    'Ida Roe'
    """
    line = _LINKED.sub(r"\1", QUOTED_LINE.sub("", text).strip()[:_LONGEST_LINKED])
    if len(line) > _LONGEST or "\n" in line:
        return None
    found = _LINE.fullmatch(line)
    name = "" if found is None else found["name"].strip()
    capitals = [word for word in name.split() if word[0].isupper()]
    return (
        name if capitals and name[0].isupper() and 2 * len(capitals) >= len(name.split()) else None
    )
