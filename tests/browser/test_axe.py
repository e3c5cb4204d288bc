"""axe-core finds no accessibility fault on any page, in light and dark.

It checks the rules for WCAG 2.0 to 2.2, levels A and AA, and its own best practices.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browsing import PHONE, Visit, ask, plant

TAGS = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa best-practice".split()

LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}


def faults(page: Page) -> list[str]:
    """The accessibility faults of the page, each with its element."""
    found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    return [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]]


def empty(visit: Visit, look: dict[str, object]) -> Page:
    """A page without a question."""
    return visit(**look)


def answered(visit: Visit, look: dict[str, object]) -> Page:
    """An answer with all folds open, its article beside it, and words found in the article."""
    page = visit(**look)
    ask(page, "who built the harbour at Quayside?")
    page.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = true))")
    page.get_by_role("searchbox", name="Find in article").fill("quay")
    return page


def silent(visit: Visit, look: dict[str, object]) -> Page:
    """A question that the corpus does not answer."""
    page = visit(**look)
    ask(page, "who painted the Zanzibar lighthouse?")
    return page


def possible(visit: Visit, look: dict[str, object]) -> Page:
    """A possible answer that was searched for with a correction, and the kinds to choose from."""
    page = visit(**look)
    ask(page, "who built the harbour at Quayside?")
    corrections = [{"typed": "harbur", "used": "harbour"}]
    plant(page, outcome="possible", searched_for="who built the harbour", corrections=corrections)
    page.locator(".pq-kind summary").click()
    return page


def listed(visit: Visit, look: dict[str, object]) -> Page:
    """A list with items."""
    page = visit(**look)
    ask(page, "who built the harbour at Quayside?")
    plant(page, answers=3, kind="list")
    return page


def compared(visit: Visit, look: dict[str, object]) -> Page:
    """The sides of a comparison that is only possible."""
    page = visit(**look)
    ask(page, "who built the harbour at Quayside?")
    plant(page, answers=2, kind="comparison", outcome="possible")
    return page


def refused(visit: Visit, look: dict[str, object]) -> Page:
    """A question that cannot be asked."""
    page = visit(**look)
    ask(page, "x" * 1001)
    return page


def commented(visit: Visit, look: dict[str, object]) -> Page:
    """Comments in an answer and in the article, and the filters open."""
    page = visit(**look)
    page.get_by_label("Include reader comments").check()
    ask(page, "who says the otters are a waste of good fish?")
    page.locator(".pq-cite", has_text="Reader comment by").first.click()
    expect(page.locator("#pq-article .pq-label")).to_be_visible()
    page.get_by_role("button", name="Filters").click()
    source = page.get_by_role("combobox", name="Source", exact=True)
    source.fill("harbour")
    source.press("Enter")
    page.get_by_role("combobox", name="Kind").fill("nonsense")
    source.fill("ven")
    return page


def continued(visit: Visit, look: dict[str, object]) -> Page:
    """A follow-up that is being edited, below a question with filters, one of them off."""
    page = visit(**look)
    ask(page, "who built the harbour at Quayside since March 2020 in 2004?")
    ask(page, "when?")
    page.locator(".pq-edit").last.click()
    return page


def dropped(visit: Visit, look: dict[str, object]) -> Page:
    """A saved conversation that could not be read."""
    page = visit(**look)
    page.evaluate("localStorage.setItem('pullquote', '{')")
    page.reload()
    expect(page.locator(".pq-notice")).to_be_visible()
    return page


def changed(visit: Visit, look: dict[str, object]) -> Page:
    """A link to another version of an article."""
    return visit({"article": "mill.txt", "start": 3, "end": 9, "version": "0123"}, **look)


def found(visit: Visit, look: dict[str, object]) -> Page:
    """The closest passages, captured before the answer arrives."""
    page = visit(**look)
    page.evaluate(
        "new MutationObserver((_, seen) => {"
        " const now = document.querySelector('.pq-reading');"
        " if (now === null) return; seen.disconnect();"
        " window.captured = now.closest('.pq-turns').outerHTML;"
        "}).observe(document, { childList: true, subtree: true })"
    )
    ask(page, "who built the harbour at Quayside?")
    page.evaluate("document.querySelector('.pq-turns').outerHTML = window.captured")
    return page


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    "state",
    [
        *(empty, found, answered, silent, possible, listed, compared),
        *(refused, commented, continued, dropped, changed),
    ],
)
def test_nobody_is_shut_out(
    visit: Visit, state: Callable[[Visit, dict[str, object]], Page], look: str
) -> None:
    """Each state of the page has no accessibility fault, in light and dark."""
    assert faults(state(visit, dict(LOOKS[look]))) == []
