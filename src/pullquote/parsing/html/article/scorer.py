"""Scores the paragraphs of a web page: how likely each one is part of the article.

The scorer is a sum of small decision trees. `training/web_pages.py` fits them, and
src/pullquote/base/models/README.md has their data and figures.
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from lxml import etree

from pullquote.base.trees import DecisionTrees
from pullquote.parsing.html.outline import Outline, OutlineParagraph
from pullquote.parsing.html.page_metadata import Metadata
from pullquote.parsing.lines import ParagraphMark
from pullquote.parsing.news.boilerplate import (
    begins_tail,
    is_credit_line,
    is_credited,
    is_noise,
    is_promotion,
)
from pullquote.parsing.news.bylines import squeeze

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


@cache
def shipped_scorer() -> DecisionTrees:
    """The scorer in this package. A paragraph with at least its `least` is part of the article."""
    return DecisionTrees.shipped("web-pages.json")


MISSING = -99.0
"""The value of a feature that a paragraph does not have, such as the length of the next one."""
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_ENDS = frozenset(".!?…\"”»“’')。！？")
_CAPITALS = string.ascii_uppercase.encode()
_OWN = ("p", "div", "li", "td", "pre", "span", "section", "dd")
_COUNTED = 40
"""How many words and, for letters, twice as many characters of a paragraph are looked at."""
_LONGEST_LINE = 200
_NEAR = 4
"""How many paragraphs on each side of a paragraph are near it."""
_LEVELS = 4
"""How many elements around a paragraph are described."""


def describe(parts: PageParts) -> Features:
    """The features of the paragraphs of a page, of which there is at least one."""
    paragraphs = parts.outline.paragraphs
    features = Features()
    texts = np.array([_of_text(p.text) for p in paragraphs], np.float32)
    for k, name in enumerate(_OF_TEXT):
        features.add(name, texts[:, k])
    _add_markup(features, parts)
    _add_place(features, parts)
    _add_lines(features, paragraphs)
    _add_found(features, parts)
    _add_neighbours(features, parts, texts)
    _add_boxes(features, parts)
    _add_alike(features, parts)
    return features


_OF_TEXT = tuple(
    "chars words ends colon sentences commas digits upper short lower bars lines address".split()
)


def _of_text(text: str) -> list[float]:
    """The features of a text alone, none of which depends on its language."""
    words = _WORD.findall(text)
    some = words[:_COUNTED]
    count = max(1, len(some))
    begin = text[: 2 * _COUNTED]
    return [
        math.log1p(len(text)),
        math.log1p(len(words)),
        text[-1] in _ENDS,
        text[-1] == ":",
        math.log1p(text.count(". ") + text.count("? ") + text.count("! ")),
        text.count(",") / max(1, len(words)),
        len(_DIGIT.findall(begin)) / len(begin),
        _capitals(begin) / len(begin),
        len([word for word in some if len(word) <= 3]) / count,
        len([word for word in some if word[0].islower()]) / count,
        "|" in text or "©" in text or "•" in text,
        math.log1p(text.count("\n")),
        "@" in text or "http" in text or "www." in text,
    ]


def _capitals(text: str) -> int:
    """The number of capital letters. Removing bytes is faster than looking at each letter."""
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _CAPITALS))
    return sum(map(str.isupper, text))


def _add_markup(features: Features, parts: PageParts) -> None:
    """Add what the element of a paragraph and the names of elements around it say."""
    paragraphs = parts.outline.paragraphs
    contexts = [p.context for p in paragraphs]
    features.add("linked", [p.linked for p in paragraphs])
    features.add("starts_with_link", [p.starts_with_link for p in paragraphs])
    features.add("heading", [int(str(p.node.tag)[1]) if p.heading else 0 for p in paragraphs])
    tags = np.array([_OWN.index(tag) if (tag := p.node.tag) in _OWN else -1 for p in paragraphs])
    for k, tag in enumerate(_OWN):
        features.add(f"is_{tag}", tags == k)
    features.add("boilerplate", [len(c.boilerplate) for c in contexts])
    for name in ("lead", "body", "discussion", "comment"):
        features.add(name, [getattr(c, name) is not None for c in contexts])
    for name in ("quoted", "pulled", "caption", "figure"):
        features.add(name, [getattr(c, name) for c in contexts])
    features.add("in_comments", [i in parts.comments for i in range(len(paragraphs))])
    kinds = {(one.kind, one.paragraph) for one in parts.outline.byline_markup}
    features.add("author", [("author", i) in kinds for i in range(len(paragraphs))])
    features.add("moment", [("moment", i) in kinds for i in range(len(paragraphs))])


def _add_place(features: Features, parts: PageParts) -> None:
    """Add where paragraphs are, from the headline and on the page, and which are repeated."""
    paragraphs = parts.outline.paragraphs
    index = np.arange(len(paragraphs), dtype=np.float32)
    size = _sizes(paragraphs)
    features.add("number", np.full(len(index), math.log1p(len(index))))
    features.add("position", index / len(index))
    features.add("before", (np.cumsum(size) - size) / size.sum())
    top = parts.headline
    away = np.full(len(index), MISSING) if top is None else _signed_log(index - top)
    features.add("from_headline", away)
    features.add("is_headline", index == (-1 if top is None else top))
    begins = [
        squeeze(p.text[:_LONGEST_LINE]) if len(p.text) > _LONGEST_LINE else letters
        for p, letters in zip(paragraphs, parts.letters, strict=True)
    ]
    titles = {squeeze(title[:200]) for title in parts.metadata.titles}
    described = {squeeze(text[:200])[:40] for text in parts.metadata.standfirsts}
    features.add("titled", [begin in titles for begin in begins])
    features.add("described", [begin[:40] in described for begin in begins])
    times = Counter(begins)
    features.add("repeated", [times[begin] for begin in begins])
    seen: Counter[str] = Counter()
    again = []
    for begin in begins:
        again.append(seen[begin])
        seen[begin] += 1
    features.add("again", again)


def _add_lines(features: Features, paragraphs: Sequence[OutlineParagraph]) -> None:
    """Add which short lines are credits, promotions, navigation or the title of a last section."""
    lines = [" ".join(p.text.split()) if len(p.text) <= _LONGEST_LINE else "" for p in paragraphs]
    tails = [begins_tail(line) for line in lines]
    features.add("credit", [is_credit_line(line) or is_credited(line) for line in lines])
    features.add("promotion", [is_promotion(line) for line in lines])
    features.add("noise", [line != "" and is_noise(line) for line in lines])
    features.add("tail", tails)
    features.add("tail_near", _near(np.array(tails, np.float32), 6))


def _add_found(features: Features, parts: PageParts) -> None:
    """Add what the extractor found: the paragraph, those around it, the first and the last one."""
    size = _sizes(parts.outline.paragraphs)
    index = np.arange(len(size), dtype=np.float32)
    for name, flags in (("found", parts.found), ("stated", parts.stated)):
        hit = np.array(flags, np.float32)
        features.add(name, hit)
        features.add(f"{name}_near", _near(hit, _NEAR))
        features.add(f"{name}_share", np.full(len(size), (hit * size).sum() / size.sum()))
    hits = np.flatnonzero(np.array(parts.found))
    if not len(hits):
        for name in ("from_previous", "to_next", "to_first", "to_last", "found_before"):
            features.add(name, np.full(len(size), MISSING))
        return
    at = np.searchsorted(hits, index)
    previous = np.where(at > 0, index - hits[np.maximum(0, at - 1)], 1000)
    following = np.where(at < len(hits), hits[np.minimum(len(hits) - 1, at)] - index, 1000)
    features.add("from_previous", np.log1p(previous))
    features.add("to_next", np.log1p(following))
    features.add("to_first", _signed_log(hits[0] - index))
    features.add("to_last", _signed_log(hits[-1] - index))
    run = size * np.array(parts.found, np.float32)
    features.add("found_before", (np.cumsum(run) - run) / run.sum())


def _add_neighbours(features: Features, parts: PageParts, texts: Floats) -> None:
    """Add features of the paragraphs above and below."""
    paragraphs = parts.outline.paragraphs
    prose = np.array([p.is_prose for p in paragraphs], np.float32)
    for name, values in (
        ("chars", texts[:, 0]),
        ("ends", texts[:, 2]),
        ("linked", np.array([p.linked for p in paragraphs], np.float32)),
        ("heading", np.array([p.heading for p in paragraphs], np.float32)),
        ("found", np.array(parts.found, np.float32)),
    ):
        for by in (-2, -1, 1, 2):
            features.add(f"{name}{by:+d}", _shifted(values, by))
    features.add("prose_near", _near(prose * texts[:, 0], _NEAR))


def _add_boxes(features: Features, parts: PageParts) -> None:
    """Add sums over the elements around a paragraph: how much prose, text found and links."""
    paragraphs = parts.outline.paragraphs
    boxes = Boxes([p.node for p in paragraphs])
    size = _sizes(paragraphs)
    prose = size * np.array([p.is_prose for p in paragraphs], np.float32)
    found = size * np.array(parts.found, np.float32)
    linked = size * np.array([p.linked for p in paragraphs], np.float32)
    sums = boxes.sums(np.stack([size, prose, found, linked, np.ones_like(size)], axis=1))
    chars, number = np.maximum(1, sums[:, 0]), np.maximum(1, sums[:, 4])
    described = {
        "prose": sums[:, 1] / max(1.0, prose.sum()),
        "found": sums[:, 2] / max(1.0, found.sum()),
        "foundness": sums[:, 2] / chars,
        "links": sums[:, 3] / chars,
        "number": np.log1p(number),
        "mean": np.log1p(chars / number),
    }
    features.add("depth", boxes.depth())
    for tag, values in zip(TAGS, boxes.inside().T, strict=True):
        features.add(f"in_{tag}", values)
    at, outer = boxes.of, boxes.outer
    for level in range(_LEVELS):
        for name, values in described.items():
            features.add(f"{name}@{level}", values[at])
        at = outer[at]
    features.add("total_prose", np.full(len(size), math.log1p(prose.sum())))
    features.add("prose_share", np.full(len(size), prose.sum() / size.sum()))
    features.add("found_of_prose", np.full(len(size), min(2, found.sum() / max(1, prose.sum()))))


def _add_alike(features: Features, parts: PageParts) -> None:
    """Add what paragraphs with the same tags and classes, as repeated boxes have, are like."""
    paragraphs = parts.outline.paragraphs
    numbers: dict[tuple[object, ...], int] = {}
    group = np.array([numbers.setdefault(_style(p), len(numbers)) for p in paragraphs], np.intp)
    size = _sizes(paragraphs)
    found = size * np.array(parts.found, np.float32)
    linked = size * np.array([p.linked for p in paragraphs], np.float32)
    count, chars = np.bincount(group), np.bincount(group, size)
    features.add("alike", np.log1p(count)[group])
    features.add("alike_chars", np.log1p(chars / count)[group])
    features.add("alike_linked", (np.bincount(group, linked) / chars)[group])
    features.add("alike_found", (np.bincount(group, found) / chars)[group])


def _style(paragraph: OutlineParagraph) -> tuple[object, ...]:
    node, above = paragraph.node, paragraph.node.getparent()
    own = (node.tag, node.get("class"))
    return own if above is None else (*own, above.tag, above.get("class"))


def _sizes(paragraphs: Sequence[OutlineParagraph]) -> Floats:
    return np.array([len(p.text) for p in paragraphs], np.float32)


def _signed_log(values: Floats) -> Floats:
    result: Floats = np.sign(values) * np.log1p(np.abs(values))
    return result


def _shifted(values: Floats, by: int) -> Floats:
    """For each paragraph, the value of the one that follows `by` places below it."""
    shifted = np.full_like(values, MISSING)
    if by > 0:
        shifted[:-by] = values[by:]
    else:
        shifted[-by:] = values[:by]
    return shifted


def _near(values: Floats, reach: int) -> Floats:
    """The mean of the values of paragraphs at most `reach` places away, the own included."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float32)))
    index = np.arange(len(values))
    upper, lower = np.minimum(len(values), index + reach + 1), np.maximum(0, index - reach)
    return np.asarray((total[upper] - total[lower]) / (2 * reach + 1), np.float32)
