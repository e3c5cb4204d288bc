"""Pages on which every fact has its label: mails, and what archives of newspapers export.

"HEADLINE: Bridge to close", "Subject: Bridge to close", or "HD" on a line of its own. One such line
proves nothing, since reports have them too ("Length: 500 m"), so that two that belong together are
asked for, one of them the headline's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pullquote.parsing.news.bylines import split_authors
from pullquote.parsing.news.dates import parse_moment, parse_publication_dates
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.news.paragraph import PageParagraph
from pullquote.schema import Role

_HEAD = 30
"""Paragraphs among which the labels of the head are looked for; some archives give a dozen."""
_ENOUGH = 2
_APART = 2
_TITLES = ("HEADLINE", "Headline", "TITLE", "Title", "SUBJECT", "Subject", "subject", "HD")
"""How the label of a headline is written: without one, nothing else is looked at."""
_ARCHIVE = {
    **dict.fromkeys(("HEADLINE", "TITLE"), "title"),
    **dict.fromkeys(("BYLINE", "AUTHOR"), "authors"),
    **dict.fromkeys(("SECTION", "RUBRIC"), "section"),
    **dict.fromkeys(("DATELINE", "PLACE"), "place"),
    **dict.fromkeys(("SOURCE", "PUBLICATION", "NEWSPAPER"), "source"),
    **dict.fromkeys(("DATE", "PUBLICATION DATE", "PUBLISHED"), "published"),
    **dict.fromkeys(("HIGHLIGHT", "SUBHEADLINE"), "standfirst"),
    **dict.fromkeys(("URL", "LINK"), "url"),
    **dict.fromkeys(("BODY", "TEXT", "FULL TEXT"), "body"),
    **dict.fromkeys(
        "LENGTH GRAPHIC LANGUAGE LOAD-DATE PUBLICATION-TYPE DOCUMENT-TYPE SUBJECT COMPANY INDUSTRY"
        " GEOGRAPHIC PERSON ORGANIZATION COUNTRY CITY STATE TYPE CORRECTION-DATE ACC-NO ISSN"
        " COPYRIGHT EDITION PAGE DISTRIBUTION UPDATE CATEGORY TICKER NOTES SERIES COLUMN".split(),
        "nothing",
    ),
}
_MAIL = {
    **{"SUBJECT": "title", "FROM": "authors", "DATE": "published", "SENT": "published"},
    **dict.fromkeys(
        "TO|CC|BCC|REPLY-TO|MESSAGE-ID|LIST-ID|IN-REPLY-TO|ATTACHMENTS".split("|"), "nothing"
    ),
}
_CODES = {
    **{"HD": "title", "BY": "authors", "SE": "section", "PD": "published", "SN": "source"},
    **{"LP": "body", "TD": "body"},
    **dict.fromkeys(
        "WC ET SC ED PG LA CY CR CT RF CO IN NS RE IPD IPC PUB AN VOL ART CLM".split(), "nothing"
    ),
}
_LABEL = re.compile(r"(?P<key>[^\W\d_][A-Za-z -]{1,18}?)\s*:(?:\s+(?P<value>\S.*))?", re.DOTALL)
_CODE = re.compile(r"(?P<key>[A-Z]{2,3})(?:\s+(?P<value>\S.*))?", re.DOTALL)
_LIST_TAG = re.compile(r"^(?:(?:re|aw|fwd?|tr|wg)\s*:\s*|\[[^\[\]]{1,40}\]\s*)+", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*[<(][^<>()]*@[^<>()]*[>)]|\"")
_ROLES: Mapping[str, Role] = MappingProxyType(
    {
        "title": Role.HEADLINE,
        "standfirst": Role.STANDFIRST,
        "authors": Role.BYLINE,
        "published": Role.BYLINE,
    }
)


@dataclass(frozen=True, slots=True)
class _LabelSet:
    """The labels that one kind of page has, and how they are written."""

    pattern: re.Pattern[str]
    keys: Mapping[str, str]
    capitals: bool = False


_FAMILIES = (
    _LabelSet(_LABEL, _ARCHIVE, capitals=True),
    _LabelSet(_LABEL, _MAIL),
    _LabelSet(_CODE, _CODES),
)


@dataclass(frozen=True, slots=True)
class _LabelledLine:
    """A line with a label: where it stands, what it tells, and its value, empty where none."""

    at: int
    tells: str
    value: str


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """The paragraphs with the roles that their labels give, and the facts that they state."""

    paragraphs: Sequence[PageParagraph]
    facts: ArticleMetadata


def parse_labelled_fields(paragraphs: Sequence[PageParagraph]) -> LabelledPage | None:
    """The page by its labels, or None for one that is not labelled."""
    if not any(paragraph.text.startswith(_TITLES) for paragraph in paragraphs[:_HEAD]):
        return None
    for family in _FAMILIES:
        labels = list(_labels(paragraphs, family))
        head = {label.tells for label in labels if label.at < _HEAD}
        if "title" in head and len(head) >= _ENOUGH:
            return _read(paragraphs, labels)
    return None


def _labels(paragraphs: Sequence[PageParagraph], family: _LabelSet) -> Iterator[_LabelledLine]:
    """The labelled lines of the head and of the foot, and the labels of the text between.

    In both of them no two paragraphs in a row are without a label; each label counts once.
    """
    found = list(_labelled_lines(paragraphs, family))
    head = len(found)
    for k in range(1, len(found)):
        if found[k - 1].tells == "body" or found[k].at - found[k - 1].at > _APART:
            head = k
            break
    foot, below = len(found), len(paragraphs)
    while foot > head and below - found[foot - 1].at <= _APART:
        foot -= 1
        below = found[foot].at
    seen: set[str] = set()
    for k, label in enumerate(found):
        if label.tells == "body" or (label.tells not in seen and (k < head or k >= foot)):
            yield label
            seen.add(label.tells if label.tells != "nothing" else "")


def _labelled_lines(
    paragraphs: Sequence[PageParagraph], family: _LabelSet
) -> Iterator[_LabelledLine]:
    """Every line that begins with a label of a family."""
    for i, paragraph in enumerate(paragraphs):
        match = family.pattern.fullmatch(paragraph.text) if paragraph.role is None else None
        tells = None if match is None else family.keys.get(match["key"].upper())
        if match is None or tells is None or (family.capitals and not match["key"].isupper()):
            continue
        yield _LabelledLine(i, tells, "" if match["value"] is None else match["value"])


def _read(paragraphs: Sequence[PageParagraph], labels: Sequence[_LabelledLine]) -> LabelledPage:
    """The page, each labelled line with its role; a label alone is about the line below it."""
    marked = list(paragraphs)
    facts = ArticleMetadata()
    taken = {label.at for label in labels}
    for label in labels:
        at, value = label.at, label.value
        role = _ROLES.get(label.tells, Role.BOILERPLATE)
        if label.tells == "body":
            # "LP The first words" of the text, which are text.
            role = Role.BODY if value else Role.BOILERPLATE
        elif not value and at + 1 < len(marked) and at + 1 not in taken:
            marked[at] = replace(marked[at], role=Role.BOILERPLATE)
            at, value = at + 1, marked[at + 1].text
        marked[at] = replace(marked[at], role=role)
        facts.fill_from(_facts(label.tells, value), origin=f"“{paragraphs[label.at].text}”")
    return LabelledPage(marked, facts)


def _facts(tells: str, value: str) -> ArticleMetadata:
    """What a labelled value says about the article."""
    facts = ArticleMetadata()
    if not value:
        return facts
    if tells == "title":
        title = _LIST_TAG.sub("", value)
        facts.title = title if title else None
    elif tells == "authors":
        facts.authors = split_authors(_ADDRESS.sub("", value)).authors
    elif tells == "published":
        line = parse_publication_dates(value)
        facts.published = parse_moment(value) if line is None else line.published
    elif tells == "section":
        facts.section = value.partition(";")[0].strip()
    elif tells in ("place", "source", "standfirst", "url"):
        setattr(facts, tells, value)
    return facts
