"""Reads metadata from document properties, without values that programs fill in by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from pullquote.base.dates.date_lines import parse_moment
from pullquote.parsing.blocks import clean_text
from pullquote.parsing.news.bylines import split_authors
from pullquote.parsing.news.metadata import ArticleMetadata

_PROGRAM = re.compile(
    r"(?:Microsoft (?:Office )?(?:Word|PowerPoint)|PowerPoint Presentation)\s*[-:–]\s*"
)
_NO_TITLE = re.compile(
    r".*\.(?:docx?|dotx?|odt|rtf|pdf|epub|indd|qx[pd]|pages|txt|html?|eps|tmp)"
    r"|(?:untitled|document|unnamed|unknown|no(?: |-)?title|title|slide|layout|draft)[\s_-]*[0-9]*"
    r"|[\W\d_]*|<[^<>]*>|\(\w*\)|\S+://\S+",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    "admin administrator anonymous author default editor guest none owner python-docx unspecified"
    " root unknown user utilisateur usuario benutzer windows test".split()
) | {
    "microsoft office user",
    "windows user",
    "un-named",
    "user name",
    "(anonymous)",
    "(unspecified)",
}
_LONGEST = 300
"""Maximum length of a property, in characters. A longer value is usually the pasted text of the
document."""


def metadata_from_properties(
    *,
    title: str | None = None,
    authors: Iterable[str] = (),
    published: datetime | date | None = None,
    modified: datetime | date | None = None,
    tags: Iterable[str] = (),
) -> ArticleMetadata:
    """The metadata from properties, without placeholders that programs write."""
    return ArticleMetadata(
        title=believable_title(title),
        authors=tuple(dict.fromkeys(_person_names(authors))),
        published=published,
        modified=modified,
        tags=tuple(
            tag for line in tags for part in re.split(r"[,;]", line) if (tag := _one_line(part))
        ),
    )


def believable_title(title: str | None) -> str | None:
    """The title, or None if it is a file name, a placeholder or something similar."""
    line = _PROGRAM.sub("", _one_line(title), count=1)
    return None if not line or _NO_TITLE.fullmatch(line) else line


def parse_property_date(text: str | None) -> datetime | date | None:
    """A date or time in ISO 8601 or in a style that newspapers use, or None."""
    return None if text is None else parse_moment(_one_line(text))


def _person_names(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        for person in split_authors(_one_line(name)).authors:
            if person.casefold().strip("()") not in _NOBODY and "@" not in person:
                yield person


def _one_line(text: str | None) -> str:
    """A property on one line; empty if the property is missing or too long."""
    return "" if text is None or len(text) > _LONGEST else " ".join(clean_text(text).split())
