"""HTML inside exports and Markdown: its words, in order, in time that grows with them alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.ingest.markup import html_pieces, is_markup, words_of


def words(content: str) -> list[str]:
    """The paragraphs of some HTML."""
    return [piece.text for piece in html_pieces(content)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>One<p>two <b>three</b></p>four", ["One", "two three", "four"]),
        ("a<br>b<style>x{}</style><script>y()</script>", ["a", "b"]),
        ('<meta charset="utf-16"><p>Zoë\u2019s &pound;5', ["Zoë\u2019s £5"]),
        ('<p>Hi <img alt="A quay"></p>there', ["Hi", "there", "A quay"]),
        ("<table><tr><td>1<td>2</table>", ["1 2"]),
        ("<p>A\0B\ud800C</p>", ["A\ufffdB\ufffdC"]),
        ("<!-- no --><p>yes</p><![CDATA[no]]>", ["yes"]),
        ("", []),
        ("<p> \n</p>", []),
    ],
)
def test_words_of_markup(content: str, expected: list[str]) -> None:
    """A paragraph a piece; what is no text is gone."""
    assert words(content) == expected


@pytest.mark.parametrize(
    "part",
    ["<", "<!--", "<a ", "<a b='", "&#", "<![", "</", "<?", "<div>", "<b>", "<table>", "&amp"],
)
def test_hostile_markup_takes_no_time(part: str) -> None:
    """Python's own parser took 33 s for a tenth of it."""
    started = time.perf_counter()
    words(part * 200_000)
    assert time.perf_counter() - started < 2


def test_a_word_stands_at_any_depth() -> None:
    """Nothing is lost below a limit of nesting."""
    assert words("<div>" * 100_000 + "deep" + "</div>" * 100_000 + "<p>after</p>") == [
        "deep",
        "after",
    ]


@pytest.mark.parametrize("text", ["a < b and b > a", "<3", "R&D; AT&T", "x <y@z.example> wrote"])
def test_plain_text_is_no_markup(text: str) -> None:
    """Signs that people write stay."""
    assert not is_markup(text)
    assert words_of(text) == text


@given(st.lists(st.sampled_from(["<p>", "</p>", "<div>", "<li>", "<b>", "</b>", "&amp;", "w "])))
def test_no_word_is_lost(parts: list[str]) -> None:
    """However the tags are mixed up."""
    assert " ".join(words("".join(parts))).count("w") == parts.count("w ")
