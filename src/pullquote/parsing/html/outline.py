"""Reads the paragraphs of an HTML tree in order, with the elements around them and the bylines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from lxml import etree

from pullquote.parsing.html.moments import (
    BOILERPLATE_TAGS,
    NO_HINTS,
    ClassNameHints,
    class_name_hints,
    is_boilerplate,
    is_hidden,
)
from pullquote.parsing.lines import ParagraphMark
from pullquote.parsing.trace import is_tracing, trace_dropped

_LONGEST_BYLINE = 200
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
        return _moment_markup(element, paragraph, changed=changed)
    sure = itemprop == "author" or "author" in element.get("rel", "").split()
    if sure or hints.author:
        inner = element.find('.//*[@itemprop="name"]') if itemprop else None
        shown = _words_of(element if inner is None else inner)
        style = f"{element.tag} {element.get('class', '')}"
        return BylineMarkup("author", shown, shown, paragraph, sure=sure, style=style)
    return _moment_markup(element, paragraph, changed=hints.changed) if hints.moment else None


def _moment_markup(element: etree._Element, paragraph: int, *, changed: bool) -> BylineMarkup:
    """The moment in an element: machine-readable, in the `title` attribute, or in its words."""
    titled = element.get("title", "")
    titled = titled if _YEAR.search(titled) is not None else ""
    given = element.get("datetime", element.get("content", titled))
    shown = _words_of(element)
    text = given if given else shown
    return BylineMarkup("moment", text, shown, paragraph, sure=bool(given), changed=changed)


def _words_of(element: etree._Element) -> str:
    """The words of an element, with a line for each text node; empty if too long for a byline."""
    lines: list[str] = []
    size = 0
    for part in element.itertext():
        line = " ".join(part[:_LONGEST_BYLINE].split())
        size += len(line)
        if size > _LONGEST_BYLINE or len(lines) > _MOST_LINES:
            return ""
        if line:
            lines.append(line)
    return "\n".join(lines)


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


_MOST_TEXT = 300
"""Length of a box, in characters."""
_LONGEST_TEXT = 160
"""Length of one text in a box, in characters; a longer one may be a paragraph of the article."""
_WHOLE_PAGE = frozenset(("html", "body", "main", "article"))
_NOT_INSIDE = ("h1", "textarea", "article", "time")
"""Elements that a box does not contain. A form with a `textarea` is for comments."""


_CODE = frozenset(("script", "style", "noscript", "template"))
_MOST_ELEMENTS = 300
"""How many elements a box has at most, so that the search takes little time on any page."""


def sign_up_boxes(root: etree._Element) -> frozenset[etree._Element]:
    """The boxes that ask for an e-mail address; their text is no part of the article."""
    fields = (
        field for field in root.iter("input") if field.get("type", "").strip().lower() == "email"
    )
    return frozenset(box for field in fields if (box := _box(field, root)) is not None)


def _box(field: etree._Element, root: etree._Element) -> etree._Element | None:
    """The largest box around a field; None if there is none."""
    found = None
    for element in field.iterancestors():
        if element is root or element.tag in _WHOLE_PAGE or not _is_box(element):
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


LONG = 80
"""A paragraph with at least this many characters is not a label, menu or date."""
LINKED = 0.5
"""A paragraph with at least this share of its text in links counts as a link."""

_SILENT = frozenset(
    "audio canvas datalist embed head iframe input label math meter noembed noframes"
    " noscript object option progress script select style svg template textarea title"
    " video".split()
)
_USUALLY_SILENT = frozenset(("button", "nav"))
"""Silent unless they contain paragraphs: if a page leaves them open, they contain its article."""
_WITHOUT_TEXT = frozenset(
    ("head", "iframe", "noscript", "script", "style", "template", "svg", "math")
)
"""The silent elements whose content is not text."""
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd mark nobr picture"
    " q rp rt ruby s samp small source span strike strong sub sup time tt u var wbr".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PICTURES = frozenset(("amp-img", "img", "picture"))
_CELLS = frozenset(("td", "th"))
_INFORMATIVE_TAGS = (
    BOILERPLATE_TAGS | _SILENT | _USUALLY_SILENT | {"blockquote", "figcaption", "time"}
)
_INFORMATIVE_ATTRIBUTES = frozenset("itemprop itemtype property rel role hidden style".split())
"""The attributes that may tell something, besides class and id."""
_SPACE = re.compile(r"[^\S\n]+")
_PARAGRAPHS = re.compile(r" ?\n[ \n]*\n ?")
# Soft hyphens, zero-width spaces and direction marks control the display and are not text.
_INVISIBLE = re.compile("[\xad\u200b\u200e\u200f\u2060\ufeff]")
_BREAK = "\x1e"
"""Represents `<br>` in text. The text of a page never contains this character."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class OutlineParagraph:
    """A paragraph in plain text, with its element and context.

    `linked` is the share of the text that is in links, from 0 to 1.
    """

    text: str
    node: etree._Element
    context: ParagraphContext
    linked: float = 0.0
    starts_with_link: bool = False

    @property
    def is_prose(self) -> bool:
        """Whether the paragraph is too long for a label, menu or date, and is not mostly links."""
        return len(self.text) >= LONG and self.linked < LINKED and not self.heading

    @property
    def heading(self) -> bool:
        """Whether the paragraph is a heading."""
        return self.node.tag in _HEADINGS


