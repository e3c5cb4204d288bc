"""The YAML front matter of a Markdown file: what it says about the article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import yaml
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pullquote.errors import ArticleError
from pullquote.parsing.messages import abridged_repr
from pullquote.parsing.news.bylines import split_authors
from pullquote.parsing.news.dates import parse_moment
from pullquote.parsing.news.metadata import ArticleMetadata
from pullquote.parsing.news.release import parse_embargo, parse_status
from pullquote.schema import Moment, Status

# This loader makes a string of every value, so that `title: 1984`, `tags: [no]` and a date with
# its time zone stay what was written. libyaml's is 8 times as fast, where PyYAML has it.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NOTHING = ("", "~", "null", "Null", "NULL")
_FENCED = re.compile(r"\A---[ \t]*\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
# A key at the beginning of a line, and the indented, listed or empty lines that follow.
_ENTRY = re.compile(
    r"^(?P<key>[A-Za-z]+)[ \t]*:(?P<value>.*)(?P<more>(?:\n(?:[ \t-].*)?)*)", re.MULTILINE
)
_FLOW = re.compile(r"[\[{][^\]}]*(?:[\]}]\s*)?\Z")


def _one_line(value: object) -> object:
    """A string with its white space collapsed, and None for an empty one."""
    if not isinstance(value, str):
        return value
    value = " ".join(value.split())
    return value if value else None


def _names(value: object) -> object:
    """Authors, from a list of names or from a line of them."""
    if isinstance(value, str):
        return split_authors(re.sub(r"(?i)^\s*by\s+", "", value)).authors
    return value


def _tags(value: object) -> object:
    """Tags, from a list or from a line with commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return value
    return tuple(tag for part in parts if (tag := part.strip(" #")))


def _moment(value: object) -> object:
    """A day or instant, from any way of writing it that newspapers have, or None.

    What is no day, as "March 2024", costs the article its date and not its place in the index.
    """
    return parse_moment(value) if isinstance(value, str) else None


_Line = Annotated[str | None, BeforeValidator(_one_line)]
_When = Annotated[Moment | None, BeforeValidator(_moment)]


class FrontMatter(BaseModel):
    """What front matter may say; other keys are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: _Line = Field(None, validation_alias=AliasChoices("title", "headline"))
    standfirst: _Line = Field(
        None,
        validation_alias=AliasChoices("standfirst", "description", "summary", "subtitle", "deck"),
    )
    authors: Annotated[tuple[str, ...], BeforeValidator(_names)] = Field(
        (), validation_alias=AliasChoices("author", "authors", "byline")
    )
    source: _Line = Field(
        None, validation_alias=AliasChoices("source", "outlet", "publication", "publisher")
    )
    section: _Line = Field(None, validation_alias=AliasChoices("section", "category"))
    place: _Line = Field(None, validation_alias=AliasChoices("place", "location"))
    tags: Annotated[tuple[str, ...], BeforeValidator(_tags)] = Field(
        (), validation_alias=AliasChoices("tags", "keywords")
    )
    published: _When = Field(None, validation_alias=AliasChoices("published", "date"))
    modified: _When = Field(None, validation_alias=AliasChoices("modified", "updated", "lastmod"))
    url: _Line = Field(None, validation_alias=AliasChoices("url", "link", "canonical"))
    language: _Line = Field(None, validation_alias=AliasChoices("language", "lang"))
    status: Annotated[Status | None, BeforeValidator(parse_status)] = Field(
        None, validation_alias=AliasChoices("status", "pubstatus")
    )
    embargoed: Annotated[datetime | None, BeforeValidator(parse_embargo)] = Field(
        None, validation_alias=AliasChoices("embargoed", "embargo")
    )

    def facts(self) -> ArticleMetadata:
        """The same as facts of a page."""
        return ArticleMetadata(**{name: getattr(self, name) for name in _FACTS})


_FACTS = [name for name in ArticleMetadata.__slots__ if name in FrontMatter.model_fields]


@dataclass(frozen=True, slots=True)
class SplitMarkdown:
    """The front matter of a file, empty where it has none, and the Markdown below it."""

    front: FrontMatter
    body: str


def split_front_matter(text: str, *, path: str) -> SplitMarkdown:
    """The front matter and the body of a Markdown text whose lines end at LF.

    What stands between two rules but is no mapping is body: a rule is Markdown as well. Where it
    is not valid YAML, the entries count that can be read by themselves.

    Raises ArticleError that names the line, or the key and its value.
    """
    fenced = _FENCED.match(text)
    if fenced is None:
        return SplitMarkdown(FrontMatter(), text)
    try:
        loaded = _load_yaml(fenced["yaml"], path=path)
    except ArticleError:
        loaded = _read_entries(fenced["yaml"], path=path)
        if not loaded:
            raise
    if not isinstance(loaded, dict):
        return SplitMarkdown(FrontMatter(), text if loaded else text[fenced.end() :])
    values = {
        key.strip().lower(): value
        for key, value in loaded.items()
        if isinstance(key, str) and value not in _NOTHING
    }
    try:
        return SplitMarkdown(FrontMatter.model_validate(values), text[fenced.end() :])
    except ValidationError as error:
        raise ArticleError(path, _first_reason(error, values)) from error


def _read_entries(text: str, *, path: str) -> dict[str, object]:
    """The known keys of a text that is not valid YAML, each entry read by itself."""
    entries = (entry for entry in _ENTRY.finditer(text) if entry["key"].lower() in _KEYS)
    values = {entry["key"]: _read_entry(entry, path=path) for entry in entries}
    return {key: value for key, value in values.items() if value not in (None, *_NOTHING)}


def _read_entry(entry: re.Match[str], *, path: str) -> object:
    """The value of an entry, as YAML or else as the words after the colon, or None."""
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
    """A value without the quotation marks around it, or without one that is never closed."""
    mark = value[:1]
    if mark not in ("'", '"'):
        return value
    if value.count(mark) == 1:
        return value[1:]
    return value[1:-1] if value.endswith(mark) else value


def _load_yaml(text: str, *, path: str) -> object:
    """The value of a YAML text, with a string for every scalar."""
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
    """Which key holds what it may not, with the value."""
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
