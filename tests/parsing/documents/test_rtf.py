"""The RTF parser: the visible words, and the structure of styles."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.parsing.documents.rtf import parse_rtf
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError

HEAD = (
    r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Cyr;}}"
    r"{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\*\cs2 Strong;}{\s3 caption;}}"
    r"{\info{\title Wall mended}{\author Kora Finn}{\creatim\yr2024\mo6\dy4\hr7\min20}}"
    r"{\header Running head}{\*\generator Some program}\f0"
)


def read(rtf: str | bytes, *, head: str = HEAD) -> Article:
    """Parse an RTF text and check that its blocks contain every word in order."""
    content = rtf if isinstance(rtf, bytes) else f"{head}{rtf}}}".encode("latin-1")
    article = parse_rtf(SourceFile(id="a/b.rtf", version="0", content=content))[0]
    joined = "".join(article.text[b.start : b.end] for b in article.blocks)
    assert "".join(joined.split()) == "".join(article.text.split())
    return article


def outline(article: Article) -> list[tuple[str, str]]:
    """The role and the words of each block."""
    return [(b.role.value, article.text[b.start : b.end]) for b in article.blocks]


def reason(content: bytes) -> str:
    """The reason why a file fails."""
    with pytest.raises(ArticleError) as caught:
        read(content)
    return caught.value.reason


def test_styles_and_tables() -> None:
    """A style applies until the next `pard`; a row becomes a paragraph."""
    article = read(
        r"\pard\s1 Harbour wall\par\pard The council voted for it.\par"
        r"\trowd\cellx1\cellx2\intbl Gull\cell 4\cell\row\trowd Tern\cell 6\cell\row"
        r"\pard\s3 The wall in May.\par\pard End."
    )
    assert outline(article) == [
        ("headline", "Harbour wall"),
        ("body", "The council voted for it."),
        ("body", "Gull | 4"),
        ("body", "Tern | 6"),
        ("caption", "The wall in May."),
        ("body", "End."),
    ]


def test_rows_of_inner_tables() -> None:
    """The rows of a table inside a cell are rows of their own; copies for old programs are not."""
    article = read(
        r"\trowd\cellx1\pard\intbl Birds\par\pard\intbl\itap2 Gull\nestcell 4\nestcell"
        r"{\*\nesttableprops\trowd\cellx1\cellx2\nestrow}{\nonesttables Gull 4\par}"
        r"\pard\intbl\itap2 Tern\nestcell 6\nestcell"
        r"{\*\nesttableprops\trowd\cellx1\cellx2\nestrow}{\nonesttables Tern 6\par}"
        r"\pard\intbl Counted in May\cell\row\pard\itap0 End."
    )
    assert article.text == "Birds\n\nGull | 4\n\nTern | 6\n\nCounted in May\n\nEnd."


@pytest.mark.parametrize("cell", [r"\cell", r"\nestcell"])
@pytest.mark.parametrize("again", ["", r"\pard\intbl ", r"\pard\plain\intbl\s0 ", r"}{"])
def test_cells_with_several_paragraphs_stay_in_their_row(again: str, cell: str) -> None:
    """A row of data is one block, and the paragraphs of a cell are apart; sentences are no data."""
    level, end = (r"\itap2", r"{\nestrow}") if cell == r"\nestcell" else ("", r"\row")
    start = rf"\trowd\cellx1\cellx2\pard\intbl{level}"
    again = again.replace(r"\intbl", rf"\intbl{level}")
    rows = [("Boats", "in May", "Crew", "and guests"), ("Gull", "Tern", "4", "6")]
    table = "".join(
        rf"{start}{{{a}\par {again}{b}{cell} {c}\par {again}{d}{cell} }}{end}"
        for a, b, c, d in rows
    )
    after = r"\pard\intbl\cell\row" if level else ""
    article = read(rf"\pard Before.\par{table}{after}\pard\itap0 End.")
    assert article.text.split("\n\n") == [
        *("Before.", "Boats / in May | Crew / and guests", "Gull / Tern | 4 / 6", "End."),
    ]
    prose = rf"{start} It sank.\par {again}Nobody died.\cell The wall\cell\row\pard End."
    assert read(prose).text.split("\n\n") == ["It sank.", "Nobody died.", "The wall", "End."]


def test_a_row_without_a_definition_is_a_row() -> None:
    """Some programs define a table once for all of its rows."""
    article = read(r"\pard\intbl Gull\cell 4\cell\row\pard\intbl Tern\cell 6\cell\row\pard End.")
    assert article.text == "Gull | 4\n\nTern | 6\n\nEnd."


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (r"1.\tab", "1. Walls"),
        (r"(iv)\tab", "(iv) Walls"),
        (r"3.2", "3.2 Walls"),
        (r"\f3\'b7\tab", "Walls"),
        (r"o\tab", "Walls"),
    ],
)
def test_the_number_of_an_item_is_read(label: str, text: str) -> None:
    """A number or letter before an item of a list is text; a bullet is not."""
    assert read(rf"{{\listtext\pard\plain {label}}}Walls").text == text


def test_properties() -> None:
    """Title, author and date of the document are used if the text has none."""
    article = read(r"\pard The council voted for it on Monday, and it was late.")
    assert (article.title, article.authors) == ("Wall mended", ("Kora Finn",))
    assert article.published == datetime(2024, 6, 4, 7, 20)  # noqa: DTZ001 - none is written


@pytest.mark.parametrize(
    ("rtf", "words"),
    [
        (r"firm\'92s \'a3600m", "firm’s £600m"),
        (r"\f1 \'cf\'f0\'e8\f0  caf\'e9", "При café"),
        (r"\u8220?quoted\u8221? \u-10179?\u-9138? x", "“quoted” 👎 x"),
        (r"{\uc2 \u233\'c3\'a9}t\u233 e", "été"),
        (r"a\~b\_c\emdash d\lquote e \{x\} \\", "a b-c—d‘e {x} \\"),
        (r"kept{\deleted gone}{\v hidden} {\*\unknown gone}here", "kept here"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt a link}} b", "a link b"),
        (r"a{\pict\bin5 }}}}}}b", "ab"),
        (r"one\line two", "one\ntwo"),
        (r"{\mmathPr\mmathFont34\mbrkBin0}\trftsWidth3 wide\clwWidth3040", "wide"),
        (r"\thiscontrolwordhasmorethanthirtytwoletters1 long\li00000000000007 er", "longer"),
        (r"{\shp{\*\shpinst\shpleft0{\sp{\sn lTxid}{\sv 65536}}{\shptxt box\par}}}b", "box\n\nb"),
        (r"a{\shp{\*\shpinst{\shptxt c}}{\shprslt{\*\do{\dptxbxtext c}}}}b", "a\n\nc\n\nb"),
        (r"a {\object\objemb{\*\objdata 010500}{\result a chart}}", "a a chart"),
        (r"\f1\'cf\plain\'e9", "Пé"),
    ],
)
def test_only_visible_words_are_text(rtf: str, words: str) -> None:
    """Characters are decoded by code page, font or Unicode; hidden words are dropped."""
    assert read(rtf).text == words


def test_a_file_that_is_not_rtf_fails_with_a_reason() -> None:
    """Each kind of unreadable file has its reason."""
    assert reason(b"") == "the file is empty"
    assert reason(b"PK\x03\x04").startswith(
        "its content does not match its extension: it contains an office"
    )
    assert reason(b"{\\rtf1 {\\b }}") == "it has no text, or its text is only in pictures"
    assert reason(b"{\\rtf1" + b"{" * 100_000) == "it has more than 10000 open braces"


@pytest.mark.parametrize(
    "part", [r"\b ", "\\", r"\'41", r"\uc8\u65?", "{", "}", r"\trowd\cell ", r"\s1 x\par ", "{a}"]
)
def test_parsing_takes_linear_time(part: str) -> None:
    """Any part may be repeated."""
    start = time.process_time()
    with suppress(ArticleError):
        read(part * 30_000)
    assert time.process_time() - start < 5


_PARTS = (
    *(r"{", r"}", r"\u-1?", r"\u55357?", r"\'", r"\'e9", r"\bin3 ", r"\uc9999999999 ", r"\s1 "),
    *(r"\par ", r"\trowd ", r"\cell ", r"\row ", r"{\*\x ", r"\info", r"\title ", r"\f1 ", "word "),
    *(
        r"\itap3 ",
        r"\nestcell ",
        r"{\nestrow}",
        r"\intbl ",
        r"{\shptxt ",
        r"{\listtext ",
        r"\sbkN ",
    ),
    *(r"\fonttbl", r"\fcharset128 ", r"\ansicpg99999 ", r"\creatim\yr99999 ", "\n", "\\\n", "é"),
)


@given(st.lists(st.sampled_from(_PARTS) | st.binary(max_size=4).map(lambda b: b.decode("latin-1"))))
def test_any_control_words_are_parsed_or_refused(parts: list[str]) -> None:
    """Control words in any order raise nothing but ArticleError."""
    with suppress(ArticleError):
        read("".join(parts))
