"""WARC files: their articles and ids, and the limits on hostile ones."""

from __future__ import annotations

import gzip
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.schema.file_limits import LIMITS
from reading import articles, memory_below, outcomes, stream


def record(
    url: str | None,
    body: bytes,
    *,
    kind: str = "text/plain; charset=utf-8",
    status: str = "200 OK",
    type: str = "response",
    **headers: str,
) -> bytes:
    """A WARC record: a page with its HTTP headers."""
    header_lines = "".join(
        f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()
    )
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{header_lines}\r\n".encode()
    content = http + body if type == "response" else body
    target = "" if url is None else f"WARC-Target-URI: {url}\r\n"
    own = "application/http" if type == "response" else kind
    head = (
        f"WARC/1.0\r\nWARC-Type: {type}\r\n{target}WARC-Record-ID: <urn:uuid:1>\r\n"
        f"WARC-Date: 2024-05-31T09:49:00Z\r\nContent-Type: {own}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def packed(*records: bytes) -> bytes:
    """A crawl with each record compressed on its own, as crawlers store them."""
    return b"".join(map(gzip.compress, records))


PAGE = "https://post.example/pier"


WRITTEN = [("a.warc", b"".join), ("a.warc.gz", lambda records: packed(*records))]


@pytest.mark.parametrize(("id", "write"), WRITTEN)
def test_a_response_is_an_article(id: str, write) -> None:
    """Its id contains its URL; requests and failed responses are not articles."""
    content = write(
        [
            record(None, b"software: x", type="warcinfo"),
            record(PAGE, b"GET /", type="request"),
            record(PAGE, b"The pier is shut."),
            record(f"{PAGE}/gone", b"Not here.", status="404 Not Found"),
            record("https://post.example/robots.txt", b"User-agent: *"),
            record("https://post.example/a.js", b"x()", kind="text/javascript"),
            record("https://post.example/a.txt", b"The tide.", type="resource"),
            record(None, b"No address."),
        ]
    )
    found = articles(id, content)
    assert [(one.id, one.url, one.text) for one in found] == [
        (f"{id}#{PAGE}", PAGE, "The pier is shut."),
        (f"{id}#https://post.example/a.txt", "https://post.example/a.txt", "The tide."),
        (f"{id}#<urn:uuid:1>", None, "No address."),
    ]


def test_two_captures_of_a_page_are_two_articles() -> None:
    """They come in the order of the crawl."""
    content = packed(record(PAGE, b"It is shut."), record(PAGE, b"It is open."))
    assert outcomes("a.warc.gz", content) == [f"a.warc.gz#{PAGE}", f"a.warc.gz#{PAGE}~2"]


def test_bodies_are_decoded() -> None:
    """Compressed and chunked bodies are decoded."""
    words = b"The pier is shut."
    deflated = zlib.compressobj(wbits=-15)
    bodies = [
        record("https://a.example/1", gzip.compress(words), Content_Encoding="gzip"),
        record("https://a.example/2", zlib.compress(words), Content_Encoding="deflate"),
        record(
            "https://a.example/3",
            deflated.compress(words) + deflated.flush(),
            Content_Encoding="deflate",
        ),
        record(
            "https://a.example/4",
            b"6\r\nThe pi\r\nb\r\ner is shut.\r\n0\r\n\r\n",
            Transfer_Encoding="chunked",
        ),
        record(
            "https://a.example/5",
            gzip.compress(words[:5]) + gzip.compress(words[5:]),
            Content_Encoding="gzip",
        ),
    ]
    found = articles("a.warc.gz", packed(*bodies))
    assert [article.text for article in found] == [words.decode()] * 5


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "text/markdown"])
def test_the_charset_in_the_http_headers_is_used(kind: str) -> None:
    """A page that does not name its encoding is decoded as its HTTP headers say."""
    body = "<p>Порт закрыт до мая.</p>" if kind == "text/html" else "Порт закрыт до мая."
    content = record(PAGE, body.encode("koi8-r"), kind=f'{kind}; Charset="KOI8-R"')
    assert [article.text for article in articles("a.warc", content)] == ["Порт закрыт до мая."]


