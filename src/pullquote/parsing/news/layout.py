"""Assigns roles to the paragraphs of a news page, and collects the metadata in them.

All formats with paragraphs share this analysis. `boilerplate` recognises single paragraphs, and
their position on the page decides the rest. The head of a page contains the headline, the
standfirst and elements such as bylines. The report and the comments follow. Within the report, only
labelled elements count, and an uncertain paragraph is body text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pullquote.base.dates.date_lines import PublicationDates
from pullquote.parsing.lines import PageParagraph, ParagraphMark
from pullquote.parsing.news.boilerplate import BoilerplateLabel, PageElement, begins_tail, recognise
from pullquote.parsing.news.bylines import (
    Byline,
    is_outlet,
    parse_dateline,
    parse_foreign_byline,
    parse_signature,
)
from pullquote.parsing.news.comments import find_comments, mark_comments, parse_comment_header
from pullquote.parsing.news.labelled_fields import parse_labelled_fields
from pullquote.parsing.news.metadata import ArticleMetadata, metadata_from_text, metadata_of_element
from pullquote.parsing.news.tags import SECTIONS, TAGS, may_be_run, split_run
from pullquote.schema import Role

_MARK = re.compile(r"#\s?#\s?#|-\s*(?:ENDS?|30)\s*-|\(?ENDS?\)?|--|_{20,}", re.ASCII)
_MOST_BELOW = 0.5
"""Largest share of the text that may follow an end mark. A rule in mid-text is not an end mark."""
_LONGEST_TITLE = 100


def find_end(
    paragraphs: Sequence[PageParagraph], found: Sequence[PageElement | None], *, after: int
) -> int:
    """The index where the report ends, or the number of paragraphs.

    An end mark occurs only once. A heading such as "Related articles" has only titles below it.
    """
    marks = [i for i, p in enumerate(paragraphs) if i > after and _MARK.fullmatch(p.text)]
    sizes = [len(p.text) for p in paragraphs]
    if marks and len({paragraphs[i].text for i in marks}) == len(marks):
        above, below = sum(sizes[: marks[0]]), sum(sizes[marks[0] :])
        if below <= _MOST_BELOW * (above + below):
            return marks[0]
    only_titles = len(paragraphs)
    while only_titles > after + 1 and (
        found[only_titles - 1] is not None or _is_title(paragraphs[only_titles - 1].text)
    ):
        only_titles -= 1
    tails = (i for i in range(only_titles, len(paragraphs)) if begins_tail(paragraphs[i].text))
    return next(tails, len(paragraphs))


def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and not text.rstrip("\"'”’»)").endswith((".", ":"))


_HEAD = 14
"""How many paragraphs below the headline are searched for elements of the head."""
_LONGEST_HEADLINE = 160
_LONGEST_STANDFIRST = 450
_LONGEST_MENU = 100
_LONGEST_ENTRY = 3
_FEWEST_ENTRIES = 3
# The name of a story in a newsroom, such as "BRIDGE-LASK/CLOSURE (UPDATE 1, PIX)".
_SLUG = re.compile(r"[A-Z0-9]{2,}(?:[-/][A-Z0-9]{2,})+(?: \([A-Z0-9 ,/-]{1,40}\))?")
_WORD = re.compile(r"\w+")


def analyse_page(
    paragraphs: Sequence[PageParagraph], *, authors: Sequence[str], body_is_stated: bool = False
) -> tuple[list[ParagraphMark], ArticleMetadata]:
    """A mark for each paragraph, which states its role, and the metadata of the page.

    `authors` are the authors known from the format. The page may name more. With `body_is_stated`,
    a paragraph that has the role of body already ends the head, and no comments begin above it.
    """
    labelled = parse_labelled_fields(paragraphs)
    paragraphs, metadata = (paragraphs, ArticleMetadata()) if labelled is None else labelled
    found = [recognise(p.text) if p.role is None else None for p in paragraphs]
    top = _find_headline(paragraphs, found)
    below = 0 if top is None else top + 1
    comments = find_comments(paragraphs, found, after=below, authors=authors)
    body = [i for i, p in enumerate(paragraphs) if body_is_stated and p.role is Role.BODY]
    comments = max([comments, *(i + 1 for i in body)])
    paragraphs, comment_section = paragraphs[:comments], paragraphs[comments:]
    found = found[:comments]
    head = paragraphs[: body[0]] if body else paragraphs
    report = _find_report_start(head, found, after=below)
    end = find_end(paragraphs, found, after=report)
    tail = _find_tail(found, report)
    marks: list[ParagraphMark] = []
    for i, (paragraph, element) in enumerate(zip(paragraphs, found, strict=True)):
        if i == top:
            role = Role.HEADLINE
        elif paragraph.role is not None:
            role = paragraph.role
        elif top is not None and i < top and element is None:
            role = Role.BOILERPLATE
        elif element is None:
            role = Role.STANDFIRST if i < report else Role.BODY if i < end else Role.BOILERPLATE
        else:
            role = _role_of(element, in_head=i < report, in_tail=i >= tail)
        marks.append(ParagraphMark(role))
        if role in (Role.BYLINE, Role.BOILERPLATE):
            metadata.fill_from(metadata_of_element(element), origin=f"“{paragraph.text}”")
    metadata.fill_from(metadata_from_text(paragraphs, marks))
    return [*marks, *mark_comments(comment_section)], metadata


def _find_headline(
    paragraphs: Sequence[PageParagraph], found: Sequence[PageElement | None]
) -> int | None:
    stated = next((i for i, p in enumerate(paragraphs) if p.role is Role.HEADLINE), None)
    if stated is not None:
        return stated
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
        return i if _looks_like_headline(paragraph.text) and len(paragraphs) > i + 1 else None
    return None


def _is_stray(paragraphs: Sequence[PageParagraph], i: int) -> bool:
    """Whether this is an indented first line, which a scraper left right above the headline."""
    if i > 0 or len(paragraphs) < 3 or not paragraphs[0].indented:
        return False
    headline, below = paragraphs[1:3]
    return not headline.spaced and not headline.indented and below.spaced


def _menu_above(paragraphs: Sequence[PageParagraph], found: Sequence[PageElement | None]) -> int:
    """The end of the menu at the top of a page copied from a browser; 0 if there is no menu.

    A menu has three or more known entries, which are at least half of its lines. It ends with the
    last known entry.
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
    """Whether this line above the headline is a section, a newspaper or the slug of an agency."""
    text = paragraphs[i].text
    if not (text.lower() in SECTIONS or is_outlet(text) or _SLUG.fullmatch(text)):
        return False
    below = next((j for j in range(i + 1, len(paragraphs)) if found[j] is None), len(paragraphs))
    if below > i + 1 and not is_outlet(text):
        return False
    return below + 1 < len(paragraphs) and _looks_like_headline(paragraphs[below].text)


