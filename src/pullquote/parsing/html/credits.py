"""Finds the authors and date of a web page in the markup and lines near its headline and foot."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from htmldate import find_date
from lxml import etree

from pullquote.base.dates.date_lines import parse_publication_dates
from pullquote.base.dates.date_order import in_order_of_file
from pullquote.base.dates.date_patterns import MONTHS
from pullquote.parsing.html.moments import class_name_hints, published_in, without_moments
from pullquote.parsing.html.outline import AnalysedPage, BylineMarkup, OutlineParagraph
from pullquote.parsing.html.tree import html_parser
from pullquote.parsing.news.boilerplate import begins_tail, is_credit_line, is_noise
from pullquote.parsing.news.bylines import clean_names, parse_signature, squeeze

_ABOVE = 10
_MOMENT_ABOVE = 4
_BELOW = 12
_JUST_BELOW = 5
"""How many paragraphs around a headline, and below an article, may name the author."""
_LONGEST_LINE = 120
_LONGEST_BIOGRAPHY = 200
_NAME = r"[^\W\d_a-zß-ÿ][\w.'’-]*"
_BY = re.compile(
    r"(?:^|[|•·,:]|\s)(?i:by|von|par|por|di|av|door|autor(?:in)?\s*:|auteur(?:e)?\s*:|autore\s*:"
    r"|authors?\s*:|text\s*:|texte\s*:|words\s*:)\s+"
    rf"(?P<name>{_NAME}(?:\s+(?:(?:von|van|de|der|den|del|di|da|la|le|al|bin)\s+){{0,2}}{_NAME}){{0,3}}"
    rf"(?:(?:,|\s+(?:und|and|et|y|e))\s+{_NAME}(?:\s+{_NAME}){{1,2}})*)",
)
_PICTURE = re.compile(r"\b(?:photo\w*|foto\w*|bild\w*|image|picture|video|illustration)\b", re.I)
_PARAGRAPHS = frozenset(("p", "div"))
_SIGNATURE = re.compile(rf"{_NAME}(?:\s+{_NAME}){{1,2}}")
_BARS = re.compile(r"[|•·\n]")
_LABELS = frozenset("by von par por autor autorin autoren author authors auteur über text".split())
_LABEL = re.compile(
    r"(?:(?:written|posted|published|submitted|words|text|story)\s+)?"
    r"(?:autor(?:in|en)?|authors?|auteurs?|autore|von|by|par|por|di)\s*:?",
    re.IGNORECASE,
)
_JOINING = re.compile(r"(?:,|&|/|and|und|et|y|e|en|og|och)", re.IGNORECASE)
_ROLE = re.compile(r"^\s*(?:by|von|par|por|di|av|door|autor(?:in)?|auteur)\b:?\s*", re.IGNORECASE)


def find_authors(page: AnalysedPage, *, site: str | None) -> tuple[str, ...]:
    """The authors that a page names near its headline or foot, in markup or in a line of text."""
    own = _about_this_page(page)
    for zone in _zones(page):
        near = [i for i in zone if own[i] and not _is_caption(page.paragraphs[i])]
        authors = _markup_near(page, "author", near)
        for author in sorted(authors, key=lambda one: not one.sure):
            names = _names(author.text, site=site)
            if names:
                return _with_others(names, author, authors, site=site)
        for i in near:
            names = _names_in(page.paragraphs[i], site=site)
            if not names and _LABEL.fullmatch(page.paragraphs[i].text) and i + 1 < len(own):
                names = _names(page.paragraphs[i + 1].text, site=site)
            if names:
                return names
    return ()


def guess_authors(page: AnalysedPage, *, site: str | None) -> tuple[str, ...]:
    """The authors that a page names near its headline or foot without saying that they are."""
    own = _about_this_page(page)
    return _name_near_headline(page, own, site=site) or _signature(page, site=site)


def _name_near_headline(
    page: AnalysedPage, own: Sequence[bool], *, site: str | None
) -> tuple[str, ...]:
    """A name near the headline without a label: beside a date, or named again below the article.

    "Jane Doe | 4 June 2024" is such a line, and so is "Jane Doe" above "Jane Doe writes about
    birds" at the foot.
    """
    if page.headline is None:
        return ()
    top, paragraphs = page.headline, page.paragraphs
    below = [p.text for p in paragraphs[top + _BELOW :]]
    for i in (*range(top + 1, min(top + _JUST_BELOW, len(own))), top - 1):
        if i < 0 or not own[i] or len(paragraphs[i].text) > _LONGEST_LINE or paragraphs[i].heading:
            continue
        text = " ".join(paragraphs[i].text.split())
        bare = without_moments(text)
        name = re.split(r"[|•·]|\s[-–—]\s|\bin\b", bare.strip(" |•·,-–—:"))[0].strip()
        if not _SIGNATURE.fullmatch(name) or is_noise(name) or is_credit_line(text):
            continue
        if bare != text or any(other.startswith(name) for other in below):
            return clean_names((name,), site=site)
    return ()


def _signature(page: AnalysedPage, *, site: str | None) -> tuple[str, ...]:
    """A name that is a paragraph by itself, right below the last prose of an article."""
    paragraphs = page.paragraphs
    prose = [i for i, p in enumerate(paragraphs) if page.in_article[i] and p.is_prose]
    below = range(prose[-1] + 1, min(prose[-1] + 3, len(paragraphs))) if prose else ()
    for paragraph in (paragraphs[i] for i in below if i not in page.comments):
        text = paragraph.text
        alone = paragraph.node.tag in _PARAGRAPHS and not paragraph.linked
        alone = alone and not any(map(str.isdigit, text))
        if alone and _SIGNATURE.fullmatch(text) and not (begins_tail(text) or is_noise(text)):
            return clean_names((text,), site=site)
    return ()


def _with_others(
    names: tuple[str, ...],
    first: BylineMarkup,
    authors: Sequence[BylineMarkup],
    *,
    site: str | None,
) -> tuple[str, ...]:
    """The names in an author element, and the names in similar elements beside it."""
    found = [
        name
        for one in authors
        if one.style == first.style and 0 <= one.paragraph - first.paragraph <= 2
        for name in _names(one.text, site=site)
    ]
    by_spelling = {squeeze(name): name for name in (*names, *found)}
    return tuple(by_spelling.values())


def _markup_near(page: AnalysedPage, kind: str, paragraphs: Collection[int]) -> list[BylineMarkup]:
    """The byline markup of one kind that begins in one of the given paragraphs."""
    within = set(paragraphs)
    markup = page.outline.byline_markup
    return [one for one in markup if one.kind == kind and one.paragraph in within]


def _about_this_page(page: AnalysedPage) -> list[bool]:
    """Whether each paragraph is outside comments and boxes about other pages.

    An element that contains part of the article is not such a box, whatever its class name.
    """
    containing = page.elements_with_article()
    return [
        i not in page.comments
        and all(
            e in containing or not (e.tag == "nav" or class_name_hints(e).elsewhere)
            for e in p.context.boilerplate
        )
        for i, p in enumerate(page.paragraphs)
    ]


def _is_caption(paragraph: OutlineParagraph) -> bool:
    """Whether a paragraph describes a picture, so that any name in it is the photographer's."""
    return paragraph.context.caption or is_credit_line(paragraph.text)


