"""Pictures of PDF pages over HTTP, and where the article pane offers them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import pullquote
from parsing.pdf.test_ocr import needs_tesseract, scanned
from parsing.pdf.test_page_image import marked, opened
from parsing.pdf.test_parser import LEFT, RIGHT, lines, pdf
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.settings import Settings
from pullquote.web.page_images import page_image_address, page_image_route
from pullquote.web.scheduler import Scheduler
from pullquote.web.views.articles.article_view import opened_article_html

WITHHELD = "---\nembargo: 2999-01-01\n---\nThe mayor will resign.\n"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """An assistant over a PDF file of two pages, a text, and an article under embargo."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "wall & sea.pdf").write_bytes(pdf(lines(*LEFT), lines(*RIGHT)))
    (corpus / "tide.txt").write_text("The tide is high.")
    (corpus / "later.md").write_text(WITHHELD)
    settings = Settings(corpus=corpus, index=tmp_path / "index")
    pullquote.rebuild_index(settings=settings)
    with Assistant(settings) as opened:
        yield opened


@pytest.fixture
def client(assistant: Assistant) -> TestClient:
    """The route alone."""
    return client_of(assistant)


def client_of(assistant: Assistant) -> TestClient:
    """A client of the route, with this assistant."""
    scheduler = Scheduler(waiting=2, seconds=60)
    scheduler.watch_caller = lambda: lambda: False
    return TestClient(Starlette(routes=[page_image_route(assistant, scheduler)]))


def test_the_pane_of_an_article_leads_to_the_picture(
    assistant: Assistant, client: TestClient
) -> None:
    """The address has the place, and the picture is a PNG that nobody stores."""
    article = assistant.article("wall & sea.pdf")
    start = article.text.index("never found")
    address = page_image_address(assistant, article, range(start, start + 11))
    shown = opened_article_html(assistant, article, range(start, start + 11))
    assert f'src="{address.replace("&", "&amp;")}"' in shown
    assert "Page 2 as printed" in shown
    image = client.get(address.removeprefix("."))
    assert image.headers["content-type"] == "image/png"
    assert image.headers["cache-control"] == "no-store"
    assert image.content.startswith(b"\x89PNG")


@needs_tesseract
def test_words_that_were_read_by_ocr_have_a_box(tmp_path: Path) -> None:
    """On the picture of their page, as the words of other pages have."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "scan.pdf").write_bytes(scanned(pdf(lines(*LEFT))))
    settings = Settings(corpus=corpus, index=tmp_path / "index", ocr="eng")
    pullquote.rebuild_index(settings=settings)
    with Assistant(settings) as assistant:
        article = assistant.article("scan.pdf")
        start = article.text.index("two years")
        address = page_image_address(assistant, article, range(start, start + 9))
        image = client_of(assistant).get(address.removeprefix("."))
    assert marked(opened(image.content)) is not None


def test_there_is_no_picture_without_pages_or_without_the_file(assistant: Assistant) -> None:
    """The pane then has only the number of the page, if there is one."""
    text, printed = assistant.article("tide.txt"), assistant.article("wall & sea.pdf")
    assert page_image_address(assistant, text, range(4, 8)) == ""
    assert page_image_address(assistant, printed, range(0)) == ""
    (assistant.settings.corpus / "wall & sea.pdf").unlink()
    assert page_image_address(assistant, printed, range(4, 8)) == ""
    assert "Page 1</span>" in opened_article_html(assistant, printed, range(4, 8))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("article=later.md&start=0&end=9", 404),
        ("article=tide.txt&start=0&end=9", 404),
        ("article=../../etc/passwd&start=0&end=9", 404),
        ("article=wall+%26+sea.pdf&start=0&end=9&version=00", 404),
        ("article=wall+%26+sea.pdf&start=9&end=9", 404),
        ("article=wall+%26+sea.pdf&start=x", 400),
        ("", 400),
    ],
)
def test_no_other_place_has_a_picture(client: TestClient, query: str, status: int) -> None:
    """Not one of a withheld article, of another format, of an earlier version, or of no words."""
    assert client.get(f"/page-image?{query}").status_code == status


def test_a_file_that_was_replaced_is_not_shown(assistant: Assistant, client: TestClient) -> None:
    """Its words may be others, and nobody has indexed them."""
    (assistant.settings.corpus / "wall & sea.pdf").write_bytes(pdf(lines(*RIGHT)))
    refused = client.get("/page-image?article=wall+%26+sea.pdf&start=0&end=9")
    assert refused.status_code == 404
    assert "changed since it was indexed" in refused.text
