"""Parses the YAML front matter of a Markdown file."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

import yaml
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pullquote.base.dates.date_lines import parse_moment
from pullquote.parsing.news.bylines import split_authors
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.source import abridged_repr
from pullquote.schema import LATEST_ZONE, Moment, Status
from pullquote.schema.errors import ArticleError

ENDLESS = datetime.max.replace(tzinfo=UTC)
"""Used as the end of an embargo whose end is unknown."""

_WITHHELD = frozenset(
    "withheld withhold hold held embargoed embargo draft private pending future auto-draft"
    " unpublished".split()
)
_CANCELED = frozenset(
    "canceled cancelled cancel kill killed retracted withdrawn deleted trash removed".split()
)
_NO_EMBARGO = (None, False, "", "false", "no", "none", "null", "0")


def parse_status(value: object) -> Status | None:
    """Parse a status in the words of IPTC or of content management systems.

    "withheld", "stat:withheld" and a URL that ends with "withheld" are equivalent. The result is
    None for a word that does not restrict use, such as "publish" or "ok".
    """
    if not isinstance(value, str):
        return None
    word = value.strip().casefold().replace("#", "/").rpartition("/")[2].rpartition(":")[2]
    if word in _WITHHELD:
        return Status.WITHHELD
    return Status.CANCELED if word in _CANCELED else None


def parse_embargo(value: object) -> datetime | None:
    """Parse the end of an embargo; None if there is no embargo.

    A time without a zone is read in `LATEST_ZONE`, the time zone that reaches it last. A day begins
    at midnight in that zone. If the end cannot be parsed, the embargo is endless.
    """
    if isinstance(value, str):
        value = value.strip()
    if value in _NO_EMBARGO or (isinstance(value, str) and value.casefold() in _NO_EMBARGO):
        return None
    moment = parse_moment(value) if isinstance(value, str) else value
    if not isinstance(moment, date):
        return ENDLESS
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=LATEST_ZONE)


# This loader returns every value as a string, so that `title: 1984`, `tags: [no]` and a date with
# its time zone stay as written. The libyaml loader, if available, is 8 times as fast.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NOTHING = ("", "~", "null", "Null", "NULL")
_FENCED = re.compile(r"\A---[ \t]*\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
# A key at the beginning of a line, and the lines below it that are indented, list items or empty.
_ENTRY = re.compile(
    r"^(?P<key>[A-Za-z]+)[ \t]*:(?P<value>.*)(?P<more>(?:\n(?:[ \t-].*)?)*)", re.MULTILINE
)
_FLOW = re.compile(r"[\[{][^\]}]*(?:[\]}]\s*)?\Z")


def _one_line(value: object) -> object:
    """A string with collapsed white space; None for an empty one."""
    if not isinstance(value, str):
        return value
    value = " ".join(value.split())
    return value if value else None


def _author_names(value: object) -> object:
    """The authors in a list or in a line of names."""
    if isinstance(value, str):
        return split_authors(re.sub(r"(?i)^\s*by\s+", "", value)).authors
    return value


def _tags(value: object) -> object:
    """The tags in a list or in a line with commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return value
    return tuple(tag for part in parts if (tag := part.strip(" #")))


def _parse_date(value: object) -> object:
    """A date or time in any style that newspapers use, or None.

    An article with an invalid date, such as "March 2024", has no date but is not rejected.
    """
    return parse_moment(value) if isinstance(value, str) else None


_OneLine = Annotated[str | None, BeforeValidator(_one_line)]
_Date = Annotated[Moment | None, BeforeValidator(_parse_date)]


