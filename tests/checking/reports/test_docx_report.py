"""The report on a draft as a DOCX file with comments."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree
from typer.testing import CliRunner

import pullquote
from conftest import Newsroom
from pullquote.cli.commands import app
from pullquote.newsroom.checking.docx_report import report_docx
from pullquote.newsroom.checking.quotations import draft_of
from pullquote.parsing.documents.docx import parse_docx
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError
from pullquote.schema.quote_check import CheckedDraft, CheckedQuote, QuoteVerdict
from talk import citation

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAFT = (
    "A first paragraph.\n\n“Nobody told the islanders about the slipway,” Ewan Sproat said. "
    "Traders fear “that visitors will stay away from the old harbour”.\n\n> It was gravel"
)
BODY = (
    '<w:p><w:pPr><w:pStyle w:val="Quote"/></w:pPr><w:r><w:rPr><w:b/></w:rPr>'
    "<w:t>He was told “it </w:t></w:r><w:r><w:t>was</w:t><w:tab/><w:t>gravel” then.</w:t></w:r>"
    "<w:ins><w:r><w:t> Traders fear “that visitors will </w:t></w:r></w:ins><w:del><w:r>"
    "<w:delText>perhaps </w:delText></w:r></w:del><w:r><w:rPr><w:i/></w:rPr>"
    '<w:t xml:space="preserve">stay away from the old harbour” all summer.</w:t></w:r></w:p>'
    "<w:p><w:r><w:t>“Nobody told</w:t><w:br/><w:t>the islanders</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>“about the slipway” was said, and “it was gravel” again.</w:t></w:r></w:p>"
)
NOTED = '<w:comment w:id="7" w:author="Ida"><w:p><w:r><w:t>Mine</w:t></w:r></w:p></w:comment>'


def word_file(body: str = BODY, *, comments: str = "", **parts: str) -> bytes:
    """A Word file with a body, and with comments of its own if given."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    link = f'<Relationship Id="rId1" Type="{kind}" Target="comments.xml"/>' if comments else ""
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
        f'package/2006/relationships">{link}</Relationships>',
        "word/media/image1.png": "a picture",
        **parts,
    }
    if comments:
        files["word/comments.xml"] = f'<w:comments xmlns:w="{W}">{comments}</w:comments>'
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def read(content: bytes) -> Article:
    """A Word file as the parser reads it."""
    return parse_docx(SourceFile(id="draft.docx", content=content, version="0" * 64))[0]


def parts_of(content: bytes) -> Mapping[str, bytes]:
    """The files in a Word file."""
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def commented(content: bytes) -> dict[str, list[str]]:
    """The words that each comment is on, and the lines of the comment after them."""
    parts = parts_of(content)
    document = etree.fromstring(parts["word/document.xml"])
    name = next(one for one in parts if one.endswith("comments.xml"))
    lines = {
        one.get(f"{{{W}}}id"): ["".join(each.itertext()) for each in one]
        for one in etree.fromstring(parts[name])
    }
    found: dict[str, list[str]] = {}
    opened: dict[str, str] = {}
    for element in document.iter():
        kind, id = etree.QName(element).localname, element.get(f"{{{W}}}id", "")
        if kind == "commentRangeStart":
            opened[id] = ""
        elif kind == "commentRangeEnd":
            found[opened.pop(id)] = lines[id]
        elif kind == "t":
            opened = {key: words + (element.text or "") for key, words in opened.items()}
    assert not opened
    references = [one.get(f"{{{W}}}id") for one in document.iter(f"{{{W}}}commentReference")]
    assert set(references) <= set(lines)
    return found


def checked_docx(content: bytes, archive: Newsroom, *, chat: str | None = None) -> bytes:
    """A Word file with the comments on its quotations."""
    draft = read(content)
    report = pullquote.check(draft.text, archive.index.path)
    return report_docx([(draft, report)], name="draft.docx", docx=content, chat=chat)


def test_a_draft_in_word_gets_comments_on_its_quotations(archive: Newsroom) -> None:
    """They are on the words alone, over several runs and tracked changes."""
    found = commented(checked_docx(word_file(), archive))
    assert list(found) == [
        "it wasgravel",
        "that visitors will stay away from the old harbour",
        "Nobody toldthe islanders“about the slipway",
        "it was gravel",
    ]
    assert found["it was gravel"][0] == "exact: The words stand in an article."
    altered = found["that visitors will stay away from the old harbour"]
    assert altered[1] == "draft: “will” · article: “may”"
    assert altered[2].startswith("In the archive: “that visitors may stay away")
    assert altered[3].startswith("Parking levy agreed · Harbour Post · ")


def test_the_text_and_the_formatting_of_a_draft_in_word_stay(archive: Newsroom) -> None:
    """Runs are split, but no word, style or other file changes."""
    before = word_file()
    after = checked_docx(before, archive)
    assert read(after).text == read(before).text
    document = etree.fromstring(parts_of(after)["word/document.xml"])
    bold = document.xpath("//w:r[w:rPr/w:b]/w:t", namespaces={"w": W})
    assert [one.text for one in bold] == ["He was told “", "it "]
    italic = document.xpath("//w:r[w:rPr/w:i]/w:t", namespaces={"w": W})
    assert [one.text for one in italic] == ["stay away from the old harbour", "” all summer."]
    assert len(document.findall(f".//{{{W}}}delText")) == 1
    others = parts_of(before)
    for name in ("word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"):
        del others[name]
    assert {name: parts_of(after)[name] for name in others} == others


