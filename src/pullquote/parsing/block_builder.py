"""Builds text blocks from the text and markup events of a parser.

The parsers of all formats with markup share this builder. They only report where text, blocks and
tables begin and end. Nothing here is recursive, so deep nesting cannot exhaust the stack.
"""

from __future__ import annotations

import re

from pullquote.parsing.blocks import TextBlock, clean_text
from pullquote.schema import Role

_WIDEST_CELL = 200
"""Length of a table cell, in characters. A table with a longer cell is a page layout, not data."""
_SENTENCE_END = re.compile(r"[.!?…:。！？؟]['\"’”»)\]]*$")
_DEEPEST_TABLE = 20
"""How many levels of nested tables are read. Tables at deeper levels are read as plain text."""


_Row = list[list[TextBlock]]
"""The cells of the current row of an open table, each a list of blocks."""


class BlockBuilder:
    """Collects text blocks. Texts are joined until a block begins or ends."""

    def __init__(self) -> None:
        self._blocks: list[TextBlock] = []
        self._text: list[str] = []
        self._tables: list[_Row] = []
        self._too_deep = 0
        self._role: Role | None = None
        self._heading = False

    def add_text(self, text: str) -> None:
        """Append text to the current block. A line feed in the text begins a new line."""
        self._text.append(text)

    def begin_block(self, role: Role | None = None, *, heading: bool = False) -> None:
        """End the current block, and begin a block with the given role."""
        self._end_block()
        self._role, self._heading = role, heading

    def set_role(self, role: Role | None, *, heading: bool = False) -> None:
        """Set the role of the current block."""
        self._role, self._heading = role, heading

    def begin_table(self) -> None:
        """Begin a table, which may be inside a cell of another table."""
        self.begin_block()
        if len(self._tables) >= _DEEPEST_TABLE:
            self._too_deep += 1
        else:
            self._tables.append([])

    def begin_cell(self) -> None:
        """End the current cell of the row, and begin the next cell."""
        self.begin_block()
        if self._tables and not self._too_deep:
            self._tables[-1].append([])

    def end_row(self) -> None:
        """End the current row. A row of data becomes one block, such as "a | b"."""
        self.begin_block()
        if not self._tables or self._too_deep:
            return
        cells = [cell for cell in self._tables[-1] if cell]
        self._tables[-1] = []
        if len(cells) > 1 and all(map(_is_data, cells)):
            row = " | ".join(map(_cell_text, cells))
            self._add_to(self._tables[:-1], TextBlock(row, Role.BODY))
        else:
            for block in (block for cell in cells for block in cell):
                self._add_to(self._tables[:-1], block)

    def end_table(self) -> None:
        """End the innermost open table."""
        self.end_row()
        if self._too_deep:
            self._too_deep -= 1
        elif self._tables:
            self._tables.pop()

    def finish(self) -> list[TextBlock]:
        """All blocks in order, without empty ones."""
        self._too_deep = 0
        while self._tables:
            self.end_table()
        self._end_block()
        return self._blocks

    def add_block(self, block: TextBlock) -> None:
        """Add a finished block to the open cell, or to the page if no cell is open."""
        self._add_to(self._tables, block)

    def _end_block(self) -> None:
        """Make a block of the text since the last block."""
        text = clean_text("".join(self._text))
        self._text.clear()
        if text:
            self.add_block(TextBlock(text, self._role, self._heading))

    def _add_to(self, tables: list[_Row], block: TextBlock) -> None:
        """Add a block to the open cell of the innermost table, or to the page if none is open."""
        open_cells = tables[-1] if tables else []
        (open_cells[-1] if open_cells else self._blocks).append(block)


def _is_data(cell: list[TextBlock]) -> bool:
    """Whether a cell has data rather than the prose of a page layout.

    Data may be in several paragraphs, but not in sentences, under a heading, or in inner tables.
    """
    if sum(len(block.text) for block in cell) > _WIDEST_CELL:
        return False
    return len(cell) == 1 or not any(
        block.heading or " | " in block.text or _SENTENCE_END.search(block.text) for block in cell
    )


def _cell_text(cell: list[TextBlock]) -> str:
    """The text of a cell on one line. Its paragraphs are kept apart."""
    return " / ".join(" ".join(block.text.split()) for block in cell)
