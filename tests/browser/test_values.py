"""Values that differ, change or were corrected, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browsing import Visit, ask, plant_values

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("values")]

WHO = "who built the harbour at Quayside?"
DIFFER = (("23,000", "disputed"), ("about 15,000", "disputed"))
CHANGE = tuple((f"£{at}m", "current" if at == 6 else "outdated") for at in range(1, 7))


def shown(page: Page, *values: tuple[str, str], **changed: object) -> None:
    """Ask a question, and show its answer with those values."""
    ask(page, WHO)
    plant_values(page, *values, **changed)  # type: ignore[arg-type]
    expect(page.locator(".pq-values")).to_be_visible()


@pytest.mark.parametrize(("width", "columns"), [(390, 1), (768, 2), (1280, 2)])
def test_values_stand_side_by_side_or_below_each_other(
    visit: Visit, width: int, columns: int
) -> None:
    """On a phone they are stacked, and nothing is wider than the window."""
    page = visit(viewport={"width": width, "height": 900})
    shown(page, *DIFFER)
    cards = page.locator(".pq-value-cards > li")
    expect(cards).to_have_count(2)
    left = {cards.nth(at).evaluate("card => card.getBoundingClientRect().left") for at in (0, 1)}
    assert len(left) == columns
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    page.get_by_text("1 more quote").click()
    assert page.evaluate("document.scrollingElement.scrollWidth") == width


def test_a_quote_opens_its_article_by_keyboard(page: Page) -> None:
    """Its words are marked there, and its button is the current one of the turn."""
    shown(page, *DIFFER)
    quote = page.locator(".pq-value-cards .pq-quoted").nth(1)
    article = quote.get_attribute("data-article")
    quote.focus()
    page.keyboard.press("Enter")
    opened = page.locator("#pq-article [data-view]")
    expect(opened).to_have_attribute("data-article", str(article))
    expect(page.locator("#pq-cited")).to_be_visible()
    expect(quote).to_have_attribute("aria-current", "true")
    expect(page.locator('.pq-cite[aria-current="true"]')).to_have_count(1)
    expect(page.locator(".pq-nth")).to_have_text("2 of 2")


def test_the_article_steps_through_each_place_once(page: Page) -> None:
    """The answer and its value quote the same place, which is one step; the next one is a value."""
    shown(page, *DIFFER)
    page.locator(".pq-lead .pq-cite").click()
    expect(page.locator(".pq-nth")).to_have_text("1 of 2")
    page.locator('[data-step="1"]').click()
    expect(page.locator(".pq-nth")).to_have_text("2 of 2")
    current = page.locator('.pq-cite[aria-current="true"]')
    other = page.locator(".pq-value-cards .pq-quoted").nth(1).get_attribute("data-article")
    expect(current).to_have_attribute("data-article", str(other))


def test_earlier_values_and_the_table_are_folded(page: Page) -> None:
    """Both open by keyboard; the table has a row for each value."""
    shown(page, *CHANGE, best=5)
    expect(page.get_by_role("heading", name="Reported over time")).to_be_visible()
    expect(page.locator(".pq-value:visible")).to_have_text(["£3m", "£4m", "£5m", "£6m"])
    fold = page.locator(".pq-values summary", has_text="2 earlier values")
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pq-value:visible")).to_have_count(6)
    chart = page.get_by_role("img", name="Values of reports from")
    expect(chart).to_be_visible()
    page.locator(".pq-value-chart summary").press("Enter")
    expect(page.locator(".pq-value-chart tbody tr")).to_have_count(6)
    expect(page.get_by_role("row", name="£6m")).to_contain_text("Latest value")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_chart_is_inside_its_column(visit: Visit, width: int) -> None:
    """Neither its points nor its labels are cut off."""
    page = visit(viewport={"width": width, "height": 900})
    shown(page, *CHANGE, best=5)
    outside = page.evaluate(
        """() => {
          const column = document.querySelector("#pq-conversation").getBoundingClientRect();
          return [...document.querySelectorAll(".pq-value-chart svg *")]
            .map((one) => one.getBoundingClientRect())
            .filter(({ left, right }) => left < column.left || right > column.right).length;
        }"""
    )
    assert outside == 0


def test_a_correction_opens_its_article(page: Page) -> None:
    """It stands above the answer, and the answer says when it was corrected."""
    shown(page, ("Ida Roe", "corrected"), ("the founder", "current"))
    correction = page.locator(".pq-corrects").first
    lead = page.locator(".pq-lead")
    top = "one => one.getBoundingClientRect().top"
    assert correction.evaluate(top) < lead.evaluate(top)
    expect(correction).to_contain_text("Corrected on 2 March 2024")
    expect(lead).to_contain_text("Corrected on 2 March 2024; later reported as the founder.")
    expect(page.locator(".pq-values s").first).to_be_visible()
    correction.get_by_role("button").click()
    opened = page.locator("#pq-article [data-view]")
    expect(opened).to_have_attribute("data-article", "harbour.md")


def test_values_survive_a_reload_and_are_exported(page: Page) -> None:
    """The browser saves them with the conversation."""
    shown(page, *DIFFER, as_of="2024-12-31")
    page.reload()
    expect(page.get_by_role("heading", name="Sources differ")).to_be_visible()
    expect(page.get_by_text("As of 31 December 2024")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as Markdown").click()
    text = saved.value.path().read_text("utf-8")
    assert "Sources differ:" in text
    assert "**about 15,000**" in text
