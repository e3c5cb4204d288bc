"""The text of a Word document with the elements that have it, in which words can be found."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pullquote.newsroom.checking.reports.word.package import local

_HIDDEN = frozenset("del moveFrom instrText delText Fallback tabs pPr rPr".split())
_BOX = "txbxContent"
_BESIDE = 30
"""So many characters before and after words decide where they are, if they stand several times."""
_UNCOUNTED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class CharacterPlace:
    """A character of a document: an element, and its position in the element's text."""

    element: etree._Element
    offset: int


@dataclass(frozen=True, slots=True)
class FoundRange:
    """The first and the last character of some words."""

    start: int
    end: int
    first: CharacterPlace
    last: CharacterPlace


class DocumentText:
    """The text of a document, without white space and marks that take no room.

    The text of each text box comes after the rest.
    """

    def __init__(self, root: etree._Element) -> None:
        self._elements: list[etree._Element] = []
        self._starts: list[int] = []
        keys, size = list[str](), 0
        for element in _elements(root):
            key = squeezed(_text_of(element))
            if key:
                self._elements.append(element)
                self._starts.append(size)
                keys.append(key)
                size += len(key)
        self._key = "".join(keys)

    def find(self, before: str, words: str, after: str, *, start: int = 0) -> FoundRange | None:
        """Where words stand between others; None if the document does not have them.

        If no place has such a neighbour, it is the first one from `start` on.
        """
        key = squeezed(words)
        if not key:
            return None
        left, right = squeezed(before)[-_BESIDE:], squeezed(after)[:_BESIDE]
        for one, other in ((left, right), (left, ""), ("", right)):
            at = self._key.find(one + key + other)
            if at >= 0:
                return self._range(at + len(one), len(key))
        at = self._key.find(key, start)
        at = at if at >= 0 else self._key.find(key)
        return None if at < 0 else self._range(at, len(key))

    def last(self) -> FoundRange | None:
        """The last character; None if the document has no text."""
        return self._range(len(self._key) - 1, 1) if self._key else None

    def _range(self, at: int, size: int) -> FoundRange:
        return FoundRange(at, at + size, self._place(at), self._place(at + size - 1))

    def _place(self, at: int) -> CharacterPlace:
        number = bisect_right(self._starts, at) - 1
        element, left = self._elements[number], at - self._starts[number]
        for offset, letter in enumerate(_text_of(element)):
            if _counts(letter):
                if not left:
                    return CharacterPlace(element, offset)
                left -= 1
        raise AssertionError("the element has that character")


def squeezed(text: str) -> str:
    """A text without white space and marks that take no room."""
    return "".join(filter(_counts, text))


def _counts(letter: str) -> bool:
    return letter > " " and (letter < "\x7f" or unicodedata.category(letter) not in _UNCOUNTED)


def _text_of(element: etree._Element) -> str:
    return "-" if local(element) == "noBreakHyphen" else element.text or ""


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    """The elements with text, in the order in which they are read."""
    around, boxes = [list[etree._Element]()], list[list[etree._Element]]()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = local(element)
        if event == "end":
            if name == _BOX:
                boxes.append(around.pop())
        elif name in _HIDDEN:
            walk.skip_subtree()
        elif name == _BOX:
            around.append([])
        elif name in ("t", "noBreakHyphen"):
            around[-1].append(element)
    for elements in [*around, *boxes]:
        yield from elements
