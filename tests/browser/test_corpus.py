"""The Corpus page in a real browser: list, filters, rebuilds and uploads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.test_axe import LOOKS, faults
from browsing import CORPUS, PHONE, Chat, ask, window
from served import serving

HOSTILE = '<img src=x onerror=alert(1)>"&</title><script>alert(1)</script>'
MORE = {
    "hostile<b>.md": f"---\ntitle: '{HOSTILE}'\nsource: <b>Evil</b>\n---\nA.",
    "broken.md": "---\ntitle: [\n---\nText.",
    "secret.md": "---\ntitle: Secret merger\nembargo: 2090-01-01T09:00:00Z\n---\nSecret.",
}
WHO = "who built the harbour at Quayside?"
MOST = 20_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Iterator[Chat]:
    """A chat over seven files that allows uploads and rebuilds."""
    assert browser_path
    folder = tmp_path_factory.mktemp("site")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in (CORPUS | MORE).items():
        (corpus / name).write_text(text, encoding="utf-8")
    with serving(folder, uploads=True, upload_bytes=MOST) as served:
        yield Chat(served.url, corpus)


Look = Callable[..., Page]


@pytest.fixture
def look(browser: Browser, site: Chat) -> Iterator[Look]:
    """A function that opens the Corpus page at an address."""
    with ExitStack() as stack:

        def open_page(query: str = "", **options: object) -> Page:
            context = stack.enter_context(window(browser, site, **options))
            page = context.new_page()
            page.goto(f"{site.url}/corpus{query}")
            return page

        yield open_page


def titles(page: Page) -> list[str]:
    """The rows of the list, from the top."""
    return page.locator(".pq-table tbody th .pq-open, .pq-file").all_inner_texts()


def test_the_page_leads_there_and_back(look: Look, site: Chat) -> None:
    """A link leads from the chat to the Corpus page, and a row to its article in the chat."""
    page = look()
    page.goto(site.url)
    page.wait_for_selector("#pq-article [data-view]")
    page.get_by_role("link", name="Corpus").click()
    expect(page.get_by_role("heading", name="Corpus", exact=True)).to_be_visible()
    expect(page.locator(".pq-counts")).to_have_text(
        re.compile("5 articles indexed.*1 embargoed.*1 could not be read", re.DOTALL)
    )
    page.get_by_role("link", name="The harbour at Quayside").click()
    expect(page.locator("#pq-article .pq-headline")).to_have_text("The harbour at Quayside")
    assert "article=harbour.md" in page.url


def test_the_list_is_sought_sorted_and_narrowed(look: Look) -> None:
    """Words, column headers and bars narrow or sort the list; a chip removes a filter."""
    page = look()
    page.get_by_label("Title, file, author").fill("QUAYSIDE")
    page.keyboard.press("Enter")
    expect(page.locator(".pq-range")).to_have_text("1–2 of 2")
    assert titles(page) == ["The harbour at Quayside", "Who built Quayside"]
    page.get_by_role("link", name="Published").click()
    expect(page.locator('th[aria-sort="ascending"]')).to_have_text(re.compile("Published"))
    assert titles(page) == ["Who built Quayside", "The harbour at Quayside"]
    page.locator('.pq-chart a[aria-label="Vennick Courier: 1 article"]').click()
    expect(page.locator(".pq-chips")).to_contain_text("Source: Vennick Courier")
    assert titles(page) == ["Who built Quayside"]
    page.locator(".pq-chips a").click()
    expect(page.locator(".pq-range")).to_have_text("1–7 of 7")


def test_it_works_without_a_mouse(look: Look) -> None:
    """Bars and rows can be reached and opened with the keyboard."""
    page = look()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#articles$"))
    page.locator('.pq-chart a[aria-label^="Mar 2024"], .pq-chart a[aria-label^="2024"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pq-chips")).to_contain_text("2024")
    page.get_by_label("State").focus()
    for _ in range(20):
        if page.evaluate("document.activeElement.matches('.pq-open')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#pq-article .pq-headline")).to_be_visible()


def test_nothing_hostile_runs(look: Look) -> None:
    """A title is plain text; a script or request in one would be an error of the page."""
    page = look("?q=hostile")
    assert titles(page) == [HOSTILE]
    expect(page.locator('.pq-chart a[aria-label="<b>Evil</b>: 1 article"]')).to_be_visible()
    assert page.locator("main img, main script").count() == 0
    assert "Secret merger" not in look("?q=secret").content()


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("query", ["", "?q=quay&source=Harbour+Post&sort=title", "?q=zeppelin"])
def test_nobody_is_shut_out(look: Look, query: str, name: str) -> None:
    """axe-core finds no fault with the tables open, with filters, and in an empty list."""
    page = look(query, **LOOKS[name])
    page.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = true))")
    assert faults(page) == []


def test_it_fits_a_phone(look: Look) -> None:
    """No element is wider than the window."""
    page = look(**PHONE)
    assert page.evaluate("document.scrollingElement.scrollWidth") == 360
    expect(page.locator(".pq-narrow").first).to_be_visible()


def test_dark_is_dark(look: Look) -> None:
    """The page is dark if the system prefers that."""
    shade = look(color_scheme="dark").evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", shade)[:3])) < 60


def test_asking_goes_on_during_a_rebuild_that_is_cancelled_and_done(look: Look, site: Chat) -> None:
    """A rebuild shows its progress, can be cancelled, and ends with a report."""
    many = [site.corpus / f"many-{n}.md" for n in range(200)]
    for number, path in enumerate(many):
        words = " ".join(f"Gull {number} flew over pier {n} of the island." for n in range(40))
        path.write_text(f"---\ntitle: Gull {number}\n---\n{words}\n", encoding="utf-8")
    page = look()
    page.get_by_role("button", name="Update the index").click()
    expect(page.locator("#pq-rebuild")).to_contain_text(re.compile(r"\d+ of 20\d files read"))
    other = page.context.new_page()
    other.goto(site.url)
    other.wait_for_selector("#pq-article [data-view]")
    ask(other, WHO)
    expect(other.locator(".pq-lead mark")).to_have_text("Ida Roe")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#pq-rebuild")).to_contain_text(
        "The rebuild was cancelled. The index is unchanged.", timeout=60_000
    )
    assert page.locator(".pq-counts").inner_text().startswith("5 articles")
    for path in many[20:]:
        path.unlink()
    page.get_by_role("button", name="Update the index").click()
    expect(page.locator("#pq-rebuild")).to_contain_text("20 added.", timeout=120_000)
    expect(page.locator("#pq-rebuild")).to_contain_text("1 file could not be read")
    expect(page.locator(".pq-counts")).to_contain_text("25 articles indexed")
    expect(page.locator("#pq-status")).to_have_text("The index is up to date. 20 added.")
    assert faults(page) == []


def test_removing_many_articles_takes_a_second_button(look: Look, site: Chat) -> None:
    """The panel shows and announces what would be removed; a second button consents."""
    many = [site.corpus / f"ferry-{n:02}.md" for n in range(40)]
    for number, path in enumerate(many):
        path.write_text(f"---\ntitle: Ferry {number}\n---\nFerry {number} left.\n")
    page = look()
    rebuild = page.get_by_role("button", name="Update the index")
    rebuild.click()
    expect(page.locator("#pq-rebuild")).to_contain_text("40 added", timeout=120_000)
    for path in many:
        path.unlink()
    rebuild.click()
    remove = page.get_by_role("button", name="Remove 40 articles")
    expect(remove).to_be_visible(timeout=60_000)
    expect(page.locator("#pq-status")).to_contain_text("40 of")
    assert faults(page) == []
    remove.click()
    expect(page.locator("#pq-rebuild")).to_contain_text("40 removed.", timeout=60_000)


@pytest.fixture
def bare(browser: Browser, site: Chat) -> Iterator[Page]:
    """The page in a window without checks for errors, since a browser logs each refused request."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/corpus")
    yield page
    context.close()


