"""A file of JSON Lines to which a grid is saved while it is asked, so that it can be continued.

A line is either the specification of the grid, {"grid": …}, or a cell, {"cell": …}. The last
specification counts. Cells name their question and column, so one file can grow with its grid.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pullquote.base.atomic_io import remedy_for
from pullquote.schema import Filters
from pullquote.schema.article import Model
from pullquote.schema.errors import GridMismatch, SettingsError
from pullquote.schema.grid import GridBy, GridCell, GridSpec

MAY_GROW = frozenset({"questions", "columns"})
"""The fields of a specification that may change when a grid is continued."""

IGNORED = MAY_GROW | {"generation"}
"""The digest of the manifest identifies the index."""


_FIRST = b'{"grid": '
"""What the first line begins with."""


class _Line(Model):
    """One line of the file."""

    grid: GridSpec | None = None
    cell: GridCell | None = None


class SavedGrid:
    """A grid in a file: the cells that are done, by their questions and columns.

    With `restart`, the cells of the file are discarded when the grid is started again.

    Raises:
        SettingsError: the file cannot be read, or is not a grid.
    """

    def __init__(self, path: Path, *, restart: bool = False) -> None:
        self._path = path
        self.cells: dict[tuple[str, str], GridCell] = {}
        self._spec: GridSpec | None = None
        self._sound = 0
        if path.exists():
            self._read(only_first=restart)
        if restart:
            self._spec, self._sound = None, 0

    def start(self, spec: GridSpec) -> None:
        """Begin the file, or continue it if it is of the same index and settings.

        Raises:
            GridMismatch: the file has a grid of another index, or with other settings.
            SettingsError: the file cannot be written.
        """
        if self._spec is not None and (setting := _difference(self._spec, spec)) is not None:
            raise GridMismatch(self._path, setting=setting)
        try:
            if self._path.exists():
                os.truncate(self._path, self._sound)
        except OSError as error:
            raise _unwritable(self._path, error) from error
        if self._spec != spec:
            self._append({"grid": spec.model_dump(mode="json")})
        self._spec = spec

    def add(self, cell: GridCell) -> None:
        """Append a cell.

        Raises:
            SettingsError: the file cannot be written.
        """
        self._append({"cell": cell.model_dump(mode="json")})
        self.cells[cell.question, cell.column] = cell

    def _append(self, line: Mapping[str, object]) -> None:
        written = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        try:
            with self._path.open("ab", buffering=0) as file:
                file.write(written)
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def _read(self, *, only_first: bool) -> None:
        """Read all lines. A last line that was not written to its end is left out."""
        for number, line in enumerate(_lines(self._path), start=1):
            found = _line(line)
            if found.grid is not None:
                self._spec = found.grid
            elif found.cell is not None and number > 1:
                self.cells[found.cell.question, found.cell.column] = found.cell
            elif line.endswith(b"\n") or not (number > 1 or line.startswith(_FIRST)):
                raise _not_a_grid(self._path, number)
            else:
                return
            if only_first:
                return
            self._sound += len(line)


def _line(line: bytes) -> _Line:
    """What a line says; nothing if it is not of a grid, or was not written to its end."""
    if not line.endswith(b"\n"):
        return _Line()
    try:
        return _Line.model_validate_json(line)
    except ValidationError:
        return _Line()


def _not_a_grid(path: Path, number: int) -> SettingsError:
    if number == 1:
        return SettingsError(f"{path} is not a saved grid. Name another file with --output.")
    return SettingsError(
        f"Line {number} of {path} is damaged. Start over with --restart, or name another file "
        "with --output."
    )


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror or error}.") from error


def _unwritable(path: Path, error: OSError) -> SettingsError:
    why = error.strerror or error
    return SettingsError(f"{path} cannot be written: {why}. {remedy_for(error)}")


def _difference(before: GridSpec, after: GridSpec) -> str | None:
    """The first thing that decides cells and differs between two grids; None if none does."""
    for name in GridSpec.model_fields:
        one, other = getattr(before, name), getattr(after, name)
        if name in IGNORED or one == other:
            continue
        if name == "index_sha256":
            return "index"
        if name == "settings":
            return _setting(one, other)
        if name != "filters":
            return name
        if (changed := _filter(one, other, before.by)) is not None:
            return changed
    return None


def _setting(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    names = [*before, *after]
    return next(name for name in names if before.get(name) != after.get(name))


def _filter(before: Filters, after: Filters, by: GridBy) -> str | None:
    """The filter that differs; the articles that are the columns may change."""
    names = (one.name for one in fields(Filters))
    changed = (name for name in names if getattr(before, name) != getattr(after, name))
    return next((one for one in changed if (one, by) != ("articles", GridBy.ARTICLE)), None)
