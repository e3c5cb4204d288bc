"""Parses JSONL files, in which each line is a record. A bad line does not affect other lines."""

from __future__ import annotations

from collections.abc import Iterator

from pullquote.parsing.exports.json import parse_json_text
from pullquote.parsing.exports.record_splitter import split_lines, utf8_stream
from pullquote.parsing.exports.records import parse_record
from pullquote.parsing.formats import Format
from pullquote.parsing.source import ParsedItem, SourceFile
from pullquote.schema.errors import ArticleError

FORMAT = Format(
    name="jsonl",
    suffixes=(".jsonl", ".ndjson"),
    summary=(
        "exports, web service responses and IPTC's ninjs: each record is an article, with an id "
        "such as `dump.jsonl#17`"
    ),
    streamed=True,
)


def parse_jsonl(file: SourceFile) -> Iterator[ParsedItem]:
    """Parse a file of lines. Article ids are like "dump.jsonl#17" or contain the record's id."""
    for raw in split_lines(utf8_stream(file.stream(), id=file.id)):
        if raw.content.isspace():
            continue
        try:
            parsed = parse_json_text(raw, file)
            yield parse_record(parsed.value, file, place=str(raw.number), encoding=parsed.encoding)
        except ArticleError as error:
            yield error