def _looks_like_headline(text: str) -> bool:
    """Whether a first paragraph is short and not a complete sentence."""
    if len(text) > _LONGEST_HEADLINE or parse_dateline(text) is not None:
        return False
    bare = text.rstrip("\"'”’»)")
    return bare.endswith(("...", "U.S.", "U.N.", "U.K.")) or not bare.endswith((".", ",", ";", ":"))


def _find_report_start(
    paragraphs: Sequence[PageParagraph], found: list[PageElement | None], *, after: int
) -> int:
    """The index where the report begins, below the last element of the head.

    The head has one byline, one date line and so on. One paragraph of text may come before the
    first element and between two elements, and two paragraphs before a byline. Some text must
    follow the last element. Otherwise, elements at the foot of a short article would turn its text
    into a standfirst. Tag lines are recorded in `found`.
    """
    seen: set[type] = set()
    begin, waiting = after, 0
    foot = max((i for i, element in enumerate(found) if element is None), default=0)
    for i in range(after, min(foot, after + _HEAD, len(paragraphs))):
        element = found[i]
        if element is None and paragraphs[i].role is None:
            element = _parse_run_together_tags(paragraphs, found, i)
            element = _parse_loose_byline(paragraphs[i].text) if element is None else element
        kind = type(element)
        if isinstance(element, Byline | PublicationDates | BoilerplateLabel):
            if kind in seen and waiting:
                break
            if waiting > 1 and kind is not Byline:
                continue
            found[i] = element
            begin, waiting = i + 1, 0
            seen.add(kind)
        elif element is None and paragraphs[i].role is None:
            waiting += 1
            long = len(paragraphs[i].text) > _LONGEST_STANDFIRST
            if long or waiting > (1 if seen else 2):
                break
    return begin


def _parse_run_together_tags(
    paragraphs: Sequence[PageParagraph], found: Sequence[PageElement | None], i: int
) -> BoilerplateLabel | None:
    """Parse a run-together tag line. The words of all other paragraphs are known words.

    A line of one word that is not a common tag counts only right above a byline or a date.
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
    return BoilerplateLabel("tags", tags) if sure else None


def _parse_loose_byline(text: str) -> Byline | None:
    """Parse the forms of bylines that count only above the report, such as "name | day"."""
    header = parse_comment_header(text)
    if header is not None:
        return Byline((header.author,), published=header.time)
    named = parse_foreign_byline(text)
    return parse_signature(text) if named is None else named


def _find_tail(found: Sequence[PageElement | None], report: int) -> int:
    tail = len(found)
    while tail > report and isinstance(
        found[tail - 1], Byline | PublicationDates | BoilerplateLabel
    ):
        tail -= 1
    return tail


def _role_of(element: PageElement, *, in_head: bool, in_tail: bool) -> Role:
    """The role of an element, as determined by its position."""
    if isinstance(element, Role):
        return element
    if isinstance(element, BoilerplateLabel):
        return Role.BOILERPLATE if in_head or element.key in ("tags", "url") else Role.BODY
    sure = in_head or in_tail or (isinstance(element, PublicationDates) and element.labelled)
    return Role.BYLINE if sure else Role.BODY
