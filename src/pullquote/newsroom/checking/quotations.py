"""Finds the quotations of a draft: in quote marks, nested, over paragraphs, and block quotes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Final

from pullquote.parsing.blocks import without_surrogates
from pullquote.schema import Article, Block, Role
from pullquote.schema.errors import SettingsError

QUOTED_LINE = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
"""What begins a line of a block quote in Markdown."""
_LONGEST = 160
"""In characters."""
_LONGEST_LINKED = 2000
"""In characters, with the addresses of links."""
_LINKED = re.compile(r"\[([^\[\]\n]*)\]\([^\s()]*\)")
"""A link in Markdown."""
_LINE = re.compile(
    r"[\s*_(]{0,6}(?:[—–―]|-{1,3})[\s*_]{0,6}"
    r"(?P<name>(?!\d)\w[\w'’.-]*(?: [\w'’.&-]+){0,7})[\s*_)]*(?:[,(].*)?"
)


def attribution_line(text: str) -> str | None:
    """The name in a line that says whose the words above it are; None for another line.

    >>> attribution_line("> — Ida Roe, mayor of Sula")
    'Ida Roe'
    >>> attribution_line("— Ida Roe, [Harbour Post](https://post.example/pier)")
    'Ida Roe'
    """
    line = _LINKED.sub(r"\1", QUOTED_LINE.sub("", text).strip()[:_LONGEST_LINKED])
    if len(line) > _LONGEST or "\n" in line:
        return None
    found = _LINE.fullmatch(line)
    name = "" if found is None else found["name"].strip()
    capitals = [word for word in name.split() if word[0].isupper()]
    return (
        name if capitals and name[0].isupper() and 2 * len(capitals) >= len(name.split()) else None
    )


CLOSERS: Final[Mapping[str, frozenset[str]]] = {
    "“": frozenset('”"'),
    "„": frozenset('“”"'),
    "‟": frozenset("”"),
    "”": frozenset("”"),
    '"': frozenset('"”'),
    "``": frozenset({"''", '"', "”"}),
    "''": frozenset({"''"}),
    "«": frozenset("»"),
    "»": frozenset("«»"),
    "‘": frozenset("’'"),
    "‚": frozenset("‘’"),
    "'": frozenset("'’"),
    "‹": frozenset("›"),
    "›": frozenset("‹›"),
    "「": frozenset("」"),
    "『": frozenset("』"),
    "〝": frozenset("〟〞"),
    "＂": frozenset("＂"),
}
"""The marks that end a quotation, by the mark that opens it: English “…” and ‘…’, German „…“ and
»…«, French «…» and ‹…›, Swedish ”…”, Polish „…”, typewriters' "…" and ``…'', and Japanese 「…」."""

