"""What the page says while something is missing, and what it does when that is back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdfium2 import PdfDocument

from axe import faults
from browsing import CORPUS, SHOWN_WITHIN, Chat, ask
from pullquote.index.services import rebuild_index
from served import ROOT, serving

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("states")]

WHO = "who built the harbour at Quayside?"
WIDTHS = (390, 768, 1280)


def plain_window(browser: Browser, width: int = 1280, **options: object) -> BrowserContext:
    """A window in which lost connections may be logged as errors."""
    context = browser.new_context(viewport={"width": width, "height": 800}, **options)  # type: ignore[arg-type]
    context.set_default_timeout(SHOWN_WITHIN)
    expect.set_options(timeout=SHOWN_WITHIN)
    return context


def opened(context: BrowserContext, url: str) -> Page:
    """The chat, once it is filled."""
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("#pq-article [data-view]")
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_a_question_typed_offline_is_asked_when_the_network_is_back(
    browser: Browser, chat: Chat, width: int
) -> None:
    """The page says that it is offline and keeps the question; the answer then comes by itself."""
    context = plain_window(browser, width)
    page = opened(context, chat.url)
    message = page.locator(".pq-connection")
    expect(message).to_be_hidden()
    context.set_offline(True)
    box = page.get_by_label("Your question")
    box.fill(WHO)
    box.press("Enter")
    expect(message).to_contain_text("You are offline")
    expect(message.get_by_text("The server is not responding")).to_be_hidden()
    expect(box).to_have_value(WHO)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.set_offline(False)
    expect(page.locator('.pq-turn[aria-busy="false"] .pq-lead')).to_contain_text("Ida Roe")
    expect(message).to_be_hidden()
    expect(page.locator(".pq-turn")).to_have_count(1)
    expect(box).to_have_value("")
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_what_the_server_refuses_is_explained_in_the_page(
    browser: Browser, chat: Chat, width: int
) -> None:
    """The message says what to do, passes axe, and leaves when it is closed or all is well."""
    context = plain_window(browser, width)
    page = opened(context, chat.url)
    ask(page, WHO)
    page.route("**/queue/join?*", lambda route: route.fulfill(status=503, body="{}"))
    page.locator(".pq-cite").first.click()
    message = page.get_by_role("alert")
    expect(message).to_contain_text("pullquote is busy. Please try again in a few seconds.")
    expect(page.get_by_text("This application is currently busy")).to_have_count(1)
    expect(page.get_by_text("This application is currently busy")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []
    message.get_by_role("button", name="Close").press("Enter")
    expect(message).to_be_hidden()
    page.locator(".pq-cite").first.click()
    expect(message).to_be_visible()
    page.unroute("**/queue/join?*")
    page.locator(".pq-cite").first.click()
    expect(message).to_be_hidden()
    expect(page.locator("#pq-cited")).to_be_visible()
    context.close()


def test_a_file_that_cannot_be_made_is_explained_in_the_page(browser: Browser, chat: Chat) -> None:
    """The reason and what to do are in the page's own message; the conversation stays."""
    context = plain_window(browser)
    page = opened(context, chat.url)
    ask(page, WHO)
    page.evaluate(
        "() => { const saved = JSON.parse(localStorage.pullquote);"
        " localStorage.pullquote = JSON.stringify({ ...saved, turns: [{}] }) }"
    )
    page.get_by_role("button", name="Save as Markdown").click()
    message = page.get_by_role("alert")
    expect(message).to_contain_text("The conversation could not be saved as a file.")
    expect(message).to_contain_text("Start a new conversation.")
    expect(page.locator(".pq-turn")).to_have_count(1)
    context.close()


