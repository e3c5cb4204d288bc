"""Fixtures for tests of a running chat in a real Chromium, which `browser/conftest.py` starts."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Frame,
    Page,
    expect,
)

from served import serving

SHOWN_WITHIN = 60_000
"""Milliseconds that a busy machine may take to show an answer."""

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}

HARBOUR = """---
title: The harbour at Quayside
author: Jo Writer
source: Harbour Post
published: 2024-03-02
url: https://harbourpost.example/quayside
---
The harbour at Quayside opened in 1911. It was built by Ida Roe, the founder
of Vennick Works, in two years.

{filler}

The café’s owner said the “old quay” would stay. Gulls nest under the roof of the café.
"""
AGAIN = """---
title: Who built Quayside
source: Vennick Courier
published: 2023-01-05
---
The harbour at Quayside was built by Ida Roe, who is remembered every March.
"""
MILL = """Otters return to the mill race

Two otters were seen at Tolland mill on Sunday, the first since 1974.

Capricornball | 31 May 2023 - 14:45:40

The otters at Tolland mill are a waste of good fish, says Capricornball.
"""
SCRIPTS = """Every letter counts

A family 👩‍👩‍👧‍👦 and an officer 👮‍♂️ met the editor \U0001d4d0da. אמר השר שלום לכולם היום.
The cafe\u0301 and the nai\u0308ve mayor e\u0301tienne agreed. قال الوزير مرحبا للجميع.
Last words 🏳️‍🌈 end here.
"""
FILLER = "\n\n".join(
    f"Paragraph {at} is about the tide, which came in and went out again as it does. " * 3
    for at in range(12)
)
CORPUS = {
    "harbour.md": HARBOUR.format(filler=FILLER),
    "again.md": AGAIN,
    "mill.txt": MILL,
    "scripts.txt": SCRIPTS,
}


@dataclass(frozen=True, slots=True)
class Chat:
    """A running chat, with the folder of its corpus."""

    url: str
    corpus: Path

    def at(self, **query: object) -> str:
        """The address with that query string."""
        return f"{self.url}/?{urlencode(query)}" if query else f"{self.url}/"


def find_browser() -> str | None:
    """The Chromium to test with, or None where none is installed."""
    named = os.environ.get("PULLQUOTE_BROWSER", "")
    if named not in ("", "required"):
        return named
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@contextmanager
def chat_over(folder: Path, articles: Mapping[str, str | bytes], **settings: Any) -> Iterator[Chat]:
    """A running chat over articles, which are written to a corpus in the folder."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, content in articles.items():
        data = content.encode() if isinstance(content, str) else content
        (corpus / name).write_bytes(data)
    with serving(folder, **settings) as served:
        yield Chat(served.url, corpus)


