"""CSV with a line of names on top: a record a row, whatever sign is between two cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import count

from pullquote.errors import ArticleError
from pullquote.parsing.decode import decode
from pullquote.parsing.exports.records import parse_record
from pullquote.parsing.exports.splitting import LONGEST, RawRecord, in_utf8, lines_in
from pullquote.parsing.formats import Format
from pullquote.parsing.source import ParsedItem, SourceFile

FORMAT = Format(
    name="csv",
    suffixes=(".csv", ".tsv"),
    summary='tables: a row an article (Parquet takes `pip install "pullquote[parquet]"`)',
    streamed=True,
)

LONGEST_LINE = 4 << 20
"""Bytes of a line. One of commas alone makes a list that takes ten times as much."""
MOST_COLUMNS = 1_000
_OLD_END = re.compile(r"(?<=\r)(?=[^\n])")
_SIGNS = (",", ";", "\t", "|")


def parse_csv(file: SourceFile) -> Iterator[ParsedItem]:
    """The articles of a table, as "table.csv#17" by the row below the names, or by their own id.

    Raises ArticleError where there are no names, and where a quote is never closed: from there on
    what is a cell and what is a row is a guess.
    """
    lines = _CsvLines(file)
    top = next(lines, "")
    names = _names(top, file)
    csv.field_size_limit(LONGEST)  # of the process; nothing else in it reads CSV
    rows = csv.reader(lines, delimiter=_sign(top))
    for number in count(1):
        here = f"{file.id}#{number}"
        lines.begin_row()
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise ArticleError(file.id, f"from row {number} on it is no CSV: {error}") from error
        if row is None:
            return
        if lines.is_cut_short:
            raise ArticleError(file.id, f"a quote in row {number} is never closed")
        try:
            if row:
                yield parse_record(_record(row, names, here=here), file, place=str(number))
        except ArticleError as error:
            yield error


class _CsvLines:
    """Gives the lines of a table as text; each in its own encoding, where they are mixed."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._left = self._read()
        self._row: list[str] = []
        self._size = 0
        self._ended = False

    def begin_row(self) -> None:
        """Count anew: what comes now is another row."""
        self._row.clear()
        self._size = 0

    @property
    def is_cut_short(self) -> bool:
        """Whether the file has ended within a cell of several lines."""
        return self._ended and len(self._row) > 1 and "".join(self._row).count('"') % 2 == 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """The next line.

        Raises ArticleError where it is too long, or the row is, from where on nothing is sure.
        """
        line = next(self._left, None)
        if line is None:
            self._ended = True
            raise StopIteration
        self._row.append(line)
        self._size += len(line)
        if self._size > LONGEST:
            told = f"a row has over {LONGEST >> 20} MB; is a quote never closed?"
            raise ArticleError(self._file.id, told)
        return line

    def _read(self) -> Iterator[str]:
        stream = in_utf8(self._file.stream(), id=self._file.id)
        for raw in lines_in(stream, longest=LONGEST_LINE):
            if raw.fault is not None:
                raise ArticleError(self._file.id, f"line {raw.number}: {raw.fault}")
            try:
                text = raw.content.decode()
            except UnicodeDecodeError:
                text = _in_old_encoding(raw, self._file)
            yield from _OLD_END.split(text)


def _in_old_encoding(raw: RawRecord, file: SourceFile) -> str:
    """A line that is not UTF-8; where it is no text at all, the first says so of the file."""
    try:
        return decode(raw.content, path=file.id).text
    except ArticleError:
        if raw.number == 1:
            raise
        return raw.content.decode("utf-8", "replace")


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