SHAPED: Final = frozenset("“„‟«‘‚‹「『〝") | {"``"}
"""Marks that open wherever they stand, unless they end what is open."""
SINGLE: Final = frozenset("'’‘‚")
MARK: Final = re.compile(r"``|''|[\"“”„‟«»‹›「」『』〝〟〞＂‘’‚']")
_BEFORE_OPENING = frozenset("([{—–-/:;,>|¿¡")
_DECADE = re.compile(r"\d0s|(?:em|til|tis|twas|cause|n)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MarkPlace:
    """A quote mark of a paragraph, with whether it may open or end a quotation there."""

    mark: str
    start: int
    end: int
    opens: bool
    closes: bool


def marks_in(text: str, start: int, end: int) -> list[MarkPlace]:
    """The quote marks of a range of a text, without the apostrophes inside words."""
    found = [
        _place(text, one.start(), one.end(), start, end) for one in MARK.finditer(text, start, end)
    ]
    return [one for one in found if one.opens or one.closes]


def _place(text: str, low: int, high: int, start: int, end: int) -> MarkPlace:
    """What a mark can be where it stands."""
    mark = text[low:high]
    before = text[low - 1] if low > start else " "
    after = text[high] if high < end else " "
    free = before.isspace() or before in _BEFORE_OPENING or MARK.match(before) is not None
    if mark in SINGLE and mark not in "‘‚":
        word = after.isalnum() or after in '[("“…'
        opens = mark == "'" and free and word and _DECADE.match(text, high, end) is None
        closes = not before.isspace() and not after.isalnum()
        return MarkPlace(mark, low, high, opens, closes)
    opens = mark in CLOSERS and (mark in SHAPED or (free and not after.isspace()))
    closes = mark not in SHAPED or mark in "“‘«‹"
    return MarkPlace(mark, low, high, opens, closes)


MOST_NESTED = 6
"""Quote marks inside so many others open nothing, so that the time stays linear."""
MOST_QUOTATIONS = 2000
MOST_MARKS = 100_000
"""Quote marks and apostrophes; a draft with more is refused, and so is one with more quotations."""
_PLURAL = "sS"
LEAST_UNCLOSED = 4
"""In words. A mark before fewer words that is never closed may be a slip or another sign."""
_SURELY_OPENING = frozenset('“„«"「『') | {"``"}
_WORDS = re.compile(r"[^\W_]")
_WORD = re.compile(r"\w+")
_QUOTED_LINES = re.compile(r"\n[ \t]*>[> \t]*")
"""The marks of a block quote before the lines of a quotation inside it."""


@dataclass(frozen=True, slots=True)
class DraftQuotation:
    """A quotation of a draft: its words, and its range in the draft's text without its marks.

    In `text`, the paragraphs of a long quotation are joined without the marks that repeat. If the
    mark before it is never closed, the quotation ends where the next one begins, or with its
    paragraph, and `unclosed_at` is the position of the mark.
    """

    start: int
    end: int
    text: str
    is_block: bool = False
    unclosed_at: int | None = None


@dataclass(slots=True)
class _Open:
    """A quotation whose end has not been found yet, with the parts of it in earlier paragraphs.

    `next_start` is where the next quotation begins in its paragraph, if it has the same mark.
    """

    mark: str
    start: int
    parts: list[str] = field(default_factory=list)
    first: int = 0
    next_start: int | None = None

    def __post_init__(self) -> None:
        self.first = self.start

    def closed(self, text: str, end: int) -> DraftQuotation:
        """The quotation, which ends here."""
        words = "\n".join([*self.parts, text[self.start : end]])
        return DraftQuotation(self.first, end, _QUOTED_LINES.sub("\n", words))

    def unclosed(self, text: str, end: int) -> DraftQuotation:
        """The quotation that nothing ends, up to the next one or to the end of its paragraph."""
        if self.next_start is not None:
            end = self.next_start
        end = self.start + len(text[self.start : end].rstrip())
        words = "\n".join([*self.parts, text[self.start : end]])
        return DraftQuotation(self.first, end, words, unclosed_at=self.first - len(self.mark))


def quotations_of(draft: Article) -> list[DraftQuotation]:
    """The quotations of a draft that have words, in order; those inside others are among them.

    Raises:
        SettingsError: the draft has too many quote marks or quotations.
    """
    check_most(sum(map(draft.text.count, CLOSERS)), MOST_MARKS, "quote marks")
    reading = _Reading(draft.text)
    for block in draft.blocks:
        quoted = block.role is Role.QUOTATION
        if quoted and attribution_line(draft.text[block.start : block.end]) is None:
            reading.found.append(_block_quote(draft.text, block.start, block.end))
        reading.paragraph(block.start, block.end)
    distinct = dict.fromkeys(one for one in reading.finish() if _WORDS.search(one.text))
    check_most(len(distinct), MOST_QUOTATIONS, "quotations")
    return sorted(distinct, key=lambda one: (one.start, -one.end))


def check_most(count: int, most: int, what: str) -> None:
    """Check that a draft has no more of something than is checked.

    Raises:
        SettingsError: it has more.
    """
    if count > most:
        raise SettingsError(
            f"The draft has {count:,} {what}; at most {most:,} are checked. Check its parts one "
            "by one."
        )


def _block_quote(text: str, start: int, end: int) -> DraftQuotation:
    """A paragraph that is a quotation as a whole, without the line below it that says whose.

    "> " at the beginning of a line is no part of it.
    """
    above, line_end, last = text[start:end].rstrip().rpartition("\n")
    if line_end and attribution_line(last) is not None:
        end = start + len(above.rstrip())
    return DraftQuotation(start, end, QUOTED_LINE.sub("", text[start:end]), is_block=True)


@dataclass(slots=True)
class _Reading:
    """The quotations of the paragraphs that were read so far, and one that may go on."""

    text: str
    found: list[DraftQuotation] = field(default_factory=list)
    carried: _Open | None = None
    end: int = 0
    """Of the last paragraph."""

    def paragraph(self, start: int, end: int) -> None:
        """Take in a paragraph."""
        marks = marks_in(self.text, start, end)
        stack = self._continued(start, marks)
        for at, one in enumerate(marks):
            if any(each.start == one.end for each in stack):
                continue  # the mark that repeats at the beginning of a paragraph
            depth = _ended_by(one, stack)
            if depth is not None and not _is_apostrophe(self.text, marks, at):
                self.found.append(stack[depth].closed(self.text, one.start))
                del stack[depth:]
            elif one.opens:
                self._open(one, stack)
        self.carried, self.end = (stack[0] if stack else None), end
        for each in stack[1:]:
            self._give_up(each, end)

    def finish(self) -> list[DraftQuotation]:
        """All quotations."""
        if self.carried is not None:
            self._give_up(self.carried, self.end)
        return self.found

    def _continued(self, start: int, marks: Sequence[MarkPlace]) -> list[_Open]:
        """The open quotation of the paragraph before, if this one begins with its mark again."""
        opened = self.carried
        if opened is None:
            return []
        repeats = {opened.mark, *CLOSERS[opened.mark]}
        first = marks[0] if marks else None
        begins = first is not None and not self.text[start : first.start].strip()
        if first is None or not begins or first.mark not in repeats or not first.opens:
            self._give_up(opened, self.end)
            return []
        opened.parts.append(self.text[opened.start : self.end].rstrip())
        opened.start, opened.next_start = first.end, None
        return [opened]

    def _open(self, one: MarkPlace, stack: list[_Open]) -> None:
        """Open a quotation; an open one whose mark also ends it was not closed, and is given up."""
        for depth, each in enumerate(stack):
            if each.mark == one.mark:
                each.next_start = one.start if each.next_start is None else each.next_start
                if one.mark in CLOSERS[one.mark]:
                    self._give_up(each, one.start)
                    del stack[depth:]
                    break
        if len(stack) < MOST_NESTED:
            stack.append(_Open(one.mark, one.end))

    def _give_up(self, opened: _Open, end: int) -> None:
        """Take in a quotation that was never closed, if its mark is surely no other sign."""
        quotation = opened.unclosed(self.text, end)
        words = islice(_WORD.finditer(quotation.text), LEAST_UNCLOSED)
        if opened.mark in _SURELY_OPENING and len(list(words)) == LEAST_UNCLOSED:
            self.found.append(quotation)


def _ended_by(one: MarkPlace, stack: list[_Open]) -> int | None:
    """Which of the open quotations a mark ends; None if none, or if the mark must open one."""
    if not one.closes:
        return None
    for depth in reversed(range(len(stack))):
        if one.mark in CLOSERS[stack[depth].mark]:
            return depth if _touches_words(one, stack[depth]) else None
    return None


def _touches_words(one: MarkPlace, opened: _Open) -> bool:
    """Whether a mark may end a quotation: one that can also open something does so after space."""
    return not one.opens or opened.mark != one.mark or one.start == opened.start


def _is_apostrophe(text: str, marks: list[MarkPlace], at: int) -> bool:
    """Whether a single mark belongs to a plural, as in ‘the players’ union’: another ends it."""
    one = marks[at]
    if one.mark not in SINGLE or text[one.start - 1] not in _PLURAL:
        return False
    if not text[one.end : one.end + 1].isspace():
        return False
    after = next((each for each in marks[at + 1 : at + 2]), None)
    return after is not None and after.mark in SINGLE and after.closes and not after.opens


_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\((?:https?:|\.|/|\?|#)[^\s()]{0,2000}\)")
_STARS = re.compile(r"(?<![\w*])\*{1,3}(?=[^\s*])([^*\n]{1,500})(?<=[^\s*])\*{1,3}(?![\w*])")
_LINES = re.compile(r"(?<![\w_])_{1,3}(?=[^\s_])([^_\n]{1,500})(?<=[^\s_])_{1,3}(?![\w_])")
_RAISED = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079"
_NOTE_AFTER_MARK = re.compile(rf"(?<=[.,;:!?\"”’'])[{_RAISED}]{{1,3}}")
_NOTE_AT_END = re.compile(rf"(?<=[^\W\d_]{{4}})[{_RAISED}]{{1,3}}(?=\W*$)")
_SIGN = re.compile(r"(?<=[\w.,;:!?\"”’'])(?:\*|[†‡])(?=[\s.,;:!?\"”’']|$)")
_FIGURE_BEFORE_END = re.compile(r"\d\S*(?:\s+\S+){0,2}\s*$")


def without_markup(quote: str) -> str:
    """The words of a quotation without emphasis and links in Markdown, and without footnote marks.

    Raised digits are footnote marks after a punctuation mark, and at the end after a word unless a
    figure is near, as in "20 metres²".

    >>> without_markup("We *will* [pay](https://post.example/a).¹")
    'We will pay.'
    """
    text = _LINK.sub(r"\1", quote)
    text = _LINES.sub(r"\1", _STARS.sub(r"\1", text))
    text = _SIGN.sub("", _NOTE_AFTER_MARK.sub("", text))
    return text if _FIGURE_BEFORE_END.search(text) else _NOTE_AT_END.sub("", text)


_QUOTED = re.compile(r"[ \t]*>")


def draft_of(text: str, *, id: str = "draft") -> Article:
    """A text as a draft: its paragraphs, of which those with "> " before each line are quotations.

    A paragraph ends at an empty line.
    """
    text = without_surrogates(text)
    blocks = [
        Block(role=role, start=start, end=end)
        for low, high in _paragraphs(text)
        for role, start, end in _parts(text, low, high)
    ]
    version = sha256(text.encode()).hexdigest()
    return Article(id=id, version=version, text=text, blocks=tuple(blocks), title=id)


def unwrapped(draft: Article) -> Article:
    """The draft with a space in place of each line end that only the width of the lines explains.

    A paragraph is wrapped if no line had room for the first word of the next one, and if a line
    begins with a small letter. All positions stay the same.
    """
    parts, at = list[str](), 0
    for block in draft.blocks:
        if block.role is Role.BODY:
            parts += [draft.text[at : block.start], _joined(draft.text[block.start : block.end])]
            at = block.end
    return draft.model_copy(update={"text": "".join([*parts, draft.text[at:]])})


def _joined(paragraph: str) -> str:
    """A paragraph with its lines joined by spaces if they are wrapped."""
    lines = paragraph.splitlines(keepends=True)
    widest = max((len(line.rstrip()) for line in lines), default=0)
    first_words = [line.split(maxsplit=1)[0] if line.strip() else "" for line in lines]
    has_room = any(
        len(line.rstrip()) + 1 + len(word) <= widest
        for line, word in zip(lines, first_words[1:], strict=False)
    )
    if has_room or not any(word[:1].islower() for word in first_words[1:]):
        return paragraph
    *wrapped, last = lines
    return "".join([line.rstrip().ljust(len(line)) for line in wrapped] + [last])


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """The ranges of the text between empty lines, without white space at their ends."""
    found: list[tuple[int, int]] = []
    at = 0
    for gap in re.finditer(r"\n[ \t\r]*(?:>[> \t\r]*)?\n\s*|\Z", text):
        start, end = at, gap.start()
        at = gap.end()
        inner = text[start:end].strip()
        if inner:
            start += text[start:end].index(inner[0])
            found.append((start, start + len(inner)))
    return found


def _parts(text: str, start: int, end: int) -> list[tuple[Role, int, int]]:
    """A paragraph cut where its lines begin, or no longer begin, with ">"."""
    found: list[tuple[Role, int, int]] = []
    for line in re.finditer(r"[^\n]+", text[start:end]):
        low, high = start + line.start(), start + line.end()
        role = Role.QUOTATION if _QUOTED.match(line[0]) else Role.BODY
        if found and found[-1][0] is role:
            found[-1] = (role, found[-1][1], high)
        else:
            found.append((role, low, high))
    return found
