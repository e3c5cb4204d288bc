"""What Word's and LibreOffice's documents share: paragraphs with styles, tables, and frames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pullquote.parsing.block_builder import Gatherer
from pullquote.parsing.blocks import Piece
from pullquote.parsing.documents.xml_stream import local_name
from pullquote.parsing.trace import left_out, listening
from pullquote.schema import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the elements of a format do, by their names without namespace.

    Words count inside `spoken` elements. `signs` stand for a character. A `frame`, as a text box
    or a footnote, is anchored in a paragraph; what stands in it comes after that, and not in the
    middle of it. `hidden` elements say nothing.
    """

    spoken: frozenset[str]
    paragraphs: frozenset[str]
    hidden: frozenset[str]
    signs: Mapping[str, str]
    frame: str
    table: str
    row: str
    cell: str


_UNSAID = {
    **dict.fromkeys(
        ("del", "delText", "moveFrom", "tracked-changes"), "deleted under tracked changes"
    ),
    **{"annotation": "a remark in the margin", "note": "a note"},
    **{"instrText": "the code of a field", "Fallback": "what old programs show"},
    **{"table-of-content": "a table of contents"},
    **dict.fromkeys(("title", "desc"), "it says what a picture shows"),
}
"""Why hidden elements say nothing, by their names."""


class OfficeCollector:
    """Gathers the words of an office document; a format says in `style` what its styles mean."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._gatherers = [Gatherer()]
        self._aside: list[Piece] = []
        self._hidden = 0
        self._hiding = ""
        self._unsaid: list[str] = []
        self._spoken = 0

    @property
    def page(self) -> Gatherer:
        """Where words go now: the page, or the frame that is open."""
        return self._gatherers[-1]

    def style(self, name: str, attributes: Mapping[str, str]) -> None:
        """Say what the current piece is, if this element tells it."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        name, known = local_name(tag), self._vocabulary
        if name in known.hidden:
            self._hidden += 1
            self._hiding = name if self._hidden == 1 else self._hiding
        if self._hidden:
            return
        self._spoken += name in known.spoken
        if name in known.signs:
            self.page.say(known.signs[name])
        elif name in known.paragraphs or name == known.row:
            self.page.block()
        elif name == known.frame:
            self._gatherers.append(Gatherer())
        elif name == known.table:
            self.page.begin_table()
        elif name == known.cell:
            self.page.begin_cell()
        self.style(name, attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        name, known = local_name(tag), self._vocabulary
        if self._hidden:
            self._hidden -= name in known.hidden
            if not self._hidden and self._unsaid:
                left_out("".join(self._unsaid), _UNSAID.get(self._hiding, f"<{self._hiding}>"))
                self._unsaid.clear()
            return
        self._spoken -= name in known.spoken
        if name in known.paragraphs:
            self._end_paragraph()
        elif name == known.frame:
            self._aside += self._gatherers.pop().finish()
        elif name == known.row:
            self.page.end_row()
        elif name == known.table:
            self.page.end_table()

    def data(self, words: str) -> None:
        """What stands between the tags; its line feeds are those of the file."""
        if self._spoken and not self._hidden:
            self.page.say(words.replace("\n", " "))
        elif self._hidden and listening():
            self._unsaid.append(words)

    def _end_paragraph(self) -> None:
        self.page.block()
        if len(self._gatherers) == 1:
            for piece in self._aside:
                self.page.add(piece)
            self._aside.clear()

    def finish(self) -> list[Piece]:
        """All pieces, in order."""
        self._end_paragraph()
        return self.page.finish()


STYLES = {
    "title": Role.HEADLINE,
    "headline": Role.HEADLINE,
    "subtitle": Role.STANDFIRST,
    "standfirst": Role.STANDFIRST,
    "byline": Role.BYLINE,
    **dict.fromkeys(("caption", "figure", "illustration", "drawing"), Role.CAPTION),
    **dict.fromkeys(("quote", "intense quote", "quotations", "block text"), Role.QUOTATION),
}
"""Roles by the names of styles that Word and LibreOffice have, in small letters."""
_HEADING = re.compile(r"heading ?[0-9]*")


def apply_style(page: Gatherer, names: Iterable[str]) -> None:
    """Say what the current piece is, by its style or else the nearest that it was derived from."""
    for name in (name.lower() for name in names):
        if _HEADING.fullmatch(name) or name in STYLES:
            heading = name not in STYLES
            page.style(Role.BODY if heading else STYLES[name], heading=heading)
            return


_HIGHEST = 100
"""Styles above a style that are looked at; Word makes no more than ten."""


class StyleSheet:
    """Styles by id: what each is called, and which it was derived from."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.parents: dict[str, str] = {}

    def lineage(self, id: str) -> Iterator[str]:
        """The name of a style, then those of the styles above it."""
        for _ in range(_HIGHEST):  # also where they are derived from each other in a circle
            if not id:
                return
            yield self.names.get(id, id)
            id = self.parents.get(id, "")
