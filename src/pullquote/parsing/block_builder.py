"""Words and the marks around them, as a parser meets them, to pieces.

Shared by all formats with markup: each says only what begins and ends. Nothing here recurses, so
that no depth of nesting can exhaust the stack.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pullquote.parsing.blocks import Piece, well_said
from pullquote.schema import Role

_WIDEST_CELL = 200
"""Characters; what is longer is no cell of a table, but a page that was laid out by one."""
_DEEPEST_TABLE = 20
"""Tables in tables; deeper ones are read as what stands in them."""


@dataclass(slots=True)
class _Table:
    """An open table: the cells of its current row, each a list of pieces; no cells between rows."""

    cells: list[list[Piece]] = field(default_factory=list)


class Gatherer:
    """Collects pieces. Words run together until something begins or ends a block."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._words: list[str] = []
        self._tables: list[_Table] = []
        self._too_deep = 0
        self._role: Role | None = None
        self._heading = False

    def say(self, words: str) -> None:
        """Words, as they stand; a line feed breaks the line."""
        self._words.append(words)

    def block(self, role: Role | None = None, *, heading: bool = False) -> None:
        """End the current piece, and begin one of that role."""
        self._flush()
        self._role, self._heading = role, heading

    def style(self, role: Role | None, *, heading: bool = False) -> None:
        """Say what the current piece is."""
        self._role, self._heading = role, heading

    def begin_table(self) -> None:
        """A table, perhaps in the cell of another."""
        self.block()
        if len(self._tables) >= _DEEPEST_TABLE:
            self._too_deep += 1
        else:
            self._tables.append(_Table())

    def begin_row(self) -> None:
        """A row of the table; ends the one before."""
        self.end_row()

    def begin_cell(self) -> None:
        """A cell of the row; ends the one before."""
        self.block()
        if self._tables and not self._too_deep:
            self._tables[-1].cells.append([])

    def end_row(self) -> None:
        """The row becomes a piece, "a | b", if it is one of a table and not of a layout."""
        self.block()
        if not self._tables or self._too_deep:
            return
        cells = [cell for cell in self._tables[-1].cells if cell]
        self._tables[-1].cells = []
        if len(cells) > 1 and all(len(c) == 1 and len(c[0].text) <= _WIDEST_CELL for c in cells):
            row = " | ".join(" ".join(cell[0].text.split()) for cell in cells)
            self.add(Piece(row, Role.BODY), outer=True)
        else:
            for piece in (piece for cell in cells for piece in cell):
                self.add(piece, outer=True)

    def end_table(self) -> None:
        """The innermost table that is open ends."""
        self.end_row()
        if self._too_deep:
            self._too_deep -= 1
        elif self._tables:
            self._tables.pop()

    def finish(self) -> list[Piece]:
        """All pieces, in order, none of them empty."""
        self._too_deep = 0
        while self._tables:
            self.end_table()
        self._flush()
        return self._pieces

    def _flush(self) -> None:
        """Make a piece of the words that were said."""
        words = well_said("".join(self._words))
        self._words.clear()
        if words:
            self.add(Piece(words, self._role, self._heading))

    def add(self, piece: Piece, *, outer: bool = False) -> None:
        """Put a piece into the cell that is open, or that around the table of a row."""
        tables = self._tables[:-1] if outer else self._tables
        open_cells = tables[-1].cells if tables else []
        (open_cells[-1] if open_cells else self._pieces).append(piece)
