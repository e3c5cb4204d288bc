"""JSONL: a record a line. A line that cannot be read costs no other."""

from __future__ import annotations

from collections.abc import Iterator

from pullquote.errors import ArticleError
from pullquote.parsing.exports.json import parse_json_text
from pullquote.parsing.exports.records import parse_record
from pullquote.parsing.exports.splitting import in_utf8, lines_in
from pullquote.parsing.formats import Format
from pullquote.parsing.source import ParsedItem, SourceFile

FORMAT = Format(
    name="jsonl",
    suffixes=(".jsonl", ".ndjson"),
    summary=(
        "exports and web services' replies, and IPTC's ninjs: a record an article, `dump.jsonl#17`"
    ),
    streamed=True,
)


def parse_jsonl(file: SourceFile) -> Iterator[ParsedItem]:
    """The articles of a file of lines, as "dump.jsonl#17" by the line, or by an id of their own."""
    for raw in lines_in(in_utf8(file.stream(), id=file.id)):
        if raw.content.isspace():
            continue
        try:
            parsed = parse_json_text(raw, file)
            yield parse_record(parsed.value, file, place=str(raw.number), encoding=parsed.encoding)
        except ArticleError as error:
            yield error
