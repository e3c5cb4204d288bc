"""A saved grid continues where it was left, and never mixes cells that do not belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from grids.planted_grid import CELLS, SPEC
from pullquote import Filters, GridBy, GridMismatch, GridSpec
from pullquote.newsroom.grids import SavedGrid
from pullquote.schema import QueryOptions
from pullquote.schema.errors import SettingsError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with all planted cells."""
    path = tmp_path / "grid.jsonl"
    saved = SavedGrid(path)
    saved.start(SPEC)
    for one in CELLS:
        saved.add(one)
    return path


def changed(**fields: object) -> GridSpec:
    return SPEC.model_copy(update=fields)


def test_cells_are_read_back_as_they_were(path: Path) -> None:
    """Nothing is written twice if the grid is the same."""
    before = path.read_bytes()
    saved = SavedGrid(path)
    saved.start(SPEC)
    assert list(saved.cells.values()) == list(CELLS)
    assert path.read_bytes() == before


@pytest.mark.parametrize("lost", range(1, 60, 7))
def test_a_cell_that_was_not_written_to_its_end_is_asked_again(path: Path, lost: int) -> None:
    """Whoever pulls the plug loses the last cell, and no other."""
    path.write_bytes(path.read_bytes()[:-lost])
    saved = SavedGrid(path)
    saved.start(SPEC)
    assert list(saved.cells.values()) == list(CELLS[:-1])
    saved.add(CELLS[-1])
    assert list(SavedGrid(path).cells.values()) == list(CELLS)


def test_a_first_line_that_was_not_written_to_its_end_is_written_again(path: Path) -> None:
    """The grid then has no cells yet."""
    path.write_bytes(path.read_bytes()[:50])
    saved = SavedGrid(path)
    saved.start(SPEC)
    assert saved.cells == {}
    assert path.read_bytes().count(b"\n") == 1


@pytest.mark.parametrize(
    "spec",
    [
        changed(questions=("who?", "when?")),
        changed(columns=SPEC.columns[:2], filters=Filters(articles=("a.md", "b.md"))),
        changed(generation="20240302T000000_000000"),
    ],
)
def test_questions_and_columns_may_change(path: Path, spec: GridSpec) -> None:
    """Cells are found by question and column, so those that remain are not asked again."""
    saved = SavedGrid(path)
    saved.start(spec)
    assert list(SavedGrid(path).cells.values()) == list(CELLS)


@pytest.mark.parametrize(
    ("spec", "setting"),
    [
        (changed(index_sha256="00" * 32), "index"),
        (changed(settings={"hits": 10, "reranker": None}), "hits"),
        (changed(settings={"hits": 20, "reranker": None, "fusion": "x"}), "fusion"),
        (changed(k=3), "k"),
        (changed(by=GridBy.SOURCE), "by"),
        (changed(options=QueryOptions(as_typed=True)), "options"),
        (changed(filters=Filters(sources=("Harbour Post",))), "sources"),
        (changed(pullquote="0.2.0"), "pullquote"),
    ],
)
def test_another_index_or_setting_is_an_error(path: Path, spec: GridSpec, setting: str) -> None:
    """The error names what differs, and the file is not changed."""
    before = path.read_bytes()
    with pytest.raises(GridMismatch, match="--restart") as error:
        SavedGrid(path).start(spec)
    assert error.value.setting == setting
    assert path.read_bytes() == before


def test_a_restart_discards_the_cells(path: Path) -> None:
    """The file then has the new grid alone."""
    saved = SavedGrid(path, restart=True)
    saved.start(changed(k=3))
    assert SavedGrid(path).cells == {}
    assert path.read_bytes().count(b"\n") == 1


@pytest.mark.parametrize(
    "content", [b"who?\nwhy?\n", b"who?", b"{}\n", b'{"cell": 1}\n', b"\xff\n"]
)
@pytest.mark.parametrize("restart", [False, True])
def test_a_file_that_is_not_a_grid_is_never_overwritten(
    tmp_path: Path, content: bytes, restart: bool
) -> None:
    """Somebody may have named the file of questions by mistake."""
    path = tmp_path / "questions.txt"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="not a saved grid"):
        SavedGrid(path, restart=restart)
    assert path.read_bytes() == content


def test_a_damaged_line_is_named(path: Path) -> None:
    """Its cell is not silently asked again, as the others may be damaged too."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b'{"cell": {"question": 3}}\n', *lines[3:]]))
    with pytest.raises(SettingsError, match=r"Line 3 of .*--restart"):
        SavedGrid(path)


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """The message names it."""
    with pytest.raises(SettingsError, match=r"none/grid\.jsonl cannot be written"):
        SavedGrid(tmp_path / "none" / "grid.jsonl").start(SPEC)
    with pytest.raises(SettingsError, match="cannot be read"):
        SavedGrid(tmp_path)
