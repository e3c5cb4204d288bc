"""Filters in a browser: the drawer, typing picks a name, sources left out, days on a timeline."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import Visit, ask, reload

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("filters")]

WHO = "who built the harbour at Quayside?"
LOOKS = {
    "phone": (390, 844, "light"),
    "tablet": (768, 1024, "dark"),
    "desktop": (1280, 800, "light"),
}


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> dict[str, object]:
    """A window size and a colour scheme."""
    width, height, scheme = LOOKS[request.param]
    return {"viewport": {"width": width, "height": height}, "color_scheme": scheme}


def field(page: Page, label: str) -> Locator:
    """The field of a filter."""
    return page.get_by_role("combobox", name=label, exact=True)


def chips(page: Page) -> list[str]:
    """The labels of the filters of the last turn that are on."""
    expect(page.locator('.pq-turn[aria-busy="true"]')).to_have_count(0)
    on = page.locator(".pq-turn").last.locator('.pq-chip[aria-pressed="true"] .pq-chip-label')
    return on.all_inner_texts()


def cited(page: Page) -> set[str]:
    """The titles that the last turn cites."""
    return set(page.locator(".pq-turn").last.locator(".pq-cite .pq-title").all_text_contents())


def test_filters_are_set_beside_the_answer(visit: Visit, look: dict[str, object]) -> None:
    """The drawer leaves the answer in view; typing and Enter choose; the answer is asked again."""
    page = visit(**look)
    ask(page, WHO)
    opener = page.get_by_role("button", name=re.compile("^Filters"))
    opener.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("region", name="Filters")
    expect(drawer.get_by_role("heading")).to_be_focused()
    box, answer = drawer.bounding_box(), page.locator(".pq-lead blockquote").bounding_box()
    assert box is not None
    assert answer is not None
    assert answer["y"] >= 0
    beside = answer["x"] + answer["width"] <= box["x"]
    above = answer["y"] + answer["height"] <= box["y"]
    assert beside or above
    width = page.evaluate("window.innerWidth")
    assert page.evaluate("document.scrollingElement.scrollWidth") == width
    ends = "all => all.map(one => one.getBoundingClientRect().right)"
    assert max(drawer.locator("input, button").evaluate_all(ends)) <= width
    page.keyboard.press("Tab")  # to the button that closes
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "pq-filter-source":
            break
    page.keyboard.type("cour")
    expect(drawer.get_by_role("option", selected=True)).to_have_text("Vennick Courier")
    page.keyboard.press("Enter")
    expect(drawer.get_by_role("button", name="Remove Vennick Courier")).to_be_visible()
    expect(opener).to_have_text("Filters1 set")
    expect(field(page, "Source")).to_be_focused()
    drawer.get_by_role("button", name="Ask again").press("Enter")
    expect(page.locator(".pq-chip-label")).to_have_text("Vennick Courier")
    assert chips(page) == ["Vennick Courier"]
    assert cited(page) == {"Who built Quayside"}
    expect(page.locator(".pq-turn")).to_have_count(1)
    drawer.get_by_role("heading").focus()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280])
def test_an_article_that_opens_is_not_covered_by_the_drawer(visit: Visit, width: int) -> None:
    """The drawer closes, and the article has the focus, as without the drawer."""
    page = visit(viewport={"width": width, "height": 844})
    ask(page, WHO)
    opener = page.get_by_role("button", name=re.compile("^Filters"))
    opener.click()
    drawer = page.get_by_role("region", name="Filters")
    expect(drawer).to_be_visible()
    page.locator(".pq-turn .pq-cite").first.press("Enter")
    expect(drawer).to_be_hidden()
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#pq-article [role=region]")).to_be_focused()
    expect(page.locator("#pq-cited")).to_be_in_viewport()


def test_the_drawer_says_at_once_what_is_wrong(page: Page) -> None:
    """An unknown name and swapped days are said without asking; clearing removes all filters."""
    page.get_by_role("button", name="Filters").click()
    section, kind = field(page, "Sources to leave out"), field(page, "Kind")
    section.press_sequentially("Herald")
    expect(
        page.get_by_text("No article has the source “Herald”. Choose one from the list.")
    ).to_be_visible()
    expect(section).to_have_attribute("aria-invalid", "true")
    section.press("Enter")
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)
    section.fill("")
    expect(section).to_have_attribute("aria-invalid", "false")
    kind.fill("repo")
    kind.press("Tab")  # what matches one name only is chosen
    expect(page.get_by_role("button", name="Remove Report")).to_be_visible()
    page.get_by_label("from").fill("2024-02-01")
    page.get_by_label("until").fill("2024-01-01")
    expect(page.get_by_text("The “from” date is after the “until” date.")).to_be_visible()
    page.get_by_label("Include reader comments").check()
    opener = page.get_by_role("button", name=re.compile("^Filters"))
    expect(opener).to_have_text("Filters4 set")
    page.get_by_role("button", name="Clear filters").click()
    expect(opener).to_have_text("Filters")
    expect(page.get_by_text("The “from” date is after the “until” date.")).to_have_count(0)
    page.keyboard.press("Escape")
    ask(page, WHO)
    expect(page.locator(".pq-chip")).to_have_count(0)


def test_a_filter_in_a_question_replaces_the_chosen_one(page: Page) -> None:
    """The question's source applies alone, and no chip is there twice."""
    page.get_by_role("button", name="Filters").click()
    for name in ("harbour", "vennick"):
        field(page, "Source").fill(name)
        field(page, "Source").press("Enter")
    ask(page, WHO)
    assert chips(page) == ["Harbour Post", "Vennick Courier"]
    ask(page, "who built the harbour at Quayside, according to the Vennick Courier?")
    assert page.locator(".pq-turn").last.locator(".pq-chip").count() == 1
    assert chips(page) == ["Vennick Courier"]
    assert cited(page) == {"Who built Quayside"}


