"""CSV and Parquet: one record for each row."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest

from reading import articles, outcomes, outline

TABLE = b'id;Title;Text;Date\n7;Pier shut;"It rusts; badly.\n\nIn May ""it"" reopens.";2024-05-31\n'


def test_a_row_is_a_record() -> None:
    """Cells may contain delimiters, lines and quotes; the delimiter is detected."""
    [article] = articles("a.csv", TABLE)
    assert article.id == "a.csv#7"
    assert outline(article) == [
        ("headline", "Pier shut"),
        ("body", "It rusts; badly."),
        ("body", 'In May "it" reopens.'),
    ]
    assert article.published == date(2024, 5, 31)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_rows_without_an_id_are_counted(sign: str) -> None:
    """Counting begins with 1 below the header, for every delimiter."""
    content = "title,text\nA,One.\nB,Two.\n".replace(",", sign).encode()
    assert outcomes("a.csv", content) == ["a.csv#1", "a.csv#2"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_tables(encoding: str) -> None:
    """Encodings of spreadsheets are detected."""
    content = "title,text\nCafé,£5 for Zoë’s café.\n".encode(encoding)
    assert outline(articles("a.csv", content)[0])[1] == ("body", "£5 for Zoë’s café.")


def test_a_row_with_too_many_cells_fails_alone() -> None:
    """An unquoted comma would move half a sentence to another column."""
    assert outcomes("a.csv", b"title,text\nA,One, two.\nB,Three.\n,\n") == [
        "a.csv#1: it has 3 cells under 2 columns",
        "a.csv#2",
        "a.csv#3: it has no known field with text; its fields are 'title', 'text'. "
        "In the setting fields, say which of them is the body",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "its first line does not name two columns or more"),
        (b"Only words.\nMore words.\n", "its first line does not name two columns or more"),
        (b"a," * 5_000_000, "line 1: its line is longer than 4 MB"),
        (b"a," * 2_000, "it has 2,001 columns, more than 1,000"),
        (b"title,text\n" + b"," * 5_000_000, "line 2: its line is longer than 4 MB"),
        (b"\x00\x01\x02,\xff" * 800, "it contains binary data, not text"),
    ],
)
def test_hostile_tables_fail_with_a_reason(content: bytes, reason: str) -> None:
    """A billion columns are refused before they are split."""
    assert outcomes("a.csv", content) == [f"a.csv: {reason}"]


@pytest.mark.parametrize("rest", [3, 2_000_000])
def test_a_quote_that_is_never_closed_yields_no_article(rest: int) -> None:
    """The rows above it are parsed; the rows below would be part of the cell."""
    content = b'title,text\nA,One.\nB,"Two.\n' + b"C,Three.\n" * rest
    whole, reason = outcomes("a.csv", content)
    assert whole == "a.csv#1"
    assert reason.startswith(
        "a.csv: a quote in row 2 is never closed"
        if rest == 3
        else "a.csv: a row is larger than 16 MB"
    )


def test_closed_quotes_are_not_errors() -> None:
    """Inch signs, doubled quotes, and quotes in the last row are allowed."""
    content = b'title,text\nA,a 5" pipe\nB,"""Two,""\n\nshe said."'
    assert [article.text for article in articles("a.csv", content)] == [
        'A\n\na 5" pipe',
        'B\n\n"Two,"\n\nshe said.',
    ]


def test_a_line_of_arbitrary_bytes_affects_no_other() -> None:
    """The rows around it are parsed."""
    content = b"title,text\nA,One.\n" + bytes(range(128, 256)) + b"\x00\nB,Two.\n"
    assert [line[:7] for line in outcomes("a.csv", content)] == ["a.csv#1", "a.csv#2", "a.csv#3"]


def parquet(**columns: object) -> bytes:
    """A Parquet table with these columns."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet as pq  # noqa: PLC0415

    written = io.BytesIO()
    pq.write_table(pa.table(columns), written)
    return written.getvalue()


def test_a_row_of_parquet_is_a_record() -> None:
    """Typed times and lists are converted."""
    content = parquet(
        headline=["Pier shut", None],
        text=["It rusts.", "Two."],
        published=[datetime(2024, 5, 31, 9, 49, tzinfo=UTC), None],
        tags=[["pier", "rust"], None],
    )
    first, second = articles("a.parquet", content)
    assert outline(first) == [("headline", "Pier shut"), ("body", "It rusts.")]
    assert first.published == datetime(2024, 5, 31, 9, 49, tzinfo=UTC)
    assert (first.tags, second.id, second.text) == (("pier", "rust"), "a.parquet#2", "Two.")


def test_damaged_parquet_fails_with_a_reason() -> None:
    """A truncated file, or one with a changed byte, is parsed or refused."""
    content = parquet(title=["A"] * 9, text=["One."] * 9)
    assert outcomes("a.parquet", b"") == [
        "a.parquet: it is not a valid Parquet file: Parquet file size is 0 bytes"
    ]
    for at in range(0, len(content), 7):
        outcomes("a.parquet", content[:at])
        outcomes("a.parquet", content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
