"""The Check page in a real browser: with and without its script, in every state, and hostile."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from axe import faults, faults_in_any_look
from browsing import Chat, Look, chat_over, looking
from checking.reports.test_docx_report import parts_of, word_file
from hostile import strings
from served import serving
from web.check.test_check_routes import docx

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("check")]

HOSTILE = "<img src=x onerror=alert(1)>"
ARTICLES = {
    "bridge.md": f"""---
title: "The bridge {HOSTILE}"
source: Harbour Post
published: 2024-03-01
url: https://harbourpost.example/bridge
---
The bridge is safe for walkers and for carts, Ida Roe said. "It will stand for years, unless the
river rises by a metre," she said. "Nobody has asked the ferrymen about it," said Cy Dow.
""",
    "ferry.md": """---
title: Ferry late again
source: Vennick Courier
published: 2024-04-01
---
The ferry was late. "We will paint the boat blue before the summer," said Ann Poe. The quay of
stone and iron will be closed for a month, the trust said.
""",
}
DRAFT = """The bridge is old. “It will stand for years … by a metre,” said Ida Roe. “Nobody has \
asked the ferrymen about it,” said Ida Roe.

“We will paint the boat green before the summer,” said Ann Poe. “We have no money for paint,” she \
added. They call it “the bridge is safe for walkers and the quay of stone and iron”.

