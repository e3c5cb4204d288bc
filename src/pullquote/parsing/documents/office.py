"""Shared code of the parsers for Word and LibreOffice: paragraphs with styles, tables, frames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pullquote.parsing.block_builder import BlockBuilder
from pullquote.parsing.blocks import TextBlock
from pullquote.parsing.documents.xml_stream import XmlHandler, local_name
from pullquote.parsing.trace import is_tracing, trace_dropped
from pullquote.schema import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeVocabulary:
    """The names of a format's elements, without the namespace.

    Only words inside `text_elements` are text. `characters` maps an element to the characters that
    it represents. A `frame`, such as a text box, is anchored in a paragraph, and its text follows
    that paragraph. The content of `hidden` elements is dropped.
    """

    text_elements: frozenset[str]
    paragraphs: frozenset[str]
    hidden: frozenset[str]
    characters: Mapping[str, str]
    frame: str
    table: str
    row: str
    cell: str


_HIDDEN_REASONS = {
    **dict.fromkeys(
        ("del", "delText", "moveFrom", "tracked-changes"), "deleted under tracked changes"
    ),
    **{"annotation": "a remark in the margin", "note": "a note"},
    **{"instrText": "the code of a field", "Fallback": "a copy for old programs"},
    **{"table-of-content": "a table of contents"},
    **dict.fromkeys(("title", "desc"), "the description of a picture"),
}
"""For each hidden element, the reason why its content is dropped."""


class OfficeCollector(XmlHandler):
    """Collects the text of an office document. Subclasses interpret styles in `style`."""

    def __init__(self, vocabulary: OfficeVocabulary) -> None:
        self._vocabulary = vocabulary
        self._gatherers = [BlockBuilder()]
        self._frame_pieces: list[TextBlock] = []
        self._hidden = 0
        self._hidden_by = ""
        self._hidden_text: list[str] = []
        self._spoken = 0

    @property
    def builder(self) -> BlockBuilder:
        """The builder of the innermost open frame, or of the page."""
        return self._gatherers[-1]

    def style(self, name: str, attributes: Mapping[str, str]) -> None:
        """Set the role of the current block, if this element determines the role."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        name, known = local_name(tag), self._vocabulary
        if name in known.hidden:
            self._hidden += 1
            self._hidden_by = name if self._hidden == 1 else self._hidden_by
        if self._hidden:
            return
        self._spoken += name in known.text_elements
        if name in known.characters:
            self.builder.add_text(known.characters[name])
        elif name in known.paragraphs or name == known.row:
            self.builder.begin_block()
        elif name == known.frame:
            self._gatherers.append(BlockBuilder())
        elif name == known.table:
            self.builder.begin_table()
        elif name == known.cell:
            self.builder.begin_cell()
        self.style(name, attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        name, known = local_name(tag), self._vocabulary
        if self._hidden:
            self._hidden -= name in known.hidden
            if not self._hidden and self._hidden_text:
                trace_dropped(
                    "".join(self._hidden_text),
                    _HIDDEN_REASONS.get(self._hidden_by, f"<{self._hidden_by}>"),
                )
                self._hidden_text.clear()
            return
        self._spoken -= name in known.text_elements
        if name in known.paragraphs:
            self._end_paragraph()
        elif name == known.frame:
            self._frame_pieces += self._gatherers.pop().finish()
        elif name == known.row:
            self.builder.end_row()
        elif name == known.table:
            self.builder.end_table()

    def data(self, words: str) -> None:
        """Add character data. Line feeds in the file do not mean new lines in the text."""
        if self._spoken and not self._hidden:
            self.builder.add_text(words.replace("\n", " "))
        elif self._hidden and is_tracing():
            self._hidden_text.append(words)

    def _end_paragraph(self) -> None:
        self.builder.begin_block()
        if len(self._gatherers) == 1:
            for piece in self._frame_pieces:
                self.builder.add_block(piece)
            self._frame_pieces.clear()

    def finish(self) -> list[TextBlock]:
        """All blocks, in order."""
        self._end_paragraph()
        return self.builder.finish()


STYLES = {
    "title": Role.HEADLINE,
    "headline": Role.HEADLINE,
    "subtitle": Role.STANDFIRST,
    "standfirst": Role.STANDFIRST,
    "byline": Role.BYLINE,
    **dict.fromkeys(("caption", "figure", "illustration", "drawing"), Role.CAPTION),
    **dict.fromkeys(("quote", "intense quote", "quotations", "block text"), Role.QUOTATION),
}
"""The role for each name of a style in Word and LibreOffice, in lower case."""
_HEADING = re.compile(r"heading ?[0-9]*")


def apply_style(builder: BlockBuilder, names: Iterable[str]) -> None:
    """Set the role of the current block by its style, or else by the nearest known parent style."""
    for name in (name.lower() for name in names):
        if _HEADING.fullmatch(name) or name in STYLES:
            heading = name not in STYLES
            builder.set_role(Role.BODY if heading else STYLES[name], heading=heading)
            return


_HIGHEST = 100
"""How many ancestors of a style are looked at. Word has up to ten."""


class StyleSheet:
    """The name and parent of each style, by its id."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.parents: dict[str, str] = {}

    def ancestry(self, id: str) -> Iterator[str]:
        """The name of a style, followed by the names of its ancestors."""
        for _ in range(_HIGHEST):  # so the loop ends even if styles form a circle
            if not id:
                return
            yield self.names.get(id, id)
            id = self.parents.get(id, "")