def test_files_are_uploaded(bare: Page, site: Chat, tmp_path: Path) -> None:
    """Several files are uploaded at once; a refused file has its reason."""
    for name, text in {"new.md": "New words.", "run.exe": "MZ", "big.txt": "x" * MOST * 2}.items():
        (tmp_path / name).write_text(text)
    page = bare
    page.get_by_label("Add files to the corpus").set_input_files(sorted(tmp_path.iterdir()))
    page.get_by_role("button", name="Add", exact=True).click()
    lines = page.locator("#pq-uploaded li")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_have_text("big.txt: The file is larger than 20,000 bytes.")
    expect(lines.nth(1)).to_have_text("new.md: added.")
    expect(lines.nth(2)).to_contain_text("Files ending in '.exe' are not supported.")
    assert (site.corpus / "uploads" / "new.md").read_text() == "New words."


def test_a_file_is_replaced_only_on_request(bare: Page, site: Chat, tmp_path: Path) -> None:
    """An existing file is unchanged until the user asks to replace it."""
    (site.corpus / "uploads").mkdir(exist_ok=True)
    existing = site.corpus / "uploads" / "twice.md"
    existing.write_text("First.")
    (tmp_path / "twice.md").write_text("Second.")
    page = bare
    page.get_by_label("Add files to the corpus").set_input_files(tmp_path / "twice.md")
    page.get_by_role("button", name="Add", exact=True).click()
    replace = page.get_by_role("button", name="Replace twice.md")
    expect(replace).to_be_visible()
    assert existing.read_text() == "First."
    replace.click()
    expect(page.locator("#pq-uploaded")).to_have_text("twice.md: added.")
    assert existing.read_text() == "Second."


