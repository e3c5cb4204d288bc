"""CSV with a line of names on top: a record a row, whatever sign is between two cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from pullquote.errors import ArticleError
from pullquote.ingest.decode import decode
from pullquote.ingest.records import read_record
from pullquote.ingest.source import Read, SourceFile
from pullquote.ingest.splitting import in_utf8, lines_in

LONGEST_LINE = 4 << 20
"""Bytes of a line. One of commas alone makes a list that takes ten times as much."""
MOST_COLUMNS = 1_000
MOST_BROKEN = 1_000
"""Rows in a row that are no rows, after which a file is none."""
_OLD_END = re.compile(r"(?<=\r)(?=[^\n])")
_SIGNS = (",", ";", "\t", "|")


def read_csv_export(file: SourceFile) -> Iterator[Read]:
    """The articles of a table, as "table.csv#17" by the row below the names, or by their own id.

    Raises ArticleError where there are no names, and where rows after rows are no CSV.
    """
    lines = _lines(file)
    top = next(lines, "")
    names = _names(top, file)
    csv.field_size_limit(LONGEST_LINE)  # of the process; nothing else in it reads CSV
    rows = csv.reader(lines, delimiter=_sign(top))
    number = broken = 0
    while broken < MOST_BROKEN:
        number += 1
        place = str(number)
        try:
            row = next(rows, None)
            if row is None:
                return
            if row:
                record = _record(row, names, here=f"{file.id}#{place}")
                yield read_record(record, file, place=place)
            broken = 0
        except csv.Error as error:
            broken += 1
            yield ArticleError(f"{file.id}#{place}", f"it is no row of CSV: {error}")
        except ArticleError as error:
            if error.path == file.id:
                raise
            yield error
    raise ArticleError(file.id, f"{MOST_BROKEN:,} rows in a row are no CSV")


def _lines(file: SourceFile) -> Iterator[str]:
    """The lines of a table as text; each in its own encoding, where they are mixed.

    Raises ArticleError at a line that is too long, from where on nothing is sure.
    """
    for raw in lines_in(in_utf8(file.stream(), id=file.id), longest=LONGEST_LINE):
        if raw.fault is not None:
            raise ArticleError(file.id, f"line {raw.number}: {raw.fault}")
        try:
            text = raw.content.decode()
        except UnicodeDecodeError:
            text = decode(raw.content, path=file.id).text
        yield from _OLD_END.split(text)


def _sign(top: str) -> str:
    """What stands between the names."""
    return max(_SIGNS, key=top.count)


def _names(top: str, file: SourceFile) -> list[str]:
    """The names of the columns."""
    try:
        names = next(csv.reader([top], delimiter=_sign(top)), [])
    except csv.Error as error:
        raise ArticleError(file.id, f"its first line is no row of CSV: {error}") from error
    if len(names) > MOST_COLUMNS:
        raise ArticleError(file.id, f"it has {len(names):,} columns, over {MOST_COLUMNS:,}")
    if len(names) < 2:
        raise ArticleError(file.id, "its first line does not name two columns or more")
    return [name.strip() for name in names]


def _record(row: Sequence[str], names: Sequence[str], *, here: str) -> dict[str, str]:
    """The cells by the names of their columns.

    Raises ArticleError where there are more cells than columns: a sign that is not quoted parts
    what belongs together.
    """
    if len(row) > len(names):
        raise ArticleError(here, f"it has {len(row):,} cells under {len(names)} columns")
    return dict(zip(names, row, strict=False))
