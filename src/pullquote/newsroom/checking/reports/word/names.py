"""The names of elements in Word documents, and a parser for their XML that loads nothing."""

from __future__ import annotations

from lxml import etree

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
