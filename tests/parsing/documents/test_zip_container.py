"""Zip containers: their entries can be read, and hostile ones are refused."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from zipfile import ZIP_LZMA

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.parsing.documents.zip_container import is_inside, open_zip
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import Limits
from zips import make_zip


def reason(content: bytes, name: str | None = None, *, limits: Limits | None = None) -> str:
    """The reason why a container or an entry cannot be read."""

    def read() -> None:
        container = open_zip(content, path="a.zip", limits=Limits() if limits is None else limits)
        if name is not None:
            container.read(name)

    with pytest.raises(ArticleError) as caught:
        read()
    assert caught.value.path == "a.zip"
    return caught.value.reason


def test_entries_are_read_by_name() -> None:
    """Folders are not entries; names are in directory order."""
    container = open_zip(make_zip({"b.txt": "B", "a/": "", "a/c.txt": b"C\0"}), path="a.zip")
    assert container.names == ("b.txt", "a/c.txt")
    assert (container.read("b.txt"), container.read("a/c.txt")) == (b"B", b"C\0")
    assert "a/c.txt" in container
    assert "a/" not in container


def test_a_bomb_is_not_unpacked() -> None:
    """An entry with a thousandfold compression is refused by its declared size."""
    content = make_zip({"bomb": bytes(20 << 20)})
    tracemalloc.start()
    assert reason(content, "bomb").startswith("its part 'bomb' is a zip bomb: ")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 << 20


def test_no_more_is_unpacked_than_the_directory_states() -> None:
    """A declared size that is too small counts as damage."""
    content = bytearray(make_zip({"a": b"x" * 100_000}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    assert reason(bytes(content), "a") == "it is damaged at 'a'"


def test_the_sum_of_all_entries_is_limited() -> None:
    """Single entries and their number are limited too."""
    limits = Limits(free_expansion=2_000, expansion=1, member_bytes=1_000, entries=4)
    content = make_zip(dict.fromkeys("abc", b"x" * 1_000))
    container = open_zip(content, path="a.zip", limits=limits)
    assert [len(container.read(name)) for name in "ab"] == [1_000, 1_000]
    with pytest.raises(ArticleError, match="its part 'c' is too large: 1000 bytes"):
        container.read("c")
    assert reason(make_zip({"a": b"x" * 1_001}), "a", limits=limits).startswith(
        "its part 'a' is too"
    )
    many = make_zip({str(i): b"" for i in range(5)})
    assert reason(many, limits=limits) == "it has more than 4 entries"


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/../../b", "..\\a", "C:\\a", "\\a"])
def test_names_that_lead_out_are_refused(name: str) -> None:
    """Backslashes and drive letters count on every system."""
    assert reason(make_zip({"b": "B", name: "x"})).startswith(
        "it contains a path that leads outside it"
    )


@pytest.mark.parametrize("name", ["a", "a/b", "a/..b/c.", "ä: b", "a/b:c"])
def test_names_that_stay_inside(name: str) -> None:
    """Two full stops inside a name are allowed."""
    assert is_inside(name) is (name != "ä: b")


def test_an_unreadable_container_fails_with_a_reason() -> None:
    """Each kind of damage has its own reason."""
    whole = make_zip({"a.txt": b"some words" * 100})
    locked = whole.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    assert reason(locked, "a.txt") == "it is protected by a password: 'a.txt'"
    assert reason(b"") == "the file is empty"
    assert reason(whole[:60]) == "it is cut off or damaged: its directory is missing"
    assert reason(b"%PDF-1.7") == (
        "its content does not match its extension: it contains a PDF document, not a zip file"
    )
    assert reason(b"some words") == "its content does not match its extension: it is not a zip file"
    assert reason(whole, "b.txt") == "it is incomplete: 'b.txt' is not in it"
    assert reason(whole[:40] + b"\xff" + whole[41:], "a.txt") == "it is damaged at 'a.txt'"
    assert (
        reason(make_zip({"a": b"x"}, packing=ZIP_LZMA), "a")
        == "its part 'a' is compressed by an unknown method"
    )


@given(st.data())
def test_any_damage_is_an_article_error(data: st.DataObject) -> None:
    """Changed or missing bytes raise nothing but ArticleError."""
    content = bytearray(make_zip({"a.txt": b"some words" * 20, "b": b""}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    with suppress(ArticleError):
        container = open_zip(bytes(content[:cut]), path="a.zip")
        for name in container.names:
            container.read(name)
