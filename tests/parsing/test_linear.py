"""Files that once took quadratic time; each limit is far above what they take now."""

from __future__ import annotations

import random
import time
from zipfile import ZIP_STORED

from pullquote.parsing.html.article import main_text
from reading import articles, stream
from zips import make_zip

MOST_SECONDS = 9.0
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def seconds(id: str, content: bytes) -> float:
    """Seconds of processor time for parsing a file."""
    begun = time.process_time()
    stream(id, content)
    return time.process_time() - begun


def test_a_title_of_a_book_in_many_parts() -> None:
    """Each entity splits the text; joining half a million parts once took ten seconds."""
    container = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
    package = f"<package><title>{'a&amp;' * 500_000}</title></package>"
    files: dict[str, str | bytes] = {"META-INF/container.xml": container, "b.opf": package}
    content = make_zip(files, packing=ZIP_STORED)
    assert seconds("a.epub", content) < MOST_SECONDS


def test_a_long_chain_of_derived_styles() -> None:
    """A paragraph looks up at most a hundred styles above its own."""
    number = 6000
    styles = "".join(
        f'<w:style w:styleId="s{n}"><w:name w:val="n{n}"/><w:basedOn w:val="s{n - 1}"/></w:style>'
        for n in range(number)
    )
    style = f'<w:pPr><w:pStyle w:val="s{number - 1}"/></w:pPr>'
    paragraphs = f"<w:p>{style}<w:r><w:t>Word.</w:t></w:r></w:p>" * number
    content = make_zip(
        {
            "word/document.xml": f'<w:document xmlns:w="{WORD}">{paragraphs}</w:document>',
            "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>',
        }
    )
    assert seconds("a.docx", content) < MOST_SECONDS


def test_a_style_derived_from_a_title_style() -> None:
    """The role is inherited, and a circle of styles ends."""
    styles = (
        '<w:style w:styleId="a"><w:name w:val="x"/><w:basedOn w:val="b"/></w:style>'
        '<w:style w:styleId="b"><w:name w:val="Title"/><w:basedOn w:val="a"/></w:style>'
        '<w:style w:styleId="c"><w:name w:val="y"/><w:basedOn w:val="d"/></w:style>'
        '<w:style w:styleId="d"><w:name w:val="z"/><w:basedOn w:val="c"/></w:style>'
    )
    paragraphs = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{id}"/></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>'
        for id, words in (("a", "The pier"), ("c", "It was shut."))
    )
    content = make_zip(
        {
            "word/document.xml": f'<w:document xmlns:w="{WORD}">{paragraphs}</w:document>',
            "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>',
        }
    )
    [article] = articles("a.docx", content)
    assert (article.title, article.text) == ("The pier", "The pier\n\nIt was shut.")


def test_a_long_page_of_paragraphs() -> None:
    """Paragraphs that are lines of the text are found without searching all of it."""
    drawn = random.Random(2)
    words = [f"w{number}ord" for number in range(5000)]
    lines = ["".join(drawn.choices(words, k=18)) + f"end{number}" for number in range(48_000)]
    whole, known = "".join(lines), frozenset(lines)
    begun = time.process_time()
    assert all(main_text._is_in(line, whole, known) for line in lines)
    assert time.process_time() - begun < MOST_SECONDS
    assert main_text._is_in(lines[7][5:] + lines[8], whole, known)
    assert not main_text._is_in("x" * 200, whole, known)
