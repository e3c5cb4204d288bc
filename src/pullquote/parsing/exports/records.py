"""Converts a record of an export to an article, with its fields recognised by name.

Names are compared without case and punctuation: `pubDate`, `pub_date` and `Pub Date` are the same.
Names in the settings take precedence. Otherwise, the first known name with a value counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from pullquote.base.dates.date_lines import parse_moment
from pullquote.parsing.blocks import TextBlock, article_from_blocks, with_metadata_blocks
from pullquote.parsing.html_blocks import blocks_and_captions, is_markup, strip_markup
from pullquote.parsing.lines import split_paragraphs
from pullquote.parsing.news.front_matter import FrontMatter
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import ParsedItem, SourceFile, abridged_repr
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError

_DEEPEST = 5
"""How many levels of wrapping are searched. {"content": {"rendered": ["…"]}} has two."""
_MOST_PARTS = 10_000
"""How many parts of a value, such as its paragraphs, are read."""
_WRAPPERS = ("value", "rendered", "text", "name", "literal", "content", "html", "#text", "$t", "_")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SECONDS = re.compile(r"1?[0-9]{9}(?:\.[0-9]+)?")
_MILLISECONDS = re.compile(r"1?[0-9]{12}")


def value_texts(value: object, *, depth: int = 0) -> Iterator[str]:
    """The texts in a value, except blank ones: one for a string or number, several for a list."""
    if isinstance(value, bool) or value is None or depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        yield from value_texts(
            next((value[k] for k in _WRAPPERS if k in value), None), depth=depth + 1
        )
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for part in value[:_MOST_PARTS]:
            yield from value_texts(part, depth=depth + 1)
    else:
        text = str(value) if not isinstance(value, bytes) else value.decode("utf-8", "replace")
        text = _SURROGATE.sub("\ufffd", text)
        if text.strip():
            yield text


def first_line(value: object) -> str | None:
    """The first text of a value, as one line of plain text, or None."""
    words = next((" ".join(strip_markup(text).split()) for text in value_texts(value)), None)
    return words or None


def all_lines(value: object) -> list[str]:
    """The texts of a value, each as one line."""
    return [line for text in value_texts(value) if (line := first_line(text)) is not None]


def date_text(value: object) -> str | None:
    """A date or time, in a form that `parse_moment` accepts, or None.

    A bare number is taken for the seconds or milliseconds since 1970.
    """
    for text in map(str.strip, value_texts(value)):
        if parse_moment(text) is not None:
            return text
        for read in (_from_epoch, datetime.fromisoformat, parsedate_to_datetime):
            try:
                return read(text).isoformat()
            except (ValueError, TypeError, OverflowError, IndexError):
                continue
    return None


def _from_epoch(text: str) -> datetime:
    """The time that is a number of seconds or milliseconds after the beginning of 1970.

    Raises ValueError for other texts.
    """
    if _MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    raise ValueError(text)


def body_pieces(value: object) -> list[TextBlock]:
    """The paragraphs of a body, which is HTML, plain text, or a list of texts."""
    return [piece for text in value_texts(value) for piece in _pieces_of_text(text)]


def _pieces_of_text(text: str) -> Iterator[TextBlock]:
    if is_markup(text):
        yield from blocks_and_captions(text)
        return
    text = strip_markup(text)
    for stretch in split_paragraphs(text):
        yield TextBlock(text[stretch.start : stretch.end])


_NINJS_FIELDS = frozenset(
    "pubstatus versioncreated representationtype urgency bodies headlines".split()
)
_FORMS = ("xhtml", "html", "richtext", "", "main", "text", "plain")
"""The forms of a body, best first: forms with paragraphs come before forms without."""
_AUTHOR_ROLES = ("author", "creator", "writer", "byline")


def is_ninjs(record: Mapping[str, object]) -> bool:
    """Whether a record is a ninjs item, with a `uri` and a field that occurs only in ninjs."""
    names = {str(name).casefold() for name in record}
    return "uri" in names and any(n in _NINJS_FIELDS or n.startswith("body_") for n in names)


def ninjs_values(record: Mapping[str, object]) -> dict[str, object]:
    """The values of an item, by field."""
    item = {str(name).casefold(): value for name, value in record.items()}
    uri = first_line(item.get("uri"))
    return {
        "id": uri,
        "revision": item.get("version"),
        "title": _headline(item),
        "standfirst": _best_form(item, "description", "descriptions"),
        "body": _best_form(item, "body", "bodies"),
        "authors": _authors(item),
        "source": _first(item, "infosources", "infosource", "copyrightholder"),
        "section": _first(item, "subjects", "subject"),
        "place": _first(item, "located"),
        "tags": _entries(item, "subject", "subjects"),
        "published": _first(item, "firstcreated", "versioncreated"),
        "modified": _first(item, "versioncreated"),
        "url": uri if uri is not None and uri.startswith(("http://", "https://")) else None,
        "language": _first(item, "language"),
        "status": _first(item, "pubstatus"),
        "embargoed": item.get("embargoed"),
    }


def _headline(item: Mapping[str, object]) -> str | None:
    """The main headline, or else the first headline, or else the title."""
    entries = _entries(item, "headline", "headlines")
    main = [e for e in entries if isinstance(e, Mapping) and e.get("role") == "main"]
    lines = (first_line(entry) for entry in (*main, *entries, item.get("title")))
    return next((line for line in lines if line is not None), None)


def _best_form(item: Mapping[str, object], name: str, names: str) -> object:
    """The best form of a body or description."""
    forms = {
        field.partition("_")[2]: value
        for field, value in item.items()
        if field == name or field.startswith(f"{name}_")
    }
    for entry in _entries(item, names, names):
        if isinstance(entry, Mapping):
            fields = {str(key).casefold(): value for key, value in entry.items()}
            forms.setdefault(_form(fields), fields.get("value"))
    order = {form: at for at, form in enumerate(_FORMS)}
    best = sorted(forms, key=lambda form: order.get(form, len(_FORMS)))
    return next((forms[form] for form in best if first_line(forms[form]) is not None), None)


def _form(entry: Mapping[str, object]) -> str:
    """The form of an entry, as its content type or its role states it."""
    kind = first_line(entry.get("contenttype"))
    if kind is not None and "html" in kind.casefold():
        return "xhtml"
    role = first_line(entry.get("role"))
    return "" if role is None else role.casefold()


def _authors(item: Mapping[str, object]) -> object:
    """The byline, or else the people with the role of an author."""
    byline = _first(item, "byline", "by")
    if byline is not None:
        return byline
    people = _entries(item, "person", "people")
    return [p for p in people if isinstance(p, Mapping) and p.get("rel") in _AUTHOR_ROLES]


def _first(item: Mapping[str, object], *names: str) -> str | None:
    """The first line of the first of these fields that has text."""
    return next((line for n in names if (line := first_line(item.get(n))) is not None), None)


def _entries(item: Mapping[str, object], name: str, names: str) -> list[object]:
    """The entries of a field. In version 1, the field's name is singular."""
    for value in (item.get(names), item.get(name)):
        if value is not None:
            return value if isinstance(value, list) else [value]
    return []


