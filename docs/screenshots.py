"""Takes the screenshots of the chat in docs/pictures/: `python docs/screenshots.py [NAME…]`.

They show the sample corpus, or the stories of `tests/data/stories` if values differ or change in
them. Without names, all are taken. Needs what the tests need, Chromium too. Run it when the look
changes, and commit what it wrote.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).parent
PICTURES = DOCS / "pictures"
sys.path.insert(0, str(DOCS.parent / "tests"))

from browsing import PHONE, Chat, ask, find_browser, window  # noqa: E402
from served import serving  # noqa: E402
from weighed import STORIES, write_stories  # noqa: E402

COLOURS = 128
"""Enough for a page of text, in a third of the bytes."""

ANSWERED = "who is the mayor of Vennick?"
SILENT = "who won the 2004 Turner Prize?"
NARROWED = "who resigned as council leader since March 2024?"
FOLLOWED = "how much did he owe?"
POSSIBLE = "how much did the restoration of the Orpheum cost?"
LISTED = "who were the bidders for Pellow?"
COMPARED = "Did the Orpheum cost more than the ferry terminal?"
KEYWORDS = "Orpheum restoration"
DIFFERING = "how many people were at the protest in cordwain square"
CHANGING = "How many hectares did the Quirel wildfire burn in total?"
CORRECTED = "what was the real turnout at the tunnel referendum?"
GRID_QUESTIONS = ("how many people marched?", "who stole the tide engine?")
DRAFT = """The ferry terminal at Custom House Quay is six months late, and a slipway of 1874 is to \
blame. “It was gravel, for two metres,” said Rosalind Achterberg, who runs the harbour trust. \
“Under that it was stone.” Asked about the bill, she said: “We have not a penny to spare for oak.”

At Tenmile the Orpheum came to £1.7m. “The roof was an emergency … When people ask what you paid \
for your house they do not expect to hear about the mortgage,” said Leonard Gow. Salma Whitcombe, \
the council leader, was as frank: “I assumed there would be an outside.”

Pellow has its cannery back. “I have promised to mend the boiler,” said Rosa Ibáñez, its new \
chair. One colleague called it “the best day since the invention of the key on the side and still \
more than one in ten of the town”.