@dataclass(slots=True)
class Outline:
    """The non-empty paragraphs of a page in order, and the byline markup among them."""

    paragraphs: list[OutlineParagraph] = field(default_factory=list)
    byline_markup: list[BylineMarkup] = field(default_factory=list)


def read_outline(root: etree._Element) -> Outline:
    """The outline of a tree."""
    return _OutlineBuilder(root).build()


@dataclass(frozen=True, slots=True)
class AnalysedPage:
    """An outline in which the headline, the comments and the article have been found.

    `headline` and the keys of `comments` are indices of paragraphs; `in_article` has a value for
    each paragraph.
    """

    outline: Outline
    headline: int | None
    comments: Mapping[int, ParagraphMark]
    in_article: Sequence[bool]

    @property
    def paragraphs(self) -> Sequence[OutlineParagraph]:
        """The paragraphs of the outline."""
        return self.outline.paragraphs

    def elements_with_article(self) -> set[etree._Element]:
        """The elements that have names of boilerplate but contain part of the article."""
        return {
            element
            for paragraph, is_included in zip(self.paragraphs, self.in_article, strict=True)
            if is_included
            for element in paragraph.context.boilerplate
        }


class _OutlineBuilder:
    """Walks over a tree, keeping the text since the last paragraph and the elements around it."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.outline = Outline()
        self.parts: list[str] = []
        self.open_links = 0
        self.linked = 0
        self.starts_with_link = False
        self.blocks = [root]
        self.contexts = [ParagraphContext()]
        self.is_layout = [True]
        self.pictured = -1
        """The index of the paragraph below the last picture."""

    def build(self) -> Outline:
        walk = etree.iterwalk(self.root, events=("start", "end"))
        boxes = sign_up_boxes(self.root)
        silent: etree._Element | None = None
        for event, element in walk:
            if event == "start":
                tag = element.tag
                # Most elements tell nothing. Looking up each attribute of these takes long.
                keys = element.keys()
                hints = class_name_hints(element) if keys else NO_HINTS
                tells = hints is not NO_HINTS or tag in _INFORMATIVE_TAGS
                tells = tells or not _INFORMATIVE_ATTRIBUTES.isdisjoint(keys)
                if element in boxes or (tells and _is_silent(element, tag, hints)):
                    silent = element
                    walk.skip_subtree()
                    if tag not in _WITHOUT_TEXT and is_tracing():
                        trace_dropped("".join(element.itertext()), f"page boilerplate: <{tag}>")
                else:
                    self._open(element, tag, hints, tells=tells)
                    self._add_text(element.text)
            else:
                if element is silent:
                    silent = None
                else:
                    self._close(element, element.tag)
                self._add_text(element.tail)
        self._end_paragraph()
        return self.outline

    def _add_text(self, text: str | None) -> None:
        if text:
            if self.open_links and not self.starts_with_link and not text.isspace():
                self.starts_with_link = not any(part.strip() for part in self.parts)
            self.parts.append(text)
            if self.open_links:
                self.linked += len(text)

    def _is_block(self, tag: str) -> bool:
        """Whether an element divides paragraphs. The cells of a data table do not."""
        return tag not in _INLINE and (tag not in _CELLS or self.is_layout[-1])

    def _open(
        self, element: etree._Element, tag: str, hints: ClassNameHints, *, tells: bool
    ) -> None:
        """Begin an element. `tells` means that it may say something about what is inside."""
        if tag == "table":
            self.is_layout.append(_is_layout(element))
        if tag in _PICTURES:
            self.pictured = len(self.outline.paragraphs)
        if self._is_block(tag):
            self._end_paragraph()
            self.blocks.append(element)
            context = self.contexts[-1]
            if tells:
                pictured = self.pictured == len(self.outline.paragraphs)
                context = context_in(element, hints, context, pictured=pictured)
            self.contexts.append(context)
        elif tag == "br":
            self.parts.append(_BREAK)
        elif tag == "q":
            self.parts.append("“")  # a browser shows the marks too
        elif tag in _CELLS:
            self.parts.append(" | " if self.parts else "")
        elif tag == "a":
            self.open_links += 1
        elif hints.kicker and self.blocks[-1].tag in _HEADINGS:
            self._end_paragraph()  # a kicker above the headline is not part of the headline
        if tells:
            number = len(self.outline.paragraphs)
            found = read_byline_markup(element, hints, paragraph=number)
            if found is not None:
                self.outline.byline_markup.append(found)

    def _close(self, element: etree._Element, tag: str) -> None:
        if self._is_block(tag):
            self._end_paragraph()
            self.blocks.pop()
            self.contexts.pop()
        elif tag == "a":
            self.open_links -= 1
        elif tag == "q":
            self.parts.append("”")
        elif (
            self.blocks[-1].tag in _HEADINGS
            and tag not in _CELLS
            and class_name_hints(element).kicker
        ):
            self._end_paragraph()
        if tag == "table":
            self.is_layout.pop()

    def _end_paragraph(self) -> None:
        """Divide the text since the last paragraph into paragraphs at empty lines."""
        if not self.parts:
            return
        text, starts_with_link = "".join(self.parts), self.starts_with_link
        linked: float = self.linked
        self.parts, self.linked, self.starts_with_link = [], 0, False
        if not text or text.isspace():
            return
        text = _INVISIBLE.sub("", text.replace("\n", " ").replace(_BREAK, "\n"))
        text = _CONTROLS.sub(" ", text)
        linked = min(1.0, linked / max(1, len(text.strip())))
        # Most paragraphs have no line breaks. For these, splitting at spaces is faster.
        has_lines = "\n" in text
        parts = _PARAGRAPHS.split(_SPACE.sub(" ", text)) if has_lines else [" ".join(text.split())]
        for part in parts:
            words = part.replace(" \n", "\n").replace("\n ", "\n").strip(" \n|")
            if words:
                self.outline.paragraphs.append(
                    OutlineParagraph(
                        words, self.blocks[-1], self.contexts[-1], linked, starts_with_link
                    )
                )


def _is_silent(element: etree._Element, tag: str, hints: ClassNameHints) -> bool:
    """Whether no text of an element is read."""
    if tag in _USUALLY_SILENT:
        return all(element.find(f".//{inner}") is None for inner in ("p", "h1"))
    return tag in _SILENT or (tag == "span" and is_hidden(element, hints))


def _is_layout(table: etree._Element) -> bool:
    """Whether a table only arranges parts of a page and contains no data."""
    if table.get("role") in ("presentation", "none"):
        return True
    return any(table.find(f".//{tag}") is not None for tag in ("table", "p", "div", "h1", "h2"))