_KNOWN_NAMES = {
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
_NAMES_BY_FIELD = {field: names.split() for field, names in _KNOWN_NAMES.items()}
_FIELDS_BY_NAME: dict[str, list[tuple[int, str]]] = {}
"""For each name, the fields that it may mean, each with the rank of the name for that field."""
for _field, _names in _NAMES_BY_FIELD.items():
    for _after, _name in enumerate(_names):
        _FIELDS_BY_NAME.setdefault(_name, []).append((_after, _field))
_NOTHING: Mapping[str, object] = dict.fromkeys(_NAMES_BY_FIELD)
_PUNCTUATION = re.compile(r"[^a-z0-9]")
_LONGEST_ID = 300
_NO_ID = re.compile(r"[\x00-\x1f\x7f]")
_MOST_LISTED = 12


def _one_or_all(value: object) -> object:
    """A list of names, or a single line that contains all names."""
    lines = all_lines(value)
    return lines[0] if len(lines) == 1 else lines


_CONVERTERS: Mapping[str, Callable[[object], object]] = {
    **dict.fromkeys(("title", "standfirst", "source", "section", "place"), first_line),
    **dict.fromkeys(("url", "language", "status"), first_line),
    **dict.fromkeys(("published", "modified"), date_text),
    **dict.fromkeys(("authors", "tags"), _one_or_all),
}


def parse_record(
    record: object, file: SourceFile, *, place: str | None, encoding: str = "utf-8"
) -> Article:
    """Convert a record to an article.

    `place` is the position of the record in the file, such as "17", or None if the file is one
    record. The article's id is "FILE#ID" with the record's own id, or else "FILE#PLACE".

    Raises:
        ArticleError: the record is not an article. The error contains this id.
    """
    here = file.id if place is None else f"{file.id}#{place}"
    if not isinstance(record, Mapping):
        raise ArticleError(here, f"it is not a record with fields, but {abridged_repr(record)}")
    values = record_values(record, fields=file.fields)
    if all(value is None for value in values.values()):
        raise ArticleError(here, _no_text(record))
    metadata, body = _metadata_from_values(values), body_pieces(values.get("body"))
    if place is not None and metadata.item is not None:
        here = f"{file.id}#{metadata.item}"
    if (
        not body
        and metadata.status is None
        and (metadata.title is None or metadata.standfirst is None)
    ):
        raise ArticleError(here, _no_text(record))
    given = SourceFile(id=here, version=file.version)
    language = first_line(values.get("language"))
    pieces = with_metadata_blocks(metadata, body)
    return article_from_blocks(given, pieces, known=metadata, encoding=encoding, language=language)


def parse_records(
    records: Iterable[object], file: SourceFile, *, encoding: str = "utf-8"
) -> Iterator[ParsedItem]:
    """Convert records to articles, with an error for each that is not an article."""
    for number, record in enumerate(records, start=1):
        try:
            yield parse_record(record, file, place=str(number), encoding=encoding)
        except ArticleError as error:
            yield error


def record_values(record: Mapping[str, object], *, fields: Mapping[str, str]) -> dict[str, object]:
    """The values of a record, by field."""
    if is_ninjs(record):
        guessed = ninjs_values(record)
    else:
        named = {_PUNCTUATION.sub("", str(key).casefold()): v for key, v in record.items()}
        guessed = _match_fields(named)
        # The value `true` is not text, but it is a valid embargo.
        guessed["embargoed"] = next(
            (named[n] for n in _NAMES_BY_FIELD["embargoed"] if n in named), None
        )
    configured = {field: _look_up(record, path.split(".")) for field, path in fields.items()}
    return {**guessed, **{name: value for name, value in configured.items() if value is not None}}


def is_article(record: Mapping[str, object], *, fields: Mapping[str, str]) -> bool:
    """Whether a record has a body, and therefore does not just wrap other records."""
    return any(True for _ in value_texts(record_values(record, fields=fields).get("body")))


def _match_fields(named: Mapping[str, object]) -> dict[str, object]:
    """The values of a record, by field. A field without a value has the value None.

    The function iterates over the names in the record, which are fewer than the known names.
    """
    meant: dict[str, list[tuple[int, str]]] = {}
    for name in named:
        for after, field in _FIELDS_BY_NAME.get(name, ()):
            meant.setdefault(field, []).append((after, name))
    found = {
        field: next((named[n] for _, n in sorted(of) if next(value_texts(named[n]), None)), None)
        for field, of in meant.items()
    }
    return {**_NOTHING, **found}


def _look_up(value: object, path: list[str]) -> object:
    """The value at a path of names in nested objects, such as content.rendered, or None.

    Names that themselves contain dots are found too.
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


def _metadata_from_values(values: Mapping[str, object]) -> ArticleMetadata:
    known = {field: read(values.get(field)) for field, read in _CONVERTERS.items()}
    known["embargoed"] = _embargo(values.get("embargoed"))
    given = {field: value for field, value in known.items() if value not in (None, [])}
    metadata = FrontMatter.model_validate(given).metadata()
    metadata.item = _own_id(values.get("id"))
    metadata.revision = _whole_number(values.get("revision"))
    return metadata


def _embargo(value: object) -> object:
    """The end of an embargo, in a form that `parse_embargo` accepts."""
    if value in (None, False, "", [], {}):
        return None
    found = (read(value) for read in (date_text, first_line))
    return next((text for text in found if text is not None), True)


def _own_id(value: object) -> str | None:
    id = next(value_texts(value), "").strip()
    return id if id and len(id) <= _LONGEST_ID and not _NO_ID.search(id) else None


def _whole_number(value: object) -> int | None:
    text = next(value_texts(value), "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _no_text(record: Mapping[str, object]) -> str:
    """The reason why a record is not an article, with the names of its fields."""
    names = [abridged_repr(str(name)) for name in record]
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return (
        f"it has no known field with text; its fields are {', '.join(names[:_MOST_LISTED])}{more}. "
        "In the setting fields, say which of them is the body"
    )
