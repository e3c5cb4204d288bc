"""Measures the page in a real Chromium: when it accepts a question and shows a reply.

    python -m benchmarks.page --index INDEX --questions QUESTIONS.jsonl

The chat runs in its own process over a copy of the index. Times are the browser's: from the start
of the navigation, and from the key press that sends a question to the frame that shows the result.
The page is opened without a cache first, then with one. All questions are asked in one
conversation, and the sum of their layout shifts is printed. With `--crowd`, that many others ask
over the API at the same time, without a pause. The script needs the packages of the browser tests.
QUESTIONS has one JSON object with "question" a line.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import itertools
import json
import os
import shutil
import statistics
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.common import machine, table
from benchmarks.load import crowd, serving

VISITS = 10
"""The number of times that the page is opened, with and without a cache."""

BETWEEN_MS = 500
"""The shortest time between an answer and a person's next question."""

WEB = Path(__file__).parents[1] / "src" / "pullquote" / "web"

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

WATCH = """
const seen = {};
window.seen = seen;
function noticed() {
  const box = document.querySelector("#pq-question textarea");
  if (box !== null && !box.disabled) seen.box ??= performance.now();
  if (document.querySelector("#pq-article [data-view]") !== null) seen.filled ??= performance.now();
  const turn = document.querySelector(".pq-turn[data-current]");
  if (turn === null || seen.sent === undefined || seen.before === turn) return;
  const shows = (name) => turn.querySelector(name) !== null;
  for (const name of [".pq-looking", ".pq-reading"]) if (shows(name)) seen[name] ??= seeing(name);
  if (turn.ariaBusy === "false") seen.answer ??= seeing("answer");
}
function seeing(name) {
  requestAnimationFrame(() => setTimeout(() => (seen[name] = performance.now() - seen.sent)));
  return 0;
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  for (const name of [".pq-looking", ".pq-reading", "answer"]) delete seen[name];
  for (const turn of document.querySelectorAll(".pq-turn")) turn.removeAttribute("data-current");
  seen.sent = performance.now();
}, true);
const all = { childList: true, subtree: true, attributes: true };
new MutationObserver(noticed).observe(document, all);
seen.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
"""Records in `seen` when parts of the page appear; they are on the screen a frame later. `shift` is
the sum of the layout shifts that no input caused."""


def opened(browser: Browser, url: str) -> Page:
    """Open the page in a new window, and wait until it is filled."""
    page = browser.new_context().new_page()
    page.add_init_script(WATCH)
    visit(page, url)
    return page


def visit(page: Page, url: str) -> dict[str, float]:
    """Open the page, and return the times that a user notices, in milliseconds."""
    page.goto(url)
    page.wait_for_function("seen.box > 0 && seen.filled > 0")
    noticed: dict[str, float] = page.evaluate("seen")
    return noticed


def ask(page: Page, question: str) -> dict[str, float]:
    """Ask a question, and return the times from the key press, in milliseconds."""
    page.fill("#pq-question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_function("seen.answer > 0", timeout=120_000)
    page.wait_for_timeout(BETWEEN_MS)
    noticed: dict[str, float] = page.evaluate("seen")
    return noticed


def row(name: str, values: Sequence[float], *, unit: float = 1, places: int = 0) -> list[str]:
    """The count, median, 95th percentile and maximum, as cells."""
    found = [value / unit for value in values]
    late = statistics.quantiles(found, n=20, method="inclusive")[-1]
    figures = (statistics.median(found), late, max(found))
    return [name, str(len(found)), *(f"{figure:.{places}f}" for figure in figures)]


def measure_visits(browser: Browser, url: str) -> Page:
    """Open the page repeatedly, print when each part was there, and return the last page."""
    first = [opened(browser, url) for _ in range(VISITS)]
    cold = [page.evaluate("seen") for page in first]
    page = first[0]
    for other in first[1:]:
        other.context.close()
    warm = [visit(page, url) for _ in range(VISITS)]
    head = ["seconds from the start of loading", "visits", "median", "95 %", "most"]
    rows = [
        row(f"{what}, {name}", [one[key] for one in seen], unit=1000, places=2)
        for name, seen in (("nothing cached", cold), ("again", warm))
        for what, key in (("accepts a question", "box"), ("filled", "filled"))
    ]
    print(table(head, rows))
    return page


def measure_questions(page: Page, questions: Sequence[str]) -> None:
    """Ask one question after another, and print when the page showed each part."""
    before = page.evaluate("seen.shift")
    noticed = [ask(page, question) for question in questions]
    shift = page.evaluate("seen.shift") - before
    head = ["milliseconds from Enter", "questions", "median", "95 %", "most"]
    fifth = len(noticed) // 5
    parts = [("", noticed)]
    if fifth > 1:  # a long conversation must not slow it down
        parts += [(", first fifth", noticed[:fifth]), (", last fifth", noticed[-fifth:])]
    rows = [
        row(name + part, [one[key] for one in some])
        for name, key in (
            ("question shown", ".pq-looking"),
            ("hits shown", ".pq-reading"),
            ("answered", "answer"),
        )
        for part, asked in parts
        if (some := [one for one in asked if one.get(key, 0) > 0])
    ]
    print()
    print(table(head, rows))
    print(f"\nLayout shift during these questions: {shift:.3f}")


def compressed_bytes(ending: str) -> int:
    """The size of our scripts or style sheets, each compressed with gzip."""
    found = WEB.rglob(f"*{ending}")
    return sum(len(gzip.compress(path.read_bytes())) for path in found)


@contextmanager
def asking_meanwhile(url: str, questions: Sequence[str], people: int) -> Iterator[None]:
    """Let that many people ask over the API until the context ends."""
    ended = threading.Event()
    asked = itertools.takewhile(lambda _: not ended.is_set(), itertools.cycle(questions))
    crowded = threading.Thread(target=lambda: asyncio.run(crowd(url, asked, people=people)))
    if people:
        crowded.start()
    try:
        yield
    finally:
        ended.set()
        if people:
            crowded.join()


def main() -> None:
    """Run all measurements and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, required=True, help="an index; it is copied")
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--count", type=int, default=30, help="how many of them are asked")
    parser.add_argument("--crowd", type=int, default=0, help="people who ask meanwhile")
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    named = os.environ.get("PULLQUOTE_BROWSER")
    path = named if named is not None else next(filter(None, map(shutil.which, BROWSERS)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        index = Path(folder) / "index"
        shutil.copytree(given.index, index)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with serving(index, Path(folder)) as (url, _):
            page = measure_visits(browser, url)
            ask(page, questions[-1])  # warm-up
            with asking_meanwhile(url, questions, given.crowd):
                measure_questions(page, questions[: given.count])
        version = browser.version
        browser.close()
    sizes = [compressed_bytes(ending) / 1000 for ending in (".js", ".css")]
    print("Our scripts and style sheets, compressed: {:.0f} and {:.0f} kB".format(*sizes))
    print(f"\n{given.index}, Chromium {version}; load {os.getloadavg()[0]:.1f}; {machine()}")


if __name__ == "__main__":
    main()
