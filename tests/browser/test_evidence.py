"""Evidence packs and statements of absence are saved from the chat, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from axe import faults_in_any_look
from browsing import Visit, ask, plant
from pullquote.base.zip_file import read_zip
from pullquote.newsroom.packs import verify_pack

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("evidence")]

WHO = "who built the harbour at Quayside?"
NOBODY = "who painted the Zanzibar lighthouse?"
HOSTILE = '<img src=x onerror="window.pwned=1">'


def saved(page: Page, button: Locator, folder: Path) -> Path:
    """The file that a press of Enter on a button saves."""
    button.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_the_pack_of_an_answer_is_saved_with_the_keyboard(page: Page, tmp_path: Path) -> None:
    """It is sound, has only this answer, and the page says what is in it."""
    ask(page, NOBODY)
    ask(page, WHO)
    turn = page.locator(".pq-turn").last
    turn.locator(".pq-packing summary").focus()
    page.keyboard.press("Enter")
    path = saved(page, turn.get_by_role("button", name="Save with full articles"), tmp_path)
    pack = verify_pack(path)
    assert path.name.startswith("pullquote-evidence-20")
    assert pack.faults == ()
    assert pack.manifest is not None
    assert [one.question for one in pack.manifest.questions] == [WHO]
    message = turn.locator(".pq-packed")
    expect(message).to_contain_text(f"SHA-256 of the ZIP: {pack.sha256}")
    expect(page.locator("#pq-status")).to_contain_text("Saved as pullquote-evidence-")
    page.keyboard.press("Escape")
    expect(message).to_be_hidden()
    expect(turn.locator(".pq-packing summary")).to_be_focused()


def test_the_whole_conversation_is_packed_without_texts(page: Page, tmp_path: Path) -> None:
    """Each question is in the pack, and no article's text."""
    ask(page, WHO)
    ask(page, NOBODY)
    whole = page.locator("#pq-whole-pack")
    whole.locator("summary").click()
    path = saved(page, whole.get_by_role("button", name="Save with digests only"), tmp_path)
    members = read_zip(path.read_bytes()).members
    facts = json.loads(members["pack.json"])
    assert [one["question"] for one in facts["questions"]] == [WHO, NOBODY]
    assert [one["question"] for one in facts["absences"]] == [NOBODY]
    assert not any(name.startswith("articles/") for name in members)


def test_what_was_searched_is_shown_and_saved(page: Page, tmp_path: Path) -> None:
    """The statement opens below the question, and is saved as Markdown and JSON."""
    ask(page, NOBODY)
    page.locator(".pq-absence summary").first.focus()
    page.keyboard.press("Enter")
    statement = page.locator(".pq-statement")
    expect(statement).to_contain_text("In no article: painted, Zanzibar, lighthouse.")
    expect(statement).to_contain_text("Harbour Post: 1 article, 2024-03")
    as_json = saved(page, statement.get_by_role("button", name="Save as JSON"), tmp_path)
    facts = json.loads(as_json.read_text(encoding="utf-8"))
    assert facts["unknown_words"] == ["painted", "Zanzibar", "lighthouse"]
    as_text = saved(page, statement.get_by_role("button", name="Save as Markdown"), tmp_path)
    assert facts["index_sha256"] in as_text.read_text(encoding="utf-8")
    expect(page.locator("#pq-status")).to_contain_text("Saved as pullquote-absence-")


def test_what_cannot_be_stated_says_why(page: Page) -> None:
    """The index has changed since the question was asked; the reason is shown and read out."""
    ask(page, NOBODY)
    plant(page, generation="20200101T000000-000000")
    page.locator(".pq-absence summary").first.click()
    reason = "What was searched cannot be shown. The reply is from the index generation 2020"
    expect(page.locator(".pq-absence .pq-failed")).to_contain_text(reason)
    expect(page.locator("#pq-status")).to_contain_text("Ask the question again.")


def test_hostile_words_stay_text(page: Page, tmp_path: Path) -> None:
    """A saved reply with markup in its question is shown and packed as text."""
    ask(page, NOBODY)
    plant(page, searched_for=HOSTILE, question=HOSTILE)
    page.locator(".pq-absence summary").first.click()
    expect(page.locator(".pq-statement")).to_contain_text(f"Searched for: {HOSTILE}")
    page.locator(".pq-turn .pq-packing summary").click()
    button = page.locator(".pq-turn").get_by_role("button", name="Save with full articles")
    members = read_zip(saved(page, button, tmp_path).read_bytes()).members
    assert b"<img" not in members["index.html"]
    assert page.locator(".pq-turn img").count() == 0
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize("question", [WHO, NOBODY])
def test_nobody_is_shut_out(page: Page, question: str) -> None:
    """axe-core finds no fault with the folds open and a message shown, at any width."""
    ask(page, question)
    page.locator(".pq-packing summary").first.click()
    with page.expect_download():
        page.locator("#pq-whole-pack").get_by_role("button").first.click()
    if question == NOBODY:
        page.locator(".pq-absence summary").first.click()
        page.wait_for_selector(".pq-statement")
    page.evaluate(
        "document.querySelectorAll('.pq-evidence details').forEach(one => one.open = true)"
    )
    assert faults_in_any_look(page) == {}


def test_it_fits_a_phone(visit: Visit) -> None:
    """With all folds open, nothing is wider than 390 pixels."""
    page = visit(viewport={"width": 390, "height": 844})
    ask(page, NOBODY)
    page.locator("#pq-whole-pack summary").click()
    page.locator(".pq-absence summary").first.click()
    page.wait_for_selector(".pq-statement")
    page.evaluate("document.querySelectorAll('.pq-turn details').forEach(one => one.open = true)")
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390
    box = page.locator(".pq-statement").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
