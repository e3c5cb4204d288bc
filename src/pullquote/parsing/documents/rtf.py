"""Parses RTF files, including the document properties.

The styles of paragraphs determine their roles. Tables are read row by row.

striprtf is not used because it keeps deleted and hidden words and ignores headings and properties.
RTF is a sequence of control words and braces. A setting applies until the brace around it closes.
Nothing here is recursive.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pullquote.parsing.block_builder import BlockBuilder
from pullquote.parsing.blocks import article_from_blocks, with_headline
from pullquote.parsing.decode import wrong_kind
from pullquote.parsing.documents.office import apply_style
from pullquote.parsing.documents.properties import metadata_from_properties
from pullquote.parsing.source import Format, SourceFile
from pullquote.parsing.trace import trace_dropped
from pullquote.schema import Article, Moment, Role
from pullquote.schema.errors import ArticleError

_DEEPEST = 20
"""How many levels of tables are followed. Word writes two or three."""
INFO = frozenset("title author keywords".split())
TIMES = frozenset("creatim revtim".split())
READ_DESTINATIONS = INFO | TIMES | frozenset("info stylesheet fonttbl".split())
"""Groups whose words are read as properties, fonts or styles, and not as text."""
LABELS = frozenset("listtext pntext".split())
"""Groups with the bullet or the number before an item of a list."""
SKIPPED_DESTINATIONS = frozenset(
    "colortbl filetbl listtable listoverridetable revtbl rsidtbl generator pict"
    " footnote header headerl headerr headerf footer footerl footerr footerf fldinst"
    " annotation atnid atnauthor bkmkstart bkmkend xmlnstbl themedata colorschememapping"
    " datastore latentstyles nonshppict ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn tc xe private"
    " objclass objname objdata objalias objsect sp shprslt nonesttables".split()
)
"""Groups that contain no text: tables of fonts and styles, headers and footers, notes, data and
settings of programs, and copies of a text box or of an inner table for old programs."""
OPTIONAL_TEXT = frozenset("shptxt shpinst do nesttableprops".split())
"""Groups that are read although old programs may skip them (`\\*`)."""
TEXT_BOXES = frozenset("shptxt dptxbxtext".split())
"""Groups with the text of a frame that is anchored inside a paragraph."""
CHARACTERS = {
    **{"line": "\n", "lbr": "\n", "tab": " ", "lquote": "‘", "rquote": "’"},
    **{"ldblquote": "“", "rdblquote": "”", "emdash": "—", "endash": "–", "bullet": "•"},
    **{"emspace": " ", "enspace": " ", "qmspace": " ", "zwj": "\u200d", "zwnj": "\u200c"},
}
"""Control words that stand for characters."""
SYMBOLS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\t": " "}
"""Control symbols that stand for characters."""
CODEPAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}
"""The encoding of each character set that a document names with a word."""
CHARSETS = {
    **{0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5"},
    **{161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257"},
    **{204: "cp1251", 222: "cp874", 238: "cp1250"},
}
"""The encoding of each character set of a font, by its number."""


FORMAT = Format(
    name="rtf",
    suffixes=(".rtf",),
    summary=(
        "headings, captions and quotations are recognised by their styles, tables are read row by "
        "row; tracked deletions and footnotes are not read"
    ),
)

_TOKEN = re.compile(
    rb"\\([A-Za-z]+)(-?[0-9]+)? ?|\\'([0-9a-fA-F]{2})|\\([^A-Za-z])"
    rb"|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_MOST_OPEN_BRACES = 10_000
"""Maximum number of braces that may be open at once. Word writes about 20."""
_MOST_DIGITS = 10
"""How many digits of a number are read. The largest number in RTF has ten."""
_LIST_NUMBER = re.compile(r"\(?(?:[0-9][0-9A-Za-z.,:-]{0,20}|[A-Za-z]{1,6}(?=[.)]))[.)]?")
"""The number or letter before an item of a list. Other labels are bullets, often in a font of
symbols in which they look like letters."""


@dataclass(frozen=True, slots=True)
class _GroupState:
    """The settings inside a pair of braces.

    `destination` is "text" or the name of another group. `fallback_bytes` is the number of bytes
    that follow a Unicode character and repeat it for old programs. `text_box` means that the text
    is in a frame beside the paragraph.
    """

    destination: str = "text"
    hidden: bool = False
    fallback_bytes: int = 1
    font: int = 0
    text_box: bool = False


def parse_rtf(file: SourceFile) -> tuple[Article, ...]:
    """Parse an RTF file into one article.

    Raises:
        ArticleError: the file is not RTF, is nested too deep, or has no text.
    """
    if not file.content.lstrip().startswith(b"{\\rtf"):
        raise ArticleError(file.id, wrong_kind(file.content, expected="an RTF document"))
    document = _RtfInterpreter(path=file.id)
    document.interpret(file.content)
    info = document.info
    properties = metadata_from_properties(
        title=info.get("title"),
        authors=(info.get("author", ""),),
        published=_parse_time(document.times.get("creatim", {})),
        modified=_parse_time(document.times.get("revtim", {})),
        tags=(info.get("keywords", ""),),
    )
    pieces = with_headline(document.builder.finish())
    return (article_from_blocks(file, pieces, properties=properties, encoding=document.encoding),)


class _RtfInterpreter:
    """Executes the control words of a document, and collects its text and properties."""

    def __init__(self, *, path: str) -> None:
        self.builder = BlockBuilder()
        self.info: dict[str, str] = {}
        self.times: dict[str, dict[str, int]] = {}
        self.encoding = "cp1252"
        self._path = path
        self._state = _GroupState()
        self._outer: list[_GroupState] = []
        self._optional = False
        self._skip = 0
        self._pending = bytearray()
        self._fonts: dict[int, str] = {}
        self._default_font = 0
        self._styles: dict[int, str] = {}
        self._style = 0
        self._open_tables = 0

    def interpret(self, content: bytes) -> None:
        """Process the whole file, except for embedded binary data."""
        at = 0
        while (token := _TOKEN.match(content, at)) is not None:
            at = token.end()
            word, number, code, symbol, brace, words = token.groups()
            if code is not None or words is not None:
                self._add_bytes(bytes.fromhex(code.decode()) if code is not None else words)
                continue
            self._flush_bytes()
            if word is not None:
                value = None if number is None else int(number[:_MOST_DIGITS])
                at += max(0, value or 0) if word == b"bin" else 0
                self._execute(word.decode(), value)
            elif symbol is not None:
                self._symbol(symbol)
            elif brace is not None:
                self._brace(brace)
        self._flush_bytes()

    def _brace(self, brace: bytes) -> None:
        self._optional, self._skip = False, 0
        if brace == b"{":
            if len(self._outer) >= _MOST_OPEN_BRACES:
                raise ArticleError(self._path, f"it has more than {_MOST_OPEN_BRACES} open braces")
            self._outer.append(self._state)
        elif self._outer:
            if self._state.text_box and not self._outer[-1].text_box:
                self._change_layout("par", None)
            self._state = self._outer.pop()

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._optional = True
        elif symbol in (b"\r", b"\n"):
            self._change_layout("par", None)
        elif symbol in SYMBOLS:
            self._emit(SYMBOLS[symbol])

    def _add_bytes(self, content: bytes) -> None:
        """Store bytes until they can be decoded. Fallbacks of Unicode characters are left out."""
        skipped = min(self._skip, len(content))
        self._skip -= skipped
        self._pending += content[skipped:]

    def _flush_bytes(self) -> None:
        if self._pending:
            encoding = self._fonts.get(self._state.font, self.encoding)
            self._emit(bytes(self._pending).decode(encoding, "replace"))
            self._pending.clear()

    def _emit(self, words: str) -> None:
        destination = self._state.destination
        if destination == "text" and not self._state.hidden:
            self.builder.add_text(words)
        elif destination == "text":
            trace_dropped(words, "hidden, or deleted under tracked changes")
        elif destination in LABELS:
            if _LIST_NUMBER.fullmatch(words.strip()) and not self._state.hidden:
                self.builder.add_text(f"{words.strip()} ")
        elif destination in INFO:
            self.info[destination] = self.info.get(destination, "") + words
        elif destination == "stylesheet":
            self._styles[self._style] = self._styles.get(self._style, "") + words

    def _execute(self, word: str, value: int | None) -> None:
        optional, self._optional = self._optional, False
        if self._state.destination == "nowhere":
            return
        if word in READ_DESTINATIONS or word in LABELS:
            self._state = replace(self._state, destination=word)
        elif word in SKIPPED_DESTINATIONS or (optional and word not in OPTIONAL_TEXT):
            self._state = replace(self._state, destination="nowhere")
        elif word in TEXT_BOXES:
            self._state = replace(self._state, text_box=True)
            self._change_layout("par", None)
        elif word in CHARACTERS:
            self._emit(CHARACTERS[word])
        elif word == "u" and value is not None:
            self._emit(chr(value & 0xFFFF))
            self._skip = self._state.fallback_bytes
        elif word in CODEPAGES or word == "ansicpg":
            self.encoding = _known_encoding(CODEPAGES.get(word, f"cp{value}"))
        elif self._state.destination == "text":
            self._change_format(word, value)
            self._change_layout(word, value)
            self._change_rows(word, value)
        elif value is not None:
            self._read_setting(word, value)

    def _read_setting(self, word: str, value: int) -> None:
        destination = self._state.destination
        if destination in TIMES:
            self.times.setdefault(destination, {})[word] = value
        elif destination == "fonttbl" and word == "f":
            self._state = replace(self._state, font=value)
        elif destination == "fonttbl" and word == "fcharset" and value in CHARSETS:
            self._fonts[self._state.font] = CHARSETS[value]
        elif destination == "fonttbl" and word == "cpg":
            self._fonts[self._state.font] = _known_encoding(f"cp{value}")
        elif destination == "stylesheet" and word == "s":
            self._style = value

    def _change_format(self, word: str, value: int | None) -> None:
        """Change the settings of the current braces."""
        if word in ("f", "deff") and value is not None:
            self._default_font = value if word == "deff" else self._default_font
            self._state = replace(self._state, font=value)
        elif word == "uc" and value is not None:
            self._state = replace(self._state, fallback_bytes=min(max(0, value), 8))
        elif word in ("v", "deleted"):
            self._state = replace(self._state, hidden=value != 0)
        elif word == "plain":
            self._state = replace(self._state, hidden=False, font=self._default_font)

    def _change_layout(self, word: str, value: int | None) -> None:
        """Begin and end paragraphs and styles."""
        match word:
            case "par" | "sect" | "page" | "column":
                self.builder.begin_block()
                self._apply_style()
            case "pard":
                self._style = 0
                self.builder.set_role(None)
            case "s" if value is not None:
                self._style = value
                self._apply_style()
            case "outlinelevel" if value is not None and value < 9:
                self.builder.set_role(Role.BODY, heading=True)

    def _change_rows(self, word: str, value: int | None) -> None:
        """Begin and end the rows and cells of tables."""
        match word:
            case "trowd" | "intbl":
                self._open_to(1)
            case "itap" if value is not None:
                self._open_to(min(value, _DEEPEST))
                self._close_to(value)
            case "cell":
                self._close_to(1)
                self.builder.begin_cell()
            case "nestcell":
                self.builder.begin_cell()
            case "nestrow" if self._open_tables > 1:
                self.builder.end_row()
                self.builder.begin_cell()
            case "nestrow":
                self.builder.begin_block()
            case "row":
                self._close_to(0)
                self.builder.begin_block()

    def _open_to(self, level: int) -> None:
        while self._open_tables < level:
            self.builder.begin_table()
            self.builder.begin_cell()
            self._open_tables += 1

    def _close_to(self, level: int) -> None:
        """Close the innermost tables until at most this many are open."""
        while self._open_tables > max(0, level):
            self.builder.end_table()
            self._open_tables -= 1

    def _apply_style(self) -> None:
        apply_style(self.builder, [self._styles.get(self._style, "").partition(";")[0].strip()])


def _known_encoding(name: str) -> str:
    """The name of an encoding, or "cp1252" if Python does not know the encoding."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def _parse_time(info: Mapping[str, int]) -> Moment | None:
    """The local time from the separate numbers in RTF, or None if the numbers are invalid."""
    try:
        return datetime(  # noqa: DTZ001 - the file states no zone
            info["yr"], info["mo"], info["dy"], info.get("hr", 0), info.get("min", 0)
        )
    except (KeyError, ValueError, OverflowError):
        return None
