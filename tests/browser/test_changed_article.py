"""A permanent link to an article that has changed, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

import pullquote
from axe import faults_in_any_look
from browser.test_hostile import LOOKED_AT
from browsing import Chat, window
from served import serving

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("changed article")]

HOSTILE = "<img src=x onerror=window.pwned=1>"
BEFORE = (
    "Harbour wall\n\nThe council agreed on Monday to rebuild the wall.\n\n"
    f"The work will cost 4 million pounds {HOSTILE}, said Ida Roe, who leads the council.\n"
)
AFTER = BEFORE.replace("4 million", f"5 million {HOSTILE}").replace("Monday", "Tuesday")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Iterator[Chat]:
    """A chat over an article that was corrected."""
    assert browser_path
    folder = tmp_path_factory.mktemp("changed")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "wall.txt").write_text(BEFORE, encoding="utf-8")
    pullquote.rebuild_index(corpus, folder / "index")
    (corpus / "wall.txt").write_text(AFTER, encoding="utf-8")
    with serving(folder) as served:
        yield Chat(served.url, corpus)


@pytest.fixture
def page(browser: Browser, site: Chat) -> Iterator[Page]:
    """The link to the words that were corrected, opened."""
    with pullquote.open(site.corpus.parent / "index") as assistant:
        earlier = assistant.editions.of("wall.txt")[1]
        text = assistant.editions.article("wall.txt", earlier.version).text
    start = text.index("will cost")
    end = text.index(", said")
    address = site.at(article="wall.txt", start=start, end=end, version=earlier.version[:12])
    with window(browser, site) as context:
        opened = context.new_page()
        opened.goto(address)
        expect(opened.locator(".pq-changed")).to_be_visible()
        yield opened


def test_the_words_of_today_are_marked_and_compared(page: Page) -> None:
    """The notice says so; the differences have the earlier and the present words as text."""
    notice = page.locator(".pq-changed")
    expect(notice).to_contain_text("it has other words here now")
    expect(notice.locator("del").first).to_have_text("4")
    expect(page.locator("#pq-article mark")).to_contain_text("will cost 5 million")
    notice.locator("summary").click()
    expect(notice.locator("details ins").first).to_have_text("Tuesday")
    assert page.evaluate(LOOKED_AT) == []


def test_nobody_is_shut_out(page: Page) -> None:
    """The notice with all changes open has no accessibility fault in any look."""
    page.locator(".pq-changed summary").click()
    assert faults_in_any_look(page) == {}
