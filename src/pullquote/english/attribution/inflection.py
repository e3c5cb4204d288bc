"""Forms of regular English verbs."""

from __future__ import annotations

import re

_DOUBLED = frozenset("refer commit admit rebut compel quip brag prefer blog control refut".split())
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh|o)$")


def inflections(verb: str) -> tuple[str, str, str]:
    """The third person, the past and the -ing form of a regular verb: says, asked, asking."""
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    if verb.endswith("e"):
        return f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if _SIBILANT.search(verb):
        return f"{verb}es", f"{verb}ed", f"{verb}ing"
    stem = verb + verb[-1] if verb in _DOUBLED else verb
    return f"{verb}s", f"{stem}ed", f"{stem}ing"
