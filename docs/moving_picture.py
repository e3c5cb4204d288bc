"""Makes the moving picture of the README: `python docs/moving_picture.py`.

Chromium shows the chat over the sample corpus while questions are typed and answered. Each scene
is a screenshot with the time for which it stays. Needs what `docs/screenshots.py` needs. Run it
when the look changes, and commit what it wrote.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).parent
sys.path[:0] = [str(DOCS.parent), str(DOCS.parent / "tests")]

from docs.screenshots import chat_over  # noqa: E402

from browsing import find_browser  # noqa: E402

PICTURE = DOCS / "pictures" / "chat-moving.gif"
MOST_BYTES = 2_000_000
SIZE = {"width": 1120, "height": 700}
LOOKED_AT = 800
"""Milliseconds from which a scene counts for the choice of colours; the marks are in these."""

COLOURS = 128
"""Enough for a page of text and two colours of marks."""

QUESTIONS = (
    "who is the mayor of Vennick?",
    "what was she wearing?",
    "who won the 2004 Turner Prize?",
)
"""One with an answer, a follow-up, and one that no article answers."""

TYPED_AT_ONCE = 4
"""Letters that appear from one scene to the next."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture of the page, and for how many milliseconds it stays."""

    picture: Image.Image
    stays: int


def scene(page: Page, stays: int) -> Scene:
    """What the page shows now."""
    return Scene(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), stays)


def typing(page: Page, question: str) -> Iterator[Scene]:
    """The question, a few letters at a time."""
    box = page.get_by_label("Your question")
    for end in range(TYPED_AT_ONCE, len(question) + TYPED_AT_ONCE, TYPED_AT_ONCE):
        box.fill(question[:end])
        yield scene(page, 110)


def answering(page: Page, question: str) -> Iterator[Scene]:
    """The question while it is typed, the page while it is searched for, and its answer."""
    before = page.locator(".pq-turn").count()
    yield from typing(page, question)
    yield scene(page, 500)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelectorAll('.pq-turn').length > before", arg=before
    )
    yield scene(page, 500)
    page.wait_for_function(
        "count => document.querySelectorAll('.pq-turn[aria-busy=\"false\"]').length === count",
        arg=before + 1,
    )
    page.wait_for_timeout(1500)  # for what fades in, and for the article beside it
    page.evaluate("document.activeElement.blur()")
    yield scene(page, 3500)


def scenes(page: Page) -> Iterator[Scene]:
    """The whole picture."""
    yield scene(page, 800)
    for question in QUESTIONS:
        page.get_by_label("Your question").click()
        yield from answering(page, question)


def save(shown: list[Scene], path: Path) -> None:
    """Write the scenes as a GIF that repeats, in the colours of those that stay longest."""
    looked_at = [one.picture for one in shown if one.stays >= LOOKED_AT]
    width, height = looked_at[0].size
    sample = Image.new("RGB", (width, height * len(looked_at)))
    for place, picture in enumerate(looked_at):
        sample.paste(picture, (0, place * height))
    palette = sample.quantize(COLOURS, dither=Image.Dither.NONE)
    frames = [one.picture.quantize(palette=palette, dither=Image.Dither.NONE) for one in shown]
    frames[0].save(
        path,
        save_all=True,
        append_images=frames[1:],
        duration=[one.stays for one in shown],
        loop=0,
        optimize=True,
    )
    size = path.stat().st_size
    print(path, size, len(frames))
    if size > MOST_BYTES:
        raise SystemExit(f"The picture has {size:,} bytes; at most {MOST_BYTES:,} are allowed.")


def main() -> None:
    """Serve the sample corpus, and show it."""
    with (
        sync_playwright() as playwright,
        chat_over(lambda corpus: shutil.copytree(DOCS.parent / "corpus", corpus)) as chat,
    ):
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.goto(chat.url)
        page.wait_for_selector("#pq-article [data-view]")
        page.wait_for_selector(".pq-example >> nth=3")
        save(list(scenes(page)), PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
