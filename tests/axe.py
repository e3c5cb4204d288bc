"""Finds accessibility faults of a page with axe-core.

It checks the rules for WCAG 2.0 to 2.2, levels A and AA, and its own best practices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa best-practice".split()

OPTIONS = {"runOnly": TAGS, "resultTypes": ["violations"]}
"""Only the faults are described, which takes half the time."""

COLOURS = {**OPTIONS, "runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules about colours, which are all that another colour scheme can break."""

SETTLED = """async (dark) => {
  const changed = () => document.body.classList.contains("dark") === dark;
  while (!changed()) await new Promise(requestAnimationFrame);
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})));
}"""
"""Waits until the colours have changed; a colour on its way may have too little contrast."""

FAULTS = """(options) => axe.run(document, options).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)))"""

SIZES = ((1280, 800), (768, 1024), (390, 844))


def faults(page: Page, options: Mapping[str, object] = OPTIONS) -> list[str]:
    """The accessibility faults of the page as it looks now, each with its element."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(FAULTS, options)
    return found


def looks(page: Page) -> Iterator[str]:
    """Give the page each colour scheme and width, one after the other, and name the look."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(SETTLED, scheme == "dark")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            yield f"{width} {scheme}"


def faults_in_any_look(page: Page) -> dict[str, list[str]]:
    """The accessibility faults of the page in each look that has some."""
    rules = {"light": OPTIONS, "dark": COLOURS}
    return {look: found for look in looks(page) if (found := faults(page, rules[look.split()[1]]))}
