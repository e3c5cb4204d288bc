"""JSONL: a record a line. A line that cannot be read costs no other."""

from __future__ import annotations

from collections.abc import Iterator

from pullquote.errors import ArticleError
from pullquote.ingest.json_export import parse
from pullquote.ingest.records import read_record
from pullquote.ingest.source import Read, SourceFile
from pullquote.ingest.splitting import in_utf8, lines_in


def read_jsonl(file: SourceFile) -> Iterator[Read]:
    """The articles of a file of lines, as "dump.jsonl#17" by the line, or by an id of their own."""
    for raw in lines_in(in_utf8(file.stream(), id=file.id)):
        if raw.content.isspace():
            continue
        try:
            parsed = parse(raw, file)
            yield read_record(parsed.value, file, place=str(raw.number), encoding=parsed.encoding)
        except ArticleError as error:
            yield error
