"""HTML to pieces: no word is lost, and no markup takes long."""

from __future__ import annotations

import time

import pytest

from pullquote.ingest.markup import render_html


def pieces(html: str) -> list[str]:
    """The words of each piece."""
    return [piece.text for piece in render_html(html).pieces]


def test_a_layout_is_no_table() -> None:
    """Mail is laid out by tables in tables; their paragraphs are read one by one."""
    mail = (
        "<table><tr><td><table><tr><td><p>One.</p><p>Two.</p></td><td>Ad</td></tr></table></table>"
    )
    assert pieces(mail) == ["One.", "Two.", "Ad"]
    assert pieces("<table><tr><td>a<td>b<tr><td>c<td>d</table>e") == ["a | b", "c | d", "e"]


def test_words_outside_of_elements_are_kept() -> None:
    """What is never closed, or stands between blocks, is text too; scripts are not."""
    assert pieces("a<p>b<div>c</div>d<script>x</script>e<b>f") == ["a", "b", "c", "def"]


@pytest.mark.parametrize(
    "html",
    [
        *("<" * 300_000, "<a " * 100_000, "<!--" * 100_000, "</a " * 100_000, "&#x" * 100_000),
        *("<a " + "b='" * 100_000, "<a" + " x=1" * 100_000, "<table><tr><td>" * 30_000),
        *("<div>" * 200_000 + "deep" + "</div>" * 200_000, "<blockquote><h1><li>" * 30_000),
    ],
)
def test_no_markup_takes_long(html: str) -> None:
    """Time is linear in the length, whatever is opened and never closed."""
    start = time.process_time()
    render_html(html)
    assert time.process_time() - start < 5
