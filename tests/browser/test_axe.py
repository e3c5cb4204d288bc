"""axe-core finds no accessibility fault on any page, at three widths, in light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from axe import faults_in_any_look
from browsing import Visit, ask, plant, plant_values

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("axe")]


def empty(visit: Visit) -> Page:
    """A page without a question."""
    return visit()


def unfold(page: Page) -> None:
    """Open all folds."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = true))")


def answered(visit: Visit) -> Page:
    """An answer with all folds open, its article beside it, and words found in the article."""
    page = visit()
    ask(page, "who built the harbour at Quayside?")
    unfold(page)
    page.get_by_role("searchbox", name="Find in article").fill("quay")
    return page


def silent(visit: Visit) -> Page:
    """A question that the corpus does not answer."""
    page = visit()
    ask(page, "who painted the Zanzibar lighthouse?")
    return page


def possible(visit: Visit) -> Page:
    """A possible answer that was searched for with a correction, and the kinds to choose from."""
    page = visit()
    ask(page, "who built the harbour at Quayside?")
    corrections = [{"typed": "harbur", "used": "harbour"}]
    plant(page, outcome="possible", searched_for="who built the harbour", corrections=corrections)
    page.locator(".pq-kind summary").click()
    return page


def listed(visit: Visit) -> Page:
    """A list with items."""
    page = visit()
    ask(page, "who built the harbour at Quayside?")
    plant(page, answers=3, kind="list")
    return page


def compared(visit: Visit) -> Page:
    """The sides of a comparison that is only possible."""
    page = visit()
    ask(page, "who built the harbour at Quayside?")
    plant(page, answers=2, kind="comparison", outcome="possible")
    return page


def differing(visit: Visit) -> Page:
    """Sources that differ, more of them than are shown at once, with all folds open."""
    page = visit()
    ask(page, "who built the harbour at Quayside?")
    values = [(f"{number},000", "disputed") for number in (23, 15, 31, 8, 19)]
    plant_values(page, *values, as_of="2024-12-31")
    unfold(page)
    return page


def changing(visit: Visit) -> Page:
    """A number that changes, one report of which is corrected, with its chart and table."""
    page = visit()
    ask(page, "who built the harbour at Quayside?")
    states = ("outdated", "outdated", "corrected", "outdated", "outdated", "current")
    values = [(f"£{at}.5m", status) for at, status in enumerate(states, 1)]
    plant_values(page, *values, kind="change")
    unfold(page)
    return page


def corrected(visit: Visit) -> Page:
    """A corrected answer below its correction; the values are names, so their days are strips."""
    page = visit()
    ask(page, "who built the harbour at Quayside?")
    plant_values(page, ("Ida Roe", "corrected"), ("the founder", "current"))
    unfold(page)
    return page


def refused(visit: Visit) -> Page:
    """A question that cannot be asked."""
    page = visit()
    ask(page, "x" * 1001)
    return page


def commented(visit: Visit) -> Page:
    """Comments in an answer and in the article, and the filters open."""
    page = visit()
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


def continued(visit: Visit) -> Page:
    """A follow-up that is being edited, below a question with filters, one of them off."""
    page = visit()
    ask(page, "who built the harbour at Quayside since March 2020 in 2004?")
    ask(page, "when?")
    page.locator(".pq-edit").last.click()
    return page


def dropped(visit: Visit) -> Page:
    """A saved conversation that could not be read."""
    page = visit()
    page.evaluate("localStorage.setItem('pullquote', '{')")
    page.reload()
    expect(page.locator(".pq-notice")).to_be_visible()
    return page


def changed(visit: Visit) -> Page:
    """A link to another version of an article."""
    return visit({"article": "mill.txt", "start": 3, "end": 9, "version": "0123"})


def found(visit: Visit) -> Page:
    """The closest passages, captured before the answer arrives."""
    page = visit()
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


@pytest.mark.parametrize(
    "state",
    [
        *(empty, answered, silent, refused, differing),
        *(found, possible, listed, compared, changing, corrected),
        *(commented, continued, dropped, changed),
    ],
)
def test_nobody_is_shut_out(visit: Visit, state: Callable[[Visit], Page]) -> None:
    """Each state of the page has no accessibility fault in any look."""
    assert faults_in_any_look(state(visit)) == {}
