"""Moving about in the chat: Back and Forward, home, keys, and the headline in view."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from axe import faults
from browsing import Chat, Visit, ask, reload

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("moving")]

WHO = "who built the harbour at Quayside?"
OTTERS = "when were two otters seen at Tolland mill?"

WIDTHS = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    "tablet": {"viewport": {"width": 768, "height": 1024}},
    "desktop": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
}


def box(page: Page) -> str:
    """What the question box contains."""
    return page.get_by_label("Your question").input_value()


def headline(page: Page) -> str:
    """The headline of the open article."""
    return page.locator(".pq-headline").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_back_and_forward_walk_through_citations_and_questions(visit: Visit, width: str) -> None:
    """Each step shows the article with its words marked, its citation, and its turn."""
    page = visit(**WIDTHS[width])
    ask(page, WHO)
    first, best = page.url, headline(page)
    page.locator(".pq-cite").nth(1).click()
    expect(page.locator(".pq-headline")).not_to_have_text(best)
    second, other = page.url, headline(page)
    ask(page, OTTERS)
    expect(page.locator(".pq-headline")).to_have_text("Otters return to the mill race")
    third = page.url
    assert len({first, second, third}) == 3
    page.go_back()
    expect(page.locator(".pq-headline")).to_have_text(other)
    assert page.url == second
    expect(page.locator("#pq-cited")).to_be_in_viewport()
    expect(page.locator('.pq-cite[aria-current="true"] .pq-number')).to_have_text("2")
    page.go_back()
    expect(page.locator(".pq-headline")).to_have_text(best)
    assert page.url == first
    expect(page.locator(".pq-question", has_text=WHO)).to_be_in_viewport()
    page.go_forward()
    expect(page.locator(".pq-headline")).to_have_text(other)
    page.go_forward()
    expect(page.locator(".pq-headline")).to_have_text("Otters return to the mill race")
    assert page.url == third
    expect(page.locator(".pq-question", has_text=OTTERS)).to_be_in_viewport()
    assert page.locator(".pq-turn").count() == 2


def test_back_leads_to_the_first_screen_and_not_out_of_the_app(page: Page, chat: Chat) -> None:
    """The entry before the first question is the plain page."""
    ask(page, WHO)
    page.go_back()
    expect(page.locator(".pq-headline")).to_have_count(0)
    assert page.url == chat.at()
    expect(page.locator(".pq-turn")).to_have_count(1)


def test_quick_steps_end_at_the_last_one(page: Page) -> None:
    """A step that overtakes another leaves the history as it was."""
    ask(page, WHO)
    first = page.url
    for number in ("2 of", "3 of"):
        if page.get_by_label("Next citation").get_attribute("aria-disabled") == "true":
            break
        page.get_by_label("Next citation").click()
        expect(page.locator(".pq-nth")).to_have_text(re.compile(number))
    ask(page, OTTERS)
    length = page.evaluate("history.length")
    page.evaluate("history.back(); setTimeout(() => history.back(), 5)")
    page.evaluate("new Promise(done => setTimeout(done, 300))")
    while page.url != first:
        page.go_back()
    expect(page.locator(".pq-nth")).to_have_text(re.compile("^1 of"))
    assert page.evaluate("history.length") == length


def test_back_asks_again_what_is_no_longer_shown(page: Page) -> None:
    """After a new conversation, Back shows what a reload of that address would show."""
    ask(page, WHO)
    address = page.url
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".pq-turn")).to_have_count(0)
    page.go_back()
    expect(page.locator(".pq-lead mark")).to_have_text("Ida Roe")
    expect(page.locator("#pq-cited")).to_have_text("Ida Roe")
    assert page.url == address


def test_a_reload_and_a_second_tab_show_the_same(page: Page) -> None:
    """Both show the turn and the article of the address, although a later turn exists."""
    ask(page, WHO)
    address, best = page.url, headline(page)
    ask(page, OTTERS)
    page.go_back()
    expect(page.locator(".pq-headline")).to_have_text(best)
    reload(page)
    other = page.context.new_page()
    other.goto(address)
    for tab in (page, other):
        expect(tab.locator(".pq-headline")).to_have_text(best)
        expect(tab.locator(".pq-turn")).to_have_count(2)
        expect(tab.locator(".pq-question", has_text=WHO)).to_be_in_viewport()
        assert tab.url == address


@pytest.mark.parametrize("width", WIDTHS)
def test_the_wordmark_leads_home(visit: Visit, chat: Chat, width: str) -> None:
    """Home empties the box and closes the article; the conversation stays, and Back returns."""
    page = visit(**WIDTHS[width])
    ask(page, WHO)
    before = page.url
    page.get_by_label("Your question").fill("half a question")
    page.get_by_role("link", name="pullquote", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pq-headline")).to_have_count(0)
    assert box(page) == ""
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.get_by_label("Your question")).to_be_in_viewport()
    assert page.url == chat.at()
    expect(page.locator(".pq-turn")).to_have_count(1)
    page.go_back()
    expect(page.locator("#pq-cited")).to_have_text("Ida Roe")
    assert page.url == before


def test_the_wordmark_of_the_corpus_page_leads_home(page: Page, chat: Chat) -> None:
    """The conversation is still there."""
    ask(page, WHO)
    page.get_by_role("link", name="Corpus", exact=True).click()
    page.get_by_role("link", name="pullquote", exact=True).click()
    expect(page.locator(".pq-turn")).to_have_count(1)
    assert page.url == chat.at()


def test_arrows_recall_questions(page: Page) -> None:
    """In an empty box, Up recalls earlier questions and Down later ones."""
    page.keyboard.press("ArrowUp")
    assert box(page) == ""
    ask(page, WHO)
    ask(page, OTTERS)
    for key, recalled in (
        ("ArrowUp", OTTERS),
        ("ArrowUp", WHO),
        ("ArrowUp", WHO),
        ("ArrowDown", OTTERS),
        ("ArrowDown", ""),
        ("ArrowDown", ""),
        ("ArrowUp", OTTERS),
    ):
        page.keyboard.press(key)
        assert box(page) == recalled
    page.keyboard.type(" and")
    page.keyboard.press("ArrowUp")
    assert box(page) == f"{OTTERS} and"


def test_the_cursor_is_in_the_box_on_a_desktop(visit: Visit) -> None:
    """A link to an article, which people want to read, leaves the focus alone."""
    expect(visit().get_by_label("Your question")).to_be_focused()
    reading = visit({"article": "harbour.md"})
    expect(reading.get_by_label("Your question")).not_to_be_focused()


def test_slash_goes_to_the_box(visit: Visit) -> None:
    """The key itself is not typed, and in a field it is a letter as any other."""
    page = visit({"article": "harbour.md"})
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("/?")
    assert box(page) == "/?"
    expect(page.get_by_role("dialog")).to_have_count(0)
    search = page.get_by_role("searchbox", name="Find in article")
    search.press("/")
    expect(search).to_be_focused()
    expect(search).to_have_value("/")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_dialog_lists_the_keys(visit: Visit, width: str) -> None:
    """It is labelled and fits, axe finds no fault, and Escape returns the focus."""
    page = visit({"article": "harbour.md"}, **WIDTHS[width])
    back = page.get_by_role("link", name="Corpus", exact=True)
    back.focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    at = dialog.bounding_box()
    view = page.viewport_size
    assert at is not None
    assert view is not None
    assert min(at["x"], at["y"], view["width"] - at["x"] - at["width"]) >= 0
    assert faults(page) == []
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(back).to_be_focused()


def test_single_keys_can_be_switched_off(visit: Visit) -> None:
    """The button still opens the dialog, and the choice survives a reload."""
    page = visit({"article": "harbour.md"})
    opens = page.get_by_role("button", name="Keys", exact=True)
    opens.click()
    page.get_by_role("checkbox", name="Use the keys").uncheck()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(opens).to_be_focused()
    reload(page)
    for key in ("/", "?"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Your question")).not_to_be_focused()
    opens.click()
    expect(page.get_by_role("checkbox", name="Use the keys")).not_to_be_checked()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_headline_stays_in_view(visit: Visit, width: str) -> None:
    """It is one line below the tools once it is scrolled away, and shifts nothing."""
    page = visit({"article": "harbour.md"}, **WIDTHS[width])
    running = page.locator(".pq-running-head")
    expect(running).to_be_hidden()
    last = page.get_by_text("Gulls nest")
    last.scroll_into_view_if_needed()
    expect(running).to_be_visible()
    expect(running).to_be_in_viewport(ratio=0.9)
    expect(running).to_have_text("The harbour at Quayside")
    at, tools = running.bounding_box(), page.locator(".pq-tools").bounding_box()
    assert at is not None
    assert tools is not None
    assert at["height"] < 40
    assert at["y"] >= tools["y"] + tools["height"] - 1
    assert page.evaluate("document.scrollingElement.scrollWidth") == page.viewport_size["width"]
    page.locator(".pq-kicker").scroll_into_view_if_needed()
    page.locator(".pq-headline").evaluate("head => head.scrollIntoView({ block: 'center' })")
    expect(running).to_be_hidden()


def test_the_original_opens_from_the_tools(visit: Visit) -> None:
    """The link is there for an article with a web address, and only for such."""
    page = visit({"article": "harbour.md"})
    original = page.get_by_role("link", name="Original article, in a new tab")
    expect(original).to_have_attribute("href", "https://harbourpost.example/quayside")
    assert original.bounding_box()["height"] >= 24
    assert visit({"article": "mill.txt"}).locator(".pq-original").count() == 0
