"""Marks ranges of a Word document for comments. Runs are split at their ends; no text changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from pullquote.newsroom.checking.reports.word.document_text import CharacterPlace, FoundRange
from pullquote.newsroom.checking.reports.word.names import SPACE, child, local, namespace, new


@dataclass(frozen=True, slots=True)
class CommentedRange:
    """A range of a document, and the number of the comment on it."""

    id: int
    found: FoundRange


@dataclass(frozen=True, slots=True)
class _Gap:
    """Where elements are added: before or after another one."""

    node: etree._Element
    after: bool

    def fill(self, elements: Sequence[etree._Element]) -> None:
        """Add the elements in order."""
        if self.after:
            for one in reversed(elements):
                self.node.addnext(one)
        else:
            for one in elements:
                self.node.addprevious(one)


def mark_ranges(root: etree._Element, ranges: Sequence[CommentedRange]) -> None:
    """Mark the ranges of a document; each ends with a reference to its comment."""
    starts, ends = (
        defaultdict[int, list[CommentedRange]](list),
        defaultdict[int, list[CommentedRange]](list),
    )
    for one in sorted(ranges, key=lambda each: (each.found.start, -each.found.end)):
        starts[one.found.start].append(one)
        ends[one.found.end].insert(0, one)
    space = namespace(root)
    # From the end, so that the characters before a split stay where they are.
    for at in sorted({*starts, *ends}, reverse=True):
        if opened := starts[at]:
            _gap_before(opened[0].found.first).fill(
                [new(space, "commentRangeStart", id=str(one.id)) for one in opened]
            )
        if closed := ends[at]:
            _gap_after(closed[0].found.last).fill(
                [element for one in closed for element in _end_of(space, one.id)]
            )


def _end_of(space: str, id: int) -> list[etree._Element]:
    run = new(space, "r")
    child(run, "commentReference", id=str(id))
    return [new(space, "commentRangeEnd", id=str(id)), run]


def _gap_before(place: CharacterPlace) -> _Gap:
    paragraph = _paragraph_around_box(place.element)
    if paragraph is not None:
        first = next(one for one in paragraph if local(one) != "pPr")
        return _Gap(first, after=False)
    return _split(place.element, place.offset)


def _gap_after(place: CharacterPlace) -> _Gap:
    paragraph = _paragraph_around_box(place.element)
    if paragraph is not None:
        return _Gap(paragraph[-1], after=True)
    return _split(place.element, place.offset + 1)


def _paragraph_around_box(element: etree._Element) -> etree._Element | None:
    """The paragraph that has the text box of an element: Word allows no comment in a box."""
    around = list(element.iterancestors())
    if not any(local(one) == "txbxContent" for one in around):
        return None
    return next((one for one in reversed(around) if local(one) == "p"), None)


def _split(element: etree._Element, offset: int) -> _Gap:
    """The gap in the text of an element; its run is split if the gap is inside."""
    run = element.getparent()
    if local(run) != "r" or namespace(run) != namespace(element):
        return _Gap(element, after=offset > 0)
    if len(element):  # no text of Word has elements in it; they would stay behind
        return _Gap(run, after=offset > 0)
    if "math" in namespace(run):
        return _Gap(_outside_math(run), after=offset > 0)
    content = [one for one in run if local(one) != "rPr"]
    at = content.index(element)
    size = len(element.text or "") if local(element) == "t" else 1
    moved = content[at + 1 :] if offset else content[at:]
    if offset >= size and not moved:
        return _Gap(run, after=True)
    if not offset and not at:
        return _Gap(run, after=False)
    rest = etree.Element(run.tag, dict(run.attrib))
    rest.extend(deepcopy(one) for one in run if local(one) == "rPr")
    if 0 < offset < size:
        rest.append(_cut(element, offset))
    rest.extend(moved)
    run.addnext(rest)
    return _Gap(rest, after=False)


def _cut(element: etree._Element, offset: int) -> etree._Element:
    """A new element with the end of an element's text, which loses it."""
    text = element.text or ""
    end = etree.Element(element.tag)
    element.text, end.text = text[:offset], text[offset:]
    element.tail, end.tail = None, element.tail
    for one in (element, end):
        one.set(SPACE, "preserve")
    return end


def _outside_math(run: etree._Element) -> etree._Element:
    """The outermost element of a formula."""
    return [one for one in (run, *run.iterancestors()) if "math" in namespace(one)][-1]
