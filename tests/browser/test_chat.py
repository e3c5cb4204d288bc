"""The chat in a real browser: what people see, can reach and can save."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browsing import Chat, Visit, ask, text_of

WHO = "who built the harbour at Quayside?"
NOBODY = "who painted the Zanzibar lighthouse?"

NOTE_PASSAGES = """
window.seen = [];
new MutationObserver(() => {
  for (const name of ["pq-looking", "pq-reading", "pq-lead"]) {
    if (document.querySelector("." + name) && !seen.includes(name)) seen.push(name);
  }
}).observe(document, { childList: true, subtree: true });
"""


def assert_in_view(page: Page, selector: str) -> None:
    """Check that an element can be seen without scrolling."""
    expect(page.locator(selector)).to_be_in_viewport(ratio=0.9)


def focused(page: Page) -> str:
    """The name of the focused element."""
    name: str = page.evaluate(
        "(e => e.getAttribute('aria-label') ?? e.dataset.testid ?? e.innerText)"
        "(document.activeElement)"
    )
    return name


def test_passages_come_before_the_answer(page: Page) -> None:
    """The page shows the question at once, then the closest passages, then the answer."""
    page.evaluate(NOTE_PASSAGES)
    ask(page, WHO)
    assert page.evaluate("seen") == ["pq-looking", "pq-reading", "pq-lead"]
    expect(page.locator(".pq-lead mark")).to_have_text("Ida Roe")


def test_an_answer_opens_its_article_at_the_words(page: Page) -> None:
    """The words are marked and in view, and the question box keeps the focus."""
    ask(page, WHO)
    expect(page.locator("#pq-cited")).to_have_text("Ida Roe")
    assert_in_view(page, "#pq-cited")
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.locator("#pq-status")).to_contain_text(re.compile("^Ida Roe. (Very l|L)ikely, in "))


def test_words_far_down_are_scrolled_to(visit: Visit, chat: Chat) -> None:
    """The article opens at the cited words, not at its beginning."""
    at = text_of(chat, "harbour.md").index("Gulls nest")
    page = visit({"article": "harbour.md", "start": at, "end": at + 10})
    expect(page.locator("#pq-cited")).to_have_text("Gulls nest")
    page.wait_for_function("document.querySelector('#pq-article [role=region]').scrollTop > 300")
    assert_in_view(page, "#pq-cited")


def test_without_an_answer_the_missing_words_are_named(page: Page) -> None:
    """The page says that there is no answer, which words are missing, and what is closest."""
    ask(page, NOBODY)
    expect(page.locator(".pq-silence")).to_have_text("No answer found.")
    expect(page.locator(".pq-missing").first).to_have_text(
        "No article contains: painted, Zanzibar, lighthouse. Check the spelling or try other words."
    )
    expect(page.locator("#pq-status")).to_have_text("No answer found.")
    assert page.locator(".pq-closest .pq-cite").count() >= 1


def test_steps_lead_through_the_citations(page: Page) -> None:
    """The arrows open the next and previous article at its words, and keep the focus."""
    ask(page, WHO)
    expect(page.locator(".pq-nth")).to_have_text(re.compile(r"^1 of \d+$"))
    first = page.locator(".pq-headline").inner_text()
    page.get_by_label("Next citation").click()
    expect(page.locator(".pq-nth")).to_have_text(re.compile(r"^2 of \d+$"))
    expect(page.locator(".pq-headline")).not_to_have_text(first)
    expect(page.locator("#pq-cited")).to_have_text("Ida Roe")
    expect(page.get_by_label("Next citation")).to_be_focused()
    expect(page.locator('.pq-cite[aria-current="true"] .pq-number')).to_have_text("2")
    page.get_by_label("Previous citation").click()
    expect(page.locator(".pq-headline")).to_have_text(first)


def test_words_are_found_in_the_article(visit: Visit) -> None:
    """Case, accents and quotation marks are ignored; Enter finds the next, Escape clears."""
    page = visit({"article": "harbour.md"})
    search = page.get_by_role("searchbox", name="Find in article")
    count = page.locator(".pq-count")
    found = "[...CSS.highlights.get('{}') ?? []].map(String)"
    search.fill("CAFE'S OWNER")
    expect(count).to_have_text("1 of 1")
    assert page.evaluate(found.format("pq-found")) == ["café’s owner"]
    search.fill('"old quay"')
    assert page.evaluate(found.format("pq-found")) == ["“old quay”"]
    search.fill("paragraph")
    expect(count).to_have_text("1 of 36")
    search.press("Enter")
    expect(count).to_have_text("2 of 36")
    search.press("Shift+Enter")
    search.press("Shift+Enter")
    expect(count).to_have_text("36 of 36")
    assert page.evaluate(found.format("pq-found-now")) == ["Paragraph"]
    search.press("Escape")
    expect(count).to_have_text("")
    assert page.evaluate(found.format("pq-found")) == []
    search.fill("zeppelin")
    expect(count).to_have_text("none")


def test_what_is_found_is_whole(visit: Visit) -> None:
    """A match contains whole accented letters, emoji and words from right to left."""
    page = visit({"article": "scripts.txt"})
    for sought, found in (
        ("ETIENNE", "e\u0301tienne"),
        ("cafe", "cafe\u0301"),
        ("👮‍♂️ MET", "👮‍♂️ met"),
        ("השר", "השר"),
    ):
        page.get_by_role("searchbox", name="Find in article").fill(sought)
        expect(page.locator(".pq-count")).to_have_text("1 of 1")
        assert page.evaluate("[...CSS.highlights.get('pq-found')].map(String)") == [found]


@pytest.mark.parametrize(
    "words",
    [
        "👩‍👩‍👧‍👦",
        "\U0001d4d0da",
        "שלום לכולם",
        "cafe\u0301 and",
        "مرحبا",
        "🏳️‍🌈 end",
    ],
)
def test_the_right_characters_are_marked(visit: Visit, chat: Chat, words: str) -> None:
    """Offsets count characters, although the browser counts UTF-16 units."""
    at = text_of(chat, "scripts.txt").index(words)
    page = visit({"article": "scripts.txt", "start": at, "end": at + len(words)})
    expect(page.locator("#pq-cited")).to_have_count(1)
    assert page.locator("#pq-cited").evaluate("mark => mark.textContent") == words


def test_a_citation_is_copied_ready_to_paste(page: Page) -> None:
    """The copy has quote, title, author, source, day, and a link to the words."""
    ask(page, WHO)
    while page.locator(".pq-headline").inner_text() != "The harbour at Quayside":
        page.get_by_label("Next citation").click()
    page.locator("#pq-article").get_by_role("button", name="Copy citation").click()
    expect(page.locator("#pq-status")).to_have_text("Citation copied.")
    link = (
        "https://harbourpost.example/quayside#:~:text=was%20built%20by-,Ida%20Roe,"
        "-%2C%20the%20founder"
    )
    assert page.evaluate("navigator.clipboard.readText()") == (
        "“It was built by *Ida Roe*, the founder of Vennick Works, in two years.”\n"
        "The harbour at Quayside · by Jo Writer · Harbour Post · 2 March 2024\n"
        f"{link}"
    )
    html = clipboard(page, "text/html")
    assert "<b>Ida Roe</b></mark>, the founder of Vennick Works" in html
    assert f'href="{link}"' in html


def clipboard(page: Page, type: str) -> str:
    """What was copied, as that media type."""
    text: str = page.evaluate(
        """async (type) => {
          const [item] = await navigator.clipboard.read();
          return (await item.getType(type)).text();
        }""",
        type,
    )
    return text


def test_a_permanent_link_opens_the_place_and_asks_again(page: Page) -> None:
    """The link in the address bar can be copied, and shows the same in another window."""
    ask(page, WHO)
    page.get_by_label("Next citation").click()
    expect(page.locator(".pq-nth")).to_have_text(re.compile(r"^2 of"))
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#pq-status")).to_have_text("Link copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert page.url == link
    headline = page.locator(".pq-headline").inner_text()
    other = page.context.new_page()
    other.goto(link)
    expect(other.locator(".pq-lead mark")).to_have_text("Ida Roe")
    expect(other.locator(".pq-question")).to_contain_text(WHO)
    expect(other.locator(".pq-headline")).to_have_text(headline)
    expect(other.locator(".pq-nth")).to_have_text(re.compile(r"^2 of"))
    assert other.url == link


def test_a_new_conversation_has_the_plain_address(page: Page, chat: Chat) -> None:
    """Without an open article the address has no query."""
    ask(page, NOBODY)
    assert page.url == chat.at(question=NOBODY)
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_url(f"{chat.url}/")
    expect(page.locator(".pq-empty").first).to_contain_text("Ask 4 articles a question.")


def test_a_link_to_another_version_says_so(visit: Visit) -> None:
    """No words are marked, since they may have moved."""
    page = visit({"article": "mill.txt", "start": 3, "end": 9, "version": "0123"})
    expect(page.locator(".pq-notice")).to_contain_text("This article has changed since it was")
    assert page.locator("#pq-article mark").count() == 0


def test_comments_answer_when_asked_for(page: Page) -> None:
    """A comment is labelled with its author in the answer and in the article."""
    page.get_by_label("Include reader comments").check()
    ask(page, "who says the otters are a waste of good fish?")
    label = "Reader comment by Capricornball (not part of the report)"
    cited = page.locator(".pq-cite", has_text=label).first
    cited.click()
    expect(page.locator("#pq-article .pq-label")).to_have_text(label)


def test_a_question_that_cannot_be_asked_comes_back(page: Page) -> None:
    """The reason is shown and spoken, and the question is in the box again."""
    ask(page, "x" * 1001)
    expect(page.locator(".pq-notice")).to_contain_text("at most 1000 are allowed")
    expect(page.get_by_label("Your question")).to_have_value("x" * 1001)
    expect(page.locator("#pq-status")).to_contain_text("at most 1000 are allowed")


def test_an_example_is_asked_by_choosing_it(page: Page) -> None:
    """An example from the corpus gets an answer, and the focus is not lost with its button."""
    example = page.locator(".pq-example").first
    question = example.inner_text()
    example.click()
    expect(page.locator(".pq-lead")).to_be_visible()
    expect(page.locator(".pq-question")).to_contain_text(question)
    assert focused(page) == "Conversation"


def test_all_of_it_works_by_keyboard(page: Page) -> None:
    """Asking, opening a citation, finding words and returning need no mouse."""
    page.get_by_role("link", name="pullquote", exact=True).focus()
    for skip in ("Skip to the article", "Skip to the question"):
        page.keyboard.press("Shift+Tab")
        assert focused(page) == skip
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(WHO)
    page.keyboard.press("Enter")
    expect(page.locator(".pq-lead")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    for _ in range(20):
        if page.evaluate("document.activeElement.matches('.pq-cite')"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.getAttribute('aria-label') === 'Article'")
    for _ in range(4):
        if focused(page) == "Find in article":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("quay")
    page.keyboard.press("Enter")
    expect(page.locator(".pq-count")).to_have_text(re.compile(r"^2 of \d+$"))
    while focused(page) != "Copy link":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#pq-status")).to_have_text("Link copied.")


def test_everything_fits_a_phone(phone: Page) -> None:
    """Nothing is wider than the window, and a button leads back from the article below."""
    width = "document.scrollingElement.scrollWidth"
    assert phone.evaluate(width) == 360
    ask(phone, WHO)
    assert phone.evaluate(width) == 360
    phone.locator(".pq-cite").first.click()
    phone.wait_for_function("window.scrollY > 200")
    expect(phone.locator("#pq-cited")).to_be_visible()
    assert_in_view(phone, "#pq-cited")
    phone.get_by_role("button", name="Back to the answers").click()
    expect(phone.locator(".pq-cite").first).to_be_focused()
    assert_in_view(phone, ".pq-cite >> nth=0")


def test_dark_is_dark(visit: Visit) -> None:
    """If the system prefers dark, the page has light words on dark."""
    page = visit(color_scheme="dark")
    ask(page, WHO)
    shades: Any = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, "
        "getComputedStyle(document.querySelector('.pq-article')).color]"
        ".map(c => c.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3)"
    )
    paper, ink = shades
    assert paper < 60
    assert ink > 180


def test_print_shows_words_and_no_controls(page: Page) -> None:
    """A print has the conversation, or else the whole article, and no buttons."""
    ask(page, WHO)
    page.emulate_media(media="print")
    expect(page.locator(".pq-lead")).to_be_visible()
    expect(page.locator(".pq-article")).to_be_hidden()
    page.evaluate("document.querySelector('.pq-turns').remove()")
    expect(page.get_by_label("Your question")).to_be_hidden()
    expect(page.locator(".pq-tools").get_by_role("button")).to_have_count(0)
    clipped = page.locator("#pq-article [role=region]").evaluate(
        "pane => pane.scrollHeight > pane.clientHeight + 1"
    )
    assert clipped is False
    expect(page.locator(".pq-article")).to_be_visible()
