"""The chat in Firefox: what people do most, by mouse and by keyboard.

The tests in Chromium cover the page in full. These cover what browsers do differently: streams, the
popover, the dialog, history, storage and focus.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from axe import TAGS
from browsing import Chat
from firefox import ENTER, ESCAPE, UP, Firefox, find_firefox, running

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("firefox")]

WHO = "who built the harbour at Quayside?"
BOX = "#pq-question textarea"
FILLED = "document.querySelector('#pq-article [data-view]') !== null"
FOCUSED = "document.activeElement === document.querySelector(arguments[0])"
ANSWERED = "document.querySelectorAll('.pq-turn[aria-busy=\"false\"]').length === arguments[0]"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A Firefox; without one the tests are skipped."""
    found = find_firefox()
    if found is None:
        pytest.skip("no Firefox found: apt-get install firefox-esr, or PULLQUOTE_FIREFOX=/path")
    with running(found, tmp_path_factory.mktemp("firefox")) as opened:
        yield opened


@pytest.fixture
def page(firefox: Firefox, chat: Chat) -> Firefox:
    """A page without a question, in a browser that stores nothing."""
    resize(firefox, 1280)
    firefox.open(f"{chat.url}/corpus")
    firefox.js("localStorage.clear()")
    firefox.js("sessionStorage.clear()")
    return filled(firefox, chat.url)


def filled(firefox: Firefox, url: str) -> Firefox:
    """The chat at an address, once it is filled."""
    firefox.open(url)
    firefox.until(FILLED)
    firefox.until("document.querySelector(arguments[0]) !== null", BOX)
    return firefox


def resize(firefox: Firefox, width: int) -> None:
    """Give the window a width in pixels."""
    firefox.call("WebDriver:SetWindowRect", width=width, height=800)


def ask(page: Firefox, question: str) -> None:
    """Type a question, and wait for its result."""
    before = page.js("document.querySelectorAll('.pq-turn').length")
    page.type(BOX, question + ENTER)
    page.until(ANSWERED, before + 1)


def test_an_answer_is_marked_in_its_article_and_survives_a_reload(
    page: Firefox, chat: Chat
) -> None:
    """The sentence is beside its article; a follow-up is completed; a reload keeps both turns."""
    ask(page, WHO)
    assert "Ida Roe" in page.text(".pq-lead")
    assert page.text("#pq-cited") == "Ida Roe"
    ask(page, "when?")
    assert "Ida Roe" in page.text(".pq-turn:last-child .pq-searched")
    filled(page, chat.url)
    page.until(ANSWERED, 2)


def test_back_and_forward_walk_through_questions(page: Firefox) -> None:
    """Back opens the article of the first answer, Forward that of the second."""
    ask(page, WHO)
    first = page.js("location.search")
    ask(page, "how many otters were seen at Tolland mill?")
    assert "otters" in page.text("#pq-article article").lower()
    page.call("WebDriver:Back")
    page.until("document.querySelector('#pq-cited')?.innerText === 'Ida Roe'")
    assert page.js("location.search") == first
    page.call("WebDriver:Forward")
    page.until("document.querySelector('#pq-article article')?.innerText.includes('Tolland')")


def test_the_keys_work(page: Firefox) -> None:
    """Slash leads to the box, ↑ recalls the question, "?" opens a dialog and Escape closes it."""
    ask(page, WHO)
    page.js("document.querySelector('#pq-conversation [role=region]').focus()")
    page.press("/")
    page.until(FOCUSED, BOX)
    page.press(UP)
    page.until("document.querySelector(arguments[0]).value === arguments[1]", BOX, WHO)
    page.js("document.querySelector('#pq-conversation [role=region]').focus()")
    page.press("?")
    page.until("document.querySelector('.pq-dialog').open")
    page.press(ESCAPE)
    page.until("!document.querySelector('.pq-dialog').open")


def test_a_source_is_chosen_by_typing(page: Firefox) -> None:
    """The name becomes a filter of the question, shown as a chip."""
    page.click(".pq-filters-open")
    page.type("#pq-filter-source", "vennick" + ENTER)
    page.until("document.querySelector('.pq-filter-chosen').innerText.includes('Vennick Courier')")
    ask(page, WHO)
    assert page.text(".pq-chip-label") == "Vennick Courier"
    assert page.text("#pq-cited") == "Ida Roe"


def test_an_earlier_conversation_is_opened_from_the_list(page: Firefox) -> None:
    """The panel lists both by their first questions; Enter opens the earlier one."""
    ask(page, WHO)
    page.js(
        "[...document.querySelectorAll('#pq-actions button')]"
        ".find((one) => one.innerText === 'New conversation').click()"
    )
    page.until("document.querySelector('.pq-turn') === null")
    ask(page, "how many otters were seen at Tolland mill?")
    page.click("#pq-open-conversations")
    page.until("document.querySelector('#pq-conversations').matches(':popover-open')")
    page.type("#pq-search-conversations", "ida")
    page.until("document.querySelectorAll('.pq-library-item').length === 1")
    page.type(".pq-library-open", ENTER)
    page.until("document.querySelector('.pq-question')?.innerText.includes('harbour')")
    assert page.text("#pq-cited") == "Ida Roe"


def test_nobody_is_shut_out(page: Firefox) -> None:
    """In light and dark, on a narrow and a wide window: no accessibility fault, nothing cut off."""
    ask(page, WHO)
    for scheme in ("light", "dark"):
        page.until(
            f"document.documentElement.dataset.colours === '{scheme}' || "
            "document.querySelector('.pq-colours').click()"
        )
        for width in (500, 1280):
            resize(page, width)
            page.until("Math.abs(innerWidth - arguments[0]) < 60", width)
            assert page.js("document.documentElement.scrollWidth <= innerWidth")
            faults = page.awaited(
                f"{AXE_SCRIPT}; const done = arguments[arguments.length - 1];"
                f"axe.run(document, {{ runOnly: {TAGS} }}).then(({{ violations }}) =>"
                " done(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)));"
            )
            assert faults == [], f"{scheme}, {width}"
