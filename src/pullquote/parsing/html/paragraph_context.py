"""Tells what the elements around a paragraph say about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from pullquote.parsing.html.class_names import ClassNameHints, is_boilerplate, is_hidden

_WHOLE = frozenset(("html", "body", "main"))


@dataclass(frozen=True, slots=True)
class ParagraphContext:
    """The elements around a paragraph that say something about the paragraph.

    `boilerplate` lists all elements around the paragraph that are hidden or have names of
    boilerplate. `body` and `discussion` (reader comments) are the outermost elements of their
    kind; `lead` and `comment` are the innermost.
    """

    boilerplate: tuple[etree._Element, ...] = ()
    lead: etree._Element | None = None
    body: etree._Element | None = None
    discussion: etree._Element | None = None
    comment: etree._Element | None = None
    quoted: bool = False
    pulled: bool = False
    caption: bool = False
    figure: bool = False


def context_in(
    element: etree._Element,
    hints: ClassNameHints,
    outer: ParagraphContext,
    *,
    pictured: bool,
) -> ParagraphContext:
    """The context inside an element. `pictured` means that a picture is right above it."""
    tag = element.tag
    if tag in _WHOLE:
        return outer
    itemprop = element.get("itemprop", "")
    changes: dict[str, Any] = {}
    if is_boilerplate(element, hints) or is_hidden(element, hints):
        changes["boilerplate"] = (*outer.boilerplate, element)
    if hints.lead or itemprop in ("description", "alternativeHeadline"):
        changes["lead"] = element
    if (hints.body or itemprop == "articleBody") and outer.body is None:
        changes["body"] = element
    if hints.discussion and outer.discussion is None and tag != "article":
        changes["discussion"] = element
    if hints.comment or element.get("itemtype", "").endswith("/Comment"):
        changes["comment"] = element
    if tag == "blockquote":
        changes["quoted"] = True
    if hints.pulled:
        changes["pulled"] = True
    if tag == "figcaption" or hints.caption:
        changes["caption"] = True
        changes["figure"] = tag == "figcaption" or outer.figure or pictured
    return replace(outer, **changes) if changes else outer