class FrontMatter(BaseModel):
    """The known keys of front matter. Other keys are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: _OneLine = Field(None, validation_alias=AliasChoices("title", "headline"))
    standfirst: _OneLine = Field(
        None,
        validation_alias=AliasChoices("standfirst", "description", "summary", "subtitle", "deck"),
    )
    authors: Annotated[tuple[str, ...], BeforeValidator(_author_names)] = Field(
        (), validation_alias=AliasChoices("author", "authors", "byline")
    )
    source: _OneLine = Field(
        None, validation_alias=AliasChoices("source", "outlet", "publication", "publisher")
    )
    section: _OneLine = Field(None, validation_alias=AliasChoices("section", "category"))
    place: _OneLine = Field(None, validation_alias=AliasChoices("place", "location"))
    tags: Annotated[tuple[str, ...], BeforeValidator(_tags)] = Field(
        (), validation_alias=AliasChoices("tags", "keywords")
    )
    published: _Date = Field(None, validation_alias=AliasChoices("published", "date"))
    modified: _Date = Field(None, validation_alias=AliasChoices("modified", "updated", "lastmod"))
    url: _OneLine = Field(None, validation_alias=AliasChoices("url", "link", "canonical"))
    language: _OneLine = Field(None, validation_alias=AliasChoices("language", "lang"))
    status: Annotated[Status | None, BeforeValidator(parse_status)] = Field(
        None, validation_alias=AliasChoices("status", "pubstatus")
    )
    embargoed: Annotated[datetime | None, BeforeValidator(parse_embargo)] = Field(
        None, validation_alias=AliasChoices("embargoed", "embargo")
    )

    def metadata(self) -> ArticleMetadata:
        """The values as metadata of an article."""
        return ArticleMetadata(**{name: getattr(self, name) for name in _FACTS})


_FACTS = [name for name in ArticleMetadata.__slots__ if name in FrontMatter.model_fields]


def split_front_matter(text: str, *, path: str) -> tuple[FrontMatter, str]:
    """Split a Markdown text with LF line ends into front matter, which may be empty, and body.

    Text between two rules that is not a mapping belongs to the body, since rules are Markdown too.
    If the YAML is invalid, each entry that is valid by itself is used.

    Raises:
        ArticleError: the front matter is invalid; the reason contains the line, or key and value.
    """
    fenced = _FENCED.match(text)
    if fenced is None:
        return FrontMatter(), text
    try:
        loaded = _load_yaml(fenced["yaml"], path=path)
    except ArticleError:
        loaded = _parse_entries(fenced["yaml"], path=path)
        if not loaded:
            raise
    if not isinstance(loaded, dict):
        return FrontMatter(), text if loaded else text[fenced.end() :]
    values = {
        key.strip().lower(): value
        for key, value in loaded.items()
        if isinstance(key, str) and value not in _NOTHING
    }
    try:
        return FrontMatter.model_validate(values), text[fenced.end() :]
    except ValidationError as error:
        raise ArticleError(path, _first_reason(error, values)) from error


def _parse_entries(text: str, *, path: str) -> dict[str, object]:
    """The known keys of invalid YAML. Each entry is parsed by itself."""
    entries = (entry for entry in _ENTRY.finditer(text) if entry["key"].lower() in _KEYS)
    values = {entry["key"]: _parse_entry(entry, path=path) for entry in entries}
    return {key: value for key, value in values.items() if value not in (None, *_NOTHING)}


def _parse_entry(entry: re.Match[str], *, path: str) -> object:
    """The value of an entry as YAML, or else the words after the colon, or else None."""
    try:
        loaded = _load_yaml(entry[0], path=path)
    except ArticleError:
        loaded = None
    if isinstance(loaded, dict):
        return next(iter(loaded.values()))
    value = entry["value"].strip()
    if entry["more"].strip() or _FLOW.match(value):
        return None
    return _unquote(value)


def _unquote(value: str) -> str:
    """A value without its quotation marks. An opening mark that is never closed is removed, too."""
    mark = value[:1]
    if mark not in ("'", '"'):
        return value
    if value.count(mark) == 1:
        return value[1:]
    return value[1:-1] if value.endswith(mark) else value


def _load_yaml(text: str, *, path: str) -> object:
    """Parse a YAML text. Every scalar becomes a string."""
    loader = None
    try:
        loader = _Loader(text)
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = 0 if error.problem_mark is None else error.problem_mark.line
        reason = f"line {line + 2}: {error.problem}"
    except (yaml.YAMLError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split())
    except RecursionError:
        reason = "it is nested too deep"
    finally:
        if loader is not None:
            loader.dispose()
    raise ArticleError(path, f"its front matter is not valid YAML: {reason}")


def _first_reason(error: ValidationError, values: dict[str, object]) -> str:
    key = str(error.errors()[0]["loc"][0])
    expected = "text or a list of texts" if key in _LISTS else "text"
    return f"its front matter has {key}: {abridged_repr(values[key])}, where {expected} is expected"


_KEYS = frozenset(
    key
    for field in FrontMatter.model_fields.values()
    if isinstance(field.validation_alias, AliasChoices)
    for key in field.validation_alias.choices
)
_LISTS = frozenset(("author", "authors", "byline", "tags", "keywords"))
