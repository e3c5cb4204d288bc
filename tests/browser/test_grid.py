"""The Grid page in a real browser."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from axe import faults_in_any_look
from browsing import CORPUS, SHOWN_WITHIN, Chat, Look, chat_over, looking

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("grid")]

HOSTILE = "<img src=x onerror=alert(1)>"
WHO = "who built the harbour at Quayside?"
TITLE = f'---\ntitle: "=HYPERLINK {HOSTILE}"\nsource: "{HOSTILE}"\npublished: 2024-04-01\n---\n'
ARTICLES = {
    **CORPUS,
    "hostile.md": f"{TITLE}The harbour at Quayside was built by {HOSTILE} Ada, they said.\n",
}
LOOKS = {"phone": {"viewport": {"width": 390, "height": 800}}, "desk top": {}}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Iterator[Chat]:
    """A chat over a few articles, one of which is hostile."""
    assert browser_path
    with chat_over(tmp_path_factory.mktemp("grid"), ARTICLES) as running:
        yield running


@pytest.fixture
def look(browser: Browser, site: Chat) -> Iterator[Look]:
    """A function that opens the page in a window of its own."""
    with looking(browser, site, "grid") as open_page:
        yield open_page


def ask(page: Page, *questions: str, **fields: str) -> None:
    """Fill in the form and send it."""
    page.get_by_label("Questions").fill("\n".join(questions))
    for label, value in fields.items():
        if label == "articles":
            page.get_by_text("Only certain articles").click()
            page.get_by_label("Ids of articles").fill(value)
        else:
            page.get_by_label(label).select_option(value)
    page.get_by_role("button", name="Ask", exact=True).click()


def finished(page: Page, cells: int) -> None:
    """Wait until all cells were asked."""
    expect(page.locator("#pq-done")).to_contain_text(
        f"{cells} of {cells} cells", timeout=SHOWN_WITHIN
    )


def saved(page: Page, button: str) -> str:
    """The text of the file that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("options", LOOKS.values(), ids=LOOKS)
def test_a_grid_is_filled_and_passes_axe(look: Look, options: dict[str, object]) -> None:
    """The table fills, and no look has an accessibility fault; only the table scrolls sideways."""
    page = look(**options)
    ask(page, WHO, "when did it open?")
    expect(page.get_by_role("heading", name="Cells")).to_be_focused(timeout=SHOWN_WITHIN)
    finished(page, 2 * len(ARTICLES))
    cell = page.locator("td", has=page.locator("mark", has_text="Ida Roe")).first
    expect(cell).to_contain_text(re.compile("answer, confidence 0"))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert faults_in_any_look(page) == {}


def test_a_quote_leads_to_its_words_in_the_chat(look: Look) -> None:
    """The title of the article is the link."""
    page = look()
    ask(page, WHO, articles="harbour.md\n")
    finished(page, 1)
    page.get_by_role("link", name="The harbour at Quayside").click()
    expect(page.locator("#pq-cited")).to_have_text(re.compile("Ida Roe"), timeout=SHOWN_WITHIN)


def test_the_keyboard_is_enough(look: Look) -> None:
    """Questions, Ask, the table and the files are reached and used with keys alone."""
    page = look()
    page.get_by_label("Questions").focus()
    page.keyboard.type(f"{WHO}")
    page.get_by_role("button", name="Ask", exact=True).focus()
    page.keyboard.press("Enter")
    finished(page, len(ARTICLES))
    for name in ("Save as CSV", "Save as CSV, a row for each cell", "Save as HTML", "Remove"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Table of cells")).to_be_focused()


def let_through(page: Page, cells: int) -> None:
    """Answer that many cells, and leave the page waiting for the next one."""
    passed: list[Route] = []

    def answer(route: Route) -> None:
        passed.append(route)
        if len(passed) <= cells:
            route.continue_()

    page.route("**/grid/cell", answer)


def test_a_stopped_grid_continues_and_survives_a_reload(look: Look) -> None:
    """Cells that are done are not asked again."""
    page = look()
    let_through(page, 2)
    ask(page, WHO, "when did it open?", Columns="source")
    expect(page.locator("#pq-done")).to_contain_text("2 of 6", timeout=SHOWN_WITHIN)
    page.get_by_role("button", name="Stop").click()
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    expect(page.locator("#pq-done")).to_contain_text("2 of 6 cells")
    expect(page.get_by_label("Questions")).to_have_value(re.compile("when did it open"))
    expect(page.get_by_label("Columns")).to_have_value("source")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("cell") else None)
    page.get_by_role("button", name="Continue").click()
    finished(page, 6)
    assert len(asked) == 4
    expect(page.get_by_role("button", name="Continue")).to_be_hidden()


def test_a_reload_while_it_runs_goes_on(look: Look) -> None:
    """Nobody has to press a button."""
    page = look()
    let_through(page, 1)
    ask(page, WHO, Columns="source")
    expect(page.locator("#pq-done")).to_contain_text("1 of 3", timeout=SHOWN_WITHIN)
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    finished(page, 3)


def test_files_have_the_cells_of_the_table(look: Look) -> None:
    """No cell of a file is a formula, and the page of HTML opens without a script."""
    page = look()
    ask(page, WHO, "when did it open?", articles="hostile.md\nharbour.md\nagain.md")
    finished(page, 6)
    head, *rows = csv.reader(io.StringIO(saved(page, "Save as CSV")))
    assert head[0] == "question"
    assert head[1].startswith("'=HYPERLINK")
    assert [row[0] for row in rows] == [WHO, "when did it open?"]
    assert "Ida Roe" in rows[0][2]
    long = list(csv.DictReader(io.StringIO(saved(page, "Save as CSV, a row for each cell"))))
    assert len(long) == 6
    assert {row["article"] for row in long} <= {"", "hostile.md", "harbour.md", "again.md"}
    text = saved(page, "Save as HTML")
    assert text.startswith("<!doctype html>")
    assert text.count("Ida Roe") >= 1
    assert "<script" not in text
    assert "<img" not in text
    assert "not asked yet" not in text


def test_hostile_texts_are_only_text(look: Look) -> None:
    """Titles, quotes and questions never become elements or run."""
    page = look()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    ask(page, f"{HOSTILE} {WHO}", articles="hostile.md")
    finished(page, 1)
    expect(page.locator("#pq-table")).to_contain_text(HOSTILE)
    assert page.locator("#pq-table img").count() == 0
    assert dialogs == []


def test_what_cannot_be_asked_says_why(look: Look) -> None:
    """The message is an alert, and the fields stay as they are."""
    page = look()
    ask(page, WHO, articles="harbor.md")
    expect(page.get_by_role("alert")).to_contain_text("harbour.md", timeout=SHOWN_WITHIN)
    expect(page.get_by_label("Questions")).to_have_value(WHO)
    expect(page.locator("#pq-result")).to_be_hidden()


def test_a_removed_table_is_gone_after_a_reload(look: Look) -> None:
    """Nothing stays in the browser."""
    page = look()
    ask(page, WHO, articles="harbour.md")
    finished(page, 1)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_label("Questions")).to_be_focused()
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    expect(page.locator("#pq-result")).to_be_hidden()
