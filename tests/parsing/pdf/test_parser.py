"""The PDF parser: reading order, hyphenated words, page numbers, and files without text."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pdf_pages import LEFT, RIGHT, Draw, lines, outline, pdf, read, together, words
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import Limits


def reason(content: bytes) -> str:
    """The reason why a file fails."""
    with pytest.raises(ArticleError) as caught:
        read(content)
    assert caught.value.path == "a/b.pdf"
    return caught.value.reason


def test_columns_are_read_one_after_the_other() -> None:
    """The headline above comes first; the order in which the file draws does not matter."""
    headline = lines("Harbour wall to be repaired", top=80, size=24)
    by_line = [
        lines(text, x=x, top=120 + 12 * i)
        for i in range(4)
        for x, text in ((60, LEFT[i]), (310, RIGHT[i]))
    ]
    article = read(pdf(together(headline, *by_line)))
    assert outline(article) == [
        ("headline", 1, "Harbour wall to be repaired"),
        ("body", 1, " ".join(LEFT)),
        ("body", 1, " ".join(RIGHT)),
    ]
    assert article.title == "Harbour wall to be repaired"


def test_columns_under_columns() -> None:
    """A heading across the page ends the columns above it; new columns begin below."""
    page = together(
        lines(*LEFT, top=100),
        lines(*RIGHT, x=310, top=100),
        lines("Storm warning for the whole of the coast", x=150, top=190, size=18),
        lines("Winds of ninety knots are expected tonight,", "the office said.", top=220),
        lines("Ferries will stay in port until Friday, and", "trains are late.", x=310, top=220),
    )
    assert [w[:12] for w in words(read(pdf(page)))] == [
        "The council ",
        "Fishermen ha",
        "Storm warnin",
        "Winds of nin",
        "Ferries will",
    ]


def test_three_columns_of_unlike_height() -> None:
    """Columns may begin and end at different heights, with different baselines."""
    page = together(
        lines("One is the first column here,", "and it is short.", x=40, top=100),
        lines(
            "Two is the second column, and", *["it goes on for a long while."] * 5, x=220, top=107
        ),
        lines(
            "Three is the third column, and", *["it too goes on for a while."] * 3, x=400, top=95
        ),
    )
    found = words(read(pdf(page)))
    assert [w.split()[0] for w in found if w[0].isupper()] == ["One", "Two", "Three"]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("The harbour was full of infor-", "mation about the boats.", "of information about"),
        ("The plan is well-known, a well-", "known plan, and it is old.", "a well-known plan"),
        ("The old treaty between Anglo-", "Saxon kings was found here.", "Anglo-Saxon kings"),
        ("They serve for two-", "and three-year terms at a time.", "two- and three-year"),
        ("The score at the end was 20-", "19 and no one knew of it.", "was 20-19"),
    ],
)
def test_hyphenated_words_are_joined(first: str, second: str, joined: str) -> None:
    """A hyphen at the end of a line is removed, unless it belongs to the word."""
    article = read(pdf(lines("It was said on Monday that all the boats", first, second)))
    assert joined in article.text


def test_a_paragraph_continues_on_the_next_page() -> None:
    """It becomes two blocks of one text; a split word belongs to the page on which it begins."""
    first = lines(
        "It rained all night and the river rose, and", "by noon the council had the infor-"
    )
    second = lines("mation it had asked for. Nobody was hurt.", "The school stays shut.")
    assert outline(read(pdf(first, second))) == [
        (
            "body",
            1,
            "It rained all night and the river rose, and by noon the council had the information",
        ),
        ("body", 2, "it had asked for. Nobody was hurt. The school stays shut."),
    ]


def test_paragraphs_by_indent_and_by_space() -> None:
    """An indented line, a blank line and a short last line each begin a paragraph."""
    indented = together(lines(*LEFT[:3], top=100), lines("Now it is", x=72, top=136))
    spaced = together(lines(*LEFT, top=100), lines(*RIGHT, top=160))
    short = lines(*LEFT, *RIGHT)
    assert [len(words(read(pdf(page)))) for page in (indented, spaced, short)] == [2, 2, 2]


def test_the_name_of_the_paper_is_not_the_headline() -> None:
    """The largest type on the first page is the headline; smaller lines above are boilerplate."""
    page = together(
        lines("NORTHSHORE HERALD", top=60),
        lines("Harbour wall to be repaired", top=100, size=24),
        lines("It will take two years and a great deal of stone", top=130, size=12),
        lines("By Kora Finn", top=150),
        lines(*LEFT, top=180),
    )
    article = read(pdf(page))
    assert [(role, text[:12]) for role, _, text in outline(article)] == [
        ("boilerplate", "NORTHSHORE H"),
        ("headline", "Harbour wall"),
        ("standfirst", "It will take"),
        ("byline", "By Kora Finn"),
        ("body", "The council "),
    ]
    assert article.title == "Harbour wall to be repaired"


def test_items_and_raised_letters_break_no_paragraph() -> None:
    """Lines of a list item are indented, and "21st" makes a line higher."""

    def raised(canvas: Canvas) -> None:
        text = canvas.beginText(60, 700)
        text.setFont("Times-Roman", 10)
        text.textOut("The council voted on Monday the 21")
        text.setFont("Times-Roman", 7)
        text.setRise(4)
        text.textOut("st")
        text.setFont("Times-Roman", 10)
        text.setRise(0)
        text.textLine(" of May")
        text.textLine("to repair the old harbour wall.")
        canvas.drawText(text)

    item = together(lines("• A bag of stone", x=60), lines("and a boat", x=72, top=112))
    assert words(read(pdf(raised, item))) == [
        "The council voted on Monday the 21st of May to repair the old harbour wall.",
        "• A bag of stone and a boat",
    ]


def test_running_heads_and_page_numbers_are_dropped() -> None:
    """Lines at the same position on most pages are dropped, and numbers at the foot."""

    def page(number: int) -> Draw:
        return together(
            lines("The Northshore Herald", top=30),
            lines(f"Page {number}", x=500, top=820),
            lines(f"Story {number} is told here.", top=200),
            lines("A refrain of the article.", top=400),
        )

    text = read(pdf(*map(page, range(1, 5)))).text
    assert "Herald" not in text
    assert "Page" not in text
    assert text.count("A refrain of the article.") == 4


def picture(canvas: Canvas) -> None:
    """Draws a scanned page."""
    canvas.drawImage(ImageReader(Image.new("L", (2, 2))), 40, 40, 500, 700)


def test_pages_that_are_pictures_are_reported() -> None:
    """A file of pictures is refused; one with some lists their pages. Blank pages do not count."""
    assert reason(pdf(picture, picture)).startswith("its pages are pictures")
    assert read(pdf(lines(*LEFT), picture, lambda canvas: None)).unread_pages == (2,)
    assert reason(pdf(lambda canvas: None)) == "its pages are blank"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_rotated_page_is_read_upright(turn: int) -> None:
    """Lines are read in their own direction, however the page is rotated."""

    def page(canvas: Canvas) -> None:
        canvas.translate(300, 420)
        canvas.rotate(turn)
        canvas.translate(-300, -420)
        lines(*LEFT, top=300)(canvas)

    assert words(read(pdf(page))) == [" ".join(LEFT)]


def test_a_headline_in_the_text_wins_over_the_title_property() -> None:
    """Titles that programs fill in by themselves are ignored."""
    body = lines(*LEFT, top=120)
    info = {"title": "Wall to be mended", "author": "Kora Finn"}
    assert read(pdf(body, **info)).title == "Wall to be mended"
    assert read(pdf(body, **info)).authors == ("Kora Finn",)
    head = lines("Harbour wall to be repaired", top=80, size=24)
    assert read(pdf(together(head, body), **info)).title == "Harbour wall to be repaired"
    junk = read(pdf(body, title="Microsoft Word - draft3.docx", author="Administrator"))
    assert (junk.title[:11], junk.authors) == ("The council", ())


def test_dates_of_properties() -> None:
    """The creation date is parsed with its time zone."""
    content = pdf(lines(*LEFT))
    start = content.index(b"/CreationDate (") + 15
    dated = content[:start] + b"D:20240604072000+00'00'" + content[start + 23 :]
    assert read(dated).published == datetime(2024, 6, 4, 7, 20, tzinfo=UTC)


def encrypted(password: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=password)
    lines(*LEFT)(canvas)
    canvas.save()
    return out.getvalue()


def test_forms_that_draw_each_other_time_out(tmp_path: Path) -> None:
    """2 KB of forms that each draw the next ten times would keep any parser busy for hours."""
    nested = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {} 0 R>>>>/Length 50"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        "/Resources<</XObject<</X 4 0 R>>>>>>",
        *(f"<<{nested.format(i)}>>stream\n{'/X Do' * 10}\nendstream" for i in range(5, 20)),
    ]
    body = "".join(f"{i} 0 obj\n{text}\nendobj\n" for i, text in enumerate(objects, start=1))
    path = tmp_path / "a.pdf"
    path.write_bytes(f"%PDF-1.7\n{body}trailer\n<</Root 1 0 R>>".encode())
    with FileParser(limits=Limits(seconds=3), processes=1).parse(
        tmp_path, {"a.pdf": None}
    ) as given:
        assert "it takes more than 3 seconds to read" in str(next(given).found)


def test_a_file_that_is_not_a_pdf_fails_with_a_reason() -> None:
    """Each kind of unreadable file has its reason."""
    whole = pdf(lines(*LEFT))
    assert reason(encrypted("secret")) == "it is protected by a password"
    assert reason(b"") == "the file is empty"
    assert reason(b"<html>Please log in</html>") == (
        "its content does not match its extension: it is not a PDF document"
    )
    assert reason(b"PK\x03\x04 and so on").startswith(
        "its content does not match its extension: it contains an"
    )
    assert reason(b"%PDF-1.7\n%%EOF") == "it is a damaged PDF document, or cut off"
    assert reason(whole[: len(whole) // 3]) == "it is a damaged PDF document, or cut off"