def test_a_question_that_the_server_loses_can_be_asked_again(browser: Browser, chat: Chat) -> None:
    """After a fault that nobody foresaw the question is in the box, and nothing looks busy."""
    context = plain_window(browser)
    page = opened(context, chat.url)
    page.route("**/queue/join?*", lambda route: route.fulfill(status=500, body="{}"))
    box = page.get_by_label("Your question")
    box.fill(WHO)
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Something went wrong on the server.")
    expect(box).to_have_value(WHO)
    page.unroute("**/queue/join?*")
    box.press("Enter")
    expect(page.locator('.pq-turn[aria-busy="false"] .pq-lead')).to_contain_text("Ida Roe")
    context.close()


def darkness(page: Page) -> tuple[str, bool]:
    """The background of the page, and whether Gradio's class for dark is set on it."""
    return (
        page.evaluate("getComputedStyle(document.body).backgroundColor"),
        page.evaluate("document.querySelector('html.dark, body.dark') !== null"),
    )


DARK = ("rgb(22, 21, 19)", True)
LIGHT = ("rgb(251, 250, 247)", False)


def test_the_chosen_colours_stay_on_every_page(browser: Browser, chat: Chat) -> None:
    """By keyboard: first what the system is not. The choice holds on every page, from the start."""
    context = plain_window(browser, color_scheme="dark")
    page = opened(context, chat.url)
    button = page.get_by_role("button", name="Colours:")
    expect(button).to_have_accessible_name("Colours: System")
    assert darkness(page) == DARK
    button.press("Enter")
    expect(button).to_have_accessible_name("Colours: Light")
    assert darkness(page) == LIGHT
    page.goto(f"{chat.url}/corpus", wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert darkness(page) == LIGHT
    button.press("Enter")
    expect(button).to_have_accessible_name("Colours: Dark")
    page.emulate_media(color_scheme="light")
    assert darkness(page) == DARK
    page.goto(chat.url)
    page.wait_for_selector("#pq-article [data-view]")
    assert darkness(page) == DARK
    button.press("Enter")
    expect(button).to_have_accessible_name("Colours: Light")
    assert darkness(page) == LIGHT
    button.press("Enter")
    expect(button).to_have_accessible_name("Colours: System")
    assert darkness(page) == LIGHT
    button.press("Enter")
    assert darkness(page) == DARK
    button.press("Enter")
    button.press("Enter")
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("html.dark body.dark")  # the system's change is an event
    assert darkness(page) == DARK
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    context.close()


def test_fonts_come_from_the_page_and_move_nothing(browser: Browser, chat: Chat) -> None:
    """Text has the same lines before and after its font arrives; the page brings the fonts."""
    heights = []
    for late in (True, False):
        context = plain_window(browser)
        page = context.new_page()
        if late:
            page.route("**/fonts/*", lambda route: route.abort())
        page.goto(f"{chat.url}/corpus")
        page.wait_for_selector("#articles")
        page.wait_for_function("document.fonts.status === 'loaded'")
        loaded = page.evaluate(
            "[...document.fonts].filter(one => one.status === 'loaded').map(one => one.family)"
        )
        assert ({"Newsreader", "Public Sans"} <= set(loaded)) is not late
        places = (
            "[...document.querySelectorAll('h1, h2, p, td')].map(e => e.getBoundingClientRect().y)"
        )
        heights.append(page.evaluate(places))
        context.close()
    before, after = heights
    assert len(before) == len(after)
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) <= 4


@pytest.mark.parametrize("width", WIDTHS)
def test_an_unknown_address_leads_home(browser: Browser, chat: Chat, width: int) -> None:
    """At any depth the page has its styles and a link home; programs get one line of text."""
    context = plain_window(browser, width)
    page = context.new_page()
    answer = page.goto(f"{chat.url}/no/such/page")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="There is no page here")).to_be_visible()
    assert "Newsreader" in page.evaluate(
        "getComputedStyle(document.querySelector('h1')).fontFamily"
    )
    assert darkness(page) == LIGHT
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []
    expect(page.get_by_role("link", name="Ask the articles a question")).to_have_attribute(
        "href", "../../"
    )
    page.get_by_role("link", name="See which articles there are").press("Enter")
    expect(page).to_have_url(f"{chat.url}/corpus")
    assert httpx.get(f"{chat.url}/no/such/page").text == "Not found\n"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_answer_prints_as_a_page_for_the_files(
    browser: Browser, chat: Chat, scheme: str
) -> None:
    """The PDF has question, day, sentence and citation with its address, and no control."""
    context = plain_window(browser, color_scheme=scheme)
    page = opened(context, chat.url)
    ask(page, WHO)
    text = words_of(page.pdf(print_background=True))
    day = datetime.now().astimezone()
    assert WHO in text
    assert f"Asked on {day.day} {day:%B %Y}" in text
    assert "It was built by Ida Roe" in text
    assert "https://harbourpost.example/quayside" in text
    for control in ("Save as", "Find in article", "Your question", "Corpus", "Colours", "Read as"):
        assert control not in text
    context.close()


