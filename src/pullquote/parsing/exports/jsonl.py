"""Parses JSONL files, in which each line is a record. A bad line does not affect other lines."""

from __future__ import annotations

from collections.abc import Iterator

from pullquote.parsing.exports.json import parse_json_records
from pullquote.parsing.exports.record_splitter import split_lines, utf8_stream
from pullquote.parsing.source import Format, ParsedItem, SourceFile

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
    lines = split_lines(utf8_stream(file.stream(), id=file.id))
    yield from parse_json_records((line for line in lines if not line.content.isspace()), file)