def _zones(page: AnalysedPage) -> Iterator[Sequence[int]]:
    """The paragraphs that may name an author: those around the headline, then those at the foot."""
    number = len(page.paragraphs)
    indices = [i for i, is_included in enumerate(page.in_article) if is_included]
    top = page.headline if page.headline is not None else (indices[0] if indices else 0)
    yield [*range(top, min(number, top + _BELOW)), *range(max(0, top - _ABOVE), top)]
    if indices:
        foot = indices[-1]
        yield range(max(top, foot - 2), min(number, foot + _BELOW))


def _names(text: str, *, site: str | None) -> tuple[str, ...]:
    """The names in an author element, whose text nodes are lines.

    A line with a whole name is one, and what follows it is a post or another name. Otherwise, the
    name may be in the whole text ("By" and "Jane Doe"), or in a part of a line.
    """
    lines = [line for line in text.split("\n") if _LABEL.fullmatch(line) is None]
    whole = " ".join(text.split())
    sole = lines[:1] if len(lines) > 1 and len(lines[0].split()) > 1 else []
    sole = [] if sole and _JOINING.fullmatch(lines[1]) else sole
    for line in (*sole, whole, *lines):
        by = _BY.search(line)
        if by is not None and " " in by["name"] and by.end() == len(line) and by.start() < 20:
            words = by["name"]
        else:
            words = re.split(r"\||\s[-–—]\s", line)[0]
        words = _ROLE.sub("", words).strip(" :,-–—")
        names = clean_names((words,), site=site) if _may_be_names(words) else ()
        if names:
            return names
    return ()


