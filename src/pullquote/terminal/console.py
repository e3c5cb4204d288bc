"""Standard output and error, and text that is fit for them."""

from __future__ import annotations

import io
import json
import re
import sys
from datetime import date, datetime

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from pullquote.schema import Article

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

_LINE_END = re.compile("\r\n?|[\f\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls but tab and newline: a terminal obeys them
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates: they reorder what follows
    "\ud800-\udfff]"  # what is no character
)
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with nothing in it that a terminal would obey; U+FFFD stands in its place.

    Tabs stay, and every way to end a line is a newline.
    """
    return _UNSEEN.sub("\ufffd", _LINE_END.sub("\n", text))


def use_utf8() -> None:
    """Make standard output and error UTF-8 whatever the locale; articles are in any script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def write(text: str) -> None:
    """Put text on standard output exactly as it stands, at once.

    Raises OSError when it cannot be written, BrokenPipeError when nobody reads it.
    """
    print(text, flush=True)  # noqa: T201 - this is the edge


def print_json(value: object, *, in_a_line: bool = False) -> None:
    """A value as JSON, for a program to read; a terminal that shows it obeys nothing in it."""
    write(json_text(value, in_a_line=in_a_line))


def json_text(value: object, *, in_a_line: bool = False) -> str:
    """A value as JSON, in any script, that is fit for a terminal."""
    return escaped_json(json.dumps(value, ensure_ascii=False, indent=None if in_a_line else 2))


def escaped_json(text: str) -> str:
    """JSON with escapes for what a terminal would obey or lose.

    Those are DEL, C1 controls, what reorders text, separators of lines and lone surrogates. They
    can only stand in strings, and parse to what they were.
    """
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_error(message: str) -> None:
    """One message on standard error."""
    warn("error:", message, style="bold red")


def print_note(message: str) -> None:
    """One remark on standard error."""
    warn("note:", message, style="yellow")


def say(text: str, *, style: str = "", indent: int = 0) -> None:
    """Print text that may come from an article: wrapped for a person, one line for a program."""
    if out.file.isatty():
        out.print(Padding(Text(visible(text), style), (0, 0, 0, indent), expand=False))
    else:
        write(" " * indent + visible(text))


def warn(what: str, message: str, *, style: str) -> None:
    """Print on standard error what it is about, in a style, and a message."""
    err.print(Text.assemble((what, style), " ", visible(message)), soft_wrap=True)


def one_line(text: str) -> str:
    """The text without its line breaks, so that a quote is found by its words."""
    return re.sub(r"\s*\n\s*", " ", visible(text))


def headline(article: Article) -> str:
    """The article's title, source and day."""
    parts = (article.title, article.source, when(article.published))
    return " · ".join(one_line(part) for part in parts if part)


def when(moment: datetime | date | None) -> str:
    """A day as people write it, with the time where it is known; empty for None."""
    if moment is None:
        return ""
    day = f"{moment.day} {moment:%B %Y}"
    return f"{day}, {moment:%H:%M}" if isinstance(moment, datetime) else day
