"""Who wrote a web page and when, from the signs and lines around its headline and at its foot."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from htmldate import find_date
from lxml import html

from pullquote.ingest.moments import moment_in
from pullquote.ingest.names import clean_names
from pullquote.ingest.outline import Outline, Outlined

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
    for zone in _zones(headline, kept):
        near = [i for i in zone if i not in said]
        signs = [s for s in page.signs if s.kind == "author" and s.at in set(near)]
        for sign in sorted(signs, key=lambda s: not s.sure):
            names = _names(sign.text, site=site)
            if names:
                return names
        for i in near:
            names = _names_in(page.paragraphs[i], site=site)
            if not names and _LABEL.fullmatch(page.paragraphs[i].text) and i + 1 < len(kept):
                names = _names(page.paragraphs[i + 1].text, site=site)
            if names:
                return names
    return ()


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
        match = _BY.search(line)
        if (
            match is None
            or len(line) > _LONGEST_LINE
            or line.rstrip(" )").endswith((".", "?", "!"))
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
    said: Collection[int],
    url: str | None,
) -> datetime | date | None:
    """When a page was published: by a moment near its headline, or what htmldate finds."""
    top = 0 if headline is None else headline
    near = [
        s
        for s in page.signs
        if s.kind == "moment" and top - _MOMENT_ABOVE <= s.at <= top + _BELOW and s.at not in said
    ]
    for sign in sorted(near, key=lambda s: (not s.sure, abs(s.at - top))):
        moment = moment_in(sign.text)
        if moment is not None:
            return moment
    root = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    found = find_date(root, original_date=True, extensive_search=True, url=url)
    return None if found is None else date.fromisoformat(found)


def choose_authors(told: tuple[str, ...], named: tuple[str, ...]) -> tuple[str, ...]:
    """The authors that the head of a page tells, unless those named on it are the same and more."""
    on_page = [name.casefold() for name in named]
    same = all(any(name.casefold() in other for other in on_page) for name in told)
    return named if named and same else told
