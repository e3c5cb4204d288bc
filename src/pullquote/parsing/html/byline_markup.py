"""Authors and moments in the markup of a web page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from pullquote.parsing.html.class_names import Name

_LONGEST = 200
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_MOST_LINES = 12
_PUBLISHED = frozenset(
    ("datePublished", "dateCreated", "dc:date", "dc:created", "schema:datePublished")
)
_CHANGED = frozenset(("dateModified", "dc:modified", "schema:dateModified"))


@dataclass(frozen=True, slots=True)
class Sign:
    """The name of an author or a moment in the markup, which begins in paragraph number `at`.

    `shown` are the words on the page, `text` what is meant: of a moment what machines are told.
    `sure` where the markup is made for machines (`rel=author`, `<time datetime>`). `like` is
    equal for elements of the same tag and class; `changed` where a moment is that of a change.
    """

    kind: Literal["author", "moment"]
    text: str
    shown: str
    at: int
    sure: bool
    like: str = ""
    changed: bool = False


def read_sign(element: etree._Element, name: Name, *, at: int) -> Sign | None:
    """The author or moment that an element gives, or None for one that gives neither."""
    itemprop = element.get("itemprop", "")
    told = {itemprop, *element.get("property", "").split()}
    if element.tag == "time" or not told.isdisjoint(_PUBLISHED | _CHANGED):
        return _moment(element, at, changed=name.changed or not told.isdisjoint(_CHANGED))
    sure = itemprop == "author" or "author" in element.get("rel", "").split()
    if sure or name.author:
        inner = element.find('.//*[@itemprop="name"]') if itemprop else None
        shown = _words(element if inner is None else inner)
        like = f"{element.tag} {element.get('class', '')}"
        return Sign("author", shown, shown, at, sure=sure, like=like)
    return _moment(element, at, changed=name.changed) if name.moment else None


def _moment(element: etree._Element, at: int, *, changed: bool) -> Sign:
    """The moment that an element gives: to machines, where it does, or in its title."""
    titled = element.get("title", "")
    titled = titled if _YEAR.search(titled) is not None else ""
    given = element.get("datetime", element.get("content", titled))
    shown = _words(element)
    return Sign("moment", given if given else shown, shown, at, sure=bool(given), changed=changed)


def _words(element: etree._Element) -> str:
    """The words in an element, a line for each stretch; none where they are too many for a sign."""
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
