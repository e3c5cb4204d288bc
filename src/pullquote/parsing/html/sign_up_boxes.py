"""Finds the boxes of a web page that ask readers for their e-mail address.

Their words are as various as advertising is, so the field for the address is what tells: an article
has none. A box is the largest element around the field that has little text and no paragraph of
prose.
"""

from __future__ import annotations

from lxml import etree

_MOST_TEXT = 300
"""Length of a box, in characters."""
_LONGEST_TEXT = 160
"""Length of one text in a box, in characters; a longer one may be a paragraph of the article."""
_WHOLE = frozenset(("html", "body", "main", "article"))
_NOT_INSIDE = ("h1", "textarea", "article", "time")
"""Elements that a box does not contain. A form with a `textarea` is for comments."""


_CODE = frozenset(("script", "style", "noscript", "template"))
_MOST_ELEMENTS = 300
"""How many elements a box has at most, so that the search takes little time on any page."""


def sign_up_boxes(root: etree._Element) -> frozenset[etree._Element]:
    """The boxes that ask for an e-mail address; their text is no part of the article."""
    fields = [field for field in root.iter("input") if _asks_for_address(field)]
    return frozenset(box for field in fields if (box := _box(field, root)) is not None)


def _asks_for_address(field: etree._Element) -> bool:
    return (field.get("type") or "").strip().lower() == "email"


def _box(field: etree._Element, root: etree._Element) -> etree._Element | None:
    """The largest box around a field; None if there is none."""
    found = None
    for element in field.iterancestors():
        if element is root or element.tag in _WHOLE or not _is_box(element):
            break
        found = element
    return found


def _is_box(element: etree._Element) -> bool:
    """Whether an element has few elements, little text, and no sign of an article."""
    length = 0
    for number, inner in enumerate(element.iter("*")):
        if number >= _MOST_ELEMENTS or inner.tag in _NOT_INSIDE:
            return False
        own = "" if inner.tag in _CODE else inner.text
        for text in (own, None if inner is element else inner.tail):
            size = 0 if text is None else len(" ".join(text.split()))
            length += size
            if size > _LONGEST_TEXT or length > _MOST_TEXT:
                return False
    return True
