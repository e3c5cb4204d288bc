"""Finds moments (days and instants) on web pages: machine-readable ones, or those in other text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache

from lxml import etree

from pullquote.base.dates.date_lines import parse_moment, parse_publication_dates

_LONGEST = 300
_FRACTION = re.compile(r"\.[0-9]+(?=Z|[+-]|$)")
_INSIDE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
    r"|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}"
    r"|[0-9]{1,2}(?:\.|st|nd|rd|th|er)?\s+(?:de\s+|of\s+)?[^\W\d_]{3,10}\.?,?\s+(?:de\s+)?[0-9]{4}"
    r"|[^\W\d_]{3,10}\.?\s+[0-9]{1,2}(?:st|nd|rd|th)?,?\s+[0-9]{4}"
)


def first_moment(values: Iterable[str]) -> datetime | date | None:
    """The first value that is only a moment. Fractions of seconds are dropped."""
    moments = (parse_moment(_FRACTION.sub("", value)) for value in values)
    return next((moment for moment in moments if moment is not None), None)


def moment_in(text: str) -> datetime | date | None:
    """The moment that makes up a short text, or else the first moment in the text."""
    text = text[:_LONGEST]
    return first_moment((text, *(match[0] for match in _INSIDE.finditer(text))))


def published_in(text: str) -> datetime | date | None:
    """The moment of publication in a short text, or else the first moment in it."""
    line = parse_publication_dates(" ".join(text.split()))
    if line is not None:
        return line.published
    return moment_in(text)


def without_moments(text: str) -> str:
    """A short text without the moments in it."""
    found = _INSIDE.finditer(text[:_LONGEST])
    for moment in [match[0] for match in found if first_moment((match[0],)) is not None]:
        text = text.replace(moment, "")
    return text


_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
BOILERPLATE_TAGS = frozenset(("nav", "footer", "form", "dialog", "menu"))
_BOILERPLATE_ROLES = frozenset(
    "navigation search banner contentinfo complementary dialog alert alertdialog menu menubar"
    " toolbar tablist".split()
)
_BOILERPLATE = (
    "ad ads advert advertisement advertising adsense affiliate anzeige banner bookmarks cookie"
    " cookies copyright cta disclaimer donate donation dropdown footer impressum legal likes login"
    " modal newsletter overlay pager pagination paywall popup promo ratings respond share"
    " sharedaddy shares sharing signin signup social sponsor sponsored subscribe subscription"
    " taglist tags toc toolbar vgwort voting".split()
)
_BOILERPLATE_PAIRS = (
    "author bio|author box|author info|author profile|about author|tag list|post tags|cat links"
    "|comment rules|comment form|back to|code block|edit section|skip link|widget area".split("|")
)
_ELSEWHERE = (
    *"breadcrumb breadcrumbs carousel menu nav navbar navi navigation outbrain plista recirc"
    " recommendation recommendations recommended related sidebar sitemap taboola teasers"
    " trending".split(),
    *"read more|read next|most read|most popular|most viewed|more from|more on|more stories"
    "|see also|post navigation|nav links|post nav|up next|also like|mehr zum".split("|"),
)
"""Class names of boilerplate about other pages. Other boilerplate may name this page's author."""
_COMMENTS = frozenset(
    "comments commentlist kommentare leserkommentare commentaires comentarios commenti reacties"
    " discussion disqus usercomments readercomments".split()
)
_COMMENT = frozenset("comment kommentar commentaire comentario commento reactie".split())
_NUMBERED_COMMENT = re.compile(r"(?:[a-z]+[-_])*comment[-_]?[0-9]+", re.IGNORECASE)
_MAYBE_COMMENT = re.compile("comm|kommentar|coment|discussion|disqus|reactie", re.IGNORECASE)
# The other words in a class name with one of the words above.
_AROUND_COMMENTS = frozenset("list section area thread wrap page stream feed widget".split())
_ONE_COMMENT = frozenset(
    "item entry wrapper container box card node row single user reader".split()
)
_NO_COMMENTS = frozenset(
    "count counter number num link links button btn icon toggle closed open off disabled has no"
    " form respond reply".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClassNameHints:
    """What the class and id of an element say about its kind. Several fields may be true.

    `elsewhere` marks boilerplate about other pages, `pulled` a pull quote, and `changed` the date
    of a change.
    """

    boilerplate: bool = False
    elsewhere: bool = False
    hidden: bool = False
    caption: bool = False
    lead: bool = False
    kicker: bool = False
    pulled: bool = False
    body: bool = False
    author: bool = False
    moment: bool = False
    changed: bool = False
    discussion: bool = False
    comment: bool = False


NO_HINTS = ClassNameHints()
"""The hints of all elements without hints: `class_name_hints` returns this object."""
_FIELDS = frozenset(field.name for field in fields(ClassNameHints))
_HINTS: dict[str, list[str]] = {}
"""The hints of a word or word pair: fields of `ClassNameHints`, and two that cancel other hints."""
for _hint, _words in {
    "boilerplate": (*_BOILERPLATE, *_BOILERPLATE_PAIRS, *_ELSEWHERE),
    "elsewhere": _ELSEWHERE,
    "hidden": ("sr only", "screen reader", "visually hidden", "element invisible"),
    "caption": ("caption", "bildunterschrift", "cutline"),
    "lead": (
        "standfirst lead lede intro introduction deck dek subtitle subheadline subhead subline"
        " summary excerpt abstract vorspann chapo chapeau entradilla ingress teaser"
        " description".split()
    ),
    "kicker": ("kicker", "overline", "dachzeile", "flytitle", "supertitle", "eyebrow"),
    "pulled": ("pullquote", "pull quote", "quote pull"),
    "body": [
        f"{whose} {what}"
        for whose in ("article", "entry", "post", "story")
        for what in ("body", "content", "text")
    ],
    "author": (
        *"author authors byline autor autorin autoren auteur auteurs autore verfasser writer fn"
        " reporter contributor".split(),
        *("wrote by", "written by", "posted by", "by author", "by line"),
    ),
    "organisation": ("org",),
    "moment": "date datum dateline fecha pubdate publication published time timestamp".split(),
    "changed": "updated modified lastmod dtstamp aktualisiert".split(),
    "first": ("published",),
}.items():
    for _word in _words:
        _HINTS.setdefault(_word, []).append(_hint)


def class_name_hints(element: etree._Element) -> ClassNameHints:
    """The hints from the class and id of an element. Very long names are cut."""
    name, id = element.get("class"), element.get("id")
    if name is None and id is None:
        return NO_HINTS
    return _hints(f"{'' if name is None else name[:300]} {'' if id is None else id[:100]}")


@lru_cache(maxsize=8192)
def _hints(names: str) -> ClassNameHints:
    """The hints from a text of class names and an id, separated by spaces."""
    found = frozenset[str]().union(*map(_hints_of_name, names.split()))
    return _combined(found) if found else NO_HINTS


@lru_cache(maxsize=8192)
def _hints_of_name(name: str) -> frozenset[str]:
    """The hints of one class name. Pages share more names than combinations of names."""
    found: set[str] = set()
    parts = [part.lower() for part in _WORD.findall(name)]
    for part in parts:
        found.update(_HINTS.get(part, ()))
    for pair in itertools.pairwise(parts):
        found.update(_HINTS.get(" ".join(pair), ()))
    if _MAYBE_COMMENT.search(name):
        found.update(_comment_hints(name, parts))
    return frozenset(found)


@lru_cache(maxsize=1024)
def _combined(found: frozenset[str]) -> ClassNameHints:
    """The hints of all names of an element together."""
    left_out = {"author"} if "organisation" in found else set()
    left_out |= {"changed"} if "first" in found else set()
    return ClassNameHints(**dict.fromkeys((found & _FIELDS) - left_out, True))


def _comment_hints(name: str, parts: list[str]) -> tuple[str, ...]:
    """The hints of a class name that may be about comments. Single letters are ignored."""
    words = {part for part in parts if len(part) > 1}
    if _NUMBERED_COMMENT.fullmatch(name):
        return ("comment",)
    if not words.isdisjoint(_NO_COMMENTS):
        return ()
    if not words.isdisjoint(_COMMENTS):
        return ("discussion",)
    others = words - _COMMENT
    if len(others) == len(words):
        return ()
    if others <= _ONE_COMMENT:
        return ("comment",)
    return ("discussion",) if others <= _AROUND_COMMENTS else ()


def is_hidden(element: etree._Element, hints: ClassNameHints) -> bool:
    """Whether a page hides an element from everyone or from some of its readers."""
    if hints.hidden or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDDEN.search(style[:2000]) is not None


def is_boilerplate(element: etree._Element, hints: ClassNameHints) -> bool:
    """Whether an element is not part of an article, judging by its tag, role or class."""
    return (
        hints.boilerplate
        or element.tag in BOILERPLATE_TAGS
        or element.get("role") in _BOILERPLATE_ROLES
    )
