"""How answers are laid out and copied, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from browsing import Visit, ask, plant

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("answers")]

WHO = "who built the harbour at Quayside?"


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_best_answer_is_copied_in_any_form_by_keyboard(visit: Visit, width: int) -> None:
    """Enter opens the forms and copies one; Escape closes them. The page scrolls only down."""
    page = visit(viewport={"width": width, "height": 800})
    ask(page, WHO)
    around = page.locator(".pq-turn .pq-copying")
    around.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(around.get_by_role("button", name="RIS")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    for form, beginning in [("bibtex", "@article{"), ("ris", "TY  - NEWS"), ("markdown", "> ")]:
        button = around.locator(f"[data-copy={form}]")
        assert button.evaluate("button => button.getBoundingClientRect().height") >= 24
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()").startswith(beginning)
    expect(around.locator("[data-copy=ris]")).to_have_text("RIS")
    page.keyboard.press("Escape")
    expect(around.locator("summary")).to_be_focused()
    expect(around.get_by_role("button", name="RIS")).to_be_hidden()


def test_the_link_to_an_article_without_an_address_is_absolute(page: Page) -> None:
    """The copied link opens the article at its words in another window."""
    ask(page, "how many otters were seen at Tolland mill?")
    page.locator(".pq-turn .pq-copying [data-copy=citation]").click()
    expect(page.locator("#pq-status")).to_have_text("Citation copied.")
    text = page.evaluate("navigator.clipboard.readText()")
    link = text.splitlines()[2]
    assert link.startswith(page.evaluate("location.origin + '/?article=mill.txt&start='"))
    other = page.context.new_page()
    other.goto(link)
    expect(other.locator("#pq-cited")).to_have_text(page.locator(".pq-lead mark").inner_text())


def test_the_best_answer_has_its_paper_and_day_directly_below(page: Page) -> None:
    """A press on the word for its likelihood says what the words mean, and so does Enter."""
    ask(page, WHO)
    source = page.locator(".pq-lead blockquote + .pq-sourced .pq-facts")
    expect(source).to_contain_text(re.compile(r"(Post|Courier).*20\d\d"))
    word = page.locator(".pq-meaning summary")
    word.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("about 9 in 10 were right")).to_be_visible()
    word.click()
    expect(page.get_by_text("about 9 in 10 were right")).to_be_hidden()


@pytest.mark.parametrize(("width", "columns"), [(390, 1), (1280, 2)])
def test_a_comparison_has_two_columns_or_one_on_a_phone(
    visit: Visit, width: int, columns: int
) -> None:
    """The sides stand beside each other if there is room, else below each other."""
    page = visit(viewport={"width": width, "height": 800})
    ask(page, WHO)
    plant(page, answers=2, kind="comparison")
    sides = page.locator(".pq-sides > li")
    expect(sides).to_have_count(2)
    left = {sides.nth(at).evaluate("side => side.getBoundingClientRect().left") for at in (0, 1)}
    assert len(left) == columns


def test_a_possible_answer_is_smaller_than_an_answer(page: Page) -> None:
    """Its words are less than three quarters of the size."""
    ask(page, WHO)
    size = "quote => parseFloat(getComputedStyle(quote).fontSize)"
    large = page.locator(".pq-lead blockquote").evaluate(size)
    plant(page, outcome="possible")
    expect(page.get_by_role("heading", name="Possible answer")).to_be_visible()
    assert page.locator(".pq-lead blockquote").evaluate(size) < 0.75 * large


def test_an_article_gets_elements_of_its_own(page: Page) -> None:
    """Words of another article in the same elements would count as text that jumps."""
    ask(page, WHO)
    before = page.locator(".pq-article p").first.element_handle()
    ask(page, "how many otters were seen at Tolland mill?")
    expect(page.locator(".pq-article")).to_contain_text("Tolland mill")
    assert not before.evaluate("paragraph => paragraph.isConnected")
    tools = page.locator("#pq-article .pq-tools").element_handle()
    ask(page, WHO)
    expect(page.locator(".pq-article")).to_contain_text("Ida Roe")
    assert tools.evaluate("tools => tools.isConnected")
