"""The pages of the site are short, and their links lead somewhere."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from docs.site_hooks import MIRRORED, NOTEBOOK_PAGES

from doc_pages import DOCS, ROOT, all_pages, name_of, tokens_of

MOST_WORDS = 1_200
PAGES = [*all_pages(), *(ROOT / source for source in MIRRORED if source != "README.md")]


def words_of(page: Path) -> int:
    """The number of words and numbers of a page, with tables and code."""
    return len(re.findall(r"[^\W_][\w'’.,-]*", page.read_text(encoding="utf-8")))


@functools.cache
def anchors_of(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    tokens = tokens_of(page)
    headings = [
        tokens[place + 1].content
        for place, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", one.lower())) for one in plain}


@functools.cache
def links_of(page: Path) -> list[str]:
    """The targets of the links and pictures of a page that do not name another host."""
    found = [
        str(child.attrs.get("href") or child.attrs.get("src"))
        for token in tokens_of(page)
        for child in token.children or ()
        if child.type in ("link_open", "image")
    ]
    return [target for target in found if not re.match(r"https?:|mailto:", target)]


def test_a_page_takes_a_few_minutes_to_read() -> None:
    """No page outside the reference has more than 1,200 words."""
    long = {
        name_of(page): words_of(page)
        for page in PAGES
        if page.parent != DOCS / "reference"
        and not MIRRORED.get(name_of(page), "").startswith("reference/")
        and words_of(page) > MOST_WORDS
    }
    assert long == {}


def test_links_and_anchors_lead_somewhere() -> None:
    """Every relative link names a file, and every anchor a heading of it."""
    missing = []
    for page in PAGES:
        for target in links_of(page):
            path, _, anchor = target.partition("#")
            leads_to = (page.parent / path).resolve() if path else page
            if not leads_to.exists() or (anchor and anchor not in anchors_of(leads_to)):
                missing.append((name_of(page), target))
    assert missing == []


def test_every_page_is_in_the_navigation() -> None:
    """The strict build of the site fails if one is missing; this says so at once."""
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    listed = re.findall(r"([\w/-]+\.md)$", navigation, re.M)
    own = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    others = {*MIRRORED.values(), *NOTEBOOK_PAGES.values()}
    assert sorted(listed) == sorted(own | others)


def test_every_picture_is_shown() -> None:
    """Each picture in docs/pictures/ is on a page."""
    shown = {Path(target).name for page in PAGES for target in links_of(page)}
    assert {path.name for path in (DOCS / "pictures").iterdir()} <= shown
