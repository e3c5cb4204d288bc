"""HTML to text blocks: no word is lost, and no markup takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.parsing.html_blocks import (
    blocks_and_captions,
    html_to_blocks,
    is_markup,
    strip_markup,
)


def block_texts(html: str) -> list[str]:
    """The text of each block."""
    return [block.text for block in html_to_blocks(html).blocks]


def test_a_layout_table_becomes_paragraphs() -> None:
    """Mail is laid out with nested tables; their paragraphs become separate blocks."""
    mail = (
        "<table><tr><td><table><tr><td><p>One.</p><p>Two.</p></td><td>Ad</td></tr></table></table>"
    )
    assert block_texts(mail) == ["One.", "Two.", "Ad"]
    assert block_texts("<table><tr><td>a<td>b<tr><td>c<td>d</table>e") == ["a | b", "c | d", "e"]


def test_text_outside_of_elements_is_included() -> None:
    """Unclosed elements and text between blocks count; scripts do not."""
    assert block_texts("a<p>b<div>c</div>d<script>x</script>e<b>f") == ["a", "b", "c", "def"]


def test_a_short_quotation_has_its_marks() -> None:
    """A browser shows them, though the text does not have them."""
    assert block_texts("<p>She said <q>no</q> twice</p>") == ["She said “no” twice"]


@pytest.mark.parametrize(
    "html",
    [
        *(
            "<" * 300_000,
            "<?" * 200_000,
            "<![" * 200_000,
            "<a " * 100_000,
            "<!--" * 100_000,
            "</a " * 100_000,
            "&#x" * 100_000,
        ),
        *("<a " + "b='" * 100_000, "<a" + " x=1" * 100_000, "<table><tr><td>" * 30_000),
        *("<div>" * 200_000 + "deep" + "</div>" * 200_000, "<blockquote><h1><li>" * 30_000),
    ],
)
def test_no_markup_takes_long(html: str) -> None:
    """Time is linear in the length, even with elements that are never closed."""
    start = time.process_time()
    html_to_blocks(html)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>One<p>two <b>three</b></p>four", ["One", "two three", "four"]),
        ("a<br>b<br> <br/>c<style>x{}</style><script>y()</script>", ["a\nb", "c"]),
        ('<meta charset="utf-16"><p>Zoë\u2019s &pound;5', ["Zoë\u2019s £5"]),
        ('<p>Hi <img alt="A quay"></p>there', ["Hi", "there", "A quay"]),
        ("<p>A\0B\ud800C</p>", ["A\ufffdB\ufffdC"]),
        ("<!-- no --><p>yes</p><![CDATA[no]]>", ["yes"]),
        ("", []),
        ("<p> \n</p>", []),
    ],
)
def test_html_in_exports_and_feeds(content: str, expected: list[str]) -> None:
    """Each paragraph is a block, also between two line breaks; scripts and comments are gone."""
    assert [block.text for block in blocks_and_captions(content)] == expected


@pytest.mark.parametrize("text", ["a < b and b > a", "<3", "R&D; AT&T", "x <y@z.example> wrote"])
def test_plain_text_is_not_markup(text: str) -> None:
    """Symbols that look like markup stay as they are."""
    assert not is_markup(text)
    assert strip_markup(text) == text


@given(st.lists(st.sampled_from(["<p>", "</p>", "<div>", "<li>", "<b>", "</b>", "&amp;", "w "])))
def test_no_word_is_lost(parts: list[str]) -> None:
    """Every word is in a block, however the tags are nested."""
    assert " ".join(block_texts("".join(parts))).count("w") == parts.count("w ")
