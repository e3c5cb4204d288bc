"""Damaged files of every format become sound articles or have a reason, in time."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from benchmarks.hostile.made import yaml_bomb
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.exports.test_xml import RSS, newsml
from parsing.html.test_parser import MHTML
from parsing.html.test_parser import PAGE as HTML
from parsing.test_damage import WHOLE
from pullquote.parsing import FORMATS, Format
from pullquote.parsing.registry import module_of
from pullquote.parsing.workers.protocol import article_frame
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError
from reading import stream

ARTICLES = Path(__file__).parents[1] / "data" / "articles"
RECORDS = [
    {"id": 7, "title": "Pier", "body": "The pier is shut.\n\nIt was.", "date": "2024-06-04"},
    {"headline": "Tide", "content": {"text": "<p>Low &amp; high.</p>"}, "authors": ["A. Gull"]},
    {"uri": "tag:x,1", "versioncreated": "2024-06-04T12:00:00Z", "body_text": "Words."},
]
MAXIMUM_SECONDS = 20


def table() -> bytes:
    """A table of records in Parquet."""
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    out = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(RECORDS[:1] * 3), out)
    return out.getvalue()


SOUND: dict[str, list[bytes]] = {
    **WHOLE,
    "csv": [b'title,body,date\nPier,"It, is ""shut"".",2024-06-04\r\nTide,Low.,\n'],
    "html": [HTML.encode(), MHTML.format(encoding="8bit", html=HTML).encode()],
    "json": [json.dumps(RECORDS).encode(), json.dumps({"a": {"items": RECORDS}}).encode()],
    "jsonl": [b"\n".join(json.dumps(record).encode() for record in RECORDS)],
    "markdown": [(ARTICLES / "front-matter.md").read_bytes()],
    "parquet": [table()],
    "plain": [(ARTICLES / "saved-page.txt").read_bytes()],
    "xml": [RSS.encode(), newsml().encode()],
}


def samples_of(format: Format) -> list[bytes]:
    """Sound files of a format: `SOUND` in the test of its module."""
    package, _, module = module_of(format).removeprefix("pullquote.").rpartition(".")
    return list(import_module(f"{package}.test_{module}").SOUND)


SOUND |= {
    format.name: samples_of(format)
    for format in FORMATS.values()
    if format.fuzzed and format.name not in SOUND
}
SUFFIXES = {format.name: suffix for suffix, format in FORMATS.items()}
TOKENS = (
    *(b"\0", b"\xff", b"\xed\xa0\x80", b"\r", b"\n\n", b'"', b"<", b">", b"&", b"]]>", b"<!--"),
    *(b"\\ud800", b"&#0;", b"&#xD800;", b"&nbsp;", b"<![CDATA[", b"99999999999999999999", b"-1"),
    *(b"0001-01-01", b"9999-12-31T23:59:59-23:59", b"2024-02-30", b"%s", b"../", b"{\\", b"\\u-1?"),
    *(b"\xe2\x80\xa8", b"\xc2\x85", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x05\x06", b"\x1f\x8b"),
)
Change = Callable[[bytes], bytes]


def changes() -> st.SearchStrategy[Change]:
    """Flip a bit, delete or repeat a range of bytes, insert a token, or cut the end off."""
    at, size = st.integers(0, 10**6), st.integers(1, 80)

    def turn(i: int, bit: int) -> Change:
        return lambda c: c[: i % len(c)] + bytes([c[i % len(c)] ^ 1 << bit]) + c[i % len(c) + 1 :]

    def lose(i: int, n: int) -> Change:
        return lambda c: c[: i % len(c)] + c[i % len(c) + n :]

    def repeat(i: int, j: int, n: int, times: int) -> Change:
        return lambda c: c[: i % len(c)] + c[j % len(c) :][:n] * times + c[i % len(c) :]

    def put(i: int, token: bytes) -> Change:
        return lambda c: c[: i % len(c)] + token + c[i % len(c) :]

    def cut(i: int) -> Change:
        return lambda c: c[: i % len(c) + 1]

    times = st.sampled_from([1, 2, 300])
    return st.one_of(
        st.builds(turn, at, st.integers(0, 7)),
        st.builds(lose, at, size),
        st.builds(repeat, at, at, size, times),
        st.builds(put, at, st.sampled_from(TOKENS)),
        st.builds(cut, at),
    )


def damaged(content: bytes, how: list[Change]) -> bytes:
    """The content after all changes."""
    for change in how:
        content = change(content) if content else content
    return content


def damaged_inside(content: bytes, how: list[Change], which: int) -> bytes:
    """A ZIP archive with a sound directory and one damaged file."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        names = before.namelist()
        for number, name in enumerate(names):
            part = before.read(name)
            after.writestr(name, damaged(part, how) if number == which % len(names) else part)
    return out.getvalue()


@contextmanager
def in_time() -> Iterator[None]:
    """Fail if the block takes too long; do nothing where the system has no alarm."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise AssertionError(f"it takes more than {MAXIMUM_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(MAXIMUM_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check_content(format: str, content: bytes) -> None:
    """Check the promises about any file."""
    suffix = SUFFIXES[format]
    with in_time():
        found = stream(f"a{suffix}", content)
    assert found
    ids = [one.id for one in found if isinstance(one, Article)]
    assert len(ids) == len(set(ids))
    for one in found:
        if isinstance(one, Article):
            assert article_frame(one).output("a").found == one
        else:
            check_reason(one)


def check_reason(error: ArticleError) -> None:
    """Check that a reason is a short line of text and not an exception of a library."""
    assert "its parser failed" not in error.reason
    assert "it takes more than" not in error.reason
    error.path.encode()
    error.reason.encode()
    assert 0 < len(error.reason) <= 600


def fuzz(format: str, data: st.DataObject) -> None:
    """Damage a file of a format and check it."""
    content = data.draw(st.sampled_from(SOUND[format]))
    how = data.draw(st.lists(changes(), min_size=1, max_size=6))
    if content.startswith(b"PK") and data.draw(st.booleans()):
        content = damaged_inside(content, how, data.draw(st.integers(0, 9)))
    else:
        content = damaged(content, how)
    check_content(format, content)


@pytest.mark.parametrize("format", sorted(SOUND))
@settings(max_examples=30)
@given(data=st.data())
def test_damaged_files_are_parsed_or_refused(format: str, data: st.DataObject) -> None:
    """A few of each format, in every run of the tests."""
    fuzz(format, data)


@pytest.mark.slow
@pytest.mark.parametrize("format", sorted(SOUND))
@settings(max_examples=int(os.environ.get("FUZZ_EXAMPLES", "500")))
@given(data=st.data())
def test_many_damaged_files_are_parsed_or_refused(format: str, data: st.DataObject) -> None:
    """Hundreds of each format; FUZZ_EXAMPLES sets the number."""
    fuzz(format, data)


def test_every_format_is_fuzzed() -> None:
    """The fuzz test covers every format that declares `fuzzed`."""
    assert set(SOUND) == {format.name for format in FORMATS.values() if format.fuzzed}


def test_reasons_are_short() -> None:
    """Nested aliases in front matter once caused a reason of 400 kB."""
    check_content("markdown", yaml_bomb())
