"""Cuts a text into paragraphs, sentences and tokens with their offsets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pullquote.english import word_lists as en
from pullquote.english.attribution.cue_verbs import cue_verbs
from pullquote.english.sentences import sentence_spans

_DOUBLE = re.compile(r"[\"“”„«»]|''|``")
_SINGLE = re.compile(r"[‘'’]")
_OPENS = re.compile("[ \t]*[\"“„«']")
_OPENING, _CLOSING = frozenset("“„«"), frozenset("”»")
MOST_SINGLE = 600
"""In characters: a quotation in single marks is not longer, or the mark is an apostrophe."""


@dataclass(frozen=True)
class Quotation:
    """A quotation with its marks; one that goes on in the next paragraph is several."""

    start: int
    end: int
    continues: bool = False


def quotations(text: str, paragraphs: list[tuple[int, int]]) -> list[Quotation]:
    """The quotations of the paragraphs, in order, without those inside others."""
    found: list[Quotation] = []
    for number, (start, end) in enumerate(paragraphs):
        after = paragraphs[number + 1][0] if number + 1 < len(paragraphs) else None
        goes_on = after is not None and _OPENS.match(text, after) is not None
        at = start
        for doubled in _with_double_marks(text, start, end, goes_on):
            found += [*_with_single_marks(text, at, doubled.start), doubled]
            at = doubled.end
        found += _with_single_marks(text, at, end)
    return found


def _with_double_marks(text: str, start: int, end: int, goes_on: bool) -> list[Quotation]:
    """The quotations in double marks in a paragraph."""
    found: list[Quotation] = []
    opened: int | None = None
    depth = 0
    for match in _DOUBLE.finditer(text, start, end):
        at = match.start()
        if opened is None:
            if match[0] not in _CLOSING:
                opened, depth = at, 1
        elif match[0] in _OPENING:
            depth += 1
        elif match[0] in _CLOSING and depth > 1:
            depth -= 1
        else:
            found.append(Quotation(opened, match.end()))
            opened = None
    if opened is not None and (goes_on or not text[start:opened].strip()):
        stop = start + len(text[start:end].rstrip())
        found.append(Quotation(opened, stop, continues=goes_on))
    return found


def _with_single_marks(text: str, start: int, end: int) -> list[Quotation]:
    """The quotations in single marks in a part of a paragraph without double ones."""
    found: list[Quotation] = []
    opened: int | None = None
    for match in _SINGLE.finditer(text, start, end):
        at = match.start()
        before = text[at - 1] if at > start else " "
        after = text[at + 1] if at + 1 < end else " "
        if opened is None or at - opened > MOST_SINGLE:
            opens = match[0] != "’" and not before.isalnum() and (after.isalnum() or after == "[")
            opened = at if opens else None
        elif not after.isalnum() and not before.isspace() and _closes(text, opened, at):
            found.append(Quotation(opened, at + 1))
            opened = None
    return found


def _closes(text: str, opened: int, at: int) -> bool:
    """Whether a mark ends a quotation rather than being the apostrophe of a plural."""
    return text[at - 1] != "s" or text[at + 1 : at + 2] in ("", ",", ".", ";", ":", ")", "\n")


MOST_TOKENS = 400
"""In a sentence; a longer one is cut, so that the work grows only linearly with the text."""

_TOKEN = re.compile(
    r"['’](?:s|ve|d|ll|re|m|t)\b"
    r"|[$£€]?\d+(?:[.,]\d+)*%?"
    r"|[^\W_]+(?:[-&][^\W_]+|['’](?!(?:s|ve|d|ll|re|m|t)\b)[^\W_]+|\.(?=[^\W\d_]\b)[^\W\d_])*"
    r"|--+|''|``|[^\w\s]|_+"
)
_MOST_SOURCE = 12
_ADJUNCTS = (
    en.PREPOSITIONS | en.TIME_WORDS | en.ADVERBS | {"after", "before", "when", "while", "as"}
)
_PARAGRAPH = re.compile(r"[^\n]+")
DASHES = frozenset("— – -- --- ― ―".split())
STOPS = frozenset(".?!…")


class Token(NamedTuple):
    """A word or a punctuation mark of the text; `low` is its text in lower case.

    A word starts with a letter, a digit or a currency sign.
    """

    start: int
    end: int
    text: str
    low: str
    quoted: bool
    is_word: bool
    is_capital: bool


@dataclass(frozen=True)
class Sentence:
    """A sentence: its range and its tokens; `paragraph` counts the paragraphs from 0."""

    start: int
    end: int
    paragraph: int
    tokens: list[Token] = field(repr=False)


@dataclass(frozen=True)
class Layout:
    """A text with its sentences and quotations."""

    text: str
    sentences: list[Sentence]
    quotations: list[Quotation]

    def quotations_from(self, start: int) -> Iterator[Quotation]:
        """The quotations that end after a position, in order."""
        first = bisect_right(self.quotations, start, key=lambda one: one.end)
        return (self.quotations[at] for at in range(first, len(self.quotations)))


def layout(text: str, ranges: list[tuple[int, int]]) -> Layout:
    """Cut the ranges of a text that have running text into sentences and tokens."""
    paragraphs = [
        (start + match.start(), start + match.end())
        for start, end in ranges
        for match in _PARAGRAPH.finditer(text[start:end])
        if match[0].strip()
    ]
    quoted = quotations(text, paragraphs)
    starts = [quotation.start for quotation in quoted]
    sentences: list[Sentence] = []
    for number, (low, high) in enumerate(paragraphs):
        lines: list[list[Token]] = []
        for start, end in sentence_spans(text[low:high]):
            tokens = _tokens(text, low + start, low + end, quoted, starts)
            if lines and _goes_on(lines[-1], tokens):
                lines[-1] += tokens
            else:
                lines.append(tokens)
        for tokens in lines:
            for at in range(0, len(tokens), MOST_TOKENS):
                part = tokens[at : at + MOST_TOKENS]
                sentences.append(Sentence(part[0].start, part[-1].end, number, part))
    return Layout(text, sentences, quoted)


def _goes_on(before: list[Token], after: list[Token]) -> bool:
    """Whether a sentence goes on after its seeming end.

    It does after "(D-Mo.)", before a dash with a name, and in "Why?" Ida Roe asked.
    """
    if not before or len(before) > MOST_TOKENS:
        return False
    last = before[-1]
    if not last.quoted:
        return last.text == ")" and after[0].text.islower()
    asks = len(before) > 1 and before[-2].text in ("?", "!")
    return after[0].text in DASHES or (asks and _starts_with_speaker(after))


def _starts_with_speaker(tokens: list[Token]) -> bool:
    """Whether a source and its verb come first, and no clause after them."""
    for at, token in enumerate(tokens[:_MOST_SOURCE]):
        if token.quoted or (token.text in STOPS and not tokens[at - 1].is_capital):
            return False
        verb = cue_verbs().get(token.low)
        if verb is not None and "q" in verb.frames and verb.kind != "ing":
            rest = tokens[at + 1 :]
            plain = not rest or not rest[0].is_word or rest[0].low in _ADJUNCTS
            return at > 0 and (plain or "a" in verb.frames)
    return False


def _tokens(
    text: str, start: int, end: int, quoted: list[Quotation], starts: list[int]
) -> list[Token]:
    """The tokens of a range; a token counts as quoted if it lies in a quotation."""
    tokens = []
    for match in _TOKEN.finditer(text, start, end):
        at = bisect_right(starts, match.start()) - 1
        inside = at >= 0 and match.start() < quoted[at].end
        word, first = match[0], match[0][0]
        is_word = first.isalnum() or first in "$£€"
        tokens.append(Token(*match.span(), word, word.lower(), inside, is_word, first.isupper()))
    return tokens


_NO_PAST = frozenset("need feed seed speed indeed weed deed breed bed red united hundred".split())


def is_verb(tokens: list[Token], at: int) -> bool:
    """Whether a token looks like a finite verb, or like a participle that is not a modifier."""
    low = tokens[at].low
    if low in ("'s", "’s"):
        return at > 0 and tokens[at - 1].low in en.SUBJECT_PRONOUNS | {
            "who",
            "that",
            "there",
            "what",
        }
    if low in en.AUXILIARIES or low in en.IRREGULAR_VERBS:
        return True
    past = low.endswith("ed") and len(low) >= 4 and low not in _NO_PAST
    return past and not tokens[at].is_capital


def is_adverb(token: Token) -> bool:
    """Whether a word is an adverb that can stand between a subject and its verb."""
    if token.low in en.ADVERBS:
        return True
    return token.low.endswith("ly") and not token.is_capital and token.low not in en.NOUNS_IN_LY


def is_clitic(token: Token) -> bool:
    """Whether a token is a part of a word that starts with an apostrophe."""
    return token.text[0] in "'’" and len(token.text) > 1
