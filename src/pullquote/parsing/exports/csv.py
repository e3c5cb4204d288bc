"""Parses CSV files with a header line and any usual delimiter. Each row is a record."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import count

from pullquote.parsing.decode import decode
from pullquote.parsing.exports.record_splitter import LONGEST, RawRecord, split_lines, utf8_stream
from pullquote.parsing.exports.records import parse_record
from pullquote.parsing.source import Format, ParsedItem, SourceFile
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import megabytes

FORMAT = Format(
    name="csv",
    suffixes=(".csv", ".tsv"),
    summary='tables: each row is an article (Parquet needs `pip install "pullquote[parquet]"`)',
    streamed=True,
)

LONGEST_LINE = 4 << 20
"""Maximum size of a line, in bytes. A line of commas becomes a list that takes ten times as much
memory."""
MOST_COLUMNS = 1_000
_OLD_END = re.compile(r"(?<=\r)(?=[^\n])")
_DELIMITERS = (",", ";", "\t", "|")


def parse_csv(file: SourceFile) -> Iterator[ParsedItem]:
    """Parse a table. The article ids are like "table.csv#17" for row 17 or contain the record's id.

    Raises:
        ArticleError: the header line is missing, or a quote is never closed. In that case, the
            rows after the quote are uncertain.
    """
    lines = _CsvLines(file)
    top = next(lines, "")
    names = _column_names(top, file)
    csv.field_size_limit(LONGEST)  # for the whole process, where only this reads CSV
    rows = csv.reader(lines, delimiter=_delimiter(top))
    for number in count(1):
        here = f"{file.id}#{number}"
        lines.begin_row()
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise ArticleError(
                file.id, f"it is not valid CSV from row {number} on: {error}"
            ) from error
        if row is None:
            return
        if lines.is_cut_short:
            raise ArticleError(file.id, f"a quote in row {number} is never closed")
        try:
            if row:
                yield parse_record(_row_record(row, names, here=here), file, place=str(number))
        except ArticleError as error:
            yield error


class _CsvLines:
    """Iterates over the lines of a table as text. Each line may have a different encoding."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._lines = self._iter_lines()
        self._row: list[str] = []
        self._size = 0
        self._ended = False

    def begin_row(self) -> None:
        """Reset the size, because a new row begins."""
        self._row.clear()
        self._size = 0

    @property
    def is_cut_short(self) -> bool:
        """Whether the file has ended inside a cell of several lines."""
        return self._ended and len(self._row) > 1 and "".join(self._row).count('"') % 2 == 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """The next line.

        Raises:
            ArticleError: the line or its row is too long.
        """
        line = next(self._lines, None)
        if line is None:
            self._ended = True
            raise StopIteration
        self._row.append(line)
        self._size += len(line)
        if self._size > LONGEST:
            reason = f"a row is larger than {megabytes(LONGEST)}; is a quote never closed?"
            raise ArticleError(self._file.id, reason)
        return line

    def _iter_lines(self) -> Iterator[str]:
        stream = utf8_stream(self._file.stream(), id=self._file.id)
        for raw in split_lines(stream, longest=LONGEST_LINE):
            if raw.fault is not None:
                raise ArticleError(self._file.id, f"line {raw.number}: {raw.fault}")
            try:
                text = raw.content.decode()
            except UnicodeDecodeError:
                text = _in_old_encoding(raw, self._file)
            yield from _OLD_END.split(text)


def _in_old_encoding(raw: RawRecord, file: SourceFile) -> str:
    """Decode a line that is not UTF-8. If the first line is not text, the file fails."""
    try:
        return decode(raw.content, path=file.id).text
    except ArticleError:
        if raw.number == 1:
            raise
        return raw.content.decode("utf-8", "replace")


def _delimiter(top: str) -> str:
    """The most frequent delimiter of the header line."""
    return max(_DELIMITERS, key=top.count)


def _column_names(top: str, file: SourceFile) -> list[str]:
    try:
        names = next(csv.reader([top], delimiter=_delimiter(top)), [])
    except csv.Error as error:
        raise ArticleError(file.id, f"its first line is not valid CSV: {error}") from error
    if len(names) > MOST_COLUMNS:
        raise ArticleError(file.id, f"it has {len(names):,} columns, more than {MOST_COLUMNS:,}")
    if len(names) < 2:
        raise ArticleError(file.id, "its first line does not name two columns or more")
    return [name.strip() for name in names]


def _row_record(row: Sequence[str], names: Sequence[str], *, here: str) -> dict[str, str]:
    """The cells of a row, by the name of the column.

    Raises:
        ArticleError: there are more cells than columns, perhaps because a delimiter is not quoted.
    """
    if len(row) > len(names):
        raise ArticleError(here, f"it has {len(row):,} cells under {len(names)} columns")
    return dict(zip(names, row, strict=False))
