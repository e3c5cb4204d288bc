"""Parses the bytes of a web page into a tree, even if the bytes are broken or hostile."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree, html

from pullquote.parsing.decode import Decoded, decode
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import megabytes

LARGEST_FILE = 64 << 20
"""Maximum size of a file, in bytes. A page saved with its pictures inside can reach 30 MB."""
LARGEST_PAGE = 8 << 20
"""Maximum size of the markup, in bytes, not counting pictures. Parsing that much takes 6 s and 330
MB. The largest of 80 news pages is 150 kB."""
MOST_ELEMENTS = 200_000
"""Maximum number of elements in a page. Parsing that many takes 4 s and 300 MB of memory. An
unusually long live blog has 20,000."""
DEEPEST = 250
"""Maximum number of levels of nesting. libxml2 silently stops at 256, and real pages have fewer
than 100."""

_COUNT = etree.XPath("count(//*)")
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (DEEPEST + 1) + ")")
_DATA = re.compile(rb"""data:[a-z0-9.+-]+/[a-z0-9.+-]+[^"'()<>\s]{200,}""")
_TAG = re.compile(r"<(?:!doctype|!--|/?[a-z][a-z0-9:-]*[\s/>])", re.IGNORECASE)
_CHARSET = re.compile(
    rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)"""
    rb"""|<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_:.-]+)""",
    re.IGNORECASE,
)
_WITH_PICTURES = 1 << 20
"""If markup has more bytes than this, embedded pictures are removed before parsing."""
_DECLARED_IN = 4096
"""How many bytes are searched for the declared encoding. Browsers search 1024."""
# Control characters, written plainly or as a reference. No text contains them, and libxml2 would
# turn NULs into U+FFFD.
_CONTROLS = bytes((*range(9), 11, *range(14, 32), 127))
_REFERENCES = re.compile(
    rb"&#(?:0*(?:[0-8]|1[1-9]|2[0-9]|3[01]|127)(?![0-9])"
    rb"|[xX]0*(?:[0-8bBeEfF]|1[0-9a-fA-F]|7[fF])(?![0-9a-fA-F]));?"
)


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page as text, as UTF-8 bytes, and as a tree.

    `elements` is the number of elements in the tree. The tree is None if the file has no tags.
    """

    decoded: Decoded
    content: bytes
    root: etree._Element | None
    elements: int = 0

    @property
    def why_empty(self) -> str:
        """The reason why the page has no text, as far as the tree shows the reason."""
        if self.root is None or self.root.find("body") is None:
            return "it is a web page without a body"
        if next(self.root.iter("script"), None) is not None:
            return "it is a web page that contains only scripts; save it as the browser shows it"
        return "it is a web page without text"


def parse_page(content: bytes, *, path: str, charset: str | None = None) -> WebPage:
    """The page in a file. `charset` is the encoding label that the file's container states, if any.

    Raises ArticleError if the file is empty or binary, or if the page is too large, has too many
    elements or is nested too deep.
    """
    if len(content) > LARGEST_FILE:
        raise ArticleError(path, f"it is larger than {megabytes(LARGEST_FILE)}")
    decoded = decode(
        content, path=path, declared=_declared(content) if charset is None else charset
    )
    if _TAG.search(decoded.text) is None:
        return WebPage(decoded, content, None)
    markup = _REFERENCES.sub(b"", decoded.text.encode().translate(None, _CONTROLS))
    if len(markup) > _WITH_PICTURES:
        markup = _DATA.sub(b"data:", markup)
    if len(markup) > LARGEST_PAGE:
        raise ArticleError(path, f"its HTML is larger than {megabytes(LARGEST_PAGE)}")
    root = etree.fromstring(markup, parser=html_parser(remove_comments=True, remove_pis=True))
    if root is None:
        raise ArticleError(path, "it is a web page without a body")
    return WebPage(decoded, markup, root, _count_elements(root, path=path))


def html_parser(*, remove_comments: bool, remove_pis: bool) -> etree.HTMLParser:
    """A parser of UTF-8 whose elements trafilatura and htmldate accept.

    lxml's own parser of this kind, `lxml.html.HTMLParser`, looks up the class of each element in
    Python, which takes 5 % of the time of a page. Here all elements have one class.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=remove_comments, remove_pis=remove_pis
    )
    lookup = etree.ElementDefaultClassLookup(
        element=html.HtmlElement,
        comment=html.HtmlComment,
        pi=html.HtmlProcessingInstruction,
        entity=html.HtmlEntity,
    )
    parser.set_element_class_lookup(lookup)
    return parser


def _declared(content: bytes) -> str | None:
    match = _CHARSET.search(content, 0, _DECLARED_IN)
    return None if match is None else (match[1] or match[2]).decode("ascii")


def _count_elements(root: etree._Element, *, path: str) -> int:
    """The number of elements in a tree. Raises ArticleError if it is too large or too deep."""
    if _TOO_DEEP(root):
        raise ArticleError(path, f"its HTML is nested more than {DEEPEST} levels deep")
    number = int(_COUNT(root))
    if number > MOST_ELEMENTS:
        raise ArticleError(path, f"its HTML has more than {MOST_ELEMENTS:,} elements")
    return number
