"""Parses Parquet files, a few rows at a time. Each row is a record."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from pullquote.parsing.exports.records import parse_records
from pullquote.parsing.source import Format, ParsedItem, SourceFile
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import megabytes

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData

FORMAT = Format(
    name="parquet",
    suffixes=(".parquet",),
    summary='tables: each row is an article (Parquet needs `pip install "pullquote[parquet]"`)',
    streamed=True,
)

ROWS_AT_ONCE = 64
LARGEST_GROUP = 1 << 30
"""Maximum unpacked size of a row group, in bytes. Writers make groups of 128 MB, rarely of 512
MB."""
MOST_COLUMNS = 1_000
_LONGEST_NAME = 1 << 16


def parse_parquet(file: SourceFile) -> Iterator[ParsedItem]:
    """Parse a table. The article ids are like "table.parquet#17", or contain the record's id.

    Raises:
        ArticleError: the file is not a table or is damaged, or pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError as error:
        reason = 'parsing it needs pyarrow: pip install "pullquote[parquet]"'
        raise ArticleError(file.id, reason) from error
    try:
        table = pq.ParquetFile(
            file.stream(),
            thrift_string_size_limit=_LONGEST_NAME << 8,
            thrift_container_size_limit=_LONGEST_NAME << 4,
            page_checksum_verification=True,
        )
        _check_size(table.metadata, file)
        batches = table.iter_batches(ROWS_AT_ONCE)
        yield from parse_records(chain.from_iterable(b.to_pylist() for b in batches), file)
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, MemoryError) as error:
        message = " ".join(str(error).split())[:200]
        raise ArticleError(file.id, f"it is not a valid Parquet file: {message}") from error


def _check_size(table: FileMetaData, file: SourceFile) -> None:
    if table.num_columns > MOST_COLUMNS:
        raise ArticleError(
            file.id, f"it has {table.num_columns:,} columns, more than {MOST_COLUMNS:,}"
        )
    for group in range(table.num_row_groups):
        if (size := table.row_group(group).total_byte_size) > LARGEST_GROUP:
            found = f"{megabytes(size)}, more than {megabytes(LARGEST_GROUP)}"
            raise ArticleError(file.id, f"a group of its rows unpacks to {found}")
