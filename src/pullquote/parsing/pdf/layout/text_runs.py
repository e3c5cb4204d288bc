"""Extracts runs of words, with their positions, from a page opened by PDFium."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

import pypdfium2
from pypdfium2 import raw

from pullquote.parsing.blocks import without_surrogates

_MOST_OBJECTS = 5_000
"""How many objects of a page are searched. A page with large tables has a thousand."""
_THICKEST = 3.0
"""A rule is at most this thick, in points."""
_SHORTEST = 8.0
"""A rule is at least this long, in points: about a line of text."""
_SAME = 1.5
"""Rules whose positions differ by less than this many points, and that touch, are one rule."""
IN_GRID = 3
"""A vertical rule of a table meets at least this many horizontal rules."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, in points from the left and the top of the page.

    A vertical rule is `at` a distance from the left, from `start` down to `end`. A horizontal rule
    is `at` a distance from the top, from `start` on the left to `end`.
    """

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageRules:
    """The vertical rules of a page from left to right, and its horizontal ones from the top."""

    vertical: tuple[Rule, ...] = ()
    horizontal: tuple[Rule, ...] = ()


NO_RULES = PageRules()


def rules_of(page: pypdfium2.PdfPage) -> PageRules:
    """The rules of a page. Rules that touch, as those beside the cells of a table do, are one."""
    vertical, horizontal = list[Rule](), list[Rule]()
    height = page.get_height()
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    for number in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        drawn = raw.FPDFPage_GetObject(page.raw, number)
        if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_PATH:
            continue
        if not raw.FPDFPageObj_GetBounds(drawn, left, low, right, high):
            continue
        across, down = (left.value, right.value), (height - high.value, height - low.value)
        if not all(map(math.isfinite, (*across, *down))):
            continue
        if across[1] - across[0] <= _THICKEST:
            vertical.append(Rule(sum(across) / 2, *down))
        elif down[1] - down[0] <= _THICKEST:
            horizontal.append(Rule(sum(down) / 2, *across))
    return PageRules(tuple(_joined(vertical)), tuple(_joined(horizontal)))


def _joined(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Rules in one direction, with those joined that touch and have the same position."""
    at = -math.inf
    same: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if rule.at - at > _SAME:
            yield from _joined_along(same)
            same = []
            at = rule.at
        same.append(rule)
    yield from _joined_along(same)


