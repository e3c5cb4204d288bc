"""The paragraphs of a news page, in order, to their roles and the facts they state.

Every format that yields paragraphs shares this reading. What a paragraph is by itself comes from
`boilerplate`; here its place on the page decides. The head of a page is the headline, the
standfirst and the furniture around them; then comes the report, then what readers said. In the
report only what is labelled is furniture, and where it is unsure a paragraph is body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.parsing.news.boilerplate import Label, PageElement, recognise
from pullquote.parsing.news.bylines import (
    Byline,
    is_outlet,
    parse_dateline,
    parse_foreign_byline,
    parse_signature,
)
from pullquote.parsing.news.comments import find_comments, mark_comments, parse_comment_header
from pullquote.parsing.news.dates import PublicationDates
from pullquote.parsing.news.end_marks import find_end
from pullquote.parsing.news.labelled_fields import parse_labelled_fields
from pullquote.parsing.news.metadata import ArticleMetadata, metadata_from_text, metadata_of_element
from pullquote.parsing.news.paragraph import PageParagraph, ParagraphMark
from pullquote.parsing.news.tags import SECTIONS, TAGS, may_be_run, split_run
from pullquote.schema import Role

_HEAD = 14
"""Paragraphs below the headline among which its furniture is looked for."""
_LONGEST_HEADLINE = 160
_LONGEST_STANDFIRST = 450
_LONGEST_MENU = 100
_LONGEST_ENTRY = 3
_FEWEST_ENTRIES = 3
# "BRIDGE-LASK/CLOSURE (UPDATE 1, PIX)", by which desks call a story
_SLUG = re.compile(r"[A-Z0-9]{2,}(?:[-/][A-Z0-9]{2,})+(?: \([A-Z0-9 ,/-]{1,40}\))?")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A mark for each paragraph, and the facts of the page."""

    marks: tuple[ParagraphMark, ...]
    facts: ArticleMetadata


def analyse_page(paragraphs: Sequence[PageParagraph], *, authors: Sequence[str]) -> PageLayout:
    """What each paragraph of a page is, and what the page says about itself.

    `authors` are those that the format names; the page may name more.
    """
    labelled = parse_labelled_fields(paragraphs)
    facts = ArticleMetadata()
    if labelled is not None:
        paragraphs, facts = labelled.paragraphs, labelled.facts
    found = [recognise(p.text) if p.role is None else None for p in paragraphs]
    top = _find_headline(paragraphs, found)
    below = 0 if top is None else top + 1
    comments = find_comments(paragraphs, found, after=below, authors=authors)
    paragraphs, found, said = paragraphs[:comments], found[:comments], paragraphs[comments:]
    report = _find_report(paragraphs, found, after=below)
    end = find_end(paragraphs, found, after=report)
    tail = _find_tail(found, report)
    marks: list[ParagraphMark] = []
    for i, (paragraph, item) in enumerate(zip(paragraphs, found, strict=True)):
        if i == top:
            role = Role.HEADLINE
        elif paragraph.role is not None:
            role = paragraph.role
        elif top is not None and i < top and item is None:
            role = Role.BOILERPLATE
        elif item is None:
            role = Role.STANDFIRST if i < report else Role.BODY if i < end else Role.BOILERPLATE
        else:
            role = _role_of(item, in_head=i < report, in_tail=i >= tail)
        marks.append(ParagraphMark(role))
        if role in (Role.BYLINE, Role.BOILERPLATE):
            facts.fill_from(metadata_of_element(item), origin=f"“{paragraph.text}”")
    facts.fill_from(metadata_from_text(paragraphs, marks))
    return PageLayout((*marks, *mark_comments(said)), facts)


def _find_headline(
    paragraphs: Sequence[PageParagraph], found: Sequence[PageElement | None]
) -> int | None:
    """Where the headline stands, or None on a page without one."""
    told = next((i for i, p in enumerate(paragraphs) if p.role is Role.HEADLINE), None)
    if told is not None:
        return told
    menu = _menu_above(paragraphs, found)
    for i, paragraph in enumerate(paragraphs):
        if paragraph.role is Role.BOILERPLATE:
            continue
        if paragraph.role is not None:
            return None
        if i < menu or found[i] is not None or _is_stray(paragraphs, i):
            continue
        if _is_above_headline(paragraphs, found, i):
            continue
        return i if _reads_as_headline(paragraph.text) and len(paragraphs) > i + 1 else None
    return None


def _is_stray(paragraphs: Sequence[PageParagraph], i: int) -> bool:
    """Whether this is a first line that scraping left, indented, right above the headline."""
    if i > 0 or len(paragraphs) < 3 or not paragraphs[0].indented:
        return False
    headline, below = paragraphs[1:3]
    return not headline.spaced and not headline.indented and below.spaced


