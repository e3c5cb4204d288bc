"""Who wrote a web page and when, from the signs and lines around its headline and at its foot."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from htmldate import find_date
from lxml import etree, html

from pullquote.parsing.html.byline_markup import Sign
from pullquote.parsing.html.class_names import name_of
from pullquote.parsing.html.moments import published_in
from pullquote.parsing.html.outline import Outline, Outlined
from pullquote.parsing.news.author_names import clean_names, squeeze
from pullquote.parsing.news.boilerplate import is_noise
from pullquote.parsing.news.boilerplate_lines import begins_tail, is_credit_line
from pullquote.parsing.news.bylines import parse_signature
from pullquote.parsing.news.dates import parse_publication_dates

_ABOVE = 10
_MOMENT_ABOVE = 4
_BELOW = 12
"""Paragraphs above and below a headline, and below an article, where its author may stand."""
_LONGEST_LINE = 120
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
_LABEL = re.compile(r"(?:autor(?:in|en)?|authors?|auteurs?|autore|von|by|par)\s*:?", re.IGNORECASE)
_ROLE = re.compile(r"^\s*(?:by|von|par|por|di|av|door|autor(?:in)?|auteur)\b:?\s*", re.IGNORECASE)


def find_authors(
    page: Outline,
    *,
    headline: int | None,
    kept: Sequence[bool],
    said: Collection[int],
    site: str | None,
) -> tuple[str, ...]:
    """The authors that a page names in the markup or in a line near its headline or its foot."""
    own = _own(page, kept)
    for zone in _zones(headline, kept):
        near = [i for i in zone if i not in said and own[i] and not _is_caption(page, i)]
        signs = [s for s in page.signs if s.kind == "author" and s.at in set(near)]
        for sign in sorted(signs, key=lambda s: not s.sure):
            names = _names(sign.text, site=site)
            if names:
                return _with_others(names, sign, signs, site=site)
        for i in near:
            names = _names_in(page.paragraphs[i], site=site)
            if not names and _LABEL.fullmatch(page.paragraphs[i].text) and i + 1 < len(kept):
                names = _names(page.paragraphs[i + 1].text, site=site)
            if names:
                return names
    return _signature(page, kept, said=said, site=site)


def _signature(
    page: Outline, kept: Sequence[bool], *, said: Collection[int], site: str | None
) -> tuple[str, ...]:
    """The name that stands alone right below the last prose of an article, as a signature."""
    prose = [i for i, p in enumerate(page.paragraphs) if kept[i] and p.is_prose]
    below = range(prose[-1] + 1, min(prose[-1] + 3, len(kept))) if prose else ()
    for i in (i for i in below if i not in said):
        paragraph = page.paragraphs[i]
        text = paragraph.text
        alone = paragraph.node.tag in _PARAGRAPHS and not paragraph.linked
        alone = alone and not any(map(str.isdigit, text))
        if alone and _SIGNATURE.fullmatch(text) and not (begins_tail(text) or is_noise(text)):
            return clean_names((text,), site=site)
    return ()


def _with_others(
    names: tuple[str, ...], first: Sign, signs: Sequence[Sign], *, site: str | None
) -> tuple[str, ...]:
    """The names of a sign, and those beside it in elements like its own."""
    others = [s.text for s in signs if s.like == first.like and s.at - first.at in (0, 1, 2)]
    found = [name for text in others for name in _names(text, site=site)]
    told = {squeeze(name): name for name in (*names, *found)}
    return tuple(told.values())


def _own(page: Outline, kept: Sequence[bool]) -> list[bool]:
    """For each paragraph whether it stands in no box about other pages.

    What holds some of the article is no such box, whatever it is called.
    """
    holding = {e for p, is_kept in zip(page.paragraphs, kept, strict=True) if is_kept
               for e in p.place.furniture}  # fmt: skip
    return [
        all(e in holding or not _is_elsewhere(e) for e in p.place.furniture)
        for p in page.paragraphs
    ]


def _is_elsewhere(element: etree._Element) -> bool:
    return element.tag == "nav" or name_of(element).elsewhere


def _is_caption(page: Outline, i: int) -> bool:
    """Whether a paragraph is about a picture, and who is named in it took that."""
    return page.paragraphs[i].place.caption or is_credit_line(page.paragraphs[i].text)


def _zones(headline: int | None, kept: Sequence[bool]) -> Iterator[Sequence[int]]:
    """Where an author is looked for: around the headline, then at the foot of the article."""
    indices = [i for i, is_kept in enumerate(kept) if is_kept]
    top = headline if headline is not None else (indices[0] if indices else 0)
    yield [*range(top, min(len(kept), top + _BELOW)), *range(max(0, top - _ABOVE), top)]
    if indices:
        foot = indices[-1]
        yield range(max(top, foot - 2), min(len(kept), foot + _BELOW))


def _names(text: str, *, site: str | None) -> tuple[str, ...]:
    """The names in an element for authors: in all of it, or in its first line that is one."""
    for line in (" ".join(text.split()), *text.split("\n")):
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
    """Whether a line is short and no sentence, label or day."""
    words = line.split()
    if not words or len(line) > 80 or len(words) > 8 or line.endswith(("?", "!", ".", ":")):
        return False
    if len(words) > 1 and (words[-1].islower() or len(set(words)) < len(words)):
        return False
    return line.casefold() not in _LABELS and not any(map(str.isdigit, line))


def _names_in(paragraph: Outlined, *, site: str | None) -> tuple[str, ...]:
    """The names behind "by" in a short line; a single word only where little else stands there."""
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
            return clean_names((match["name"],), site=site)
    return ()


def find_published(
    content: bytes,
    page: Outline,
    *,
    headline: int | None,
    kept: Sequence[bool],
    said: Collection[int],
    url: str | None,
) -> datetime | date | None:
    """When a page was published: by a moment near its headline, or what htmldate finds.

    In the markup first, then in a short line, then a moment that is said to be that of a change.
    """
    top = 0 if headline is None else headline
    own = _own(page, kept)
    zone = range(max(0, top - _MOMENT_ABOVE), min(len(own), top + _BELOW + 1))
    near = [i for i in zone if own[i] and i not in said]
    signs = [s for s in page.signs if s.kind == "moment" and s.at in set(near)]
    signs.sort(key=lambda s: (not s.sure, abs(s.at - top)))
    told = [s.text for s in signs if not s.changed]
    told += [t for i in near if _is_dated(t := page.paragraphs[i].text)]
    for text in (*told, *(s.text for s in signs if s.changed)):
        moment = published_in(text)
        if moment is not None:
            return moment
    found = _searched(content, url=url)
    # The first of January is what it makes of a year that stands alone in the text.
    return None if found is None or found.endswith("-01-01") else date.fromisoformat(found)


def _searched(content: bytes, *, url: str | None) -> str | None:
    """The day that htmldate finds anywhere in a page, None also where it stumbles over that."""
    try:
        root = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
        return find_date(root, original_date=True, extensive_search=True, url=url)
    except Exception:  # noqa: BLE001 - it parses whatever looks like a date, and overflows on some
        return None


def _is_dated(text: str) -> bool:
    """Whether a short line is a date line, also beside an author or the name of a section."""
    if len(text) > _LONGEST_LINE:
        return False
    parts = (" ".join(part.split()) for part in _BARS.split(text))
    return _BY.search(text) is not None or any(parse_publication_dates(part) for part in parts)


def choose_authors(told: tuple[str, ...], named: tuple[str, ...]) -> tuple[str, ...]:
    """The authors that the head of a page tells, unless those named on it are the same and more."""
    on_page = [name.casefold() for name in named]
    same = all(any(name.casefold() in other for other in on_page) for name in told)
    return named if named and same else told
