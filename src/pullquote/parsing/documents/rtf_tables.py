r"""Follows the rows and cells of RTF tables.

RTF has no tables, only rows. Each paragraph states how many tables it is inside of. A row of the
outer table ends with `\row`, and its cells with `\cell`. Rows and cells of inner tables end with
`\nestrow` and `\nestcell`.
"""

from __future__ import annotations

from pullquote.parsing.block_builder import BlockBuilder

_DEEPEST = 20
"""How many levels of tables are followed. Word writes two or three."""


class RowTracker:
    """Reports the rows and cells of a document to its block builder."""

    def __init__(self, builder: BlockBuilder) -> None:
        self._builder = builder
        self._open = 0

    def execute(self, word: str, value: int | None) -> None:
        """Interpret a control word. Words that have nothing to do with tables are ignored."""
        match word:
            case "trowd" | "intbl":
                self._open_to(1)
            case "itap" if value is not None:
                self._open_to(min(value, _DEEPEST))
                self._close_to(value)
            case "cell":
                self._close_to(1)
                self._builder.begin_cell()
            case "nestcell":
                self._builder.begin_cell()
            case "nestrow":
                self._end_inner_row()
            case "row":
                self._close_to(0)
                self._builder.begin_block()

    def _end_inner_row(self) -> None:
        """End a row of the innermost table, which is not the outer one."""
        if self._open > 1:
            self._builder.end_row()
            self._builder.begin_cell()
        else:
            self._builder.begin_block()

    def _open_to(self, level: int) -> None:
        """Open tables until this many are open."""
        while self._open < level:
            self._builder.begin_table()
            self._builder.begin_cell()
            self._open += 1

    def _close_to(self, level: int) -> None:
        """Close the innermost tables until at most this many are open."""
        while self._open > max(0, level):
            self._builder.end_table()
            self._open -= 1
