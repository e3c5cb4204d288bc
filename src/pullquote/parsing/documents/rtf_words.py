"""The control words of RTF: groups with and without text, characters and encodings."""

from __future__ import annotations

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