def test_a_source_is_left_out_by_one_press(visit: Visit, look: dict[str, object]) -> None:
    """The answer follows in the same turn without the source, and the chip undoes it."""
    page = visit(**look)
    ask(page, WHO)
    assert cited(page) >= {"The harbour at Quayside", "Who built Quayside"}
    button = page.get_by_role("button", name="Leave out this source: Harbour Post").first
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    button.press("Enter")
    expect(page.locator(".pq-chip-label")).to_have_text("without Harbour Post")
    assert chips(page) == ["without Harbour Post"]
    assert "Who built Quayside" in cited(page)
    assert "The harbour at Quayside" not in cited(page)
    expect(page.locator(".pq-turn")).to_have_count(1)
    page.locator(".pq-chip").click()
    expect(page.locator(".pq-chip")).to_have_attribute("aria-pressed", "false")
    assert chips(page) == []
    assert "The harbour at Quayside" in cited(page)


def test_days_are_dragged_on_the_timeline(visit: Visit, look: dict[str, object]) -> None:
    """Dragging over a part of the line asks again for its days; a click does nothing."""
    page = visit(**look)
    ask(page, WHO)
    line = page.locator(".pq-range")
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.click(box["x"] + box["width"] / 2, y)
    expect(page.locator(".pq-turn")).to_have_attribute("aria-busy", "false")
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], y, steps=4)
    expect(page.get_by_role("button", name="Ask again with these days")).to_be_visible()
    page.mouse.up()
    expect(page.locator(".pq-chip-label")).to_have_text(re.compile(r"^from \d+ August 2023$"))
    assert cited(page) == {"The harbour at Quayside"}
    expect(page.locator(".pq-turn")).to_have_count(1)


def test_days_are_chosen_with_the_keyboard(page: Page) -> None:
    """Arrow keys move a handle, Escape moves it back, and Enter asks again for the days."""
    ask(page, WHO)
    last = page.get_by_role("slider", name="Last day")
    last.focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowLeft")
    expect(last).to_have_attribute("aria-valuetext", "18 January 2024")
    expect(page.get_by_role("slider", name="First day")).to_have_attribute("aria-valuemax", "378")
    page.keyboard.press("Escape")
    expect(last).to_have_attribute("aria-valuetext", "2 March 2024")
    page.keyboard.press("Home")
    expect(last).to_have_attribute("aria-valuetext", "5 January 2023")
    page.keyboard.press("Enter")
    expect(page.locator(".pq-chip-label")).to_have_text("until 5 January 2023")
    assert cited(page) == {"Who built Quayside"}


def test_chosen_filters_survive_a_reload(visit: Visit) -> None:
    """They are shown with their labels and narrow the next question; another visit has none."""
    page = visit()
    page.get_by_label("Include reader comments").check()
    page.get_by_role("button", name="Filters").click()
    field(page, "Source").fill("vennick")
    page.keyboard.press("Enter")
    page.get_by_label("until").fill("2024-01-01")
    reload(page)
    expect(page.locator(".pq-filters-set")).to_have_text("3 set")
    ask(page, WHO)
    wanted = {"with reader comments", "until 1 January 2024", "Vennick Courier"}
    assert {chip.removeprefix("Source: ") for chip in chips(page)} == wanted
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_role("button", name="Remove Vennick Courier")).to_be_visible()
    page.goto(page.url)
    expect(page.locator(".pq-turn")).to_have_count(1)
    expect(page.locator(".pq-filters-set")).to_be_hidden()
