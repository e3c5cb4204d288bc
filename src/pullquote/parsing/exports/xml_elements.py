"""Finds XML elements by their local names."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element
"""An element of a tree. lxml has no public name for this class."""


def children(element: Element, path: str) -> Iterator[Element]:
    """The elements, in order, at a path of local names such as "author/name"."""
    name, _, rest = path.partition("/")
    for child in element.iterchildren(f"{{*}}{name}"):
        if rest:
            yield from children(child, rest)
        else:
            yield child


def text_at(element: Element, *paths: str) -> str | None:
    """The first text at the first of these paths that has a text, or None."""
    texts = (text_in(found) for path in paths for found in children(element, path))
    return next((text for text in texts if text is not None), None)


def texts_at(element: Element, *paths: str) -> list[str]:
    """The texts of all elements at these paths."""
    texts = (text_in(found) for path in paths for found in children(element, path))
    return [text for text in texts if text is not None]


def text_in(element: Element) -> str | None:
    """The text of an element and its inner elements, or None."""
    text = "".join(element.itertext()).strip()
    return text if text else None


def html_in(element: Element) -> str:
    """The content of an element, as HTML without namespaces."""
    copy = deepcopy(element)
    for inner in copy.iter(etree.Element):
        inner.tag = etree.QName(inner).localname
    return str(etree.tostring(copy, encoding="unicode", method="html", with_tail=False))
