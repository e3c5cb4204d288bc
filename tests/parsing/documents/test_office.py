"""The parsers for Word and LibreOffice: structure by styles, without deleted text."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from xml.sax.saxutils import escape
from zipfile import ZIP_STORED

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.parsing.documents.docx import parse_docx
from pullquote.parsing.documents.odt import parse_odt
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError
from strategies import hostile_texts
from zips import make_zip

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
ODF = "urn:oasis:names:tc:opendocument:xmlns"
STYLES = f"""<w:styles {W}>
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="Desk"><w:name w:val="Desk head"/><w:basedOn w:val="Titel"/></w:style>
<w:style w:styleId="Caption"><w:name w:val="caption"/></w:style>
<w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
</w:styles>"""


def docx(body: str, *, core: str = "", **more: str | bytes) -> bytes:
    """A Word file with this body and these properties."""
    files: dict[str, str | bytes] = {
        "word/document.xml": f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": STYLES,
        "docProps/core.xml": f"<c {DC} xmlns:t='x'>{core}</c>",
    }
    return make_zip({**files, **more})


def p(inner: str, style: str = "") -> str:
    """A paragraph of Word; plain words become a run."""
    run = inner if inner.startswith("<") else f"<w:r><w:t>{escape(inner)}</w:t></w:r>"
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{run}</w:p>"


def odt(body: str, *, meta: str = "", **more: str | bytes) -> bytes:
    """A LibreOffice file with this body and these properties."""
    names = " ".join(
        f'xmlns:{n}="{ODF}:{n}:1.0"' for n in ("office", "text", "table", "style", "draw")
    )
    files: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {names}>{body}</office:document-content>",
        "meta.xml": f"<m {DC} xmlns:meta='{ODF}:meta:1.0'>{meta}</m>",
    }
    return make_zip({**files, **more})


def read(content: bytes, id: str = "a/b.docx") -> Article:
    """Parse an office file and check that its blocks contain every word in order."""
    parse = parse_docx if id.endswith(".docx") else parse_odt
    article = parse(SourceFile(id=id, version="0", content=content))[0]
    joined = "".join(article.text[b.start : b.end] for b in article.blocks)
    assert "".join(joined.split()) == "".join(article.text.split())
    return article


def outline(article: Article) -> list[tuple[str, str]]:
    """The role and the words of each block."""
    return [(b.role.value, article.text[b.start : b.end]) for b in article.blocks]


def reason(content: bytes, id: str = "a/b.docx") -> str:
    """The reason why a file fails."""
    with pytest.raises(ArticleError) as caught:
        read(content, id)
    return caught.value.reason


def test_styles_of_word_become_roles() -> None:
    """The name of a style or of its ancestor counts, not its id."""
    body = (
        p("Harbour wall to be repaired", "Desk")
        + p("By Kora Finn")
        + p("The council voted for it on Monday.")
        + p("Two years", "berschrift1")
        + p("It will take two years, the mayor said.", "Loop")
        + p("The wall in May.", "Caption")
    )
    article = read(docx(body))
    assert outline(article) == [
        ("headline", "Harbour wall to be repaired"),
        ("byline", "By Kora Finn"),
        ("body", "The council voted for it on Monday."),
        ("body", "Two years"),
        ("body", "It will take two years, the mayor said."),
        ("caption", "The wall in May."),
    ]
    assert article.authors == ("Kora Finn",)


def test_deleted_text_is_dropped() -> None:
    """Tracked insertions stay; of a field, only the result is text."""
    body = p(
        "<w:r><w:t>The mayor </w:t></w:r>"
        "<w:del><w:r><w:delText>lied</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>said so</w:t></w:r></w:ins>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:hyperlink><w:r><w:t> here</w:t></w:r></w:hyperlink>"
        "<w:sdt><w:sdtContent><w:r><w:tab/><w:t>at</w:t><w:noBreakHyphen/><w:t>once.</w:t></w:r>"
        "</w:sdtContent></w:sdt>"
    )
    assert read(docx(body)).text == "The mayor said so here at-once."


def test_a_text_box_comes_after_its_paragraph() -> None:
    """The sentence around its anchor stays whole; its fallback copy is dropped."""
    box = f"<w:txbxContent>{p('Boxed words stand here.')}</w:txbxContent>"
    body = p(
        f"<w:r><w:t>The wall </w:t></w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent><w:r><w:t>is old.</w:t></w:r>"
    )
    assert read(docx(body)).text == "The wall is old.\n\nBoxed words stand here."


def test_tables_are_rows_of_cells() -> None:
    """A row becomes a paragraph; a table that only makes a layout is ignored."""

    def row(*cells: str) -> str:
        return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"

    table = f"<w:tbl>{row(p('Boat'), p('Crew'))}{row(p('Gull'), p('4'))}</w:tbl>"
    layout = f"<w:tbl>{row(p('One.') + p('Two.'), p('Three.'))}</w:tbl>"
    assert read(docx(table + p("End."))).text == "Boat | Crew\n\nGull | 4\n\nEnd."
    assert read(docx(layout)).text == "One.\n\nTwo.\n\nThree."
    several = f"<w:tbl>{row(p('Gull') + p('Tern'), p('4') + p('6'))}</w:tbl>"
    assert read(docx(several)).text == "Gull / Tern | 4 / 6"
    nested = f"<w:tbl>{row(table, p('Beside.'))}</w:tbl>"
    assert read(docx(nested)).text == "Boat | Crew\n\nGull | 4\n\nBeside."


def test_properties_of_word() -> None:
    """Title, author and dates are used if the text has none."""
    core = (
        "<dc:title>Wall mended</dc:title><dc:creator>Kora Finn</dc:creator>"
        "<t:created>2024-06-04T07:20:00Z</t:created>"
    )
    plain = read(docx(p("The council voted for it on Monday, and it was late."), core=core))
    assert (plain.title, plain.authors) == ("Wall mended", ("Kora Finn",))
    assert plain.published == datetime(2024, 6, 4, 7, 20, tzinfo=UTC)
    headed = read(docx(p("A headline", "Titel") + p("By Ida Brandt") + p("So."), core=core))
    assert (headed.title, headed.authors) == ("A headline", ("Ida Brandt",))
    junk = "<dc:title>Microsoft Word - draft3.docx</dc:title><dc:creator>Administrator</dc:creator>"
    bare = read(docx(p("The council voted for it on Monday."), core=junk))
    assert (bare.title, bare.authors) == ("The council voted for it on Monday.", ())


def test_styles_of_libreoffice_become_roles() -> None:
    """An automatic style counts as its ancestor."""
    body = (
        '<style:style style:name="P1" style:parent-style-name="Title"/>'
        '<style:style style:name="P2" style:parent-style-name="Illustration"/><office:text>'
        "<text:tracked-changes><text:p>Lied.</text:p></text:tracked-changes>"
        '<text:p text:style-name="P1">Harbour wall</text:p>'
        '<text:p>The council<text:s text:c="99999999"/>voted<text:note><text:note-citation>1'
        "</text:note-citation><text:note-body><text:p>Note.</text:p></text:note-body></text:note>"
        " for<text:line-break/>it.<draw:frame><draw:text-box>"
        '<text:p text:style-name="P2">The wall in May.</text:p>'
        "</draw:text-box></draw:frame></text:p>"
        '<text:h text:outline-level="2">Two years</text:h>'
        "<table:table><table:table-row><table:table-cell><text:p>Gull</text:p></table:table-cell>"
        "<table:table-cell><text:p>4</text:p></table:table-cell></table:table-row></table:table>"
        "</office:text>"
    )
    meta = "<dc:title>No</dc:title><meta:initial-creator>Ida Brandt</meta:initial-creator>"
    article = read(odt(body, meta=meta), "a/b.odt")
    assert outline(article) == [
        ("headline", "Harbour wall"),
        ("body", "The council voted for\nit."),
        ("caption", "The wall in May."),
        ("body", "Two years"),
        ("body", "Gull | 4"),
    ]
    assert (article.title, article.authors) == ("Harbour wall", ("Ida Brandt",))


BOMB = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("entity", "words"),
    [(f"{BOMB}]>", "&i;"), ("<!DOCTYPE a [<!ENTITY i SYSTEM 'file:///etc/passwd'>]>", "&i;")],
)
def test_entities_are_not_expanded(entity: str, words: str) -> None:
    """An entity bomb or an entity of a system file adds no text."""
    body = f"<w:document {W}><w:p><w:r><w:t>Safe{words}</w:t></w:r></w:p></w:document>"
    with suppress(ArticleError):
        assert read(docx("", **{"word/document.xml": entity + body})).text == "Safe"


def test_a_file_that_is_not_a_document_fails_with_a_reason() -> None:
    """Each kind of unreadable file has its reason."""
    ole = b"\xd0\xcf\x11\xe0" + bytes(500)
    assert reason(ole + "EncryptedPackage".encode("utf-16-le")) == (
        "it is protected by a password; save it as an unprotected DOCX"
    )
    assert reason(ole).startswith("it is from before Word 2007")
    assert reason(b"%PDF-1.7").startswith(
        "its content does not match its extension: it contains a PDF document"
    )
    assert (
        reason(make_zip({"a": "b"}))
        == "its content does not match its extension: it contains no Word document"
    )
    assert reason(make_zip({"a": "b"}), "a.odt") == (
        "its content does not match its extension: it contains no text document"
    )
    locked = odt("<a/>", **{"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"})
    assert reason(locked, "a.odt") == "it is protected by a password; save it without a password"
    assert reason(docx(p(""))) == "it has no text, or its text is only in pictures"
    assert reason(docx("<w:p>")).startswith("its part 'word/document.xml' is not valid XML: ")


def test_any_depth_is_parsed() -> None:
    """Twenty thousand levels of elements and text boxes exhaust neither stack nor memory."""
    for tag in ("sdt", "txbxContent", "tbl", "p"):
        deep = f"<w:{tag}>" * 20_000 + p("Deep.") + f"</w:{tag}>" * 20_000
        assert read(docx(deep)).text == "Deep."


_TAGS = "p r t tbl tr tc del ins txbxContent br tab pPr Fallback".split()


@given(
    st.recursive(
        hostile_texts(max_parts=3).map(escape),
        lambda inner: st.builds(
            lambda tag, parts: f"<w:{tag}>{''.join(parts)}</w:{tag}>",
            st.sampled_from(_TAGS),
            st.lists(inner, max_size=4),
        ),
        max_leaves=20,
    )
)
def test_any_nesting_is_parsed_or_refused(body: str) -> None:
    """For any nesting, offsets are exact, and only ArticleError is raised."""
    with suppress(ArticleError):
        read(docx(body))


def test_a_long_document_is_parsed() -> None:
    """It has 11 MB of XML, more than libxml2 takes at once."""
    body = p(f"{'word ' * 2000}end.") * 1100
    xml = f"<w:document {W}>{body}</w:document>"
    content = make_zip({"word/document.xml": xml}, packing=ZIP_STORED)
    assert read(content).text.count("end.") == 1100
