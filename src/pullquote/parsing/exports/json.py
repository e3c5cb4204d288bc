"""Parses JSON files: a list of records, one record, or an object that wraps a list of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from pullquote.parsing.decode import decode
from pullquote.parsing.exports.record_splitter import RawRecord, split_json_objects, utf8_stream
from pullquote.parsing.exports.records import is_article, parse_record, parse_records
from pullquote.parsing.source import Format, ParsedItem, SourceFile
from pullquote.schema.errors import ArticleError

FORMAT = Format(
    name="json",
    suffixes=(".json",),
    summary=(
        "exports, web service responses and IPTC's ninjs: each record is an article, with an id "
        "such as `dump.jsonl#17`"
    ),
    streamed=True,
)

_DEEPEST_LIST = 3
"""How many levels are searched for a wrapped list. {"response": {"results": […]}} has two."""

_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)
"""Numbers stay strings, so that ids keep their digits and no number is too long to convert."""


def parse_json(file: SourceFile) -> Iterator[ParsedItem]:
    """Parse a JSON file. If it has several articles, their ids are like "dump.json#17".

    If a record has its own id, this id replaces the number.
    """
    raws = split_json_objects(utf8_stream(file.stream(), id=file.id))
    first = list(islice(raws, 2))
    if not first:
        raise ArticleError(file.id, "it contains no JSON objects")
    if len(first) == 1 and first[0].content[:1] == b"{":
        yield from _parse_single_object(first[0], file)
        return
    yield from parse_json_records(chain(first, raws), file)


def parse_json_records(raws: Iterable[RawRecord], file: SourceFile) -> Iterator[ParsedItem]:
    """Parse records, each of which is a JSON text."""
    for raw in raws:
        try:
            value, encoding = _parse_text(raw, file)
            yield parse_record(value, file, place=str(raw.number), encoding=encoding)
        except ArticleError as error:
            yield error


def _parse_text(raw: RawRecord, file: SourceFile) -> tuple[object, str]:
    """The value of the JSON text of a record, with numbers as strings, and the text's encoding.

    Raises:
        ArticleError: the JSON is invalid; the error names the record.
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
    return value, decoded.encoding


def _parse_single_object(raw: RawRecord, file: SourceFile) -> Iterator[ParsedItem]:
    """Parse a file with one object, which is an article or wraps a list of articles."""
    try:
        value, encoding = _parse_text(raw, file)
    except ArticleError as error:
        raise ArticleError(file.id, error.reason) from error
    wrapped = None
    if isinstance(value, Mapping) and not is_article(value, fields=file.fields):
        wrapped = _longest_list(value, depth=1)
    if wrapped is None:
        yield parse_record(value, file, place=None, encoding=encoding)
    else:
        yield from parse_records(wrapped, file, encoding=encoding)


def _longest_list(value: Mapping[str, object], *, depth: int) -> list[object] | None:
    lists = [v for v in value.values() if isinstance(v, list) and v and isinstance(v[0], Mapping)]
    if depth < _DEEPEST_LIST:
        inner = (v for v in value.values() if isinstance(v, Mapping))
        found = (_longest_list(v, depth=depth + 1) for v in inner)
        lists += [inner_list for inner_list in found if inner_list is not None]
    return max(lists, key=len, default=None)
