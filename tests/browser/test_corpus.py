"""The Corpus page in a real browser: list, filters, rebuilds and uploads."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from axe import faults, faults_in_any_look
from browsing import CORPUS, PHONE, Chat, Look, ask, chat_over, looking, window
from web.corpus.sites import Answer
from web.corpus.sites import site as news_site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("corpus")]

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
    """A chat over seven files that allows uploads, links to this machine, and rebuilds."""
    assert browser_path
    folder, links = tmp_path_factory.mktemp("site"), "127.0.0.0/8"
    allowed = {"uploads": True, "upload_bytes": MOST, "link_networks": links}
    with chat_over(folder, CORPUS | MORE, **allowed) as running:
        yield running


@pytest.fixture
def look(browser: Browser, site: Chat) -> Iterator[Look]:
    """A function that opens the Corpus page at an address."""
    with looking(browser, site, "corpus") as open_page:
        yield open_page


def titles(page: Page) -> list[str]:
    """The rows of the list, from the top."""
    return page.locator(".pq-table tbody th :is(.pq-open, .pq-file)").all_inner_texts()


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
    expect(page.locator(".pq-range")).to_contain_text("1–2 of 2")
    assert titles(page) == ["The harbour at Quayside", "Who built Quayside"]
    page.get_by_role("button", name="Date", exact=True).click()
    expect(page.locator('th[aria-sort="ascending"]')).to_have_text(re.compile("Date"))
    assert titles(page) == ["Who built Quayside", "The harbour at Quayside"]
    page.locator('.pq-chart a[aria-label="Vennick Courier: 1 article"]').click()
    expect(page.locator(".pq-chips")).to_contain_text("Source: Vennick Courier")
    expect(page.locator(".pq-range")).to_contain_text("1–1 of 1")
    assert titles(page) == ["Who built Quayside"]
    page.locator(".pq-chips a").click()
    expect(page.locator(".pq-chips")).to_have_count(0)
    assert len(titles(page)) == 2
    page.go_back()
    expect(page.locator(".pq-chips")).to_contain_text("Source: Vennick Courier")


def test_it_works_without_a_mouse(look: Look) -> None:
    """Bars and rows can be reached and opened with the keyboard."""
    page = look()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#articles$"))
    page.locator('.pq-chart a[aria-label^="Mar 2024"], .pq-chart a[aria-label^="2024"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pq-chips")).to_contain_text("2024")
    expect(page.locator("#pq-status")).to_contain_text("1 entry with 1 March 2024")
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"
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


@pytest.mark.parametrize("query", ["", "?q=quay&source=Harbour+Post&sort=title", "?q=zeppelin"])
def test_nobody_is_shut_out(look: Look, query: str) -> None:
    """axe-core finds no fault with the tables open, with filters, and in an empty list."""
    page = look(query)
    page.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = true))")
    assert faults_in_any_look(page) == {}


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
    other = page.context.new_page()
    other.goto(site.url)
    other.wait_for_selector("#pq-article [data-view]")
    page.get_by_role("button", name="Update the index").click()
    expect(page.locator("#pq-rebuild")).to_contain_text(re.compile(r"\d+ of 20\d files read"))
    ask(other, WHO)
    expect(other.locator(".pq-lead mark")).to_have_text("Ida Roe")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#pq-rebuild")).to_contain_text(
        "The update was cancelled. The next one goes on from there.", timeout=60_000
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


FERRY = "---\ntitle: Ferry fares rise\nsource: Harbour Post\n---\nFares rise by 5p, said Ida Roe."
BROKEN = "---\ntitle: [\n---\nText."


def archive(names: dict[str, str]) -> bytes:
    """A ZIP archive of those texts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, text in names.items():
            packed.writestr(name, text)
    return buffer.getvalue()


def chosen(name: str, content: bytes | str) -> FilePayload:
    """A file as a person chooses it."""
    text = content.encode() if isinstance(content, str) else content
    return {"name": name, "mimeType": "application/octet-stream", "buffer": text}


