"""JSON and JSONL: the records of a file, their ids, and the effect of bad ones."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.parsing.exports.record_splitter import (
    DEEPEST,
    LONGEST,
    RawRecord,
    split_json_objects,
    split_lines,
)
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article
from reading import articles, as_json, memory_below, outcomes, stream


def record(words: str, **facts: object) -> dict[str, object]:
    """A record with a body and other fields."""
    return {"body": words, **facts}


def test_a_line_is_a_record() -> None:
    """Its id contains the line number or the record's own id."""
    content = as_json(record("One.")) + b"\n \r\n" + as_json(record("Two.", id="x/2"))
    assert outcomes("dump.jsonl", content + as_json(record("Three."))) == [
        "dump.jsonl#1",
        "dump.jsonl#x/2",
        "dump.jsonl#5",
    ]


def test_two_records_with_one_id_are_two_articles() -> None:
    """The first one has the plain id, so that appended records change no other id."""
    content = as_json(record("One.", id=7)) * 2 + as_json(record("Two.", id="7~2"))
    assert outcomes("a.jsonl", content) == ["a.jsonl#7", "a.jsonl#7~2", "a.jsonl#7~2~2"]


def test_a_bad_line_fails_alone() -> None:
    """Each is reported in order, with its reason."""
    bad = [b'{"body": "x"', b"[1, 2]", b"\x00\x01\x02\xff" * 8, b'{"a": 1}', b"NaN"]
    content = b"\n".join([as_json(record("One.")).strip(), *bad, as_json(record("Two."))])
    assert [line[:36] for line in outcomes("a.jsonl", content)] == [
        "a.jsonl#1",
        "a.jsonl#2: it is not valid JSON: Exp",
        "a.jsonl#3: it is not a record with f",
        "a.jsonl#4: it contains binary data, ",
        "a.jsonl#5: it has no known field wit",
        "a.jsonl#6: it is not a record with f",
        "a.jsonl#7",
    ]


def test_a_file_of_bad_lines_is_one_failure() -> None:
    """It has the reason of the first line, instead of one error for each."""
    [reason] = outcomes("a.jsonl", b"no\n" * 3_000)
    assert reason.startswith("a.jsonl: none of its 3,000 records can be read; 1: it is not valid")


def test_only_some_bad_lines_are_listed() -> None:
    """The others are counted."""
    found = outcomes("a.jsonl", as_json(record("One.")) + b"no\n" * 3_000)
    assert (len(found), found[-1]) == (22, "a.jsonl: 2,980 more of its records cannot be read")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_lines(encoding: str) -> None:
    """PowerShell writes UTF-16, old databases Windows-1252."""
    content = json.dumps(record("£5 for Zoë’s café."), ensure_ascii=False).encode(encoding)
    assert [article.text for article in articles("a.jsonl", content)] == ["£5 for Zoë’s café."]


def test_mixed_encodings_are_read_line_by_line() -> None:
    """Two exports may have been joined to one file."""
    lines = [json.dumps(record("Zoë’s café."), ensure_ascii=False)] * 2
    content = lines[0].encode() + b"\n" + lines[1].encode("cp1252")
    assert [article.text for article in articles("a.jsonl", content)] == ["Zoë’s café."] * 2


def test_a_list_of_records() -> None:
    """Ids contain the position, counted from 1, or the record's own id."""
    content = json.dumps([record("One."), 7, record("Two.", guid="g"), record("{")], indent=2)
    assert outcomes("a.json", content.encode()) == ["a.json#1", "a.json#g", "a.json#3"]


def test_the_article_of_one_object_has_the_id_of_the_file() -> None:
    """Its own id is not needed."""
    assert outcomes("a/story.json", as_json(record("One.", id=9))) == ["a/story.json"]


@pytest.mark.parametrize("wrap", [{"articles": "R"}, {"response": {"results": "R", "n": [1]}}])
def test_a_wrapped_list_is_found(wrap: dict[str, object]) -> None:
    """Web services wrap lists in objects."""
    content = json.dumps(wrap).replace('"R"', json.dumps([record("One."), record("Two.", id=5)]))
    assert outcomes("a.json", content.encode()) == ["a.json#1", "a.json#5"]


