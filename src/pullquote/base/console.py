"""Standard output and standard error, and text made safe for a terminal."""

from __future__ import annotations

import io
import json
import re
import sys
from datetime import date, datetime

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from pullquote.base.dates.day_text import moment_text

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

_LINE_END = re.compile("\r\n?|[\f\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls except tab and newline
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates: they reorder text
    "\ud800-\udfff]"  # lone surrogates
)
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with U+FFFD in place of characters that a terminal would act on.

    Tabs are kept, and every line ending becomes a newline.
    """
    return _UNSEEN.sub("\ufffd", _LINE_END.sub("\n", text))


def use_utf8() -> None:
    """Make standard output and error UTF-8 in any locale, since articles may be in any script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def write(text: str) -> None:
    """Write text to standard output, unchanged and without buffering.

    Raises:
        OSError: the text cannot be written. It is a BrokenPipeError if nobody reads the output.
    """
    print(text, flush=True)  # noqa: T201 - all output is printed here


def print_json(value: object, *, in_a_line: bool = False) -> None:
    """Print a value as JSON for a program, safe to show in a terminal."""
    write(json_text(value, in_a_line=in_a_line))


def json_text(value: object, *, in_a_line: bool = False) -> str:
    """A value as JSON, in any script, safe to show in a terminal."""
    return escaped_json(json.dumps(value, ensure_ascii=False, indent=None if in_a_line else 2))


def escaped_json(text: str) -> str:
    """JSON with escapes for characters that a terminal would act on or lose.

    Those are DEL, C1 controls, bidirectional controls, line separators and lone surrogates. They
    occur only in JSON strings, where their escapes mean the same characters.
    """
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_error(message: str) -> None:
    """Print an error on standard error."""
    warn("error:", message, style="bold red")


def print_note(message: str) -> None:
    """Print a note on standard error."""
    warn("note:", message, style="yellow")


def say(text: str, *, style: str = "", indent: int = 0) -> None:
    """Print text that may be from an article; it is wrapped in a terminal, but not in a pipe."""
    if out.file.isatty():
        out.print(Padding(Text(visible(text), style), (0, 0, 0, indent), expand=False))
    else:
        write(" " * indent + visible(text))


def warn(label: str, message: str, *, style: str) -> None:
    """Print a styled label and a message on standard error."""
    err.print(Text.assemble((label, style), " ", visible(message)), soft_wrap=True)


def one_line(text: str) -> str:
    """The text with each line break replaced by a space, so that a quote can be searched for."""
    return re.sub(r"\s*\n\s*", " ", visible(text))


def when(moment: datetime | date | None) -> str:
    """A day as "3 May 2024", with the time if known; empty for None."""
    return "" if moment is None else moment_text(moment)