def line(page: Page, name: str) -> Locator:
    """The line of an added file."""
    return page.locator("#pq-uploaded > li", has_text=f"{name}: ")


def test_added_files_are_indexed_and_say_what_they_became(bare: Page, site: Chat) -> None:
    """Choosing files is enough: each line ends with articles and passages, or with what to do."""
    page = bare
    boats = archive({f"{n}.md": f"---\ntitle: Boat {n}\n---\nBoat {n} left." for n in range(3)})
    page.get_by_label("Add files to the corpus").set_input_files(
        [
            chosen("ferry.md", FERRY),
            chosen("boats.zip", boats),
            chosen("bad.md", BROKEN),
            chosen("run.exe", "MZ"),
            chosen("big.txt", "x" * MOST * 2),
        ]
    )
    expect(line(page, "ferry.md").locator("progress")).to_be_visible(timeout=1000)
    expect(line(page, "big.txt")).to_contain_text(
        "The file is larger than 20,000 bytes, the limit for uploads."
    )
    expect(line(page, "run.exe")).to_contain_text("Files ending in '.exe' are not supported.")
    expect(line(page, "ferry.md")).to_contain_text("1 article", timeout=120_000)
    expect(line(page, "ferry.md")).to_contain_text("Harbour Post · no date · 1 passage")
    expect(line(page, "boats.zip")).to_contain_text("3 articles")
    expect(line(page, "bad.md")).to_contain_text("could not be read")
    expect(line(page, "bad.md")).to_contain_text("Correct the lines between the two “---”")
    expect(page.locator("#failed li").first).to_contain_text("uploads/bad.md")
    assert (site.corpus / "uploads" / "ferry.md").read_text() == FERRY
    assert faults(page) == []
    line(page, "ferry.md").get_by_role("link", name="Ferry fares rise").click()
    expect(page.locator("#pq-article .pq-headline")).to_have_text("Ferry fares rise")


def test_a_file_is_replaced_only_on_request(bare: Page, site: Chat) -> None:
    """Another file of the same name asks first; the same file is already there."""
    (site.corpus / "uploads").mkdir(exist_ok=True)
    existing = site.corpus / "uploads" / "twice.md"
    existing.write_text("First.")
    page = bare
    files = page.get_by_label("Add files to the corpus")
    files.set_input_files(chosen("twice.md", "First."))
    expect(line(page, "twice.md")).to_contain_text("already there: 1 article", timeout=120_000)
    files.set_input_files(chosen("twice.md", "Second"))
    replace = page.get_by_role("button", name="Replace twice.md")
    replace.focus()
    assert existing.read_text() == "First."
    page.keyboard.press("Enter")
    expect(line(page, "twice.md").last).to_contain_text("twice.md: 1 article", timeout=120_000)
    assert existing.read_text() == "Second"


def test_a_name_that_a_folder_has_cannot_be_replaced(bare: Page, site: Chat) -> None:
    """The line says to give the file another name, and has no button."""
    (site.corpus / "uploads" / "album.md").mkdir(parents=True, exist_ok=True)
    page = bare
    page.get_by_label("Add files to the corpus").set_input_files(chosen("album.md", "Words."))
    expect(line(page, "album.md")).to_contain_text(
        "The corpus already has a folder called album.md. Give the file another name."
    )
    expect(line(page, "album.md").get_by_role("button")).to_have_count(0)


