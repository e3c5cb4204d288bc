"""JSON: a list of records, one record, or an object that wraps a list of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from pullquote.errors import ArticleError
from pullquote.parsing.decode import decode
from pullquote.parsing.exports.records import is_article, parse_record
from pullquote.parsing.exports.splitting import RawRecord, in_utf8, objects_in
from pullquote.parsing.formats import Format
from pullquote.parsing.source import ParsedItem, SourceFile

FORMAT = Format(
    name="json",
    suffixes=(".json",),
    summary=(
        "exports and web services' replies, and IPTC's ninjs: a record an article, `dump.jsonl#17`"
    ),
    streamed=True,
)

_DEEPEST_LIST = 3
"""Levels below which a wrapped list is looked for: {"response": {"results": […]}} has two."""

_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)
"""Numbers stay what was typed: ids keep their digits, and none is too long to convert."""


@dataclass(frozen=True, slots=True)
class ParsedJson:
    """The value of a record, with a string for every number, and the encoding it was written in."""

    value: object
    encoding: str


def parse_json(file: SourceFile) -> Iterator[ParsedItem]:
    """The articles of a JSON file; several are "dump.json#17", by place or an id of their own."""
    raws = objects_in(in_utf8(file.stream(), id=file.id))
    first = list(islice(raws, 2))
    if not first:
        raise ArticleError(file.id, "it holds no objects of JSON")
    if len(first) == 1 and first[0].content[:1] == b"{":
        yield from _read_one(first[0], file)
        return
    for raw in chain(first, raws):
        try:
            parsed = parse_json_text(raw, file)
            yield parse_record(parsed.value, file, place=str(raw.number), encoding=parsed.encoding)
        except ArticleError as error:
            yield error


def parse_json_text(raw: RawRecord, file: SourceFile) -> ParsedJson:
    """The value of a record's JSON.

    Raises ArticleError that names the record where it is not valid.
    """
    here = f"{file.id}#{raw.number}"
    if raw.fault is not None:
        raise ArticleError(here, raw.fault)
    decoded = decode(raw.content, path=here)
    try:
        value = _DECODER.decode(decoded.text)
    except RecursionError as error:
        raise ArticleError(here, "it is nested too deep") from error
    except ValueError as error:
        raise ArticleError(here, f"it is not valid JSON: {error}") from error
    return ParsedJson(value, decoded.encoding)


def _read_one(raw: RawRecord, file: SourceFile) -> Iterator[ParsedItem]:
    """The article of a file that is one object, or those of the list in it."""
    try:
        parsed = parse_json_text(raw, file)
    except ArticleError as error:
        raise ArticleError(file.id, error.reason) from error
    value = parsed.value
    wrapped = None
    if isinstance(value, Mapping) and not is_article(value, fields=file.fields):
        wrapped = _longest_list(value, depth=1)
    if wrapped is None:
        yield parse_record(value, file, place=None, encoding=parsed.encoding)
        return
    for number, record in enumerate(wrapped, start=1):
        try:
            yield parse_record(record, file, place=str(number), encoding=parsed.encoding)
        except ArticleError as error:
            yield error


def _longest_list(value: Mapping[str, object], *, depth: int) -> list[object] | None:
    """The longest list of objects in an object, or in those in it."""
    lists = [v for v in value.values() if isinstance(v, list) and v and isinstance(v[0], Mapping)]
    if depth < _DEEPEST_LIST:
        inner = (v for v in value.values() if isinstance(v, Mapping))
        found = (_longest_list(v, depth=depth + 1) for v in inner)
        lists += [found_list for found_list in found if found_list is not None]
    return max(lists, key=len, default=None)
