"""The picture of a cited PDF page, in the article pane of a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser.test_axe import faults_in_any_look
from browsing import Chat, Look, chat_over, looking
from parsing.pdf.test_parser import LEFT, RIGHT, lines, pdf

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("page image")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Iterator[Chat]:
    """A chat over one PDF file."""
    assert browser_path
    articles = {"wall.pdf": pdf(lines(*LEFT), lines(*RIGHT))}
    with chat_over(tmp_path_factory.mktemp("printed"), articles) as running:
        yield running


@pytest.fixture
def look(browser: Browser, site: Chat) -> Iterator[Look]:
    """A function that opens the article at words of its second page."""
    with looking(browser, site, "?article=wall.pdf&start=230&end=250") as open_page:
        yield open_page


def test_the_page_is_drawn_when_it_is_opened_and_not_before(look: Look) -> None:
    """With the keyboard; the picture has a text for those who cannot see it."""
    page = look()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "page-image" in one.url else None)
    opener = page.get_by_text("Page 2 as printed")
    expect(opener).to_be_visible()
    assert asked == []
    opener.focus()
    page.keyboard.press("Enter")
    picture = page.get_by_role("img", name="Page 2 of")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('.pq-page-image img').naturalWidth > 1000")
    assert len(asked) == 1
    assert faults_in_any_look(page) == {}