def test_the_page_names_the_limit_in_the_words_of_the_server(bare: Page) -> None:
    """It names the limit itself, as the file is not sent."""
    page = bare
    form = page.locator("#pq-upload")
    most, limit = form.get_attribute("data-most"), form.get_attribute("data-limit")
    files = page.get_by_label("Add files to the corpus")
    files.set_input_files(chosen("long.txt", "x" * (int(most or 0) + 1)))
    expect(line(page, "long.txt")).to_contain_text(f"The file is larger than {limit}, the limit")
    assert limit == "20,000 bytes"


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_files_are_dropped_and_pasted(bare: Page, site: Chat, event: str) -> None:
    """Files that are dropped or pasted anywhere on the page are added like chosen ones."""
    page = bare
    page.evaluate(
        """event => {
          const given = new DataTransfer();
          given.items.add(new File([`The ${event} came at noon.`], `${event}.txt`));
          const how = { bubbles: true, cancelable: true };
          document.body.dispatchEvent(event === "drop"
            ? new DragEvent("drop", { dataTransfer: given, ...how })
            : new ClipboardEvent("paste", { clipboardData: given, ...how }));
        }""",
        event,
    )
    expect(line(page, f"{event}.txt")).to_contain_text("1 article", timeout=120_000)
    assert (site.corpus / "uploads" / f"{event}.txt").read_text() == f"The {event} came at noon."


def test_a_lost_connection_offers_another_try(bare: Page, site: Chat) -> None:
    """An upload that fails on the way says so, and can be tried again with a button."""
    page = bare
    page.route("**/corpus/upload*", lambda route: route.abort())
    page.get_by_label("Add files to the corpus").set_input_files(chosen("lost.txt", "Lost."))
    expect(line(page, "lost.txt")).to_contain_text("The connection was lost.")
    page.unroute("**/corpus/upload*")
    page.get_by_role("button", name="Try again: lost.txt").click()
    expect(line(page, "lost.txt")).to_contain_text("1 article", timeout=120_000)
    assert (site.corpus / "uploads" / "lost.txt").read_text() == "Lost."


def test_an_address_is_added_and_says_what_it_became(bare: Page) -> None:
    """Enter adds a page; its line ends with the article, or with what to do."""
    page = bare
    article = "<html><body><h1>Tram to Vennick</h1><p>The tram opens in May, said Ida Roe.</p>"
    with news_site({"/tram": Answer(article.encode())}) as news:
        field = page.get_by_label("Web address of an article")
        field.fill(f"{news.url}/tram")
        page.keyboard.press("Enter")
        expect(field).to_have_value("")
        added = line(page, f"{news.url}/tram")
        expect(added).to_contain_text("tram: 1 article", timeout=120_000)
        expect(page.locator("#pq-status")).to_have_text(f"{news.url}/tram: 1 article")
        field.fill(f"{news.url}/missing")
        page.get_by_role("button", name="Add the page").click()
        missing = line(page, f"{news.url}/missing")
        expect(missing).to_contain_text("127.0.0.1 has no page at this address.")
        expect(missing.get_by_role("button", name="Try again")).to_be_visible()
        assert faults(page) == []
        field.fill(f"{news.url}/tram")
        page.keyboard.press("Enter")
        again = added.last
        expect(again).to_contain_text("already exists. Nothing was replaced.")
        again.get_by_role("button", name="Replace").click()
        expect(again).to_contain_text("1 article", timeout=120_000)
        again.get_by_role("link", name="Tram to Vennick").click()
    expect(page.locator("#pq-article .pq-headline")).to_have_text("Tram to Vennick")


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_list_can_be_sorted_and_narrowed_at_every_width(look: Look, width: int) -> None:
    """Without a script, the list is sorted and narrowed too, and nothing is cut off."""
    page = look(viewport={"width": width, "height": 800}, java_script_enabled=False)
    if width < 860:
        page.get_by_label("Order").select_option("Longest first")
        page.get_by_role("button", name="Search").click()
    else:
        page.get_by_role("button", name="Length").click()
    expect(page.locator('th[aria-sort="descending"] button')).to_contain_text("Length")
    assert titles(page)[0] == "The harbour at Quayside"
    page.locator('.pq-chart a[aria-label="Vennick Courier: 1 article"]').click()
    expect(page.locator(".pq-narrowed figcaption")).to_contain_text("only Vennick Courier")
    assert titles(page) == ["Who built Quayside"]
    assert page.evaluate("document.scrollingElement.scrollWidth") == width


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
    for path in ("upload?name=evil.md", "link", "rebuild", "cancel"):
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
