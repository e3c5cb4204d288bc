"""The page that verifies packs and exports, in a real browser, with and without its script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import pullquote
from axe import faults_in_any_look
from browsing import Chat, Look, looking, text_of
from pullquote.base.zip_file import read_zip, write_zip

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("verify")]

HOSTILE = '<img src=x onerror="window.pwned=1">'
WORDS = "the founder of Vennick Works"


@pytest.fixture
def look(browser: Browser, chat: Chat) -> Iterator[Look]:
    """A function that opens the page."""
    with looking(browser, chat, "verify") as open_page:
        yield open_page


@pytest.fixture(scope="module")
def pack(chat: Chat) -> bytes:
    """A pack of an answer from the chat's own index."""
    with pullquote.open(chat.corpus.parent / "index") as assistant:
        reply = assistant.ask("who built the harbour at Quayside?")
        return pullquote.pack(reply, assistant).data


@pytest.fixture(scope="module")
def export(chat: Chat) -> str:
    """Citations as JSON: one stands, one moved, one was other words, and one article is gone."""
    text = text_of(chat, "harbour.md").replace("\u00a0", " ")
    start = " ".join(text.split("\n")).index("the founder")
    quote = text[start : start + len(WORDS)]
    stands = {"article": "harbour.md", "start": start, "end": start + len(WORDS), "quote": quote}
    sentence = f"{HOSTILE} It was built by Ida Roe, {quote}, in two years."
    changed = {
        **stands,
        "quote": quote.replace("founder", "sister"),
        "sentence": sentence.replace("founder", "sister"),
        "sentence_start": start - sentence.index(quote),
    }
    moved = {**stands, "start": start + 9, "end": start + 9 + len(WORDS)}
    gone = {**stands, "article": f"{HOSTILE}.md", "title": HOSTILE}
    return json.dumps([stands, moved, changed, gone])


def verify(page: Page, name: str, data: bytes) -> None:
    """Choose a file, and press the button with the keyboard."""
    files = [{"name": name, "mimeType": "application/octet-stream", "buffer": data}]
    page.get_by_label("up to 16 MB").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="Verify").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False])
def test_an_export_is_verified(look: Look, export: str, script: bool) -> None:
    """Each citation has its state; what does not stand comes first, with its differences."""
    page = look(java_script_enabled=script)
    verify(page, "chat.json", export.encode())
    expect(page.get_by_role("heading", level=2)).to_have_text("Not all stands: chat.json")
    states = page.locator(".pq-state")
    expect(states).to_have_text(["Changed", "Article gone", "Stands", "Moved"])
    expect(page.locator(".pq-verified del")).to_contain_text("sister")
    expect(page.locator(".pq-verified ins")).to_contain_text("founder")
    assert page.locator("main img").count() == 0
    expect(page.locator(".pq-verified")).to_contain_text(HOSTILE)


def test_a_citation_leads_to_its_words(look: Look, export: str) -> None:
    """The link of a citation that moved opens the article at the place where it stands now."""
    page = look()
    verify(page, "chat.json", export.encode())
    page.locator(".pq-verified li").last.get_by_role("link").click()
    expect(page.locator("#pq-cited")).to_have_text(WORDS.replace(" of", "\nof"))


def test_a_pack_is_verified(look: Look, pack: bytes, tmp_path: Path) -> None:
    """A sound pack, then one with a changed article, then one whose page lies."""
    page = look()
    heading = page.get_by_role("heading", level=2)
    verify(page, "pack.zip", pack)
    expect(heading).to_have_text("All stands: pack.zip")
    verify(page, "pack.zip", pack.replace(b"It was built by", b"It was burnt by"))
    expect(heading).to_have_text("This pack was changed: pack.zip")
    expect(page.locator(".pq-failures")).to_contain_text("articles/0001.txt was changed.")
    members = dict(read_zip(pack).members)
    members["index.html"] += b"<!-- -->"
    verify(page, f"{HOSTILE}.zip", write_zip(members))
    expect(page.locator(".pq-failures")).to_contain_text("index.html is not what follows")
    assert page.evaluate("window.pwned") is None


def test_nobody_is_shut_out(look: Look, export: str, pack: bytes) -> None:
    """axe-core finds no fault in the form and the results, at any width, in light and dark."""
    page = look()
    assert faults_in_any_look(page) == {}
    verify(page, "chat.json", export.encode())
    assert faults_in_any_look(page) == {}
    verify(page, "pack.zip", pack[:-1])
    assert faults_in_any_look(page) == {}


def test_it_fits_a_phone(look: Look, export: str, pack: bytes) -> None:
    """No result is wider than 390 pixels, with long names and digests."""
    page = look(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    for name, data in (("w" * 180 + ".json", export.encode()), ("p" * 180 + ".zip", pack)):
        verify(page, name, data)
        assert page.evaluate("document.scrollingElement.scrollWidth") == 390
