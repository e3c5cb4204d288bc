"""The speaker pages and the source audit in a real browser."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.test_axe import faults_in_any_look
from browsing import Chat, Look, chat_over, looking

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("speakers")]

LATE = "2090-01-01T09:00:00Z"
HOSTILE = "<img src=x onerror=alert(1)>"
MANY = [f"Dow{first}{second}" for first in "abcdef" for second in "abcdefghij"]
ARTICLES = {
    "bridge.md": f"""---
title: "=HYPERLINK {HOSTILE}"
source: Harbour Post
published: 2024-03-01
---
The bridge is safe, Ida Roe said. "It will stand, {HOSTILE}, for years," she said.

Officials denied that the bridge had been closed. Bo Lund promised to visit.
""",
    "ferry.md": """---
title: Ferry
source: Vennick Courier
published: 2024-04-01
---
Sir Ida Roe denied that the ferry was late. The quay will close, Cy Dow said.
""",
    "mill.md": "---\ntitle: Mill\n---\nThe mill will close, Mr Roe said.\n",
    "secret.md": f"---\ntitle: x\nembargo: {LATE}\n---\nIt will end, Eva Secret said.\n",
    "many.md": "---\ntitle: Many\n---\n"
    + "\n\n".join(f"The mill will close, Ann {name} said." for name in MANY),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Iterator[Chat]:
    """A chat over articles that quote people."""
    assert browser_path
    with chat_over(tmp_path_factory.mktemp("speakers"), ARTICLES) as running:
        yield running


@pytest.fixture
def look(browser: Browser, site: Chat) -> Iterator[Look]:
    """A function that opens a page by its address."""
    with looking(browser, site) as open_page:
        yield open_page


def names(page: Page) -> list[str]:
    """The speakers in the list, from the top."""
    return page.locator(".pq-speakers tbody th").all_inner_texts()


def test_the_corpus_page_leads_to_a_speaker_and_to_the_words_in_the_article(look: Look) -> None:
    """From the list to a speaker, and from a claim to its words."""
    page = look("corpus")
    page.get_by_role("link", name="Speakers").click()
    page.get_by_role("link", name="Ida Roe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ida Roe")
    page.get_by_label("Manner").select_option("Denied")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".pq-claims blockquote")).to_have_text(["the ferry was late"])
    page.get_by_role("link", name="Ferry").click()
    expect(page.locator("#pq-cited")).to_have_text("the ferry was late")
    page.get_by_role("link", name="Who is quoted").click()
    expect(page.get_by_role("row", name=re.compile("Cy Dow named"))).to_be_visible()


def test_the_list_is_searched_sorted_and_paged_with_the_keyboard(look: Look) -> None:
    """Enter searches, and a header is a link that sorts; nothing needs a mouse."""
    page = look("speakers")
    expect(page.locator(".pq-range")).to_contain_text("1–50 of 64")
    page.get_by_label("Name").fill("lund")
    page.keyboard.press("Enter")
    expect(page.locator(".pq-range")).to_contain_text("1–1 of 1")
    assert names(page) == ["Bo Lund"]
    page.get_by_label("Name").fill("")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Speaker", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator('th[aria-sort="ascending"]')).to_have_text(re.compile("Speaker"))
    page.get_by_role("link", name="Next").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pq-range")).to_contain_text("51–64 of 64")
    assert names(page)[-1] == "Roe"


def test_a_bare_surname_is_listed_apart_and_says_so(look: Look) -> None:
    """Ida Roe and Roe lead to each other, and Roe may be several people."""
    page = look("speaker?name=Roe")
    expect(page.locator("main")).to_contain_text("may be that of several people")
    page.get_by_role("link", name="Ida Roe").click()
    expect(page.get_by_role("link", name="Roe", exact=True)).to_be_visible()


def test_nothing_withheld_and_nothing_hostile_appears(look: Look, site: Chat) -> None:
    """An embargoed speaker is unknown; words and titles of articles stay text."""
    assert "Eva Secret" not in look("speakers?q=eva").locator("main").inner_text()
    for path in ("speaker?name=Eva+Secret", "speaker.csv?name=Eva+Secret"):
        answer = httpx.get(f"{site.url}/{path}")
        assert answer.status_code == 404
        assert "It will end" not in answer.text
    page = look("speaker?name=Ida+Roe")
    expect(page.locator(".pq-claims")).to_contain_text(HOSTILE)
    assert page.locator("main img, main script").count() == 0


def test_what_is_filtered_is_exported_safely(look: Look, site: Chat) -> None:
    """The file has the claims of the page, and no cell is a formula."""
    page = look("speaker?name=Ida+Roe&source=Harbour+Post")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["source"] for row in rows} == {"Harbour Post"}
    assert len(rows) == page.locator(".pq-claims li").count() == 2
    assert all(row["title"].startswith("'=HYPERLINK") for row in rows)
    for path in ("speakers.csv", "audit.csv", "audit.csv?article=bridge.md"):
        answer = httpx.get(f"{site.url}/{path}")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "address",
    [
        "speakers",
        "speakers?q=nobody",
        "speaker?name=Ida+Roe",
        "speaker?name=Roe&manner=denied",
        "audit",
        "audit?article=bridge.md",
    ],
)
def test_nobody_is_shut_out(look: Look, address: str) -> None:
    """axe-core finds no fault at any width, in light and dark, with the folds open."""
    page = look(address)
    page.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = true))")
    assert faults_in_any_look(page) == {}


@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("address", ["speakers", "speaker?name=Ida+Roe", "audit"])
def test_it_fits_every_width_without_a_script(look: Look, address: str, width: int) -> None:
    """No page is wider than its window, and no page needs JavaScript."""
    page = look(address, viewport={"width": width, "height": 800}, java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") == width


def test_an_address_that_names_nothing_says_so(site: Chat) -> None:
    """An unknown speaker or article has the status 404, with similar names."""
    answer = httpx.get(f"{site.url}/speaker?name=Ida+Rowe")
    assert answer.status_code == 404
    assert "speaker?name=Ida+Roe" in answer.text
    assert httpx.get(f"{site.url}/audit?article=none.md").status_code == 404
    assert httpx.get(f"{site.url}/speaker").status_code == 404