def _may_be_names(line: str) -> bool:
    """Whether a line is short and is not a sentence, label or date."""
    words = line.split()
    if not words or len(line) > 80 or len(words) > 8 or line.endswith(("?", "!", ".", ":")):
        return False
    if len(words) > 1 and (words[-1].islower() or len(set(words)) < len(words)):
        return False
    return line.casefold() not in _LABELS and not any(map(str.isdigit, line))


def _names_in(paragraph: OutlineParagraph, *, site: str | None) -> tuple[str, ...]:
    """The names after "by" in a short line. A single word counts only if it is the whole line."""
    for line in paragraph.text.split("\n"):
        signed = parse_signature(line)
        if signed is not None:
            return clean_names(signed.authors, site=site)
        match = _BY.search(line)
        if (
            match is None
            or len(line) > _LONGEST_LINE
            or line.rstrip(" )").endswith((".", "?", "!"))
            or _PICTURE.search(line, 0, match.start("name")) is not None
        ):
            continue
        alone = match.start() == 0 or any(map(str.isdigit, line[: match.start()]))
        if " " in match["name"] or (alone and match.end() >= len(line.rstrip(" )"))):
            return clean_names((_without_month(match["name"]),), site=site)
    return ()


def _without_month(names: str) -> str:
    """The words, without the name of a month at the end: "By Jane Doe December 2, 2025"."""
    *words, last = names.split()
    return " ".join(words) if words and last.casefold().strip(".") in MONTHS else names


def find_published(
    content: bytes, page: AnalysedPage, *, url: str | None
) -> datetime | date | None:
    """When a page was published: a moment near its headline, or else the result of htmldate.

    Near the headline, markup takes precedence, then short lines, then the moments of changes.
    """
    top = 0 if page.headline is None else page.headline
    own = _about_this_page(page)
    zone = range(max(0, top - _MOMENT_ABOVE), min(len(own), top + _BELOW + 1))
    near = [i for i in zone if own[i]]
    moments = _markup_near(page, "moment", near)
    moments.sort(key=lambda one: (not one.sure, abs(one.paragraph - top)))
    texts = [one.text for one in moments if not one.changed]
    texts += [t for i in near if _is_dated(t := page.paragraphs[i].text)]
    for text in (*texts, *(one.text for one in moments if one.changed)):
        moment = published_in(text)
        if moment is not None:
            return moment
    found = _search_date(content, url=url)
    # htmldate turns a year without a month and day into 1 January.
    if found is None or found.endswith("-01-01"):
        return None
    return in_order_of_file(date.fromisoformat(found), content)


def _search_date(content: bytes, *, url: str | None) -> str | None:
    """The day that htmldate finds anywhere in a page; None if it finds no day or fails."""
    try:
        root = etree.fromstring(content, html_parser(remove_comments=False, remove_pis=False))
        return find_date(root, original_date=True, extensive_search=True, url=url)
    except Exception:  # noqa: BLE001 - htmldate overflows on some texts that look like dates
        return None


def _is_dated(text: str) -> bool:
    """Whether a line is short and contains a date line, perhaps beside an author or section."""
    if len(text) > _LONGEST_LINE:
        return False
    parts = (" ".join(part.split()) for part in _BARS.split(text))
    return _BY.search(text) is not None or any(parse_publication_dates(part) for part in parts)


def choose_authors(
    declared: tuple[str, ...], shown: tuple[str, ...], *, page: AnalysedPage
) -> tuple[str, ...]:
    """The authors of an article, from its metadata or from the page itself.

    Metadata often names whoever uploaded the article. So the authors shown on the page are right if
    it shows none of the declared ones, or all of them and more.
    """
    if not shown or not declared:
        return shown or declared
    on_page = {squeeze(name) for name in shown}
    wanted = {squeeze(name) for name in declared}
    if wanted <= on_page or _is_first_name(declared, shown):
        return shown
    if any(name in other for name in wanted for other in on_page):
        return declared
    near = {i for zone in _zones(page) for i in zone}
    texts = [squeeze(page.paragraphs[i].text[:_LONGEST_BIOGRAPHY]) for i in near]
    is_shown = any(name in text for name in wanted for text in texts)
    return declared if is_shown or not all(" " in name for name in shown) else shown


def _is_first_name(declared: tuple[str, ...], shown: tuple[str, ...]) -> bool:
    """Whether the only declared author is a first name of the only author shown."""
    one = len(declared) == len(shown) == 1
    return one and shown[0].casefold().startswith(f"{declared[0].casefold()} ")
