"""The page of the standing questions in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.test_axe import faults_in_any_look
from browsing import Chat, Look, chat_over, looking

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("watchlist")]

TOLL = "how many people were killed when the Marlow dam collapsed?"
HOSTILE = "who <img src=x onerror=alert(1)> won the boat race?"
FIRST = (
    "At least 19 people were killed when the Marlow dam collapsed before dawn on Tuesday, the "
    "governor said.\n"
)
LATER = (
    "The number of people killed when the Marlow dam collapsed has risen to 63, the governor said "
    "on Friday.\n"
)
SLOW = 120_000
"""In milliseconds: the models are loaded, and the questions are read."""


def article(text: str, day: str, title: str) -> str:
    return f"---\ntitle: {title}\npublished: {day}\nsource: Harbour Post\n---\n{text}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Iterator[Chat]:
    """A chat over one article."""
    assert browser_path
    articles = {"one.md": article(FIRST, "2024-03-05", "Dam gives way")}
    with chat_over(tmp_path_factory.mktemp("watchlist"), articles) as running:
        yield running


@pytest.fixture
def look(browser: Browser, site: Chat) -> Iterator[Look]:
    """A function that opens the page."""
    with looking(browser, site, "watchlist") as open_page:
        yield open_page


def add(page: Page, question: str) -> None:
    page.get_by_label("New question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".pq-standing h2", has_text=question)).to_be_visible()
    expect(page.locator(".pq-standing > li", has_text=question)).not_to_contain_text(
        "Not asked yet", timeout=SLOW
    )


def test_a_question_is_added_and_its_change_is_shown_after_an_update(
    look: Look, site: Chat
) -> None:
    """From the first answer to the changed value, its words in the article, and the feed."""
    page = look()
    expect(page.locator("main")).to_contain_text("No standing questions yet.")
    add(page, TOLL)
    expect(page.locator(".pq-words-of blockquote")).to_contain_text("At least 19 people")
    later = article(LATER, "2024-03-08", "Toll rises")
    (site.corpus / "two.md").write_text(later, "utf-8")
    page.get_by_role("link", name="Corpus").click()
    page.get_by_role("button", name="Update the index").click()
    # The first update, before the chat opened, had "1 added", too.
    expect(page.get_by_role("link", name="Toll rises")).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="Watchlist").click()
    changed = page.locator(".pq-changed")
    expect(changed).to_contain_text("Changed value", timeout=SLOW)
    expect(changed.locator("blockquote")).to_have_text([re.compile("At least 19")])
    feed = ElementTree.fromstring(httpx.get(f"{site.url}/watchlist.xml").content)  # noqa: S314
    assert feed.findtext("channel/item/title") == f"Changed value: {TOLL}"
    page.get_by_role("link", name="Toll rises").click()
    expect(page.locator("#pq-cited")).to_contain_text("63")


def test_a_question_is_removed_with_the_keyboard_and_hostile_words_stay_text(look: Look) -> None:
    """No markup of a question becomes part of the page."""
    page = look()
    add(page, HOSTILE)
    assert page.locator("main img").count() == 0
    page.get_by_role("button", name=f"Remove the question: {HOSTILE}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pq-standing h2", has_text="boat race")).to_have_count(0)


def test_a_question_that_cannot_be_asked_says_why(browser: Browser, site: Chat) -> None:
    """The page says what is wrong, and the form is still there."""
    page = browser.new_page()  # a window of `look` would complain of the refusal
    page.goto(f"{site.url}/watchlist")
    page.get_by_label("New question").fill("   ")
    page.keyboard.press("Enter")
    expect(page.locator(".pq-warning")).to_be_visible()
    expect(page.get_by_label("New question")).to_be_visible()
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_every_width_without_a_script(look: Look, width: int) -> None:
    """The page is not wider than its window, and its forms need no JavaScript."""
    page = look(viewport={"width": width, "height": 800}, java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Watchlist")
    assert page.evaluate("document.scrollingElement.scrollWidth") == width


def test_nobody_is_shut_out(look: Look) -> None:
    """axe-core finds no fault at any width, in light and dark."""
    page = look()
    assert faults_in_any_look(page) == {}