> We will paint the boat blue before the summer
"""
COUNTS = "6 quotations: 2 exact, 1 altered, 1 misattributed, 1 spliced, 1 absent"
SIZES = (390, 768, 1280)

FOREIGN = """() => [...document.querySelectorAll(".pq-checked *")].flatMap((one) =>
  [...one.attributes]
    .filter(({ name, value }) => name.startsWith("on") || name === "src" ||
      name === "href" && !/^(https?:\\/\\/|\\.\\/|#)/.test(value))
    .map(({ name }) => name))"""
"""Finds attributes that no finding has."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Iterator[Chat]:
    """A chat over two articles."""
    assert browser_path
    with chat_over(tmp_path_factory.mktemp("check"), ARTICLES) as running:
        yield running


@pytest.fixture
def look(browser: Browser, site: Chat) -> Iterator[Look]:
    """A function that opens the page."""
    with looking(browser, site, "check") as open_page:
        yield open_page


@pytest.fixture
def bare(browser: Browser, site: Chat) -> Iterator[Page]:
    """The page in a window that may log what the server refuses."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/check")
    yield page
    context.close()


def check(page: Page, text: str = DRAFT) -> Page:
    """Check a text, and wait for the result."""
    page.get_by_label("Text of the draft").fill(text)
    page.get_by_role("button", name="Check the draft").click()
    expect(page.locator("#pq-counts")).to_be_visible()
    return page


def leave_waiting(_: Route) -> None:
    """Answer nothing."""


def choose(page: Page, name: str, content: bytes) -> None:
    """Choose a file, and check it."""
    page.get_by_label("Or its file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Check the draft").click()


def test_the_chat_leads_there_and_a_finding_to_the_words_in_the_chat(
    look: Look, site: Chat
) -> None:
    """From the header of the chat to a finding, and from its title to the quoted words."""
    page = look()
    page.goto(site.url)
    page.get_by_role("link", name="Check a draft").click()
    check(page)
    expect(page.locator("#pq-counts")).to_have_text(COUNTS)
    finding = page.locator("#finding-3")
    expect(finding).to_contain_text("green in the draft, blue in the article")
    with page.context.expect_page() as opened:
        finding.get_by_role("link", name="Ferry late again").click()
    expect(opened.value.locator("#pq-cited")).to_have_text(
        "We will paint the boat blue before the summer"
    )


def test_it_works_with_the_keyboard_alone(look: Look) -> None:
    """Text, button, result, mark, finding and back, each with the focus where it is expected."""
    page = look()
    page.get_by_label("Text of the draft").focus()
    page.keyboard.insert_text(DRAFT)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Check the draft")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#pq-counts")).to_be_focused()
    mark = page.locator("#mark-3")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#finding-3")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(mark).to_be_focused()
    expect(page.locator("#pq-status")).to_have_text(COUNTS)


@pytest.mark.parametrize("width", SIZES)
def test_it_works_without_a_script(look: Look, width: int) -> None:
    """The form is sent, the marks lead to the findings, and nothing is wider than the window."""
    page = look(viewport={"width": width, "height": 800}, java_script_enabled=False)
    check(page)
    expect(page.locator("#pq-counts")).to_have_text(COUNTS)
    page.locator("#mark-2").click()
    assert page.url.endswith("#finding-2")
    expect(page.locator("#finding-2")).to_be_in_viewport()
    page.locator("#finding-2 .pq-verdict a").click()
    expect(page.locator("#mark-2")).to_be_in_viewport()
    assert page.evaluate("document.scrollingElement.scrollWidth") == width


def test_findings_that_need_work_come_first(look: Look) -> None:
    """The others follow under a heading of their own."""
    page = check(look())
    expect(page.locator(".pq-group h3")).to_have_text(
        ["To correct 4", "Exact, with a note 1", "Exact 1"]
    )
    expect(page.locator("#finding-1 .pq-warned").first).to_contain_text("unless")
    expect(page.locator("#finding-2")).to_contain_text("In the article: Cy Dow")
    expect(page.locator("#finding-5 .pq-parts > li")).to_have_count(2)


def test_a_file_is_chosen_or_dropped(look: Look) -> None:
    """A Word file gives the same verdicts as its text, wherever it is dropped."""
    page = look()
    choose(page, "draft.docx", docx("“We will paint the boat green before the summer”"))
    expect(page.locator("#pq-counts")).to_have_text("1 quotation: 1 altered")
    expect(page.locator(".pq-result")).to_contain_text("draft.docx, compared with 2 articles.")
    page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["“the ferry was late”"], "other.txt"));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
        }"""
    )
    expect(page.locator("#pq-counts")).to_have_text("1 quotation: 1 exact")
    expect(page.locator(".pq-result")).to_contain_text("other.txt")


def test_what_cannot_be_checked_is_explained_and_nothing_is_lost(bare: Page) -> None:
    """The reason gets the focus; a text and a file stay in the form."""
    page = bare
    page.get_by_role("button", name="Check the draft").click()
    expect(page.locator(".pq-told")).to_contain_text("Paste the text of a draft")
    expect(page.locator(".pq-told")).to_be_focused()
    choose(page, "draft.docx", b"PK\x03\x04 damaged")
    expect(page.locator(".pq-told")).to_contain_text("The file cannot be read")
    assert page.get_by_label("Or its file").evaluate("input => input.files[0].name") == "draft.docx"
    choose(page, "draft.docx", bytes((10 << 20) + 1))
    expect(page.locator(".pq-told")).to_contain_text("larger than 10 MB")
    page.get_by_label("Or its file").set_input_files([])
    too_many = "“a b” " * 201
    page.get_by_label("Text of the draft").fill(too_many)
    page.get_by_role("button", name="Check the draft").click()
    expect(page.locator(".pq-told")).to_contain_text("at most 200 are checked")
    assert page.get_by_label("Text of the draft").input_value() == too_many


def test_a_check_that_goes_on_shows_it_and_can_be_cancelled(look: Look) -> None:
    """Afterwards the form is as before, with the focus on its button."""
    page = look()
    page.route("**/check", leave_waiting)
    page.get_by_label("Text of the draft").fill(DRAFT)
    button = page.get_by_role("button", name="Check the draft")
    button.click()
    expect(page.get_by_role("progressbar", name="Check of the draft")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(button).to_be_focused()
    expect(page.locator("#pq-status")).to_have_text("The check was cancelled.")
    page.unroute("**/check")
    check(page)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (503, json.dumps({"detail": "pullquote is busy."}), "pullquote is busy."),
        (413, json.dumps({"detail": "The request is larger."}), "The request is larger."),
        (502, "Bad gateway", "Bad gateway"),
    ],
)
def test_a_refusal_of_the_server_is_shown_in_the_page(
    bare: Page, status: int, body: str, words: str
) -> None:
    """The text stays, whoever refuses it."""
    page = bare
    page.route("**/check", lambda route: route.fulfill(status=status, body=body))
    page.get_by_label("Text of the draft").fill(DRAFT)
    page.get_by_role("button", name="Check the draft").click()
    expect(page.locator(".pq-told")).to_have_text(words)
    assert page.get_by_label("Text of the draft").input_value() == DRAFT


@pytest.mark.parametrize(("label", "ends"), [("Web page", ".html"), ("JSON", ".json")])
@pytest.mark.parametrize("script", [True, False])
def test_the_report_is_saved(look: Look, label: str, ends: str, script: bool) -> None:
    """The file has the counts or the verdicts of the page."""
    page = check(look(java_script_enabled=script))
    with page.expect_download() as download:
        page.get_by_role("button", name=label).click()
    assert download.value.suggested_filename == f"checked-quotations{ends}"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert COUNTS in text if ends == ".html" else len(json.loads(text)["quotes"]) == 6


