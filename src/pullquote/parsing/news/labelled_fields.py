"""Parses pages with labelled fields, such as emails and exports from newspaper databases.

Examples are "HEADLINE: Bridge to close", "Subject: Bridge to close", or "HD" on a line of its own.
Reports contain single lines of that form too ("Length: 500 m"). Therefore a page needs two labels
from the same set, and one of them must be the label of the headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pullquote.base.dates.date_lines import parse_moment, parse_publication_dates
from pullquote.parsing.lines import PageParagraph
from pullquote.parsing.news.bylines import split_authors
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.schema import Role

_HEAD = 30
"""How many paragraphs are searched for labels of the head. Some databases have a dozen."""
_ENOUGH = 2
_APART = 2
_TITLES = ("HEADLINE", "Headline", "TITLE", "Title", "SUBJECT", "Subject", "subject", "HD")
"""Labels of headlines. A page without such a label is not analysed further."""
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
    """The labels of one kind of page, and how they are written."""

    pattern: re.Pattern[str]
    keys: Mapping[str, str]
    capitals: bool = False


_LABEL_SETS = (
    _LabelSet(_LABEL, _ARCHIVE, capitals=True),
    _LabelSet(_LABEL, _MAIL),
    _LabelSet(_CODE, _CODES),
)


@dataclass(frozen=True, slots=True)
class _LabelledLine:
    """A line with a label: the index of the line, the field, and the value, which may be empty."""

    at: int
    field: str
    value: str


LabelledPage = tuple[Sequence[PageParagraph], ArticleMetadata]
"""The paragraphs with the roles that their labels state, and the metadata in them."""


def parse_labelled_fields(paragraphs: Sequence[PageParagraph]) -> LabelledPage | None:
    """Parse a page with labels; None for other pages."""
    if not any(paragraph.text.startswith(_TITLES) for paragraph in paragraphs[:_HEAD]):
        return None
    for label_set in _LABEL_SETS:
        labels = list(_relevant_labels(paragraphs, label_set))
        head = {label.field for label in labels if label.at < _HEAD}
        if "title" in head and len(head) >= _ENOUGH:
            return _apply_labels(paragraphs, labels)
    return None


def _relevant_labels(
    paragraphs: Sequence[PageParagraph], label_set: _LabelSet
) -> Iterator[_LabelledLine]:
    """The labelled lines of the head and the foot, and the labels of the text in between.

    The head and the foot end at two successive paragraphs without a label. Each label counts once.
    """
    found = list(_labelled_lines(paragraphs, label_set))
    head = len(found)
    for k in range(1, len(found)):
        if found[k - 1].field == "body" or found[k].at - found[k - 1].at > _APART:
            head = k
            break
    foot, below = len(found), len(paragraphs)
    while foot > head and below - found[foot - 1].at <= _APART:
        foot -= 1
        below = found[foot].at
    seen: set[str] = set()
    for k, label in enumerate(found):
        if label.field == "body" or (label.field not in seen and (k < head or k >= foot)):
            yield label
            seen.add(label.field if label.field != "nothing" else "")


def _labelled_lines(
    paragraphs: Sequence[PageParagraph], label_set: _LabelSet
) -> Iterator[_LabelledLine]:
    for i, paragraph in enumerate(paragraphs):
        match = label_set.pattern.fullmatch(paragraph.text) if paragraph.role is None else None
        field = None if match is None else label_set.keys.get(match["key"].upper())
        if match is None or field is None or (label_set.capitals and not match["key"].isupper()):
            continue
        yield _LabelledLine(i, field, "" if match["value"] is None else match["value"])


def _apply_labels(
    paragraphs: Sequence[PageParagraph], labels: Sequence[_LabelledLine]
) -> LabelledPage:
    """The page with the roles of labelled lines. A lone label belongs to the line below."""
    marked = list(paragraphs)
    metadata = ArticleMetadata()
    taken = {label.at for label in labels}
    for label in labels:
        at, value = label.at, label.value
        role = _ROLES.get(label.field, Role.BOILERPLATE)
        if label.field == "body":
            # A line such as "LP The first words" contains text.
            role = Role.BODY if value else Role.BOILERPLATE
        elif not value and at + 1 < len(marked) and at + 1 not in taken:
            marked[at] = replace(marked[at], role=Role.BOILERPLATE)
            at, value = at + 1, marked[at + 1].text
        marked[at] = replace(marked[at], role=role)
        metadata.fill_from(
            _field_metadata(label.field, value), origin=f"“{paragraphs[label.at].text}”"
        )
    return marked, metadata


def _field_metadata(field: str, value: str) -> ArticleMetadata:
    metadata = ArticleMetadata()
    if not value:
        return metadata
    if field == "title":
        title = _LIST_TAG.sub("", value)
        metadata.title = title if title else None
    elif field == "authors":
        metadata.authors = split_authors(_ADDRESS.sub("", value)).authors
    elif field == "published":
        line = parse_publication_dates(value)
        metadata.published = parse_moment(value) if line is None else line.published
    elif field == "section":
        metadata.section = value.partition(";")[0].strip()
    elif field in ("place", "source", "standfirst", "url"):
        setattr(metadata, field, value)
    return metadata
