"""The first screen: examples of several kinds, the newest articles, and what the archive holds."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from axe import faults
from browser.test_moving import WIDTHS
from browsing import Visit, ask

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("first screen")]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_first_screen_shows_what_there_is(visit: Visit, width: str) -> None:
    """The archive and examples fill places that were kept free, and a press opens an article."""
    page = visit(**WIDTHS[width])
    box = page.get_by_label("Your question")
    before = box.bounding_box()
    expect(page.locator(".pq-abilities li")).to_have_count(3)
    expect(page.locator(".pq-example").first).to_be_visible()
    archive = page.locator(".pq-archive")
    expect(archive).to_contain_text("4 articles · 2 sources · 5 January 2023 to 2 March 2024")
    expect(archive.locator(".pq-chart a")).not_to_have_count(0)
    assert box.bounding_box() == before
    assert page.evaluate("document.scrollingElement.scrollWidth") == page.viewport_size["width"]
    assert faults(page) == []
    archive.get_by_role("link", name="The harbour at Quayside", exact=True).click()
    expect(page.locator(".pq-headline")).to_have_text("The harbour at Quayside")
    page.go_back()
    expect(page.locator(".pq-newest a")).not_to_have_count(0)


def test_the_archive_is_shown_beside_a_reply_that_found_nothing(visit: Visit) -> None:
    """The right half is not empty."""
    page = visit()
    ask(page, "who painted the Zanzibar lighthouse?")
    expect(page.locator(".pq-newest a").first).to_be_visible()
