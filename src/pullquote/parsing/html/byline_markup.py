"""Finds authors and dates in the markup of a web page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from pullquote.parsing.html.moments import ClassNameHints

_LONGEST = 200
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_MOST_LINES = 12
_PUBLISHED = frozenset(
    ("datePublished", "dateCreated", "dc:date", "dc:created", "schema:datePublished")
)
_CHANGED = frozenset(("dateModified", "dc:modified", "schema:dateModified"))


@dataclass(frozen=True, slots=True)
class BylineMarkup:
    """An element with the name of an author, or with a moment: a day or an instant.

    Attributes:
        text: The name or the moment. A moment is in its machine-readable form, if it has one.
        shown: The words on the page.
        paragraph: The index of the paragraph in which the element begins.
        sure: Whether the markup is machine-readable (`rel=author`, `<time datetime>`).
        style: The tag and class of the element.
        changed: Whether this is the moment of a change and not of publication.
    """

    kind: Literal["author", "moment"]
    text: str
    shown: str
    paragraph: int
    sure: bool
    style: str = ""
    changed: bool = False


def read_byline_markup(
    element: etree._Element, hints: ClassNameHints, *, paragraph: int
) -> BylineMarkup | None:
    """The author or moment in an element, or None if the element contains neither."""
    named = element.get("itemprop") or element.get("property") or element.get("rel")
    if not (named or hints.author or hints.moment or element.tag == "time"):
        return None
    itemprop = element.get("itemprop", "")
    properties = {itemprop, *element.get("property", "").split()}
    if element.tag == "time" or not properties.isdisjoint(_PUBLISHED | _CHANGED):
        changed = hints.changed or not properties.isdisjoint(_CHANGED)
        return _moment(element, paragraph, changed=changed)
    sure = itemprop == "author" or "author" in element.get("rel", "").split()
    if sure or hints.author:
        inner = element.find('.//*[@itemprop="name"]') if itemprop else None
        shown = _words(element if inner is None else inner)
        style = f"{element.tag} {element.get('class', '')}"
        return BylineMarkup("author", shown, shown, paragraph, sure=sure, style=style)
    return _moment(element, paragraph, changed=hints.changed) if hints.moment else None


def _moment(element: etree._Element, paragraph: int, *, changed: bool) -> BylineMarkup:
    """The moment in an element: machine-readable, in the `title` attribute, or in its words."""
    titled = element.get("title", "")
    titled = titled if _YEAR.search(titled) is not None else ""
    given = element.get("datetime", element.get("content", titled))
    shown = _words(element)
    text = given if given else shown
    return BylineMarkup("moment", text, shown, paragraph, sure=bool(given), changed=changed)


def _words(element: etree._Element) -> str:
    """The words of an element, with a line for each text node; empty if too long for a byline."""
    lines: list[str] = []
    size = 0
    for part in element.itertext():
        line = " ".join(part[:_LONGEST].split())
        size += len(line)
        if size > _LONGEST or len(lines) > _MOST_LINES:
            return ""
        if line:
            lines.append(line)
    return "\n".join(lines)
