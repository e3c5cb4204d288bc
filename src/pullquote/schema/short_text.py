"""Short one-line texts for `repr`."""

from __future__ import annotations

_WORDS = 48
"""Characters of a text that are shown."""


def short_text(text: str, *, most: int = _WORDS) -> str:
    """The text on one line, with a final "…" if it has more than `most` characters."""
    line = " ".join(text[: 4 * most].split())
    cut = len(line) > most or len(text) > 4 * most
    shown = f"{line[: most - 1].rstrip()}…" if cut else line
    return "".join(one if one.isprintable() else "\ufffd" for one in shown)