def test_a_bad_page_fails_alone() -> None:
    """Bombs, unknown encodings and binary data fail; the page below them is parsed."""
    bomb = gzip.compress(bytes(LIMITS.member_bytes * 2))
    content = packed(
        record("https://a.example/1", bomb, Content_Encoding="gzip"),
        record("https://a.example/2", b"xyz", Content_Encoding="br"),
        record("https://a.example/3", b"no gzip", Content_Encoding="gzip"),
        record("https://a.example/4", b"\x89PNG\r\n\x1a\n" * 9),
        record("https://a.example/5", b"Joined already.", Transfer_Encoding="chunked"),
        record(PAGE, b"The pier is shut."),
    )
    with memory_below(3 * LIMITS.member_bytes):
        found = outcomes("a.warc.gz", content)
    assert [line.removeprefix("a.warc.gz#https://a.example/") for line in found[:5]] == [
        "1: it cannot be unpacked: it is larger than 32 MB",
        "2: it cannot be unpacked: its encoding 'br' is not supported",
        "3: it cannot be unpacked: Error -3 while decompressing data: incorrect header check",
        "4: it contains a PNG image, not text",
        "5",
    ]
    assert found[-1] == f"a.warc.gz#{PAGE}"


def test_a_bomb_is_not_unpacked() -> None:
    """The declared sizes are added up before anything is unpacked."""
    content = packed(record(PAGE, b"The pier is shut."), record(f"{PAGE}/2", bytes(100 << 20)))
    started = time.perf_counter()
    assert (
        outcomes("a.warc.gz", content)[-1]
        == "a.warc.gz: it unpacks to more than 200 times its size"
    )
    assert time.perf_counter() - started < 2


OTHER = "https://times.example/harbour"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", f'<link rel="canonical" href="{OTHER}"><p>The pier is shut.</p>'),
        ("text/html", f'<meta property="og:url" content="{OTHER}"><p>The pier is shut.</p>'),
        ("text/markdown", f"---\nurl: {OTHER}\nstatus: killed\n---\nThe pier is shut."),
        ("text/plain", f"---\nurl: {OTHER}\n---\nThe pier is shut."),
    ],
)
@pytest.mark.parametrize(
    ("fetched", "url"),
    [
        (PAGE, PAGE),
        ("https://times.example.evil.example/a", "https://times.example.evil.example/a"),
        ("https://evil-times.example/a", "https://evil-times.example/a"),
        ("https://a.times.example/a", "https://a.times.example/a"),
        ("https://m.times.example/harbour?x=1", OTHER),
        ("https://times.example:8443/1", OTHER),
    ],
)
def test_a_page_has_no_address_on_another_site(
    kind: str, body: str, fetched: str, url: str
) -> None:
    """Only a page's own site can say which address it has; its pages for phones are the site's."""
    [page] = articles("a.warc", record(fetched, body.encode(), kind=kind))
    assert page.url == url


def test_office_documents_are_pages() -> None:
    """A document that a site offers for download is an article."""
    page = record(PAGE, rb"{\rtf1 The pier is shut.}", kind="application/rtf")
    assert [article.text for article in articles("a.warc", page)] == ["The pier is shut."]


def test_pages_of_other_formats_go_to_their_parsers() -> None:
    """A broken PDF fails with the reason of the PDF parser."""
    page = record(f"{PAGE}/2", b"%PDF-1.7", kind="application/pdf")
    first, second = stream("a.warc.gz", packed(record(PAGE, b"Words."), page))
    assert first.text == "Words."
    assert str(second).startswith(f"a.warc.gz#{PAGE}/2: it is a damaged PDF")


@pytest.mark.parametrize(
    "content",
    [b"Only words." * 90, gzip.compress(bytes(1 << 20)), b"WARC/1.0\r\n" + b"a: b\r\n" * 90_000],
)
def test_a_file_that_is_not_a_crawl_fails_with_a_reason(content: bytes) -> None:
    """So does a header without an end."""
    assert outcomes("a.warc.gz", content)[0].startswith("a.warc.gz: it")


CHUNKED = record(f"{PAGE}/2", b"4\r\nTide\r\n0\r\n\r\n", Transfer_Encoding="chunked")
SOUND = (packed(record(PAGE, b"The pier."), CHUNKED), record(PAGE, b"The pier.") + CHUNKED)


@given(st.sampled_from(SOUND), st.integers(0, 700), st.binary(max_size=6), st.booleans())
def test_a_damaged_crawl_gives_articles_or_errors(
    content: bytes, at: int, new: bytes, cut: bool
) -> None:
    """Changed bytes or a missing end raise nothing but ArticleError."""
    rest = b"" if cut else content[at + len(new) :]
    assert stream("a.warc", content[:at] + new + rest)
