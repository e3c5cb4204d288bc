"""Arrays read in parts from their files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import scratch
from pullquote.index.folder.segments.arrays import StoredArray
from pullquote.schema.errors import IndexDamaged


def stored(folder: Path, content: np.ndarray, width: int | None = None) -> StoredArray:
    path = folder / "numbers"
    path.write_bytes(content.tobytes())
    return StoredArray(path, content.dtype, width=width)


def test_rows_by_hand(tmp_path: Path) -> None:
    """Of three rows of two, all, a range, or some in another order can be read."""
    found = stored(tmp_path, np.array([1, 2, 3, 4, 5, 6], "<i4"), width=2)
    assert len(found) == 3
    assert found.read().tolist() == [[1, 2], [3, 4], [5, 6]]
    assert found.read(1, 2).tolist() == [[3, 4]]
    assert found.take(np.array([2, 0, 2])).tolist() == [[5, 6], [1, 2], [5, 6]]
    assert found.take(np.array([], np.int64)).shape == (0, 2)


@given(rows=st.integers(0, 40), width=st.none() | st.integers(1, 5), data=st.data())
def test_any_part_of_an_array_can_be_read(
    rows: int, width: int | None, data: st.DataObject
) -> None:
    """Any part of any array is read correctly."""
    whole = np.arange(rows * (width or 1), dtype="<f4").reshape(-1, *([width] if width else []))
    start = data.draw(st.integers(0, rows))
    end = data.draw(st.integers(start, rows))
    some = np.array(data.draw(st.lists(st.integers(0, max(rows - 1, 0)), max_size=rows)), np.int64)
    with scratch() as folder:
        found = stored(Path(folder), whole, width)
        assert np.array_equal(found.read(start, end), whole[start:end])
        assert np.array_equal(found.take(some), whole[some])


def test_a_file_with_part_of_a_row_is_damage(tmp_path: Path) -> None:
    """Five bytes do not divide into rows of four."""
    (tmp_path / "numbers").write_bytes(b"12345")
    with pytest.raises(IndexDamaged, match="a multiple of 4 bytes"):
        StoredArray(tmp_path / "numbers", "<i4")


def test_a_file_cut_short_while_it_is_open_is_damage(tmp_path: Path) -> None:
    """A truncated file raises an error; a memory-mapped file would end the process."""
    found = stored(tmp_path, np.arange(9, dtype="<i8"))
    with (tmp_path / "numbers").open("r+b") as stream:
        stream.truncate(20)
    assert found.read(0, 2).tolist() == [0, 1]
    with pytest.raises(IndexDamaged, match="72 bytes"):
        found.read()
    with pytest.raises(IndexDamaged):
        found.take(np.array([8]))


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    """The error names it."""
    with pytest.raises(IndexDamaged, match="numbers"):
        StoredArray(tmp_path / "numbers", "<i4")


def test_a_removed_file_can_still_be_read(tmp_path: Path) -> None:
    """A reader keeps its files open after newer generations removed them."""
    found = stored(tmp_path, np.arange(3, dtype="<i4"))
    (tmp_path / "numbers").unlink()
    assert found.read().tolist() == [0, 1, 2]
