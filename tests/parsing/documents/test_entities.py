"""Entities in XML: the words that they stand for are never lost silently."""

from __future__ import annotations

import pytest

from pullquote.parsing.documents.xml_stream import element_texts
from pullquote.schema.errors import ArticleError
from reading import articles, stream
from zips import make_zip

INTERNAL = '<!DOCTYPE r [<!ENTITY x "word">]>'
PARAMETER = """<!DOCTYPE r [<!ENTITY % p "<!ENTITY x 'word'>"> %p;]>"""
EXTERNAL = '<!DOCTYPE r PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "office.dtd">'
CONTAINER = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
CHAPTER = "<html><body><p>The pier was shut.</p></body></html>"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(doctype: str, words: str) -> bytes:
    body = f"<w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body>"
    document = f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="{WORD}">{body}</w:document>'
    return make_zip({"word/document.xml": document})


def odt(doctype: str, words: str) -> bytes:
    document = f'<?xml version="1.0"?>{doctype}<d xmlns:t="urn:t"><t:p>{words}</t:p></d>'
    return make_zip({"content.xml": document})


def book(doctype: str, words: str, *, chapter: str = CHAPTER) -> bytes:
    item = '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>'
    package = (
        f'<?xml version="1.0"?>{doctype}<package><metadata><title>{words}</title></metadata>'
        f'<manifest>{item}</manifest><spine><itemref idref="c"/></spine></package>'
    )
    return make_zip({"META-INF/container.xml": CONTAINER, "b.opf": package, "c.xhtml": chapter})


def chapter(doctype: str, words: str) -> bytes:
    return book("", "", chapter=f"{doctype}<html><body><p>{words}</p></body></html>")


def rss(doctype: str, words: str) -> bytes:
    item = f"<item><title>Pier</title><description>{words}</description></item>"
    return f"{doctype}<rss><channel>{item}</channel></rss>".encode()


def atom(doctype: str, words: str) -> bytes:
    entry = f"<entry><title>Pier</title><content>{words}</content></entry>"
    return f'{doctype}<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode()


def newsml(doctype: str, words: str) -> bytes:
    content = f"<contentSet><inlineData>{words}</inlineData></contentSet>"
    namespace = "http://iptc.org/std/nar/2006-10-01/"
    return f'{doctype}<newsItem xmlns="{namespace}">{content}</newsItem>'.encode()


FORMATS = {
    **{"a.docx": docx, "a.odt": odt, "book.epub": book, "chapter.epub": chapter},
    **{"a.rss": rss, "a.atom": atom, "a.xml": newsml},
}


@pytest.mark.parametrize("doctype", [INTERNAL, PARAMETER], ids=["entity", "parameter entity"])
@pytest.mark.parametrize("id", FORMATS)
def test_a_document_that_declares_entities_is_refused(id: str, doctype: str) -> None:
    """Its words would be lost, however the entity is declared."""
    [error] = stream(id, FORMATS[id](doctype, "The &x; was shut."))
    assert isinstance(error, ArticleError)
    assert "declares entities, " in error.reason


@pytest.mark.parametrize("id", ["a.docx", "a.odt", "book.epub"])
def test_an_entity_that_is_not_defined_is_named(id: str) -> None:
    """The error names an entity that an external DTD may define."""
    [error] = stream(id, FORMATS[id](EXTERNAL, "The &x; was shut."))
    assert isinstance(error, ArticleError)
    assert "refers to &x;, an entity that it does not define" in error.reason


@pytest.mark.parametrize("id", FORMATS)
def test_entities_of_html_are_characters(id: str) -> None:
    """Old document types of books, office files and feeds define them."""
    [article] = articles(id, FORMATS[id](EXTERNAL, "The caf&eacute; &amp; pier."))
    found = article.source if id == "book.epub" else article.text
    assert found is not None
    assert "The café & pier." in found


def test_text_that_only_looks_like_an_entity_stays_text() -> None:
    """CDATA sections and comments contain no references."""
    words = "<![CDATA[R&x;D &eacute;]]><!-- &x; -->"
    [article] = articles("a.docx", docx(EXTERNAL, words))
    assert article.text == "R&x;D &eacute;"


def test_a_document_type_without_entities_is_read() -> None:
    """Such a document type may declare elements."""
    declared = '<!DOCTYPE r [<!ELEMENT r ANY><!ATTLIST r a CDATA "x">]>'
    assert articles("a.odt", odt(declared, "The pier."))[0].text == "The pier."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_entities_in_another_encoding_are_refused(encoding: str) -> None:
    """Declarations in UTF-16 cannot be checked, and no program writes them."""
    document = f'<?xml version="1.0" encoding="{encoding}"?>{INTERNAL}<r>The &x; pier.</r>'
    with pytest.raises(ArticleError, match="has a document type, and is not in UTF-8"):
        element_texts(document.encode(encoding), path="a.odt", name="meta.xml")


def test_looking_for_entities_takes_time_linear_in_the_file() -> None:
    """A thousand CDATA sections that never end take little time."""
    content = b"<!DOCTYPE r>" + b"<![CDATA[ <!-- &" * 200_000
    with pytest.raises(ArticleError, match="not valid XML"):
        element_texts(content, path="a.odt", name="meta.xml")
