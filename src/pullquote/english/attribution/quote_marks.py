"""Finds quotations by their quote marks, also those that run over several paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DOUBLE = re.compile(r"[\"“”„«»]|''|``")
_SINGLE = re.compile(r"[‘'’]")
_OPENING, _CLOSING = frozenset("“„«"), frozenset("”»")
MOST_SINGLE = 600
"""In characters: a quotation in single marks is not longer, or the mark is an apostrophe."""


@dataclass(frozen=True)
class Quotation:
    """A quotation with its marks; one that goes on in the next paragraph is several."""

    start: int
    end: int
    continues: bool = False


def quotations(text: str, paragraphs: list[tuple[int, int]]) -> list[Quotation]:
    """The quotations of the paragraphs, in order, without those inside others."""
    found: list[Quotation] = []
    for number, (start, end) in enumerate(paragraphs):
        after = paragraphs[number + 1][0] if number + 1 < len(paragraphs) else None
        goes_on = after is not None and _opens_at(text, after)
        at = start
        for doubled in _with_double_marks(text, start, end, goes_on):
            found += [*_with_single_marks(text, at, doubled.start), doubled]
            at = doubled.end
        found += _with_single_marks(text, at, end)
    return found


def _opens_at(text: str, at: int) -> bool:
    """Whether a paragraph opens with a quote mark."""
    while at < len(text) and text[at] in " \t":
        at += 1
    return at < len(text) and text[at] in "\"“„«'"


def _with_double_marks(text: str, start: int, end: int, goes_on: bool) -> list[Quotation]:
    """The quotations in double marks in a paragraph."""
    found: list[Quotation] = []
    opened: int | None = None
    depth = 0
    for match in _DOUBLE.finditer(text, start, end):
        at = match.start()
        if opened is None:
            if match[0] not in _CLOSING:
                opened, depth = at, 1
        elif match[0] in _OPENING:
            depth += 1
        elif match[0] in _CLOSING and depth > 1:
            depth -= 1
        else:
            found.append(Quotation(opened, match.end()))
            opened = None
    if opened is not None and (goes_on or not text[start:opened].strip()):
        stop = start + len(text[start:end].rstrip())
        found.append(Quotation(opened, stop, continues=goes_on))
    return found


def _with_single_marks(text: str, start: int, end: int) -> list[Quotation]:
    """The quotations in single marks in a part of a paragraph without double ones."""
    found: list[Quotation] = []
    opened: int | None = None
    for match in _SINGLE.finditer(text, start, end):
        at = match.start()
        before = text[at - 1] if at > start else " "
        after = text[at + 1] if at + 1 < end else " "
        if opened is None or at - opened > MOST_SINGLE:
            opens = match[0] != "’" and not before.isalnum() and (after.isalnum() or after == "[")
            opened = at if opens else None
        elif not after.isalnum() and not before.isspace() and _closes(text, opened, at):
            found.append(Quotation(opened, at + 1))
            opened = None
    return found


def _closes(text: str, opened: int, at: int) -> bool:
    """Whether a mark ends a quotation rather than being the apostrophe of a plural."""
    return text[at - 1] != "s" or text[at + 1 : at + 2] in ("", ",", ".", ";", ":", ")", "\n")