@pytest.mark.parametrize(
    ("query", "status", "body"),
    [
        ("name=ok.md", 201, b"Words."),
        ("name=..%2Fup.md", 422, b"Words."),
        ("name=.hidden.md", 422, b"Words."),
        ("name=run.exe", 415, b"MZ"),
        ("name=big.md", 413, b"x" * (MOST + 1)),
        ("name=empty.md", 422, b""),
        ("", 422, b"Words."),
    ],
)
def test_programs_get_a_status(site: Chat, query: str, status: int, body: bytes) -> None:
    """The server checks name and size of an upload."""
    assert httpx.post(f"{site.url}/corpus/upload?{query}", content=body).status_code == status


def test_a_body_of_no_announced_length_is_cut_off(site: Chat) -> None:
    """An upload without a length is stopped at the limit and leaves no file."""
    pieces = (b"x" * 1000 for _ in range(100))
    answer = httpx.post(f"{site.url}/corpus/upload?name=long.md", content=pieces)
    assert answer.status_code == 413
    names = [path.name for path in (site.corpus / "uploads").iterdir()]
    assert "long.md" not in names
    assert not any(name.startswith(".") for name in names)


def test_pages_of_other_sites_change_nothing(site: Chat) -> None:
    """Requests from other sites change neither files nor the index."""
    foreign = {"Origin": "https://evil.example"}
    for path in ("upload?name=evil.md", "rebuild", "cancel"):
        answer = httpx.post(f"{site.url}/corpus/{path}", content=b"x", headers=foreign)
        assert answer.status_code == 403
    assert not (site.corpus / "uploads" / "evil.md").exists()


def test_uploads_are_closed_unless_allowed(chat: Chat) -> None:
    """Without the setting there is no upload form, no route and no folder."""
    assert httpx.post(f"{chat.url}/corpus/upload?name=a.md", content=b"x").status_code == 404
    assert httpx.post(f"{chat.url}/gradio_api/upload", content=b"x").status_code == 404
    assert "pq-upload" not in httpx.get(f"{chat.url}/corpus").text
    assert not (chat.corpus / "uploads").exists()


def test_a_timeline_stands_under_the_answer(browser: Browser, chat: Chat) -> None:
    """A mark opens the citation with its number."""
    with window(browser, chat) as context:
        page = context.new_page()
        page.goto(chat.url)
        page.wait_for_selector("#pq-article [data-view]")
        ask(page, WHO)
        marks = page.locator(".pq-timeline .pq-mark")
        assert marks.count() >= 2
        number = marks.first.inner_text()
        marks.first.click()
        current = page.locator('.pq-cite[aria-current="true"] .pq-number')
        expect(current).to_have_text(number)
        assert faults(page) == []
