"""Authors and moments in the markup of a web page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lxml import etree

from pullquote.ingest.named import Name

_LONGEST = 200
_MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Sign:
    """The name of an author or a moment in the markup, which begins in paragraph number `at`.

    `shown` are the words on the page, `text` what is meant: of a moment what machines are told.
    `sure` where the markup is made for machines (`rel=author`, `<time datetime>`).
    """

    kind: Literal["author", "moment"]
    text: str
    shown: str
    at: int
    sure: bool


def read_sign(element: etree._Element, name: Name, *, at: int) -> Sign | None:
    """The author or moment that an element gives, or None for one that gives neither."""
    itemprop = element.get("itemprop", "")
    if element.tag == "time" or itemprop == "datePublished":
        given, shown = element.get("datetime", element.get("content", "")), _words(element)
        return Sign("moment", given if given else shown, shown, at, sure=bool(given))
    sure = itemprop == "author" or "author" in element.get("rel", "").split()
    if sure or name.author:
        inner = element.find('.//*[@itemprop="name"]') if itemprop else None
        shown = _words(element if inner is None else inner)
        return Sign("author", shown, shown, at, sure=sure)
    if not name.moment:
        return None
    shown = _words(element)
    return Sign("moment", shown, shown, at, sure=False)


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