def words_of(pdf: bytes) -> str:
    """The text of a PDF, with every gap as one space."""
    document = PdfDocument(pdf)
    pages = (page.get_textpage().get_text_bounded() for page in document)
    return " ".join(" ".join(pages).split())


def test_a_page_opened_before_there_is_an_index_fills_by_itself(
    browser: Browser, tmp_path: Path
) -> None:
    """It says what is missing and what to do, and shows the examples once the index is built."""
    (tmp_path / "corpus").mkdir()
    with serving(tmp_path, update_at_start=False) as served:
        context = plain_window(browser)
        page = opened(context, served.url)
        expect(page.get_by_text("There is no index yet.")).to_be_visible()
        expect(page.get_by_text("rebuild-index")).to_be_visible()
        assert faults(page) == []
        for name, text in CORPUS.items():
            (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
        rebuild_index(corpus=tmp_path / "corpus", index=tmp_path / "index")
        expect(page.get_by_text("Ask 4 articles a question")).to_be_visible()
        context.close()


def test_a_page_opened_during_the_first_build_shows_how_far_it_is(
    browser: Browser, tmp_path: Path
) -> None:
    """It has a progress bar, links to the Corpus page, and becomes the chat by itself."""
    (tmp_path / "corpus").mkdir()
    for name, text in CORPUS.items():
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    app = ROOT / "tests" / "paused_serving.py"
    with serving(tmp_path, app=app, updated=False) as served:
        context = plain_window(browser)
        page = opened(context, served.url)
        expect(page.get_by_text("The index is being built now.")).to_be_visible()
        expect(page.get_by_text("0 of 4 files read")).to_be_visible()
        expect(page.get_by_role("progressbar", name="Update")).to_be_visible()
        expect(page.get_by_text("rebuild-index")).to_have_count(0)
        assert faults(page) == []
        (tmp_path / "go").touch()
        expect(page.get_by_text("Ask 4 articles a question")).to_be_visible()
        context.close()


def test_a_question_asked_during_the_first_build_is_asked_by_itself(
    browser: Browser, tmp_path: Path
) -> None:
    """It waits below the progress; meanwhile another can be typed, which is not asked."""
    (tmp_path / "corpus").mkdir()
    for name, text in CORPUS.items():
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    app = ROOT / "tests" / "paused_serving.py"
    with serving(tmp_path, app=app, updated=False) as served:
        context = plain_window(browser)
        page = opened(context, served.url)
        expect(page.get_by_text("0 of 4 files read")).to_be_visible()
        box = page.get_by_label("Your question")
        box.fill(WHO)
        box.press("Enter")
        turn = page.locator(".pq-turn")
        expect(turn).to_contain_text("The index is being built now.")
        expect(turn).to_contain_text("0 of 4 files read")
        expect(turn).to_contain_text("Your question will be asked by itself")
        expect(page.get_by_text("rebuild-index")).to_have_count(0)
        expect(box).to_have_value("")
        assert faults(page) == []
        box.fill("when?")
        (tmp_path / "go").touch()
        expect(page.locator('.pq-turn[aria-busy="false"] .pq-lead')).to_contain_text("Ida Roe")
        expect(turn).to_have_count(1)
        expect(box).to_have_value("when?")
        context.close()
