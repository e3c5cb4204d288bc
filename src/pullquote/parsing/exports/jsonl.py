"""Parses JSONL files: one record for each line. A bad line does not affect the others."""

from __future__ import annotations

from collections.abc import Iterator

from pullquote.errors import ArticleError
from pullquote.parsing.exports.json import parse_json_text
from pullquote.parsing.exports.record_splitter import split_lines, utf8_stream
from pullquote.parsing.exports.records import parse_record
from pullquote.parsing.formats import Format
from pullquote.parsing.source import ParsedItem, SourceFile

FORMAT = Format(
    name="jsonl",
    suffixes=(".jsonl", ".ndjson"),
    summary=(
        "exports, web services' replies, IPTC's ninjs: a record is an article, `dump.jsonl#17`"
    ),
    streamed=True,
)


def parse_jsonl(file: SourceFile) -> Iterator[ParsedItem]:
    """Parse a file of lines; the article ids are "dump.jsonl#17", or contain their own id."""
    for raw in split_lines(utf8_stream(file.stream(), id=file.id)):
        if raw.content.isspace():
            continue
        try:
            parsed = parse_json_text(raw, file)
            yield parse_record(parsed.value, file, place=str(raw.number), encoding=parsed.encoding)
        except ArticleError as error:
            yield error