@pytest.mark.parametrize("script", [True, False])
def test_the_report_of_a_word_file_is_the_file_with_comments(look: Look, script: bool) -> None:
    """With a script it is sent again by itself; without, it is chosen again."""
    own = word_file(
        f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{DRAFT.splitlines()[0]}</w:t></w:r></w:p>"
    )
    page = look(java_script_enabled=script)
    choose(page, "draft.docx", own)
    expect(page.locator("#pq-counts")).to_be_visible()
    field = page.get_by_label("Your Word file")
    expect(field).to_be_visible(visible=not script)
    if not script:
        word = {"name": "draft.docx", "mimeType": "application/octet-stream", "buffer": own}
        field.set_input_files(word)
    for label, ends in (("Web page", ".html"), ("Word, with comments", ".docx")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == f"checked-quotations{ends}"
    parts = parts_of(Path(download.value.path()).read_bytes())
    assert parts["word/media/image1.png"] == b"a picture"
    assert b"<w:b/>" in parts["word/document.xml"]
    assert b"commentRangeStart" in parts["word/document.xml"]


LONG = (
    "“It will stand for years, "
    + "unless" * 40
    + " the river rises,” said "
    + "Ida" * 60
    + " Roe.\n\n"
)


def test_nobody_is_shut_out_of_the_report(look: Look, browser: Browser, tmp_path: Path) -> None:
    """The saved page has no accessibility fault and fits any width, in light and dark."""
    page = check(
        look(), f"{LONG}{DRAFT}\nThe quay of stone and brass will be closed for a month.\n"
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Web page").click()
    report = tmp_path / "report.html"
    download.value.save_as(report)
    context = browser.new_context()
    page = context.new_page()
    page.goto(report.as_uri())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in SIZES:
            page.set_viewport_size({"width": width, "height": 844})
            assert faults(page) == [], (scheme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_pages_of_other_sites_may_not_send_drafts(site: Chat) -> None:
    """Neither a draft nor a report is taken from another origin."""
    for path in ("check", "check/report"):
        foreign = {"Origin": "https://evil.example"}
        answer = httpx.post(f"{site.url}/{path}", files={"text": (None, "x")}, headers=foreign)
        assert answer.status_code == 403
    for method in ("PUT", "PATCH"):
        assert httpx.request(method, f"{site.url}/check").status_code == 405


def empty(page: Page) -> None:
    """Nothing was checked yet."""


def checked(page: Page) -> None:
    """All verdicts."""
    check(page)


def marked(page: Page) -> None:
    """A finding that a mark led to."""
    check(page).locator("#mark-3").click()


def without(page: Page) -> None:
    """No quotations."""
    check(page, "Nobody said a word.")


def refused(page: Page) -> None:
    """A message above the form."""
    page.get_by_role("button", name="Check the draft").click()
    expect(page.locator(".pq-told")).to_be_visible()


def under_way(page: Page) -> None:
    """A check that goes on."""
    page.route("**/check", leave_waiting)
    page.get_by_label("Text of the draft").fill(DRAFT)
    page.get_by_role("button", name="Check the draft").click()
    expect(page.get_by_role("progressbar")).to_be_visible()


@pytest.mark.parametrize("state", [empty, checked, marked, without, under_way])
def test_nobody_is_shut_out(look: Look, state: Callable[[Page], None]) -> None:
    """axe-core finds no fault in any state, at any width, in light and dark."""
    page = look()
    state(page)
    assert faults_in_any_look(page) == {}


def test_a_refusal_shuts_nobody_out(bare: Page) -> None:
    """The message above the form has no accessibility fault either."""
    refused(bare)
    assert faults_in_any_look(bare) == {}


def test_without_an_index_the_page_says_so(browser: Browser, tmp_path: Path) -> None:
    """It has no form, leads to the Corpus page, and has no accessibility fault."""
    (tmp_path / "corpus").mkdir()
    with serving(tmp_path, update_at_start=False) as served:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{served.url}/check")
        expect(page.get_by_text("There is no index yet.")).to_be_visible()
        expect(page.get_by_role("textbox")).to_have_count(0)
        expect(page.get_by_role("link", name="Open the Corpus page")).to_be_visible()
        assert faults_in_any_look(page) == {}
        context.close()


def test_nothing_hostile_runs(look: Look) -> None:
    """Two hundred hostile strings in a draft, as a speaker and as a title stay text."""
    page = look()
    page.add_init_script("window.alert = () => { window.pwned = 1; }")
    texts = [re.sub(r"[\0\r\n]", " ", one) for one in strings("http://127.0.0.1:1/called")]
    for at in range(0, len(texts), 50):
        draft = "\n\n".join(
            f"{one} “We will paint the boat {one} before the summer,” said Ann {one} Poe."
            for one in texts[at : at + 50]
        )
        check(page, draft)
        findings = page.locator(".pq-checked")
        expect(findings.locator("img, script, iframe, form, input, style, link")).to_have_count(0)
        bad = page.evaluate(FOREIGN)
        assert bad == []
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("document.scrollingElement.scrollWidth") == 1280
        page.evaluate("document.querySelector('#pq-counts').remove()")
    check(page, "“The bridge is safe for walkers and for carts”")
    expect(page.locator("#finding-1")).to_contain_text(HOSTILE)
