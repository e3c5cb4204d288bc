"""Cuts texts into the words that are compared, and quotations at their ellipses and brackets.

An ellipsis leaves words out, and square brackets add words or replace them. "[…]" is an ellipsis.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import Literal

from pullquote.newsroom.checking.normalise import LINE_HYPHEN, NormalisedText, normalise

SEPARATOR = "\x1f"
"""Stands before, between and after the words of a key; no word contains it."""

_WORD = re.compile(
    rf"\w+(?:(?:(?<=\d)[.,:](?=\d)|'(?=\w)|{LINE_HYPHEN}(?=\w))\w+)*|\.{{2,}}|[^\s\w]"
)
_QUOTE_MARKS = frozenset("\"'")
CLOSING = frozenset([*".,;:!?-", "..", "...", "...."])
"""Marks that do not count at either end of a quotation or of a part of one."""
_SIGNS = frozenset("$£€¥%‰°+=<>~±×/@&#_−₹₩¢")
"""Signs that belong to the word they touch: a quotation may not leave them out at its ends."""
_CLAUSE_DASHES = frozenset("—―⸺⸻")


@dataclass(frozen=True)
class WordList:
    """The words and marks of a text, except quote marks; word `i` is `stored[starts[i]:ends[i]]`.

    `words` are in one typography, with their capitals.
    """

    stored: str = field(repr=False)
    words: tuple[str, ...]
    starts: tuple[int, ...] = field(repr=False)
    ends: tuple[int, ...] = field(repr=False)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The words in lower case."""
        joined = SEPARATOR.join(self.words)
        if self.words and joined.isascii():  # much faster than word by word
            return tuple(joined.lower().split(SEPARATOR))
        return tuple(map(fold_case, self.words))

    @cached_property
    def key(self) -> str:
        """The words in lower case in one string, in which lists of words are searched for."""
        return key_of(self.folded)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The distinct words in lower case."""
        return frozenset(self.folded)

    @cached_property
    def key_positions(self) -> list[int]:
        """The position in `key` of the separator before each word."""
        lengths = (len(word) + 1 for word in self.folded[:-1])
        return list(accumulate(lengths, initial=0)) if self.folded else []

    def resolved(self, vocabulary: Container[str]) -> WordList:
        """The list with each word that a line end divides joined, or hyphenated as a compound.

        It is joined if the vocabulary has the joined word.
        """
        if LINE_HYPHEN not in self.key:
            return self
        words, starts, ends = list[str](), list[int](), list[int]()
        for word, start, end in zip(self.words, self.starts, self.ends, strict=True):
            joined = word.replace(LINE_HYPHEN, "")
            whole = word == joined or fold_case(joined) in vocabulary
            parts = [joined] if whole else re.split(f"({LINE_HYPHEN})", word)
            words += ["-" if part == LINE_HYPHEN else part for part in parts]
            starts += [start] * len(parts)
            ends += [end] * len(parts)
        return WordList(self.stored, tuple(words), tuple(starts), tuple(ends))

    def binds(self, at: int) -> bool:
        """Whether a sign or a hyphen binds word `at` to the one before, as in "5%", "anti-war"."""
        if not 0 < at < len(self.words) or self.ends[at - 1] != self.starts[at]:
            return False
        before, after = self.words[at - 1], self.words[at]
        return self._binds(at - 1, after) or self._binds(at, before)

    def _binds(self, at: int, other: str) -> bool:
        """Whether the mark `at` belongs to another word that it touches."""
        mark = self.words[at]
        if mark in _SIGNS:
            return other[0].isalnum() or other[0] in _SIGNS
        if mark != "-" or self.stored[self.starts[at] : self.ends[at]][:1] in _CLAUSE_DASHES:
            return False
        return other[0].isalnum() and self._touches_both(at)

    def _touches_both(self, at: int) -> bool:
        """Whether a hyphen touches words on both sides, or is the sign of a number."""
        before = at > 0 and self.ends[at - 1] == self.starts[at]
        after = at + 1 < len(self.words) and self.starts[at + 1] == self.ends[at]
        if not after:
            return False
        return before or self.words[at + 1][0].isdigit()

    def slice(self, start: int, end: int) -> WordList:
        """The words from `start` to `end`."""
        if (start, end) == (0, len(self.words)):
            return self
        cut = slice(start, end)
        return WordList(self.stored, self.words[cut], self.starts[cut], self.ends[cut])

    def without(self, ranges: Sequence[tuple[int, int]]) -> WordList:
        """The words without some ranges of them, except a mark at the end of a range."""
        starts = [0, *(end - (self.words[end - 1] in CLOSING) for _, end in ranges)]
        ends = [*(start for start, _ in ranges), len(self.words)]
        left = [at for start, end in zip(starts, ends, strict=True) for at in range(start, end)]
        return WordList(
            self.stored,
            tuple(self.words[at] for at in left),
            tuple(self.starts[at] for at in left),
            tuple(self.ends[at] for at in left),
        )

    def inner(self) -> tuple[int, int]:
        """The first and the last word without closing marks at either end, as a half-open range."""
        start, end = 0, len(self.words)
        while start < end and self.words[start] in CLOSING:
            start += 1
        while start < end and self.words[end - 1] in CLOSING:
            end -= 1
        return start, end

    def text(self, start: int, end: int) -> str:
        """The stored text from word `start` to word `end`; "" if that is no word."""
        return self.stored[self.starts[start] : self.ends[end - 1]] if start < end else ""


def key_of(folded: Sequence[str]) -> str:
    """Words in lower case in one string."""
    return SEPARATOR + "".join(word + SEPARATOR for word in folded)


def words_of(text: str) -> WordList:
    """The words and marks of a text."""
    return words_in(text, normalise(text, line_hyphens=True))


def words_in(stored: str, text: NormalisedText) -> WordList:
    """The words and marks of a text that has been normalised with its line hyphens."""
    found = [one for one in _WORD.finditer(text.text) if one[0] not in _QUOTE_MARKS]
    starts = text.stored_starts([one.start() for one in found])
    ends = text.stored_ends([one.end() for one in found])
    return WordList(stored, tuple(one[0] for one in found), tuple(starts), tuple(ends))


def fold_case(word: str) -> str:
    """A word in lower case; letters that only look like others are not replaced by them."""
    return word.lower() if word.isascii() else "".join(map(_lower, word))


def _lower(letter: str) -> str:
    """A letter in lower case, if that is the same letter."""
    if letter in "ßẞ":
        return "ss"
    if letter == "ς":
        return "σ"
    lower = letter.lower()
    return lower if lower.upper() == letter else letter


def is_word(word: str) -> bool:
    """Whether it is a word or a number, and no mark."""
    return word[0].isalnum()


MarkKind = Literal["ellipsis", "bracket", "clause"]
WordRange = tuple[int, int]
"""A half-open range of the words of an article."""

_DOTS = r"(?:…|\.{3,}|\.(?:[ \u00a0]\.){2,})"
_MARK = re.compile(
    rf"(?P<ellipsis>\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|{_DOTS}+)|\[(?P<inner>[^\[\]]{{0,400}})\]"
)
_BEFORE, _AFTER = re.compile(r"[\w'’]{1,60}$"), re.compile(r"[\w'’]{1,60}")
_FOLDED_HYPHEN = re.compile(r"(?<=[^\W\d_])- (?=[^\W\d_])")
"""A hyphen at a line end, if a parser has made the line end a space."""
_SIC = frozenset({"sic", "sic!"})


@dataclass(frozen=True, slots=True)
class Mark:
    """An ellipsis or a bracket of a quotation; `shown` is the text inside a bracket.

    A clause is no mark: it is the place where a quotation leaves out the `clause` of an article
    that says who speaks. `before` and `after` are the letters of a word that touch a bracket, as in
    "play[ed]". `is_letter` is true for a bracket that only changes the case of a first letter.
    """

    kind: MarkKind
    shown: str = ""
    before: str = ""
    after: str = ""
    is_letter: bool = False
    clause: WordRange | None = None

    @property
    def leaves_nothing_out(self) -> bool:
        """Whether the mark stands for no word: "[sic]" or "[T]he"."""
        return self.is_letter or self.shown.strip().lower() in _SIC

    @property
    def in_word(self) -> bool:
        """Whether the mark is a part of a word."""
        return bool(self.before or self.after)

    @property
    def word(self) -> str:
        """The word that a bracket is a part of, as the quotation has it: "played"."""
        return f"{self.before}{self.shown.strip()}{self.after}"

    @property
    def text(self) -> str:
        """The mark as it is written; "" for a clause."""
        if self.kind == "clause":
            return ""
        return "…" if self.kind == "ellipsis" else f"{self.before}[{self.shown}]{self.after}"


@dataclass(frozen=True, slots=True)
class QuoteForm:
    """The parts of a quotation in order; `marks[i]` stands between part `i` and the next.

    `leading` are the marks before the first part, and `trailing` those after the last.
    """

    parts: tuple[WordList, ...]
    marks: tuple[Mark, ...] = ()
    leading: tuple[Mark, ...] = ()
    trailing: tuple[Mark, ...] = ()

    @property
    def has_parts_of_words(self) -> bool:
        """Whether a bracket is a part of a word."""
        return any(mark.in_word for mark in (*self.leading, *self.marks, *self.trailing))

    def resolved(self, vocabulary: Container[str]) -> QuoteForm:
        """The form with line hyphens resolved; see `WordList.resolved`."""
        if not any(LINE_HYPHEN in part.key for part in self.parts):
            return self
        return replace(self, parts=tuple(part.resolved(vocabulary) for part in self.parts))


def forms_of(quote: str) -> list[QuoteForm]:
    """The ways to read a quotation, to be tried in order; none if it has no words.

    First all its marks are words of the article. Then "[T]he" is "The", and last it is any word
    that ends in "he".
    """
    quote = _FOLDED_HYPHEN.sub("-\n", quote)
    plain = QuoteForm((_words_inside(quote),))
    forms = [plain]
    if any(_MARK.finditer(quote)):
        forms.append(_form(quote, whole_words=True))
        if any(_touches(quote, found) for found in _MARK.finditer(quote)):
            forms.append(_form(quote, whole_words=False))
    return [form for form in forms if any(any(map(is_word, part.words)) for part in form.parts)]


def _words_inside(text: str) -> WordList:
    """The words without closing marks at either end."""
    words = words_of(text)
    return words.slice(*words.inner())


def _form(quote: str, *, whole_words: bool) -> QuoteForm:
    """A quotation cut at its marks; with `whole_words`, brackets inside words are only dropped."""
    sections, marks = [""], list[Mark]()
    at = 0
    for found in _MARK.finditer(quote):
        sections[-1] += quote[at : found.start()]
        at = found.end()
        inside = _touches(quote, found)
        if inside and whole_words:
            if not sections[-1][-1:].isalpha():  # only the first letter may change its case
                marks.append(Mark("bracket", found["inner"], is_letter=True))
                sections.append("")
            sections[-1] += found["inner"]
            continue
        mark = Mark("ellipsis" if found["ellipsis"] else "bracket", found["inner"] or "")
        if inside:
            mark, sections[-1], at = _within_word(mark, sections[-1], quote, at)
        marks.append(mark)
        sections.append("")
    sections[-1] += quote[at:]
    return _without_empty_parts(list(map(_words_inside, sections)), marks)


def _touches(quote: str, found: re.Match[str]) -> bool:
    """Whether a bracket touches a letter, as in "[T]he"."""
    if not (found["inner"] or "").strip() or " " in found["inner"].strip():
        return False
    around = quote[found.start() - 1 : found.start()] + quote[found.end() : found.end() + 1]
    return any(letter.isalpha() for letter in around)


def _within_word(mark: Mark, section: str, quote: str, at: int) -> tuple[Mark, str, int]:
    """A mark with the letters that it touches, taken from the section before and from `at`."""
    before, after = _BEFORE.search(section[-60:]), _AFTER.match(quote, at)
    taken, given = before[0] if before else "", after[0] if after else ""
    mark = replace(mark, before=taken, after=given)
    return mark, section[: len(section) - len(taken)], at + len(given)


def _without_empty_parts(parts: list[WordList], marks: list[Mark]) -> QuoteForm:
    """The form without parts that have no words; marks without words between them are one."""
    found, between, leading = list[WordList](), list[Mark](), list[Mark]()
    waiting = list[Mark]()
    for part, mark in zip(parts, [*marks, None], strict=True):
        if part.words:
            if found:
                # of marks that stand together, an ellipsis is the strongest
                between.append(min(waiting, key=lambda each: each.kind != "ellipsis"))
            else:
                leading += waiting
            found.append(part)
            waiting = []
        waiting += [mark] if mark is not None else []
    return QuoteForm(tuple(found), tuple(between), tuple(leading), tuple(waiting))
