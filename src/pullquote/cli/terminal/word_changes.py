"""Prints the words of two texts that differ."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from pullquote.base.console import one_line, out, visible, write
from pullquote.schema import WordDifference

_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_COLOURS = {"same": "", "removed": "red", "added": "green"}


def print_word_changes(changes: Sequence[WordDifference]) -> None:
    """Print the words of two texts: [-removed-] and {+added+}."""
    printed = [_marked(one) for one in changes]
    if out.file.isatty():
        styles = [_COLOURS[one.kind] for one in changes]
        parts = [Text(text, style) for text, style in zip(printed, styles, strict=True)]
        out.print(Text("  ") + Text(" ").join(parts))
    else:
        write("  " + " ".join(printed))


def _marked(change: WordDifference) -> str:
    left, right = _MARKS[change.kind]
    return f"{left}{one_line(visible(change.text))}{right}"
