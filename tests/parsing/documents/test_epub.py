"""The EPUB parser: the documents of a book as articles, in reading order."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given

from pullquote.parsing.documents.epub import parse_epub
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError
from strategies import hostile_texts
from zips import make_zip

CONTAINER = "<c><rootfiles><rootfile full-path='OEBPS/book.opf'/></rootfiles></c>"
ONE = (
    "<?xml version='1.0'?><html><head><title/><script src='x'/><style>p {}</style></head><body>"
    "<h1>Harbour&nbsp;wall</h1><p>By Kora Finn</p><p>The council <i>voted</i><br/>for it.</p>"
    "<figure><img src='a.jpg' alt='a.jpg'/><figcaption>The wall in May.</figcaption></figure>"
    "<blockquote><p>It is old.</p></blockquote><ul><li>Stone</li></ul>"
    "<table><tr><td>Gull</td><td>4</td></tr></table></body></html>"
)
TWO = "<html><head><title>Storm warning</title></head><p>Ninety knots are expected.</p></html>"


def epub(documents: dict[str, str | bytes], **more: str | bytes) -> bytes:
    """A book with these documents in this reading order."""
    kind = "application/xhtml+xml"
    items = "".join(f"<item id='{n}' href='{n}' media-type='{kind}'/>" for n in documents)
    spine = "".join(f"<itemref idref='{name}'/>" for name in documents)
    opf = (
        "<p xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata>"
        "<dc:title>Herald Weekly</dc:title><dc:creator>Ida Brandt</dc:creator>"
        "<dc:date>2024-06-04</dc:date>"
        "<dc:language>en-GB</dc:language></metadata><manifest>"
        f"<item id='nav' href='nav.xhtml' media-type='{kind}' properties='nav'/>{items}</manifest>"
        f"<spine><itemref idref='nav'/>{spine}<itemref idref='nothing'/></spine></p>"
    )
    files: dict[str, str | bytes] = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": opf}
    return make_zip({**files, **{f"OEBPS/{n}": d for n, d in documents.items()}, **more})


def read(content: bytes) -> tuple[Article, ...]:
    """Parse a book and check that the blocks of each article contain every word in order."""
    articles = parse_epub(SourceFile(id="a/b.epub", version="0", content=content))
    for article in articles:
        joined = "".join(article.text[b.start : b.end] for b in article.blocks)
        assert "".join(joined.split()) == "".join(article.text.split())
    return articles


def reason(content: bytes) -> str:
    """The reason why a file fails."""
    with pytest.raises(ArticleError) as caught:
        read(content)
    return caught.value.reason


def test_each_document_is_an_article() -> None:
    """Elements determine its structure; the metadata of the book fills gaps."""
    one, two = read(epub({"one.xhtml": ONE, "text/two.xhtml": TWO, "blank.xhtml": "<p> </p>"}))
    assert [(b.role.value, one.text[b.start : b.end]) for b in one.blocks] == [
        ("headline", "Harbour wall"),
        ("byline", "By Kora Finn"),
        ("body", "The council voted\nfor it."),
        ("caption", "The wall in May."),
        ("quotation", "It is old."),
        ("body", "Stone"),
        ("body", "Gull | 4"),
    ]
    assert (one.id, one.title, one.authors) == (
        "a/b.epub#one.xhtml",
        "Harbour wall",
        ("Kora Finn",),
    )
    assert (two.id, two.title) == ("a/b.epub#text/two.xhtml", "Storm warning")
    assert (two.authors, two.source, two.language) == (("Ida Brandt",), "Herald Weekly", "en")
    assert (two.published, two.version) == (date(2024, 6, 4), "0")


def test_a_file_that_is_not_a_book_fails_with_a_reason() -> None:
    """Each kind of unreadable file has its reason."""
    drm = "<e><CipherReference URI='OEBPS/one.xhtml'/></e>"
    fonts = "<e><CipherReference URI='OEBPS/font.otf'/></e>"
    assert reason(epub({"one.xhtml": ONE}, **{"META-INF/encryption.xml": drm})) == (
        "it is protected against copying (DRM): 'one.xhtml'"
    )
    assert len(read(epub({"one.xhtml": ONE}, **{"META-INF/encryption.xml": fonts}))) == 1
    assert (
        reason(make_zip({"a": "b"}))
        == "its content does not match its extension: it is not an EPUB file"
    )
    assert reason(epub({"blank.xhtml": "<p/>"})) == "none of its documents contains text"
    assert reason(make_zip({"META-INF/container.xml": CONTAINER})) == (
        "it is incomplete: 'OEBPS/book.opf' is not in it"
    )
    outside = epub({"../../etc/passwd": ""})
    assert reason(outside).startswith("it contains a path that leads outside it")


@given(hostile_texts(), hostile_texts())
def test_any_markup_is_parsed_or_refused(one: str, two: str) -> None:
    """For any markup, offsets are exact, and only ArticleError is raised."""
    with suppress(ArticleError):
        read(epub({"a.xhtml": f"<p>{one}<table><td>{two}<tr><h1>{one}</table></i>{two}".encode()}))