def _menu_above(paragraphs: Sequence[PageParagraph], found: Sequence[PageElement | None]) -> int:
    """Where the menu ends that a page copied from a browser begins with; 0 where there is none.

    A menu has three entries or more, of which at least half are known from other pages; it ends
    with the last of those.
    """
    known, end = 0, 0
    for i, paragraph in enumerate(paragraphs[:_LONGEST_MENU]):
        if paragraph.role is not None or len(paragraph.text.split()) > _LONGEST_ENTRY:
            break
        if found[i] is Role.BOILERPLATE or paragraph.text.lower() in SECTIONS:
            known += 1
            end = i + 1 if 2 * known >= i + 1 else end
    return end if known >= _FEWEST_ENTRIES else 0


def _is_above_headline(
    paragraphs: Sequence[PageParagraph], found: Sequence[PageElement | None], i: int
) -> bool:
    """Whether this is a section, a newspaper or the slug of a wire above the headline."""
    text = paragraphs[i].text
    if not (text.lower() in SECTIONS or is_outlet(text) or _SLUG.fullmatch(text)):
        return False
    below = next((j for j in range(i + 1, len(paragraphs)) if found[j] is None), len(paragraphs))
    if below > i + 1 and not is_outlet(text):
        return False
    return below + 1 < len(paragraphs) and _reads_as_headline(paragraphs[below].text)


def _reads_as_headline(text: str) -> bool:
    """Whether a first paragraph is short and no whole sentence."""
    if len(text) > _LONGEST_HEADLINE or parse_dateline(text) is not None:
        return False
    bare = text.rstrip("\"'”’»)")
    return bare.endswith(("...", "U.S.", "U.N.", "U.K.")) or not bare.endswith((".", ",", ";", ":"))


def _find_report(
    paragraphs: Sequence[PageParagraph], found: list[PageElement | None], *, after: int
) -> int:
    """Where the report begins: below the last furniture that belongs to the head.

    One byline, one date line and so on belong to it; one paragraph of text may stand above the
    first of them and between two, and two above a byline. Below the last stands some text: the
    furniture at the foot of a short article makes no standfirst of it. Puts tag lines into
    `found`.
    """
    seen: set[type] = set()
    begin, waiting = after, 0
    foot = max((i for i, item in enumerate(found) if item is None), default=0)
    for i in range(after, min(foot, after + _HEAD)):
        item = found[i]
        if item is None and paragraphs[i].role is None:
            item = _read_tags(paragraphs, found, i)
            item = _read_signature(paragraphs[i].text) if item is None else item
        kind = type(item)
        if isinstance(item, Byline | PublicationDates | Label):
            if kind in seen and waiting:
                break
            if waiting > 1 and kind is not Byline:
                continue
            found[i] = item
            begin, waiting = i + 1, 0
            seen.add(kind)
        elif item is None and paragraphs[i].role is None:
            waiting += 1
            long = len(paragraphs[i].text) > _LONGEST_STANDFIRST
            if long or waiting > (1 if seen else 2):
                break
    return begin


def _read_tags(
    paragraphs: Sequence[PageParagraph], found: Sequence[PageElement | None], i: int
) -> Label | None:
    """The tags of a run-together line; the words of all other paragraphs are known words.

    A single word that is no common tag is one only with a byline or a date right below it.
    """
    if not may_be_run(paragraphs[i].text):
        return None
    others = (p.text for j, p in enumerate(paragraphs) if j != i)
    words = {word for text in others for word in _WORD.findall(text.lower())}
    tags = split_run(paragraphs[i].text, words=words)
    if tags is None:
        return None
    below = found[i + 1] if i + 1 < len(found) else None
    sure = len(tags) > 1 or tags[0].lower() in TAGS or isinstance(below, Byline | PublicationDates)
    return Label("tags", tags) if sure else None


def _read_signature(text: str) -> Byline | None:
    """The author in a line that only above the report is sure to name one, as "name | day"."""
    header = parse_comment_header(text)
    if header is not None:
        return Byline((header.author,), published=header.time)
    named = parse_foreign_byline(text)
    return parse_signature(text) if named is None else named


def _find_tail(found: Sequence[PageElement | None], report: int) -> int:
    """Where the run of furniture at the very end of the report begins."""
    tail = len(found)
    while tail > report and isinstance(found[tail - 1], Byline | PublicationDates | Label):
        tail -= 1
    return tail


def _role_of(item: PageElement, *, in_head: bool, in_tail: bool) -> Role:
    """The role of furniture, by where it stands."""
    if isinstance(item, Role):
        return item
    if isinstance(item, Label):
        return Role.BOILERPLATE if in_head or item.key in ("tags", "url") else Role.BODY
    sure = in_head or in_tail or (isinstance(item, PublicationDates) and item.labelled)
    return Role.BYLINE if sure else Role.BODY