def test_objects_one_after_another_are_records() -> None:
    """A JSONL file may be called .json."""
    assert outcomes("a.json", as_json(record("One.")) * 2) == ["a.json#1", "a.json#2"]


def test_a_broken_record_of_a_list_fails_alone() -> None:
    """Its brackets and quotes must be closed."""
    content = b'[{"body": "One."}, {"body": }, {"body": "Two."}]'
    assert [line[:31] for line in outcomes("a.json", content)] == [
        "a.json#1",
        "a.json#2: it is not valid JSON:",
        "a.json#3",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it contains no JSON objects"),
        (b"[]", "it contains no JSON objects"),
        (b"\x89PNG\r\n\x1a\n" + bytes(80), "it contains no JSON objects"),
        (b"Only words.", "it contains no JSON objects"),
        (b"[" * 200_000, "1: it is nested more than 100 levels deep"),
        (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "1: it is nested more than 100 levels deep"),
        (b'[{"body": "One.', "1: the file ends in the middle of it"),
        (b'{"body": "One.", "id": 1', "1: the file ends in the middle of it"),
        (b"}]}" * 1000, "it contains no JSON objects"),
        (b'{"body": "' + b"x" * LONGEST + b'"}', "1: it is larger than 16 MB"),
        (b'{"body": "A\\ud800B", "date": ' + b"9" * 5000 + b"}", None),
        (b'{"body": "A\x00B"}', None),
    ],
)
def test_hostile_files_fail_with_a_reason(content: bytes, reason: str | None) -> None:
    """No file crashes the process."""
    expected = "a.json" if reason is None else f"a.json: {reason}"
    assert outcomes("a.json", content) == [expected]


def test_a_list_is_not_loaded_into_memory() -> None:
    """A line of 100 MB may contain many records, or be one."""
    one = as_json(record("word " * 2_000)).strip()
    many = SizedStream([b"[", *[one + b","] * 10_000, one, b"]"])
    long = SizedStream([b'[{"body": "', *[b"word " * 2_000] * 10_000, b'"}]'])
    with memory_below(2 * LONGEST):
        for content in (many, long):
            raws = split_json_objects(content)
            assert sum(len(raw.content) for raw in raws) in (10_001 * len(one), 0)


class SizedStream(BytesIO):
    """A stream of parts that are joined only while they are read."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = iter(parts)

    def read(self, size: int | None = -1) -> bytes:
        return next(self._parts, b"")


def test_long_lines_are_skipped() -> None:
    """The line below is parsed and has the right number."""
    stream = BytesIO(b"x" * 50 + b"\nab\n" + b"y" * 10)
    assert list(split_lines(stream, longest=10)) == [
        RawRecord(1, fault="its line is longer than 10 bytes"),
        RawRecord(2, b"ab\n"),
        RawRecord(3, fault="its line is longer than 10 bytes"),
    ]


VALUES = st.recursive(
    st.none() | st.integers() | st.text(st.sampled_from('{}[]"\\,:é\n')),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.lists(VALUES), st.sampled_from([None, 2]), st.integers(1, 7))
def test_a_stream_is_split_at_the_ends_of_records(
    values: list[object], indent: int, size: int
) -> None:
    """Neither the content of strings nor the chunks of the stream matter."""
    content = json.dumps(values, indent=indent, ensure_ascii=False).encode()
    parts = [content[at : at + size] for at in range(0, len(content), size)]
    found = [json.loads(raw.content) for raw in split_json_objects(SizedStream(parts))]
    assert found == [value for value in values if isinstance(value, dict | list)]


@given(st.binary(max_size=200) | st.text(st.sampled_from('[]{}",:\\1a ')).map(str.encode))
def test_any_bytes_give_articles_or_errors(content: bytes) -> None:
    """Nothing but ArticleError is raised."""
    for id in ("a.json", "a.jsonl", "a.csv"):
        assert stream(id, content)


def test_a_record_may_be_as_deep_as_the_limit() -> None:
    """The limit is greater than the depth of real exports."""
    deep = b'{"body": "One.", "x": ' + b"[" * (DEEPEST - 1) + b"]" * (DEEPEST - 1) + b"}"
    assert [type(one) for one in stream("a.json", deep)] == [Article]
    assert SourceFile(id="a", version="0", content=deep).stream().read() == deep
