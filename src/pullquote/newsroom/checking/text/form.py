"""Cuts a quotation into the parts that must stand in an article, and the marks between them.

An ellipsis leaves words out, and square brackets add words or replace them. "[…]" is an ellipsis.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pullquote.newsroom.checking.text.normalise import LINE_HYPHEN
from pullquote.newsroom.checking.text.words import CLOSING, WordList, is_word, words_of

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
    plain = QuoteForm((_trimmed(words_of(quote)),))
    forms = [plain]
    if any(_MARK.finditer(quote)):
        forms.append(_form(quote, whole_words=True))
        if any(_touches(quote, found) for found in _MARK.finditer(quote)):
            forms.append(_form(quote, whole_words=False))
    return [form for form in forms if any(any(map(is_word, part.words)) for part in form.parts)]


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
    return _without_empty_parts([_trimmed(words_of(section)) for section in sections], marks)


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


def _trimmed(words: WordList) -> WordList:
    """The words without closing marks at either end."""
    start, end = 0, len(words.words)
    while start < end and words.words[start] in CLOSING:
        start += 1
    while start < end and words.words[end - 1] in CLOSING:
        end -= 1
    return words.slice(start, end)


def _without_empty_parts(parts: list[WordList], marks: list[Mark]) -> QuoteForm:
    """The form without parts that have no words; marks without words between them are one."""
    found, between, leading = list[WordList](), list[Mark](), list[Mark]()
    waiting = list[Mark]()
    for part, mark in _pairs(parts, marks):
        if part.words:
            if found:
                between.append(_strongest(waiting))
            else:
                leading += waiting
            found.append(part)
            waiting = []
        waiting += [mark] if mark is not None else []
    return QuoteForm(tuple(found), tuple(between), tuple(leading), tuple(waiting))


def _pairs(parts: list[WordList], marks: list[Mark]) -> Iterator[tuple[WordList, Mark | None]]:
    """Each part with the mark after it."""
    return zip(parts, [*marks, None], strict=True)


def _strongest(marks: list[Mark]) -> Mark:
    """One mark for several that stand together: an ellipsis, if one of them is."""
    return min(marks, key=lambda one: one.kind != "ellipsis")