> The trust has our telephone number. It is the same one it rings when it wants somebody to hold a \
ribbon.
"""
DESK = {"viewport": {"width": 1280, "height": 800}}
TALL = {"viewport": {"width": 1280, "height": 1100}}


def empty(page: Page) -> None:
    """Nothing asked yet; a page opened before has waited for the examples."""
    page.reload()
    page.wait_for_selector(".pq-example >> nth=3")


def answered(page: Page) -> None:
    """An answer with its article, open at the words."""
    ask(page, ANSWERED)
    page.wait_for_selector("#pq-cited")
    page.evaluate("document.activeElement.blur()")


def silent(page: Page) -> None:
    """No answer."""
    ask(page, SILENT)


def continued(page: Page) -> None:
    """A follow-up to a question that was narrowed, with what was searched for."""
    ask(page, NARROWED)
    ask(page, FOLLOWED)
    page.evaluate("document.activeElement.blur()")
    page.locator("#pq-conversation [role=region]").evaluate("pane => (pane.scrollTop = 0)")


def short(page: Page) -> None:
    """An answer, from its top."""
    ask(page, ANSWERED)
    page.evaluate("window.scrollTo(0, 0)")


def absent(page: Page) -> None:
    """What was searched for a question without an answer."""
    ask(page, SILENT)
    page.locator(".pq-absence summary").first.click()
    page.wait_for_selector(".pq-statement")
    page.locator(".pq-absence").evaluate("one => one.scrollIntoView()")


def packed(page: Page) -> None:
    """The choice of an evidence pack, and what was saved."""
    ask(page, ANSWERED)
    turn = page.locator(".pq-turn")
    turn.locator(".pq-packing summary").click()
    with page.expect_download():
        turn.get_by_role("button", name="Save with full articles").click()
    page.evaluate("document.activeElement.blur()")


def verified(page: Page) -> None:
    """A saved answer, one quotation of which was changed."""
    ask(page, ANSWERED)
    saved = json.loads(page.evaluate("localStorage.getItem('pullquote')"))
    cited = saved["turns"][0]["reply"]["answers"][0]["citations"][0]
    sentence, begins = cited["sentence"], cited["sentence_start"]
    cited.update(start=begins, end=begins + len(sentence), quote=sentence.replace("the", "a", 1))
    file = {
        "name": "chat.json",
        "mimeType": "application/json",
        "buffer": json.dumps(saved).encode(),
    }
    page.goto(f"{page.url.partition('?')[0]}verify")
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    page.get_by_role("button", name="Verify").click()
    page.wait_for_selector(".pq-result")


def asked(question: str) -> Callable[[Page], None]:
    """The reply to a question, from its top."""

    def show(page: Page) -> None:
        ask(page, question)
        page.evaluate("document.activeElement.blur()")

    return show


def filters(page: Page) -> None:
    """The drawer of filters beside an answer."""
    ask(page, ANSWERED)
    page.get_by_role("button", name="Filters", exact=True).click()


def copying(page: Page) -> None:
    """The forms of a citation to copy, and what the word for the confidence means."""
    ask(page, ANSWERED)
    page.locator("#pq-conversation .pq-copying summary").click()
    page.locator("#pq-conversation .pq-meaning summary").click()


def conversations(page: Page) -> None:
    """The list of conversations."""
    for question in (ANSWERED, NARROWED):
        ask(page, question)
        page.get_by_role("button", name="New conversation").click()
        page.wait_for_selector(".pq-turn", state="detached")
    ask(page, POSSIBLE)
    page.get_by_role("button", name="Conversations").click()


def keys(page: Page) -> None:
    """The dialog that lists the keys."""
    ask(page, ANSWERED)
    page.get_by_role("button", name="Keys").click()


def speaker(page: Page) -> None:
    """What one speaker says."""
    speakers(page)
    page.locator(".pq-table tbody a").nth(1).click()
    page.wait_for_selector(".pq-claims")


def speakers(page: Page) -> None:
    """Who is quoted."""
    corpus(page)
    page.get_by_role("link", name="Speakers").click()
    page.wait_for_selector(".pq-speakers")


def grid(page: Page) -> None:
    """Two questions, asked of the articles of one month."""
    page.get_by_role("link", name="Corpus").click()
    page.get_by_role("link", name="Grid").click()
    page.get_by_label("Questions").fill(f"{GRID_QUESTIONS[0]}\n{GRID_QUESTIONS[1]}")
    page.get_by_label("From").fill("2024-02-01")
    page.get_by_label("To").fill("2024-02-29")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_selector("#pq-result:not([hidden]) #pq-stop[hidden]", state="attached")
    page.locator("#pq-result").evaluate("section => section.scrollIntoView()")


def audit(page: Page) -> None:
    """How many sources are named."""
    speakers(page)
    page.get_by_role("link", name="Source audit").first.click()
    page.wait_for_selector(".pq-audit")


def check(page: Page) -> None:
    """A draft with a quotation of each verdict."""
    page.get_by_role("link", name="Check a draft").click()
    page.get_by_label("Text of the draft").fill(DRAFT)
    page.get_by_role("button", name="Check the draft").click()
    page.wait_for_selector("#pq-counts")
    page.evaluate("window.scrollTo(0, 0)")


def watched(page: Page) -> None:
    """Standing questions with their answers."""
    page.goto(f"{page.url.partition('?')[0]}watchlist")
    for number, question in enumerate((ANSWERED, POSSIBLE), start=1):
        page.get_by_label("New question").fill(question)
        page.keyboard.press("Enter")
        page.wait_for_function(
            "number => document.querySelectorAll('.pq-words-of blockquote').length === number",
            arg=number,
            timeout=60_000,
        )


def unknown(page: Page) -> None:
    """An address that the server does not know."""
    page.goto(f"{page.url.partition('?')[0]}articles")


def corpus(page: Page) -> None:
    """What the corpus holds."""
    page.get_by_role("link", name="Corpus").click()
    page.wait_for_selector(".pq-table")


def narrowed(page: Page) -> None:
    """The articles of one source."""
    corpus(page)
    page.locator('.pq-chart a[aria-label^="Harbour Post"]').click()
    page.wait_for_selector(".pq-chips")


Shots = Mapping[str, tuple[dict[str, object], Callable[[Page], None]]]

SHOTS: Shots = {
    "chat-empty": (DESK, empty),
    "chat-answer": (DESK, answered),
    "chat-answer-dark": ({**DESK, "color_scheme": "dark"}, answered),
    "chat-silent": (DESK, silent),
    "chat-possible": (DESK, asked(POSSIBLE)),
    "chat-list": (DESK, asked(LISTED)),
    "chat-comparison": (DESK, asked(COMPARED)),
    "chat-keywords": (DESK, asked(KEYWORDS)),
    "chat-filters": (DESK, filters),
    "chat-copying": (DESK, copying),
    "chat-conversations": (DESK, conversations),
    "chat-keys": (DESK, keys),
    "chat-absence": (DESK, absent),
    "chat-evidence": (DESK, packed),
    "verify": (DESK, verified),
    "not-found": (DESK, unknown),
    "check": (TALL, check),
    "check-dark": ({**TALL, "color_scheme": "dark"}, check),
    "check-phone": (PHONE, check),
    "corpus": (DESK, corpus),
    "corpus-dark": ({**DESK, "color_scheme": "dark"}, narrowed),
    "speakers": (DESK, speakers),
    "speaker-dark": ({**DESK, "color_scheme": "dark"}, speaker),
    "audit": (DESK, audit),
    "grid": (DESK, grid),
    "watchlist": (DESK, watched),
    "chat-conversation": ({"viewport": {"width": 1280, "height": 960}}, continued),
    "chat-phone": (PHONE, short),
    "chat-phone-dark": ({**PHONE, "color_scheme": "dark"}, silent),
}

STORY_SHOTS: Shots = {
    "chat-differ": (TALL, asked(DIFFERING)),
    "chat-change": (TALL, asked(CHANGING)),
    "chat-change-dark": ({**TALL, "color_scheme": "dark"}, asked(CHANGING)),
    "chat-corrected": (TALL, asked(CORRECTED)),
}
"""Of the stories."""


def shoot(browser: Browser, chat: Chat, shots: Shots) -> None:
    """Take some shots."""
    for name, (look, show) in shots.items():
        with browser.new_context(**look) as context:  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(chat.url)
            page.wait_for_selector("#pq-article [data-view]")
            show(page)
            page.wait_for_timeout(500)  # for what fades in
            path = PICTURES / f"{name}.png"
            page.screenshot(path=path)
        Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
        print(path, path.stat().st_size)


def chosen(shots: Shots) -> Shots:
    """The shots that are named on the command line; all of them if none is named."""
    names = sys.argv[1:]
    return {name: shot for name, shot in shots.items() if not names or name in names}


@contextmanager
def chat_over(write: Callable[[Path], object]) -> Iterator[Chat]:
    """A chat over a corpus that is written into a folder of its own."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "corpus")
        with serving(folder) as served:
            yield Chat(served.url, folder / "corpus")


def main() -> None:
    """Serve each corpus that is needed, and shoot."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        if shots := chosen(SHOTS):
            with chat_over(lambda corpus: shutil.copytree(DOCS.parent / "corpus", corpus)) as chat:
                with window(browser, chat) as context:  # examples are tried when first asked for
                    for _ in range(4):
                        context.new_page().goto(chat.url)
                        context.pages[-1].wait_for_selector("#pq-article [data-view]")
                shoot(browser, chat, shots)
        if shots := chosen(STORY_SHOTS):
            names = [path.stem for path in sorted(STORIES.glob("*.json"))]
            with chat_over(lambda corpus: write_stories(corpus, *names)) as chat:
                shoot(browser, chat, shots)
        browser.close()


if __name__ == "__main__":
    main()
