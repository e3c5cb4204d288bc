"""Hostile strings in every field of an article and as the question, in a real Chromium.

No script runs, no request goes to another server, and no text leaves its box.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from hostile import strings
from pullquote.index.services import rebuild_index
from served import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile")]
"""Two hundred strings in every place take minutes."""

TOGETHER = 12
"""Strings in one article."""

SHOWN_WITHIN = 60_000
"""Milliseconds, enough for a busy machine."""

LOOKED_AT = """() => {
  const bad = [];
  const forbidden = "script style link meta base iframe frame object embed applet img picture " +
    "image video audio source math form marquee plaintext xmp noscript template canvas svg " +
    "textarea title";
  const columns = ["#pq-conversation", "#pq-article"].map((id) => document.querySelector(id));
  for (const column of columns) {
    const box = column.getBoundingClientRect();
    for (const one of column.querySelectorAll(".pq-turn *, .pq-article *, .pq-notice *")) {
      const name = one.tagName.toLowerCase();
      const ours = one.closest(".pq-timeline, .pq-editing, .pq-remarks, .pq-value-chart");
      if (!ours && forbidden.split(" ").includes(name)) bad.push(`element ${name}`);
      for (const { name: attribute, value } of one.attributes) {
        if (attribute.startsWith("on") || ["src", "srcdoc", "action", "ping"].includes(attribute))
          bad.push(`attribute ${attribute} of ${name}`);
        if (attribute === "href" && !/^(https?:\\/\\/|[?#])/.test(value)) bad.push(`link ${value}`);
      }
      const place = getComputedStyle(one).position;
      if (place === "fixed" || place === "absolute" && !ours && !one.matches(".pq-hidden"))
        bad.push(`${place} ${name}`);
      const edges = one.getBoundingClientRect();
      if (one.parentElement.matches(".pq-quote")) continue; // clipped; the quote itself is checked
      if (!one.matches(".pq-hidden") && edges.width > 0 &&
          (edges.right > box.right + 1 || edges.left < box.left - 1))
        bad.push(`${name} ${one.className} leaves its box`);
    }
  }
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) bad.push("the page scrolls sideways");
  for (const time of columns[0].querySelectorAll("time")) {
    const text = document.createTreeWalker(time, NodeFilter.SHOW_TEXT).nextNode();
    const edge = (at) => {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return range.getBoundingClientRect();
    };
    const [first, last] = [edge(0), edge(text.length - 1)];
    if (first.top === last.top && first.left > last.left) bad.push("a date is turned around");
  }
  if (window.pwned !== undefined) bad.push("a script ran");
  return [...new Set(bad)];
}"""
"""Finds faults in the conversation and the article."""


@dataclass(slots=True)
class Trap:
    """A server that nobody should call; `calls` are the paths of the requests it got."""

    url: str
    calls: list[str] = field(default_factory=list)


@dataclass(slots=True)
class WatchedPage:
    """A page of the chat, and a list of everything that should never happen in it."""

    page: sync_api.Page
    url: str
    trap: Trap
    broken: list[str]
    batches: list[tuple[str, ...]]

    def ask(self, question: str) -> None:
        """Ask a question and wait for its result, which replaces the closest passages."""
        self.page.locator("#pq-question textarea").fill(question)
        self.page.locator("#pq-send").click()
        # Turns are not counted, because the oldest is dropped when they become too large.
        self.page.wait_for_function(
            "ends => { const last = [...document.querySelectorAll('.pq-turn')].at(-1);"
            " return last?.dataset.asked.endsWith(ends) && last.ariaBusy === 'false'; }",
            arg=question[-25:],
            timeout=SHOWN_WITHIN,
        )

    def assert_calm(self) -> None:
        """Check that nothing ran, called, opened or left its box."""
        assert self.page.evaluate(LOOKED_AT) == []
        assert self.trap.calls == []
        assert self.broken == []


@contextmanager
def trapping() -> Iterator[Trap]:
    """Run a trap on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            trap.calls.append(self.path)
            self.send_error(404)

        do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        trap = Trap(f"http://127.0.0.1:{server.server_port}/called")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield trap
        server.shutdown()


def write_corpus(corpus: Path, batches: list[tuple[str, ...]]) -> None:
    """Two articles for each batch: one with hostile metadata, one with hostile text."""
    for number, batch in enumerate(batches):
        folder = corpus
        for at, text in enumerate(batch):
            folder /= f"{at}{text}".replace("/", "\u2044").replace("\0", "")[:60]
        folder.mkdir(parents=True)
        together = " ".join(batch)
        facts = {
            "title": together,
            "author": list(batch),
            "source": together,
            "section": together,
            "tags": list(batch),
            "published": "2024-03-02",
            "url": batch[number % len(batch)],
        }
        paragraphs = "\n\n".join(f"{text} Gulls sat there." for text in batch)
        words = f"Ada Keeper painted lighthouse {number} in 1911.\n\n{paragraphs}\n"
        front = yaml.safe_dump(facts, allow_unicode=False)
        (folder / "facts.md").write_text(f"---\n{front}---\n{words}", encoding="utf-8")
        flat = [" ".join(text.split()) for text in batch]
        comments = "\n\n".join(
            f"{name[:60]} | 31 May 2023 - 14:45:40\n\n{name} is what I say." for name in flat
        )
        text = f"Lighthouse {number} {flat[0]}\n\n{words}\n{comments}\n"
        (folder / "text.txt").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def watched(
    tmp_path_factory: pytest.TempPathFactory, browser: sync_api.Browser
) -> Iterator[WatchedPage]:
    """A page of the chat over a hostile corpus."""
    folder = tmp_path_factory.mktemp("hostile")
    with trapping() as trap:
        texts = strings(trap.url)
        batches = [texts[at : at + TOGETHER] for at in range(0, len(texts), TOGETHER)]
        write_corpus(folder / "corpus", batches)
        rebuild_index(folder / "corpus", folder / "index")
        with serving(folder, question_chars=20_000) as server:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            broken: list[str] = []
            watch(page, server.url, broken)
            page.goto(server.url)
            page.locator("#pq-question textarea").wait_for(timeout=SHOWN_WITHIN)
            yield WatchedPage(page, server.url, trap, broken, batches)
            page.close()


def watch(page: sync_api.Page, url: str, broken: list[str]) -> None:
    """Record each request to another server, and everything else that the page never does."""

    def note_request(request: sync_api.Request) -> None:
        if not request.url.startswith((f"{url}/", "data:", "blob:")):
            broken.append(f"request to {request.url}")

    page.on("request", note_request)
    page.on("dialog", lambda dialog: (broken.append("dialog"), dialog.dismiss()))
    page.on("popup", lambda _: broken.append("popup"))
    page.on("download", lambda _: broken.append("download"))
    page.on("pageerror", lambda error: broken.append(f"error: {error}"))
    page.on("framenavigated", lambda frame: frame.url.startswith(url) or broken.append(frame.url))
    page.add_init_script(
        "addEventListener('securitypolicyviolation',"
        " e => console.error('policy violated: ' + e.violatedDirective + ' ' + e.blockedURI))"
    )
    page.on("console", lambda line: "policy" in line.text.lower() and broken.append(line.text))


def test_there_are_two_hundred_of_them() -> None:
    """The strings are distinct."""
    assert len(strings("http://127.0.0.1:1/")) >= 200


def test_as_question_and_in_every_place_of_an_article(watched: WatchedPage) -> None:
    """Each string is asked, answered and opened, and the policy blocks nothing."""
    opened = set()
    for number, batch in enumerate(watched.batches):
        watched.ask(f"{' '.join(batch)} who painted lighthouse {number}?")
        watched.assert_calm()
        cited = watched.page.locator(".pq-turn").last.locator("[data-article]:visible")
        for at in range(min(2, cited.count())):
            opened.add(cited.nth(at).get_attribute("data-article"))
            cited.nth(at).click()
            watched.page.locator("#pq-article mark").first.wait_for(timeout=SHOWN_WITHIN)
            watched.assert_calm()
    assert len(opened) >= len(watched.batches)


def test_as_sources_and_sections_to_choose_from(watched: WatchedPage) -> None:
    """The strings are harmless in the lists of the filters, and as chosen names."""
    watched.page.get_by_role("button", name="Filters").click()
    for label in ("Source", "Sources to leave out", "Section"):
        field = watched.page.get_by_role("combobox", name=label, exact=True)
        field.click()
        watched.page.get_by_role("option").first.wait_for(timeout=SHOWN_WITHIN)
        watched.assert_calm()
        for _ in range(3):
            watched.page.keyboard.press("ArrowDown")
            watched.page.keyboard.press("Enter")
        watched.assert_calm()
    watched.page.get_by_role("button", name="Clear filters").click()
    watched.page.keyboard.press("Escape")


def test_on_a_phone(watched: WatchedPage) -> None:
    """No text leaves its box on a narrow screen."""
    watched.page.set_viewport_size({"width": 360, "height": 740})
    watched.page.wait_for_timeout(300)
    watched.assert_calm()
    watched.page.set_viewport_size({"width": 1280, "height": 800})


def test_in_the_address(watched: WatchedPage) -> None:
    """A hostile link is harmless."""
    for batch in watched.batches:
        asked = {"question": " ".join(batch)[:1500], "article": batch[0], "start": batch[1]}
        given = {**asked, "end": "9", "__theme": batch[2], "deep_link": batch[3], "view": batch[4]}
        watched.page.goto(f"{watched.url}/?{urlencode(given)}#{urlencode({'x': batch[5]})}")
        watched.page.locator("#pq-question textarea").wait_for(timeout=SHOWN_WITHIN)
        watched.assert_calm()


def test_as_values_speakers_and_corrections(watched: WatchedPage) -> None:
    """Each string is a value, a speaker and a source, in all states, wide and narrow."""
    page = watched.page
    page.evaluate("localStorage.removeItem('pullquote')")  # A first question is asked as typed.
    page.goto(watched.url)
    watched.ask("who painted lighthouse 0?")
    saved = json.loads(page.evaluate("localStorage.getItem('pullquote')"))
    last = saved["turns"][-1]
    turns = [turn_with_values(batch, at, last) for at, batch in enumerate(watched.batches)]
    half = len(turns) // 2  # all of them are longer than a request may be
    for some in (turns[:half], turns[half:]):
        text = json.dumps({**saved, "turns": some})
        page.evaluate("text => localStorage.setItem('pullquote', text)", text)
        page.goto(watched.url)
        page.locator(".pq-values").last.wait_for(timeout=SHOWN_WITHIN)
        assert page.locator(".pq-values").count() == len(some)
        page.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = true))")
        watched.assert_calm()
        page.set_viewport_size({"width": 360, "height": 740})
        watched.assert_calm()
        page.set_viewport_size({"width": 1280, "height": 800})


