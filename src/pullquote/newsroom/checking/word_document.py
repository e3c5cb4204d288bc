"""A DOCX file: its document, its comments, and the text in which words can be found."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from pullquote.parsing.documents.zip_container import open_zip
from pullquote.schema.errors import ArticleError

SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def parsed(xml: bytes, *, path: str, name: str) -> etree._Element:
    """The root of a part of a document.

    Raises:
        ArticleError: it is no XML that can be read.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise ArticleError(path, f"it is damaged at {name!r}") from error


def serialised(root: etree._Element) -> bytes:
    """A part of a document as bytes."""
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


def local(element: etree._Element | None) -> str:
    """The name of an element without its namespace; "" for a comment in the XML, and for None."""
    if element is None or not isinstance(element.tag, str):
        return ""
    return str(etree.QName(element).localname)


def namespace(element: etree._Element) -> str:
    """The namespace of an element."""
    return str(etree.QName(element).namespace or "")


def child(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    """A new last child, in the namespace of its parent, as are its attributes."""
    found = new(namespace(parent), name, **attributes)
    parent.append(found)
    return found


def new(space: str, name: str, **attributes: str) -> etree._Element:
    """A new element in a namespace, as are its attributes."""
    return etree.Element(
        f"{{{space}}}{name}", {f"{{{space}}}{key}": value for key, value in attributes.items()}
    )


_DOCUMENT = re.compile(r"word/document[0-9]*\.xml")
_TYPES = "[Content_Types].xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_SPACES = (_STRICT, "http://schemas.openxmlformats.org/wordprocessingml/2006/main")
_LONGEST_NUMBER = 9
_COMMENTS_OF = {
    True: "http://purl.oclc.org/ooxml/officeDocument/relationships/comments",
    False: "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments",
}
_FREE = "word/pullquote_comments.xml"


class WordPackage:
    """A DOCX file in memory, with its document and its comments as trees that can be changed.

    Raises:
        ArticleError: it is no DOCX, is damaged, or expands to too much.
    """

    def __init__(self, content: bytes, *, path: str) -> None:
        container = open_zip(content, path=path)
        self._parts = {name: container.read(name) for name in container.names}
        self._path = path
        name = next((one for one in self._parts if _DOCUMENT.fullmatch(one)), None)
        if name is None or _TYPES not in self._parts:
            raise ArticleError(path, "it contains no Word document")
        self._name = name
        self.document = self._word_tree(name, "document", _SPACES)
        self._links = (
            self._tree(self._links_name)
            if self._links_name in self._parts
            else (etree.Element(f"{{{RELATIONSHIPS}}}Relationships"))
        )
        self._comments_name = self._named_comments()
        space = namespace(self.document)
        self.comments = (
            etree.Element(f"{{{space}}}comments", nsmap={"w": space})
            if self._comments_name == _FREE and _FREE not in self._parts
            else self._word_tree(self._comments_name, "comments", [space])
        )

    @property
    def _links_name(self) -> str:
        folder, file = posixpath.split(self._name)
        return f"{folder}/_rels/{file}.rels"

    def _tree(self, name: str) -> etree._Element:
        if name not in self._parts:
            raise ArticleError(self._path, f"it is incomplete: {name[:200]!r} is not in it")
        return parsed(self._parts[name], path=self._path, name=name)

    def _word_tree(self, name: str, kind: str, spaces: Collection[str]) -> etree._Element:
        """The root of a part, which must be of a kind in one of the namespaces."""
        root = self._tree(name)
        if local(root) != kind or namespace(root) not in spaces:
            reason = f"it is damaged: its part {name!r} is no {kind} of Word"
            raise ArticleError(self._path, reason)
        return root

    def _named_comments(self) -> str:
        """The name of the part with comments, which is linked to if it is new."""
        kind = _COMMENTS_OF[namespace(self.document) == _STRICT]
        for link in self._links:
            if link.get("Type") == kind:
                return posixpath.normpath(
                    posixpath.join(posixpath.dirname(self._name), link.get("Target", ""))
                ).lstrip("/")
        used = {link.get("Id") for link in self._links}
        id = next(one for number in range(len(used) + 1) if (one := f"pq{number}") not in used)
        link = etree.SubElement(self._links, f"{{{RELATIONSHIPS}}}Relationship")
        link.attrib.update({"Id": id, "Type": kind, "Target": posixpath.basename(_FREE)})
        types = self._tree(_TYPES)
        added = new(namespace(types), "Override")
        added.attrib.update({"PartName": f"/{_FREE}", "ContentType": _COMMENTS_TYPE})
        types.append(added)
        self._parts[_TYPES] = serialised(types)
        return _FREE

    @property
    def next_comment(self) -> int:
        """A number that no comment has, and none after it."""
        key = f"{{{namespace(self.comments)}}}id"
        given = (one.get(key, "") for one in self.comments.iterchildren(etree.Element))
        numbers = (one for one in given if one.isascii() and one.isdigit())
        return max((int(one) for one in numbers if len(one) <= _LONGEST_NUMBER), default=-1) + 1

    def add_comment(self, id: int, lines: list[str], *, author: str, initials: str) -> None:
        """Add a comment of some lines."""
        comment = child(self.comments, "comment", id=str(id), author=author, initials=initials)
        for line in lines:
            child(child(child(comment, "p"), "r"), "t").text = line

    def content(self) -> bytes:
        """The whole file; equal for equal contents."""
        changed = {
            self._name: serialised(self.document),
            self._links_name: serialised(self._links),
            self._comments_name: serialised(self.comments),
        }
        file = BytesIO()
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for name, part in {**self._parts, **changed}.items():
                entry = ZipInfo(name)
                entry.compress_type = ZIP_DEFLATED
                archive.writestr(entry, part)
        return file.getvalue()


_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text with U+FFFD for each character that no XML can contain."""
    return _IMPOSSIBLE.sub("\ufffd", text)


_HIDDEN = frozenset("del moveFrom instrText delText Fallback tabs pPr rPr".split())
_BOX = "txbxContent"
_BESIDE = 30
"""So many characters before and after words decide where they are, if they stand several times."""
_UNCOUNTED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class CharacterPlace:
    """A character of a document: an element, and its position in the element's text."""

    element: etree._Element
    offset: int


@dataclass(frozen=True, slots=True)
class FoundRange:
    """The first and the last character of some words."""

    start: int
    end: int
    first: CharacterPlace
    last: CharacterPlace


class DocumentText:
    """The text of a document, without white space and marks that take no room.

    The text of each text box comes after the rest.
    """

    def __init__(self, root: etree._Element) -> None:
        self._elements: list[etree._Element] = []
        self._starts: list[int] = []
        keys, size = list[str](), 0
        for element in _elements(root):
            key = squeezed(_text_of(element))
            if key:
                self._elements.append(element)
                self._starts.append(size)
                keys.append(key)
                size += len(key)
        self._key = "".join(keys)

    def find(self, before: str, words: str, after: str, *, start: int = 0) -> FoundRange | None:
        """Where words stand between others; None if the document does not have them.

        If no place has such a neighbour, it is the first one from `start` on.
        """
        key = squeezed(words)
        if not key:
            return None
        left, right = squeezed(before)[-_BESIDE:], squeezed(after)[:_BESIDE]
        for one, other in ((left, right), (left, ""), ("", right)):
            at = self._key.find(one + key + other)
            if at >= 0:
                return self._range(at + len(one), len(key))
        at = self._key.find(key, start)
        at = at if at >= 0 else self._key.find(key)
        return None if at < 0 else self._range(at, len(key))

    def last(self) -> FoundRange | None:
        """The last character; None if the document has no text."""
        return self._range(len(self._key) - 1, 1) if self._key else None

    def _range(self, at: int, size: int) -> FoundRange:
        return FoundRange(at, at + size, self._place(at), self._place(at + size - 1))

    def _place(self, at: int) -> CharacterPlace:
        number = bisect_right(self._starts, at) - 1
        element, left = self._elements[number], at - self._starts[number]
        for offset, letter in enumerate(_text_of(element)):
            if _counts(letter):
                if not left:
                    return CharacterPlace(element, offset)
                left -= 1
        raise AssertionError("the element has that character")


def squeezed(text: str) -> str:
    """A text without white space and marks that take no room."""
    return "".join(filter(_counts, text))


def _counts(letter: str) -> bool:
    return letter > " " and (letter < "\x7f" or unicodedata.category(letter) not in _UNCOUNTED)


def _text_of(element: etree._Element) -> str:
    return "-" if local(element) == "noBreakHyphen" else element.text or ""


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    """The elements with text, in the order in which they are read."""
    around, boxes = [list[etree._Element]()], list[list[etree._Element]]()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = local(element)
        if event == "end":
            if name == _BOX:
                boxes.append(around.pop())
        elif name in _HIDDEN:
            walk.skip_subtree()
        elif name == _BOX:
            around.append([])
        elif name in ("t", "noBreakHyphen"):
            around[-1].append(element)
    for elements in [*around, *boxes]:
        yield from elements
