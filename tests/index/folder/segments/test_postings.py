"""Postings as they are written and read again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import scratch
from pullquote.english.terms import terms
from pullquote.index.folder.segments.postings import Postings, PostingsWriter, TermField
from pullquote.schema.errors import IndexDamaged
from strategies import hostile_texts

FILES = ("terms.bin", "places.i64", "rows.i32", "counts.u8", "lengths.i32")


def written(folder: Path, texts: Sequence[str], above: str = "") -> Postings:
    writer = PostingsWriter()
    for text in texts:
        writer.add(text=text, context=above)
    writer.write(folder)
    return Postings(folder)


def test_by_hand(tmp_path: Path) -> None:
    """Rows follow the order in which passages were added."""
    found = written(tmp_path, ["tide", "pier tide pier"], above="pier")
    pier = found.posting_list(TermField.TEXT, "pier")
    assert (pier.rows.tolist(), pier.counts.tolist()) == ([1], [2])
    assert found.posting_list(TermField.TEXT, "tide").rows.tolist() == [0, 1]
    assert found.posting_list(TermField.CONTEXT, "pier").rows.tolist() == [0, 1]
    assert found.posting_list(TermField.CONTEXT, "tide").rows.tolist() == []
    assert found.lengths.tolist() == [[1, 3], [1, 1]]


@given(texts=st.lists(hostile_texts(max_parts=4), max_size=6), above=hostile_texts(max_parts=2))
def test_every_term_lists_its_passages(texts: list[str], above: str) -> None:
    """A term lists exactly its passages, with its counts in text and context."""
    with scratch() as folder:
        found = written(Path(folder), texts, above)
        assert len(found) == len(texts)
        for field, contents in ((TermField.TEXT, texts), (TermField.CONTEXT, [above] * len(texts))):
            split = [terms(content) for content in contents]
            for term in {term for passage in split for term in passage}:
                listed = found.posting_list(field, term)
                holding = [row for row, passage in enumerate(split) if term in passage]
                assert listed.rows.tolist() == holding
                assert listed.counts.tolist() == [split[row].count(term) for row in holding]
            assert found.lengths[field].tolist() == [len(passage) for passage in split]


def test_many_repeats_count_as_255(tmp_path: Path) -> None:
    """Counts are capped at 255, which fits into one byte."""
    found = written(tmp_path, ["tide " * 300])
    assert found.posting_list(TermField.TEXT, "tide").counts.tolist() == [255]


def test_equal_passages_give_equal_files(tmp_path: Path) -> None:
    """Equal passages give files that are equal to the byte."""
    for name in "ab":
        (tmp_path / name).mkdir()
        written(tmp_path / name, [f"tide {n} pier" for n in range(20)])
    for name in FILES:
        one, other = ((tmp_path / side / "postings" / name).read_bytes() for side in "ab")
        assert one == other


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [None, b"garbage"])
def test_files_that_contradict_each_other_are_damage(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    """A missing file, or one whose length contradicts the others, is damage."""
    written(tmp_path, ["tide"])
    file = tmp_path / "postings" / name
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(IndexDamaged, match="postings"):
        Postings(tmp_path)