def test_comments_that_a_draft_has_stay(archive: Newsroom) -> None:
    """New ones have numbers of their own."""
    after = parts_of(checked_docx(word_file(comments=NOTED), archive))
    comments = etree.fromstring(after["word/comments.xml"])
    assert [one.get(f"{{{W}}}id") for one in comments] == ["7", "8", "9", "10", "11"]
    assert "Mine" in "".join(comments[0].itertext())
    assert sum(name.endswith("comments.xml") for name in after) == 1


def test_words_in_a_text_box_get_a_comment_on_the_paragraph_around_it(archive: Newsroom) -> None:
    """Word allows no comment inside a box."""
    body = (
        "<w:p><w:r><w:t>Beside a box.</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>"
        "Told “it was gravel” twice.</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    after = checked_docx(word_file(body), archive)
    assert list(commented(after)) == ["Beside a box.Told “it was gravel” twice."]
    assert read(after).text == read(word_file(body)).text


def test_other_drafts_become_paragraphs_with_comments(archive: Newsroom) -> None:
    """Their text is as before, and block quotes have a style."""
    draft = draft_of(DRAFT)
    report = pullquote.check(DRAFT, archive.index.path)
    content = report_docx([(draft, report)], name="story.md", chat="https://a.example")
    assert read(content).text == DRAFT
    found = commented(content)
    assert list(found) == [
        "Nobody told the islanders about the slipway,",
        "that visitors will stay away from the old harbour",
        "> It was gravel",
    ]
    first = next(iter(found.values()))
    assert first[0] == "exact, as said by Ewan Sproat: The words stand in an article."
    assert first[-1].startswith("https://a.example/?article=ferry.md&start=")
    assert content == report_docx([(draft, report)], name="story.md", chat="https://a.example")


def test_the_same_words_twice_get_a_comment_each(archive: Newsroom) -> None:
    """The words around them decide, not only the order."""
    text = (
        "First “it was gravel” here. Then it was gravel without marks. Last “it was gravel” there."
    )
    report = pullquote.check(text, archive.index.path)
    content = report_docx([(draft_of(text), report)], name="a.txt")
    document = etree.fromstring(parts_of(content)["word/document.xml"])
    shown = "".join(
        {"commentRangeStart": "[", "commentRangeEnd": "]"}.get(etree.QName(one).localname, "")
        or (one.text or "")
        for one in document.iter()
    )
    assert shown == (
        "First “[it was gravel]” here. Then it was gravel without marks. Last “[it was gravel]” "
        "there."
    )


def test_words_that_the_file_does_not_have_get_a_comment_at_its_end(archive: Newsroom) -> None:
    """No finding is lost, whatever the file has become since it was read."""
    draft = draft_of("“It was gravel”")
    report = pullquote.check(draft.text, archive.index.path)
    other = word_file("<w:p><w:r><w:t>Something else.</w:t></w:r></w:p>")
    [(words, lines)] = commented(report_docx([(draft, report)], name="a.docx", docx=other)).items()
    assert words == "."
    assert lines[:2] == ["“It was gravel”", "exact: The words stand in an article."]


def test_hostile_characters_do_not_break_the_file() -> None:
    """Tags are text, and what no XML can contain is replaced."""
    evil = "<w:p/>\x00\x0b]]>&amp;\ud83d\ude00"
    draft = draft_of(f"“{evil}”")
    checked = CheckedQuote(
        quote=evil,
        verdict=QuoteVerdict.ABSENT,
        similarity=0.1,
        warnings=(evil,),
        closest=citation(evil, title=evil, article=evil, url="javascript:alert(1)"),
        draft_start=1,
        draft_end=len(draft.text) - 1,
    )
    content = report_docx([(draft, CheckedDraft(quotes=(checked,)))], name=evil)
    [lines] = commented(content).values()
    assert "<w:p/>\ufffd" in lines[1]
    assert "javascript" not in "".join(lines)


def test_a_file_that_is_no_word_document_is_refused(archive: Newsroom) -> None:
    """The error names the draft."""
    report = pullquote.check(DRAFT, archive.index.path)
    with pytest.raises(ArticleError, match=r"a\.docx"):
        report_docx([(draft_of(DRAFT), report)], name="a.docx", docx=b"PK nothing")


def test_the_command_writes_the_file(archive: Newsroom, tmp_path: Path) -> None:
    """The draft itself is never overwritten."""
    draft, out = tmp_path / "draft.docx", tmp_path / "checked.docx"
    own = word_file()
    draft.write_bytes(own)
    index = str(archive.index.path)
    given = ["check", str(draft), "--index", index]
    done = CliRunner().invoke(app, [*given, "--docx", str(out), "--chat", "https://a.example"])
    assert done.exit_code == 3
    assert len(commented(out.read_bytes())) == 5  # the first paragraph is a block quote, too
    refused = CliRunner().invoke(app, [*given, "--docx", str(draft)])
    assert refused.exit_code == 1
    assert "is the draft itself" in str(refused.exception)
    assert draft.read_bytes() == own


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--chat", "https://a.example"], "Add --html or --docx"),
        (["--chat", "javascript:1", "--html", "a.html"], "Give an address"),
        (["--docx", "a.html", "--html", "a.html"], "Give two files"),
        (["--docx", "nowhere/a.docx"], "cannot be written"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    archive: Newsroom, tmp_path: Path, given: list[str], message: str
) -> None:
    """The error says what to give instead."""
    (tmp_path / "a.txt").write_text("“it was gravel”", encoding="utf-8")
    files = [str(tmp_path / one) if one.startswith("nowhere") else one for one in given]
    done = CliRunner().invoke(
        app, ["check", str(tmp_path / "a.txt"), "--index", str(archive.index.path), *files]
    )
    assert done.exit_code == 1
    assert message in str(done.exception)