def turn_with_values(batch: tuple[str, ...], at: int, last: dict[str, Any]) -> dict[str, Any]:
    """A saved turn whose reply has a value for each string of a batch."""
    answer = last["reply"]["answers"][0]
    values = [value_saying(text, n, answer["citations"][0]) for n, text in enumerate(batch)]
    corrected = {"status": "corrected", "correction": values[0]["citations"][0]}
    changed = {"values": values, "answers": [{**answer, **corrected}], "outcome": "answer"}
    reply = {**last["reply"], **changed, "kind": ("fact", "change", "list")[at % 3]}
    return {**last, "reply": reply, "asked": f"2024-06-05T09:{at:02}:00Z"}


def value_saying(text: str, at: int, cited: dict[str, Any]) -> dict[str, Any]:
    """A value with a string in every place, as it is saved."""
    status = ("outdated", "corrected", "disputed", "current")[at % 4]
    speaker = {"name": text, "start": 0, "end": 1, "canonical": None}
    facts = {"speaker": speaker, "manner": "denied", "via": text, "source": text}
    place = {"sentence": f"It was {text}, they said.", "sentence_start": 7 * at}
    words = {"quote": text, "start": 7 * at + 7, "end": 7 * at + 7 + len(text)}
    day = f"2024-{1 + at % 12:02}-01"
    citation = {**cited, **facts, **place, **words, "published": day}
    days = {"first_reported": day, "last_reported": day}
    correction = citation if status == "corrected" else None
    return {"text": text, "status": status, **days, "sources": 1, "correction": correction} | {
        "citations": [citation, citation]
    }
