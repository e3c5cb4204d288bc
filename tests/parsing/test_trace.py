"""The trace of a parser: what it left out and why, and where it found facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pullquote.parsing import read_articles
from pullquote.parsing.trace import Trace, trace_dropped, tracing
from pullquote.schema import Article

PROSE = "<p>" + "The ferry was late again on Monday, and nobody could say why. " * 4 + "</p>"


def traced(tmp_path: Path, id: str, content: str) -> tuple[Article, dict[str, str], Trace]:
    """The article of a file, the reason for each dropped text, and the trace."""
    (tmp_path / id).write_text(content, encoding="utf-8")
    with tracing() as trace:
        article = read_articles(tmp_path / id, id=id)[0]
    return article, {dropped.text: dropped.reason for dropped in trace.dropped}, trace


@pytest.mark.parametrize(
    ("html", "words", "reason"),
    [
        ("<nav>Home</nav>", "Home", "page boilerplate: <nav>"),
        ("<div class='newsletter box'>Join</div>", "Join",
         'page boilerplate: <div class="newsletter box">'),
        ("<p hidden>Secret words</p>", "Secret words", "it is not shown: <p>"),
        ("<p><a href='/b'>Another page</a></p>", "Another page", "it is a link"),
        ("<p>Photo: Odd Vik</p>", "Photo: Odd Vik", "it is a picture credit"),
        ("<div id='comments'><p>Be nice</p></div>", "Be nice",
         "in the comments section, but not a comment"),
    ],
)  # fmt: skip
def test_dropped_texts_of_a_page(tmp_path: Path, html: str, words: str, reason: str) -> None:
    """Each dropped text has its reason, with the element whose name decided it."""
    page = f"<body><h1>Late ferry</h1>{PROSE}{PROSE}{html}</body>"
    _, reasons, _ = traced(tmp_path, "a.html", page)
    assert reasons == {words: reason}


def test_tracked_deletions_are_dropped(tmp_path: Path) -> None:
    """Words deleted under tracked changes are recorded with that reason."""
    page = "{\\rtf1 The ferry was late. {\\deleted It was the captain.}\\par}"
    _, reasons, _ = traced(tmp_path, "a.rtf", page)
    assert reasons == {"It was the captain.": "hidden, or deleted under tracked changes"}


def test_attachments_of_a_mail_are_dropped(tmp_path: Path) -> None:
    """Attachments are recorded by name and type."""
    page = (
        "From: Ida Roe <ida@x.example>\nSubject: Late ferry\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\n'
        "The ferry was late.\n--x\nContent-Type: image/png\n"
        'Content-Disposition: attachment; filename="ferry.png"\n\nAAAA\n--x--\n'
    )
    _, reasons, _ = traced(tmp_path, "a.eml", page)
    assert reasons == {"ferry.png": "attached: image/png"}


def test_facts_have_their_origins(tmp_path: Path) -> None:
    """Each fact names the line or the kind of markup that it was read from."""
    text = "Late ferry\n\nBy Ida Roe\n\n5 March 2024\n\nOne stood here.\n\nTwo did.\n"
    article, _, trace = traced(tmp_path, "a.txt", text)
    assert trace.origin("authors", article.authors) == "“By Ida Roe”"
    assert trace.origin("published", article.published) == "“5 March 2024”"
    page = (
        '<head><meta name="author" content="Odd Vik"><link rel="canonical" href="https://a.b/c">'
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-03-05"}'
        f"</script></head><body><h1>Late ferry</h1>{PROSE}</body>"
    )
    article, _, trace = traced(tmp_path, "a.html", page)
    assert trace.origin("authors", article.authors) == "meta tags"
    assert trace.origin("published", article.published) == "JSON-LD"
    assert trace.origin("url", article.url) == "its canonical address"
    assert trace.origin("title", article.title) == "its heading"


def test_nothing_is_recorded_outside_of_tracing(tmp_path: Path) -> None:
    """Only calls inside the block are recorded, and long texts are cut."""
    trace_dropped("before", "why")
    with tracing() as trace:
        trace_dropped("word " * 1000, "why")
        trace_dropped(" \n ", "why")
    trace_dropped("after", "why")
    assert [(one.text[:9], len(one.text) < 400) for one in trace.dropped] == [("word word", True)]
