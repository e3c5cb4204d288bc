"""How certain an answer is and how its question was read, in a real browser."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from browsing import Visit, ask, plant, reload

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("outcomes")]

WHO = "who built the harbour at Quayside?"
NOBODY = "who painted the Zanzibar lighthouse?"
LABEL = "(possible answer, not certain)"


def saved_turn(page: Page) -> dict[str, object]:
    """The last turn that the browser has saved."""
    turn: dict[str, object] = json.loads(page.evaluate("localStorage.getItem('pullquote')"))[
        "turns"
    ][-1]
    return turn


def copied(page: Page) -> str:
    """The citation of the open article, as its button copies it."""
    page.locator("#pq-article").get_by_role("button", name="Copy citation").click()
    expect(page.locator("#pq-status")).to_have_text("Citation copied.")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def expect_kind(page: Page, label: str) -> None:
    """Wait until the last question has been read as that kind."""
    expect(page.locator('.pq-turn[aria-busy="true"]')).to_have_count(0)
    expect(page.locator(".pq-kind summary").last).to_have_text(f"Read as: {label}")


def read_as(page: Page, label: str) -> None:
    """Ask the last question again as another kind."""
    page.locator(".pq-kind summary").last.click()
    page.locator(".pq-kind").last.get_by_role("button", name=label).click()


def test_each_outcome_is_plain_to_see(page: Page) -> None:
    """An answer is marked, a possible one is labelled, and without one nothing is marked."""
    ask(page, WHO)
    lead = page.locator(".pq-lead mark")
    expect(lead).to_have_text("Ida Roe")
    expect(page.locator(".pq-outcome")).to_have_count(0)
    plant(page, outcome="possible")
    expect(page.get_by_role("heading", name="Possible answer")).to_be_visible()
    expect(page.get_by_text("This is not certain.")).to_be_visible()
    expect(lead).to_have_text("Ida Roe")
    plant(page, outcome="nothing")
    expect(page.get_by_role("heading", name="No answer found.")).to_be_visible()
    expect(page.get_by_text("The closest passages:")).to_be_visible()
    expect(page.locator("#pq-conversation mark")).to_have_count(0)


def test_a_copied_citation_says_that_its_answer_is_only_possible(page: Page) -> None:
    """The label is the last line; copies of an answer have none."""
    ask(page, WHO)
    page.locator(".pq-cite").first.click()
    assert LABEL not in copied(page)
    plant(page, outcome="possible")
    page.locator(".pq-cite").first.click()
    expect(page.locator("#pq-cited")).to_be_visible()
    assert copied(page).splitlines()[-1] == LABEL


def test_a_question_is_read_as_another_kind(page: Page) -> None:
    """The answer follows in the same turn, the control keeps the focus, and a reload keeps it."""
    ask(page, WHO)
    expect_kind(page, "question about a fact")
    read_as(page, "request for a list")
    expect_kind(page, "request for a list")
    expect(page.locator(".pq-list > li").first).to_be_visible()
    expect(page.locator(".pq-kind summary")).to_be_focused()
    expect(page.locator(".pq-turn")).to_have_count(1)
    assert saved_turn(page)["kind"] == "list"
    reload(page)
    expect_kind(page, "request for a list")
    expect(page.locator(".pq-turn")).to_have_count(1)
    read_as(page, "let pullquote decide")
    expect_kind(page, "question about a fact")
    assert saved_turn(page)["kind"] is None


def test_a_link_reads_the_question_as_its_sender_did(page: Page) -> None:
    """The address has the chosen kind, so another browser shows the same."""
    ask(page, WHO)
    read_as(page, "yes-or-no question")
    expect_kind(page, "yes-or-no question")
    link = page.url
    page.evaluate("localStorage.clear()")
    page.goto("about:blank")
    page.goto(link)
    expect_kind(page, "yes-or-no question")


def test_one_click_searches_for_the_words_as_typed(page: Page) -> None:
    """A correction is shown beside a button that undoes it; a reload keeps what was chosen."""
    ask(page, WHO)
    corrections = [{"typed": "harbur", "used": "harbour"}]
    plant(page, searched_for="who built the harbour", corrections=corrections)
    searched = page.locator(".pq-searched p")
    expect(searched).to_have_text("Searched for: who built the harbour (instead of “harbur”)")
    expect(searched.locator("ins")).to_have_text("harbour")
    page.get_by_role("button", name="Search as typed").click()
    expect(searched).to_have_text(f"Searched for: {WHO} (as typed)")
    expect(page.get_by_role("button", name="Search with corrections")).to_be_focused()
    assert saved_turn(page)["as_typed"] is True
    reload(page)
    expect(searched).to_have_text(f"Searched for: {WHO} (as typed)")
    page.get_by_role("button", name="Search with corrections").click()
    expect(searched).to_have_count(0)
    expect(page.locator(".pq-turn")).to_have_attribute("aria-busy", "false")
    assert saved_turn(page)["as_typed"] is False


def test_sides_stand_beside_each_other_where_there_is_room(visit: Visit) -> None:
    """Two columns on a desktop; on a phone the second side is below the first."""
    for width, beside in ((1280, True), (360, False)):
        page = visit(viewport={"width": width, "height": 800})
        ask(page, WHO)
        plant(page, answers=2, kind="comparison")
        first, second = (side.bounding_box() for side in page.locator(".pq-sides > li").all())
        assert first is not None
        assert second is not None
        assert (first["y"] == second["y"]) is beside
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_what_keywords_find_is_no_answer(page: Page) -> None:
    """Sentences are listed as matches, without marks and without a confidence."""
    ask(page, WHO)
    read_as(page, "keywords")
    expect_kind(page, "keywords")
    expect(page.get_by_role("heading", name="Matches")).to_be_visible()
    expect(page.locator(".pq-matches blockquote").first).to_be_visible()
    expect(page.locator("#pq-conversation mark")).to_have_count(0)
    expect(page.locator(".pq-meaning")).to_have_count(0)


def test_a_question_without_an_answer_can_be_read_otherwise(page: Page) -> None:
    """The kind is shown above the closest passages too."""
    ask(page, NOBODY)
    expect_kind(page, "question about a fact")
    read_as(page, "question about what something is")
    expect_kind(page, "question about what something is")
    expect(page.locator(".pq-silence")).to_be_visible()
