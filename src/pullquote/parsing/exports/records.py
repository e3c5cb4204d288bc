"""A record of an export to its article: which of its fields says what.

Names are compared without case and punctuation, so that `pubDate`, `pub_date` and `Pub Date` are
one. The first name of a line that holds something wins, after what the settings say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pullquote.errors import ArticleError
from pullquote.parsing.blocks import article_from_blocks, with_metadata_blocks
from pullquote.parsing.exports.ninjs import is_ninjs, values_of
from pullquote.parsing.exports.values import line_of, lines_of, moment_of, pieces_of, texts_of
from pullquote.parsing.messages import abridged_repr
from pullquote.parsing.news.front_matter import FrontMatter
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article

_GUESSES = {
    "title": "title headline heading headlinetext hl1 articletitle",
    "standfirst": "standfirst dek deck subtitle subheadline subhead summary description abstract"
    " excerpt teaser trailtext lead lede",
    "body": "body articlebody bodytext bodyhtml fulltext text content contenthtml contenttext html"
    " story storytext articletext maintext article contentencoded paragraphs transcript",
    "authors": "authors author byline bylines creator dccreator writer reporter by",
    "source": "source outlet publication publisher provider newspaper sourcename sitename site"
    " agency",
    "section": "section sectionname category desk channel rubric department",
    "place": "place location located dateline city",
    "tags": "tags keywords topics subjects labels categories",
    "published": "published publishedat datepublished publicationdate publishdate pubdate"
    " firstpublished webpublicationdate dategmt date datetime issued created createdat"
    " firstcreated timestamp versioncreated",
    "modified": "modified modifiedat datemodified modifiedgmt updated updatedat dateupdated"
    " lastmodified lastmod lastupdated",
    "url": "url canonicalurl canonical weburl permalink link articleurl sourceurl href",
    "language": "language lang inlanguage languagecode",
    "id": "id guid uuid uid articleid documentid docid itemid storyid contentid identifier uri",
    "revision": "version revision versionnumber",
    "status": "pubstatus status articlestatus",
    "embargoed": "embargoed embargo embargoeduntil embargountil embargodate",
}
_NAMES = {field: names.split() for field, names in _GUESSES.items()}
_MEANT: dict[str, list[tuple[int, str]]] = {}
"""What each name may be of: the facts, and after how many better names for them."""
for _field, _names in _NAMES.items():
    for _after, _name in enumerate(_names):
        _MEANT.setdefault(_name, []).append((_after, _field))
_NOTHING: Mapping[str, object] = dict.fromkeys(_NAMES)
_PUNCTUATION = re.compile(r"[^a-z0-9]")
_LONGEST_ID = 300
_NO_ID = re.compile(r"[\x00-\x1f\x7f]")
_MOST_LISTED = 12


def _several(value: object) -> object:
    """A list of names, or the one line that holds them all."""
    lines = lines_of(value)
    return lines[0] if len(lines) == 1 else lines


_READ: Mapping[str, Callable[[object], object]] = {
    **dict.fromkeys(("title", "standfirst", "source", "section", "place"), line_of),
    **dict.fromkeys(("url", "language", "status"), line_of),
    **dict.fromkeys(("published", "modified"), moment_of),
    **dict.fromkeys(("authors", "tags"), _several),
}


def parse_record(
    record: object, file: SourceFile, *, place: str | None, encoding: str = "utf-8"
) -> Article:
    """The article of a record.

    `place` is where in the file it stands, such as "17"; None where it is all of the file. Its id
    is the file's with its own id, or else its place, behind "#".

    Raises ArticleError, with that id, where it is no article.
    """
    here = file.id if place is None else f"{file.id}#{place}"
    if not isinstance(record, Mapping):
        raise ArticleError(here, f"it is no record with fields but {abridged_repr(record)}")
    values = values_in(record, fields=file.fields)
    if all(value is None for value in values.values()):
        raise ArticleError(here, _no_text(record))
    metadata, body = _facts(values), pieces_of(values.get("body"))
    if place is not None and metadata.item is not None:
        here = f"{file.id}#{metadata.item}"
    if (
        not body
        and metadata.status is None
        and (metadata.title is None or metadata.standfirst is None)
    ):
        raise ArticleError(here, _no_text(record))
    given = SourceFile(id=here, version=file.version)
    language = line_of(values.get("language"))
    pieces = with_metadata_blocks(metadata, body)
    return article_from_blocks(given, pieces, known=metadata, encoding=encoding, language=language)


def values_in(record: Mapping[str, object], *, fields: Mapping[str, str]) -> dict[str, object]:
    """What a record says, by the name of the fact."""
    if is_ninjs(record):
        guessed = values_of(record)
    else:
        named = {_PUNCTUATION.sub("", str(key).casefold()): v for key, v in record.items()}
        guessed = _guessed(named)
        # `true` is no text, but it is an embargo.
        guessed["embargoed"] = next((named[n] for n in _NAMES["embargoed"] if n in named), None)
    told = {field: _look_up(record, path.split(".")) for field, path in fields.items()}
    return {**guessed, **{field: value for field, value in told.items() if value is not None}}


def is_article(record: Mapping[str, object], *, fields: Mapping[str, str]) -> bool:
    """Whether a record has a body, and so is no envelope of others."""
    return any(True for _ in texts_of(values_in(record, fields=fields).get("body")))


def _guessed(named: Mapping[str, object]) -> dict[str, object]:
    """The values of a record by what their names mean; None for a fact that none says.

    It looks at the names that are there, and not for all that could be: most records have few.
    """
    meant: dict[str, list[tuple[int, str]]] = {}
    for name in named:
        for after, field in _MEANT.get(name, ()):
            meant.setdefault(field, []).append((after, name))
    found = {field: _first(named, [name for _, name in sorted(of)]) for field, of in meant.items()}
    return {**_NOTHING, **found}


def _first(named: Mapping[str, object], names: list[str]) -> object:
    """The value of the first of those names that says something."""
    return next((named[n] for n in names if n in named and next(texts_of(named[n]), None)), None)


def _look_up(value: object, path: list[str]) -> object:
    """The value at a path of names into objects, such as content.rendered, or None.

    A name with dots in it is found as well.
    """
    if not path:
        return value
    if isinstance(value, list):
        return [found for part in value if (found := _look_up(part, path)) is not None] or None
    if not isinstance(value, Mapping):
        return None
    for n in range(len(path), 0, -1):
        if (name := ".".join(path[:n])) in value:
            return _look_up(value[name], path[n:])
    return None


def _facts(values: Mapping[str, object]) -> ArticleMetadata:
    """The facts among the values."""
    known = {field: read(values.get(field)) for field, read in _READ.items()}
    known["embargoed"] = _embargo(values.get("embargoed"))
    given = {field: value for field, value in known.items() if value not in (None, [])}
    metadata = FrontMatter.model_validate(given).metadata()
    metadata.item = _own_id(values.get("id"))
    metadata.revision = _number(values.get("revision"))
    return metadata


def _embargo(value: object) -> object:
    """The end of an embargo for `read_embargo`, which also tells what is none."""
    if value in (None, False, "", [], {}):
        return None
    found = (read(value) for read in (moment_of, line_of))
    return next((text for text in found if text is not None), True)


def _own_id(value: object) -> str | None:
    """What a record calls itself, if that can be an id."""
    id = next(texts_of(value), "").strip()
    return id if id and len(id) <= _LONGEST_ID and not _NO_ID.search(id) else None


def _number(value: object) -> int | None:
    """A whole number of a few digits, or None."""
    text = next(texts_of(value), "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _no_text(record: Mapping[str, object]) -> str:
    """Why a record is no article, with the names of its fields."""
    names = [abridged_repr(str(name)) for name in record]
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return (
        f"it has no text that is known; its fields are {', '.join(names[:_MOST_LISTED])}{more}. "
        "Say which holds it by the setting fields, such as body"
    )
