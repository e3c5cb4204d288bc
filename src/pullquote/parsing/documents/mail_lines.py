"""Joins the lines of plain text in emails into paragraphs.

Mail programs break lines at 60 to 80 characters. Some mark a break that they made with a space at
the end of the line (`format=flowed`, RFC 3676), others do not mark it. The marks before quoted
lines (">") are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_QUOTED = re.compile(r"(?:> ?)*>")
_ITEM = re.compile(r"(?:[*•·‣–—+-]|\(?[0-9]{1,3}[.)]|\(?[A-Za-z][.)])\s")
_SIGNATURE = "-- "
_SENTENCE_END = frozenset('.!?:;…。！？：」』”"')
_NARROWEST = 50
"""A shorter line is never continued by the line below it."""
_WIDEST = 100
"""A mail with a longer line of several words is not broken at a fixed width."""
_USUAL_WIDTHS = (66, 78)
"""The width at which lines are broken is taken to be between these, in characters."""
_SPACE_AT_END = 10
"""How much shorter than the width a line may be that ends with a space, in characters."""


@dataclass(frozen=True, slots=True)
class _MailLine:
    """A line without its quote marks and the white space around it.

    `depth` is the number of quote marks, `spaced` says that the line ended with a space, and
    `indent` is the white space before its words.
    """

    text: str
    depth: int
    spaced: bool
    width: int
    indent: str


def mail_paragraphs(text: str, *, flowed: bool = False, delete_spaces: bool = False) -> list[str]:
    """The paragraphs of a mail, in order.

    `flowed` and `delete_spaces` are the parameters "format" and "delsp" of its content type.
    """
    lines = [_read_line(line, flowed=flowed) for line in text.splitlines()]
    soft = flowed and any(above.spaced and below.text for above, below in pairwise(lines))
    width = None if soft else _wrap_width(lines)
    paragraphs: list[str] = []
    above: _MailLine | None = None
    for line in lines:
        if not line.text:
            above = None
            continue
        if above is not None and (above.spaced if soft else _continues(above, line, width=width)):
            same = above.depth == line.depth
        else:
            same = False
        if same and above is not None:
            gap = "" if soft and delete_spaces else _gap(above.text, line.text)
            paragraphs[-1] += f"{gap}{line.text}"
        else:
            paragraphs.append(line.text)
        above = line
    return paragraphs


def _read_line(line: str, *, flowed: bool) -> _MailLine:
    """A line of the text. The separator of a signature is a line that is never continued."""
    quoted = _QUOTED.match(line)
    depth = 0 if quoted is None else quoted[0].count(">")
    rest = line if quoted is None else line[quoted.end() :]
    if flowed and rest.startswith(" "):
        rest = rest[1:]
    words = rest.strip()
    spaced = rest.endswith(" ") and rest != _SIGNATURE
    indent = rest[: len(rest) - len(rest.lstrip())]
    return _MailLine(words, depth, spaced, _columns(words), indent)


def _columns(text: str) -> int:
    """The number of columns of a text in a font of equal widths."""
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def _wrap_width(lines: Sequence[_MailLine]) -> int | None:
    """The width at which lines were broken, or None if they were not broken at a fixed width."""
    widths = sorted(_continued_widths(lines))
    if not widths or any(line.width > _WIDEST and " " in line.text for line in lines):
        return None
    low, high = _USUAL_WIDTHS
    return min(max(widths[len(widths) * 4 // 5], low), high)


def _continued_widths(lines: Sequence[_MailLine]) -> Iterator[int]:
    """The widths of the lines that another line of their paragraph may follow."""
    for line, below in pairwise(lines):
        if below.text and line.width >= _NARROWEST and line.depth == below.depth:
            yield line.width


def _continues(above: _MailLine, line: _MailLine, *, width: int | None) -> bool:
    """Whether a line continues the paragraph of the line above, in a text without marks."""
    address = above.text.isascii() and " " not in above.text
    indented = "\t" in line.indent or len(line.indent) > len(above.indent) + 1
    if above.width < _NARROWEST or address or indented or _ITEM.match(line.text):
        return False
    if line.text[0].islower() and above.text[-1] not in _SENTENCE_END:
        return above.width <= _WIDEST
    if width is None:
        return False
    full = above.width + 1 + _columns(line.text.split(maxsplit=1)[0])
    return full > width - (_SPACE_AT_END if above.spaced else 0)


def _gap(above: str, below: str) -> str:
    """A space, or nothing between two characters of a script without spaces."""
    wide = all(unicodedata.east_asian_width(letter) in "WF" for letter in (above[-1], below[0]))
    return "" if wide else " "