def _joined_along(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Rules at one position, with those joined that touch, without those that are too short."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: rule.start):
        if joined and rule.start - joined[-1].end <= _SAME:
            last = joined.pop()
            joined.append(Rule(last.at, last.start, max(last.end, rule.end)))
        else:
            joined.append(rule)
    yield from (rule for rule in joined if rule.end - rule.start >= _SHORTEST)


WIDEST_GAP = 0.8
"""Widest gap between two words of a run, in line heights. A wider gap may be a gutter."""
SAME_HEIGHT = 0.13
"""Lines of one text differ in height by less than this share."""
_HYPHEN = 0x02
"""PDFium's character for a hyphen at the end of a line."""
_UNMAPPED = frozenset((0x00, 0xFFFE, 0xFFFF))
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_FIGURE = re.compile(r"[-–+(]?[$£€¥]?[0-9][0-9.,:'’/-]*[%)]?")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words beside each other on one line, and their bounding box.

    Coordinates are points from the left and from the top of the upright page. `height` is the line
    height of most letters. A raised letter, as in "21st", makes only the box higher. `turn` is the
    number of counter-clockwise quarter turns.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    height: float
    turn: int = 0
    words: tuple[TextRun, ...] = ()
    is_row: bool = False
    is_doubtful: bool = False

    @property
    def middle(self) -> float:
        """The vertical position half-way between top and bottom."""
        return (self.top + self.bottom) / 2

    @property
    def is_figure(self) -> bool:
        """Whether the run is only a figure, such as "£1,200", "(3.5)" or "12/03/2024"."""
        return _FIGURE.fullmatch(self.text) is not None

    @property
    def is_right_to_left(self) -> bool:
        """Whether most of the run is in a script such as Arabic or Hebrew."""
        return 2 * len(_RIGHT_TO_LEFT.findall(self.text)) > len(self.text)


@dataclass(frozen=True, slots=True)
class PageText:
    """The runs of a page in drawing order, and the height of the upright page.

    `unmapped` is the number of letters without a Unicode value in the file. `rules` are the
    lines that are drawn on the page.
    """

    runs: tuple[TextRun, ...]
    height: float
    unmapped: int
    rules: PageRules = NO_RULES


def extract_words(page: pypdfium2.PdfPage, *, most: int) -> PageText | None:
    """The words of a page, or None if the page has more than `most` characters."""
    text = page.get_textpage()
    try:
        if text.count_chars() > most:
            return None
        letters = _Letters(text.raw)
        words = [_to_upright_axes(word) for word in letters.words(text.count_chars())]
    finally:
        text.close()
    words = _move_origin(words, height=page.get_height(), width=page.get_width())
    height = page.get_height()
    runs = tuple(_group_words(words))
    return PageText(runs, height, letters.unmapped, rules_of(page))


class _Letters:
    def __init__(self, text: object) -> None:
        self._text = text
        self._box = raw.FS_RECTF()
        self._box_at = ctypes.byref(self._box)
        self.unmapped = 0

    def words(self, count: int) -> Iterator[TextRun]:
        """The words, which are sequences of letters between white space."""
        start, letters = 0, list[str]()
        for i in range(count + 1):
            code = raw.FPDFText_GetUnicode(self._text, i) if i < count else 0x20
            letter = "-" if code == _HYPHEN else chr(min(code, 0x10FFFF))
            visible = letter.isprintable() and letter != " "
            if visible:
                start = start if letters else i
                letters.append(letter)
            self.unmapped += code in _UNMAPPED
            # PDFium joins the two parts of a hyphenated word, which are on two lines.
            if letters and (code == _HYPHEN or not (visible or code in _UNMAPPED)):
                yield self._word("".join(letters), start, i if visible else i - 1)
                letters = []

    def _word(self, text: str, first: int, last: int) -> TextRun:
        # PDFium's angle is clockwise, from 0 to a full turn. It is -1 if unknown.
        turn = -round(max(0.0, raw.FPDFText_GetCharAngle(self._text, first)) / (math.pi / 2)) % 4
        across, up, heights = list[float](), list[float](), list[float]()
        for i in (first, last):
            raw.FPDFText_GetLooseCharBox(self._text, i, self._box_at)
            box = [_finite(getattr(self._box, side)) for side in ("left", "right", "bottom", "top")]
            across += box[:2]
            up += box[2:]
            heights.append(abs(box[1] - box[0]) if turn % 2 else abs(box[3] - box[2]))
        text = without_surrogates(text.translate(_LIGATURES))
        return TextRun(text, min(across), max(across), max(up), min(up), max(heights), turn)


def _finite(place: float) -> float:
    """A coordinate limited to a range. A page of a PDF is at most 14,400 points wide or high."""
    return min(max(place, -1e6), 1e6) if math.isfinite(place) else 0.0


def _to_upright_axes(word: TextRun) -> TextRun:
    """A word with its coordinates converted from the file's to upright ones (y goes down)."""
    left, right, low, high = word.left, word.right, word.bottom, word.top
    match word.turn:
        case 0:
            box = (left, right, -high, -low)
        case 1:
            box = (low, high, left, right)
        case 2:
            box = (-right, -left, low, high)
        case _:
            box = (-high, -low, -right, -left)
    return TextRun(word.text, *box, word.height, word.turn)


def _move_origin(words: Sequence[TextRun], *, height: float, width: float) -> list[TextRun]:
    """The words, moved so that (0, 0) is the page's top left corner as seen along each word."""
    down = {0: height, 1: 0.0, 2: 0.0, 3: width}
    across = {0: 0.0, 1: 0.0, 2: width, 3: height}
    return [
        replace(
            word,
            left=word.left + across[word.turn],
            right=word.right + across[word.turn],
            top=word.top + down[word.turn],
            bottom=word.bottom + down[word.turn],
        )
        for word in words
    ]


def _group_words(words: Sequence[TextRun]) -> Iterator[TextRun]:
    """Join words that the file draws one after another on the same line into runs."""
    run: list[TextRun] = []
    for word in words:
        if run and not _follows(run[-1], word):
            yield join_runs(run)
            run = []
        run.append(word)
    if run:
        yield join_runs(run)


def _follows(word: TextRun, other: TextRun) -> bool:
    """Whether the other word is right beside this word on the same line."""
    height = max(word.height, other.height)
    if abs(word.middle - other.middle) > 0.4 * height or word.turn != other.turn:
        return False
    gap = max(other.left - word.right, word.left - other.right)
    return -0.5 * height < gap < WIDEST_GAP * height


def join_runs(runs: Sequence[TextRun]) -> TextRun:
    """The runs joined into one run, which has the median height."""
    if len(runs) == 1:
        return runs[0]
    return TextRun(
        " ".join(run.text for run in runs),
        min(run.left for run in runs),
        max(run.right for run in runs),
        min(run.top for run in runs),
        max(run.bottom for run in runs),
        median(run.height for run in runs),
        runs[0].turn,
        tuple(word for run in runs for word in run.words or (run,)),
    )
