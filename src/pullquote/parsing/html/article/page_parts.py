"""The paragraphs of a page before its article is found, and a table of their features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from lxml import etree

from pullquote.parsing.html.outline import Outline
from pullquote.parsing.html.page_metadata import Metadata
from pullquote.parsing.news.paragraph import ParagraphMark

Floats = npt.NDArray[np.float32]

TAGS = (
    *("nav", "header", "footer", "aside", "form", "button", "figure", "table", "li", "article"),
    *("main", "blockquote", "section", "dl", "pre"),
)
"""Tags that say something about the paragraphs inside."""


class Boxes:
    """The elements around paragraphs. Each element has a number, larger than that of its parent."""

    def __init__(self, nodes: Sequence[etree._Element]) -> None:
        self._numbers: dict[etree._Element, int] = {}
        self._outer: list[int] = []
        self._depth: list[int] = []
        self._inside: list[frozenset[str]] = []
        self.of = np.array([self._number(node) for node in nodes], np.intp)
        """The innermost element of each paragraph."""

    def _number(self, node: etree._Element) -> int:
        chain = []
        inner: etree._Element | None = node
        while inner is not None and inner not in self._numbers:
            chain.append(inner)
            inner = inner.getparent()
        number = 0 if inner is None else self._numbers[inner]
        for element in reversed(chain):
            number = self._add(element, outer=number)
        return number

    def _add(self, element: etree._Element, *, outer: int) -> int:
        inside = self._inside[outer] if self._inside else frozenset()
        if element.tag in TAGS:
            inside = inside | {str(element.tag)}
        self._depth.append(self._depth[outer] + 1 if self._depth else 0)
        self._outer.append(outer)
        self._inside.append(inside)
        self._numbers[element] = len(self._outer) - 1
        return len(self._outer) - 1

    @property
    def outer(self) -> npt.NDArray[np.intp]:
        """The parent of each element. The parent of the root is the root itself."""
        return np.array(self._outer, np.intp)

    def depth(self) -> Floats:
        """The number of elements around each paragraph."""
        return np.array(self._depth, np.float32)[self.of]

    def inside(self) -> Floats:
        """Whether a paragraph is in an element with a tag, shape (paragraphs, len(TAGS))."""
        kinds: dict[frozenset[str], int] = {}
        kind = np.array([kinds.setdefault(names, len(kinds)) for names in self._inside], np.intp)
        flags = np.array([[tag in names for tag in TAGS] for names in kinds], np.float32)
        rows: Floats = flags.reshape(len(kinds), len(TAGS))[kind[self.of]]
        return rows

    def sums(self, values: Floats) -> Floats:
        """The sums of values of paragraphs, shape (paragraphs, k), inside each element."""
        total = np.zeros((len(self._outer), values.shape[1]), np.float32)
        np.add.at(total, self.of, values)
        # An element's number is larger than its parent's, so that inner sums are complete first.
        rows = total.tolist()
        for number in range(len(rows) - 1, 0, -1):
            row, outer = rows[number], rows[self._outer[number]]
            for k, value in enumerate(row):
                outer[k] += value
        return np.array(rows, np.float32).reshape(total.shape)


@dataclass(frozen=True, slots=True)
class PageParts:
    """The paragraphs of a page with what is known about them before the article is.

    `found` says for each paragraph whether an extractor takes it for the article, and `stated`
    whether it is in the article's text in JSON-LD. No extractor reads a page that `is_large`.
    `letters` are the letters and digits of each paragraph, as `squeeze` gives them.
    """

    outline: Outline
    metadata: Metadata
    headline: int | None
    comments: Mapping[int, ParagraphMark]
    found: Sequence[bool]
    stated: Sequence[bool]
    letters: Sequence[str]
    is_large: bool = False


class Features:
    """A table with a row for each paragraph and a column for each feature."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._columns: list[Floats] = []

    def add(self, name: str, values: npt.ArrayLike) -> None:
        """Add a column."""
        self.names.append(name)
        self._columns.append(np.asarray(values, np.float32))

    def columns(self, names: Sequence[str]) -> Floats:
        """The table of the features with these names, shape (paragraphs, features)."""
        place = {name: k for k, name in enumerate(self.names)}
        return np.stack([self._columns[place[name]] for name in names], axis=1)