@pytest.fixture(scope="session")
def chat(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Iterator[Chat]:
    """A chat over four articles."""
    assert browser_path
    with chat_over(tmp_path_factory.mktemp("chat"), CORPUS) as running:
        yield running


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The browser's executable; without one the test is skipped, or fails if one is required."""
    found = find_browser()
    if found is None:
        how = "no Chromium found: apt-get install chromium, or PULLQUOTE_BROWSER=/path/to/chromium"
        if os.environ.get("CI") or os.environ.get("PULLQUOTE_BROWSER") == "required":
            pytest.fail(how)
        pytest.skip(how)
    return found


LEAVING = ("AbortError: signal is aborted", "Unexpected error Connection errored out.")
"""What Gradio logs when a page is left or loaded again while an answer's stream is still open."""


def close_windows() -> None:
    """Forget the windows of a browser that is about to be closed."""
    _used.clear()


_used: dict[str, list[tuple[BrowserContext, CDPSession]]] = {}
"""Windows that are open and wait for the next test, by their options, each with its first tab."""


def _open(browser: Browser, options: Mapping[str, object]) -> tuple[BrowserContext, CDPSession]:
    """A new window with one empty tab."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(SHOWN_WITHIN)
    return context, context.new_cdp_session(context.new_page())


def _empty(context: BrowserContext, tab: CDPSession, url: str) -> None:
    """Close all tabs but the first, and forget what the chat has stored."""
    for page in context.pages[1:]:
        page.close()
    context.clear_cookies()
    tab.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})


@contextmanager
def window(browser: Browser, chat: Chat, **options: object) -> Iterator[BrowserContext]:
    """A browser window; fails if the page asks other hosts or logs an error.

    Gradio's own errors on leaving a page are not counted. Tests use windows again, emptied, because
    those have Gradio's scripts compiled; add scripts and routes only to pages of a window.
    """
    permissions = ["clipboard-read", "clipboard-write"]
    given = {"viewport": {"width": 1280, "height": 800}, "permissions": permissions, **options}
    expect.set_options(timeout=SHOWN_WITHIN)
    alike = _used.setdefault(repr(sorted(given.items())), [])
    context, tab = alike.pop() if alike else _open(browser, given)
    complaints: list[str] = []

    def left(frame: Frame) -> None:
        if frame.parent_frame is None:
            complaints[:] = [one for one in complaints if not one.startswith(LEAVING)]

    def watch(page: Page) -> None:
        page.on("framenavigated", left)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda text: text.type == "error" and complaints.append(text.text))
        page.on(
            "request",
            lambda sent: (
                sent.url.startswith((chat.url, "data:", "blob:"))
                or complaints.append(f"requested {sent.url}")
            ),
        )

    context.on("page", watch)
    try:
        yield context
    finally:
        context.remove_listener("page", watch)
        _empty(context, tab, chat.url)
        alike.append((context, tab))
    assert complaints == []


Look = Callable[..., Page]
"""Opens a page in a window of its own; takes the end of its address, and options of the window."""


@contextmanager
def looking(browser: Browser, chat: Chat, path: str = "") -> Iterator[Look]:
    """A function that opens pages whose addresses begin with a path."""
    with ExitStack() as stack:

        def open_page(rest: str = "", **options: object) -> Page:
            context = stack.enter_context(window(browser, chat, **options))
            page = context.new_page()
            page.goto(f"{chat.url}/{path}{rest}")
            return page

        yield open_page


class Visit(Protocol):
    """Opens a page of the chat; the default window is as wide as a desktop."""

    def __call__(self, query: Mapping[str, object] | None = None, **window: object) -> Page:
        """The page with that query string, once it is filled."""


@pytest.fixture
def visit(browser: Browser, chat: Chat) -> Iterator[Visit]:
    """A function that opens pages."""
    with ExitStack() as stack:

        def open_page(query: Mapping[str, object] | None = None, **options: object) -> Page:
            context = stack.enter_context(window(browser, chat, **options))
            page = context.new_page()
            page.goto(chat.at(**({} if query is None else query)))
            page.wait_for_selector("#pq-article [data-view]")
            return page

        yield open_page


@pytest.fixture
def page(visit: Visit) -> Page:
    """An empty page of the chat."""
    return visit()


@pytest.fixture
def phone(visit: Visit) -> Page:
    """The chat in a window as small as a small phone."""
    return visit(**PHONE)


def ask(page: Page, question: str) -> None:
    """Type a question, and wait for its result."""
    before = page.locator(".pq-turn").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    answered = page.locator('.pq-turn[aria-busy="false"]')
    expect(answered).to_have_count(before + 1)


def plant(page: Page, *, answers: int | None = None, **changed: object) -> None:
    """Change the last saved reply, and load the page again; its best answer may be repeated."""
    saved = json.loads(page.evaluate("localStorage.getItem('pullquote')"))
    reply = saved["turns"][-1]["reply"]
    reply.update(changed)
    if answers is not None:
        reply["answers"] = reply["answers"][:1] * answers
    save_and_reload(page, saved)


def plant_values(page: Page, *values: tuple[str, str], best: int = 0, **changed: object) -> None:
    """Give the last saved reply values, each a text and a status, and load the page again.

    Their citations are those that the reply has, oldest first and again from the first. A corrected
    value is corrected by the last one. The first answer becomes the value `best`.
    """
    saved = json.loads(page.evaluate("localStorage.getItem('pullquote')"))
    answers = saved["turns"][-1]["reply"]["answers"]
    cited = [one for answer in answers for one in answer["citations"]]
    cited.sort(key=lambda one: one["published"] or "")
    made = []
    for at, (text, status) in enumerate(values):
        day = f"2024-{1 + at % 12:02}-0{1 + at % 9}"
        one = {"text": text, "status": status, "first_reported": day, "last_reported": day}
        one["correction"] = cited[-1] if status == "corrected" else None
        made.append({**one, "sources": 1, "citations": [cited[at % len(cited)]] * (1 + at % 2)})
    first = {**made[best], "confidence": 0.83}
    saved["turns"][-1]["reply"].update(values=made, answers=[first], **changed)
    save_and_reload(page, saved)


def save_and_reload(page: Page, conversation: object) -> None:
    """Save a conversation in the browser, and load the page again."""
    page.evaluate("text => localStorage.setItem('pullquote', text)", json.dumps(conversation))
    reload(page)


def reload(page: Page) -> None:
    """Load the page again, and wait until it is filled."""
    page.reload()
    page.wait_for_selector("#pq-article [data-view]")


def text_of(chat: Chat, article: str) -> str:
    """The stored text of an article, from the chat's endpoint."""
    url = f"{chat.url}/gradio_api/call"
    called = httpx.post(f"{url}/v2/article", json={"article": article}).json()
    stream = httpx.get(f"{url}/article/{called['event_id']}").text
    text: str = json.loads(stream.partition("data: ")[2])[0]["text"]
    return text
