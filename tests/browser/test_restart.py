"""The server restarts while a browser has the page open."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from browser.test_conversation import save
from browsing import CORPUS, SHOWN_WITHIN, ask
from pullquote.index.services import rebuild_index
from served import serving, until

pytestmark = pytest.mark.slow
"""Each test starts the chat twice."""

WHO = "who built the harbour at Quayside?"


def test_a_conversation_goes_on_after_a_restart(browser: Browser, tmp_path: Path) -> None:
    """The turns survive a restart, and a question that could not be sent is asked by itself."""
    (tmp_path / "corpus").mkdir()
    for name, text in CORPUS.items():
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    context = browser.new_context()
    context.set_default_timeout(SHOWN_WITHIN)
    expect.set_options(timeout=SHOWN_WITHIN)
    page = context.new_page()
    box = page.get_by_label("Your question")
    turns = page.locator(".pq-turn")
    with serving(tmp_path) as first:
        page.goto(first.url)
        page.wait_for_selector("#pq-article [data-view]")
        ask(page, WHO)
    box.fill("when?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The server is not responding.")).to_be_visible()
    expect(turns).to_have_count(1)
    changed = CORPUS["again.md"].replace("every March", "each April")
    (tmp_path / "corpus" / "again.md").write_text(changed, encoding="utf-8")
    rebuild_index(corpus=tmp_path / "corpus", index=tmp_path / "index")
    with serving(tmp_path, port=first.port) as second:
        assert second.url == first.url
        expect(page.locator('.pq-turn[aria-busy="false"]')).to_have_count(2)
        expect(page.get_by_text("The server is not responding.")).to_be_hidden()
        expect(turns.first).to_contain_text("Who built Quayside has changed since")
        expect(box).to_have_value("")
        expect(turns.last.locator(".pq-searched")).to_contain_text("Ida Roe")
        assert "Traceback" not in second.errors.read_text()
    context.close()


def test_a_page_that_noticed_nothing_goes_on_too(browser: Browser, tmp_path: Path) -> None:
    """The chosen filters apply, although the new server has never received them."""
    (tmp_path / "corpus").mkdir()
    for name, text in CORPUS.items():
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    context = browser.new_context()
    context.set_default_timeout(SHOWN_WITHIN)
    expect.set_options(timeout=SHOWN_WITHIN)
    page = context.new_page()
    with serving(tmp_path) as first:
        page.goto(first.url)
        page.wait_for_selector("#pq-article [data-view]")
        page.get_by_role("button", name="Filters").click()
        page.get_by_role("combobox", name="Source", exact=True).fill("vennick")
        page.keyboard.press("Enter")
        ask(page, WHO)
    with serving(tmp_path, port=first.port) as second:
        ask(page, "when?")
        turn = page.locator(".pq-turn").last
        expect(turn.locator(".pq-searched")).to_contain_text("Ida Roe")
        expect(turn.locator(".pq-chip")).to_contain_text("Vennick Courier")
        assert "Traceback" not in second.errors.read_text()
    context.close()


def test_an_export_leaves_out_what_has_been_withheld(browser: Browser, tmp_path: Path) -> None:
    """The file has the question and no word of the article; the page says what is missing."""
    (tmp_path / "corpus").mkdir()
    for name, text in CORPUS.items():
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    context = browser.new_context()
    context.set_default_timeout(SHOWN_WITHIN)
    expect.set_options(timeout=SHOWN_WITHIN)
    page = context.new_page()
    with serving(tmp_path) as served:
        page.goto(served.url)
        page.wait_for_selector("#pq-article [data-view]")
        ask(page, WHO)
        for name in ("harbour.md", "again.md"):
            withheld = CORPUS[name].replace("published:", "status: canceled\npublished:")
            (tmp_path / "corpus" / name).write_text(withheld, encoding="utf-8")
        httpx.post(f"{served.url}/corpus/rebuild")
        until(lambda: not httpx.get(f"{served.url}/healthz").json()["rebuilding"])
        page.get_by_role("button", name="Conversations", exact=True).click()
        _, text = save(page, "Export all", tmp_path / "all.json")
        expect(page.locator(".pq-library-message span")).to_contain_text(
            "left out, because the articles have since been withheld."
        )
        [conversation] = json.loads(text)["conversations"]
        assert conversation["turns"][0]["question"] == WHO
        assert "Ida Roe" not in text
    context.close()
