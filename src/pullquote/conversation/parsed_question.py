"""Parses a question into opening words, question word and noun, auxiliary, and the rest.

It also divides a question into its noun phrases, such as "the men's final" and "in 2004". The
parser knows only closed classes of English words, and no grammar. All other words count as the
rest, and a phrase may be a little too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pullquote.english.questions.words import (
    ASKING,
    AUXILIARIES,
    CLAUSES,
    DETERMINERS,
    FUNCTION,
    MEASURES,
    OPENERS,
    POSSESSIVE,
    PREPOSITIONS,
    SUBJECTS,
    TIME,
    TIME_NOUNS,
    Word,
    words_of,
)
from pullquote.english.word_lists import REFLEXIVES

_SHORT = re.compile(r"(?i)\b(who|what|where|when|why|how)['’](s|ll|re)\b")
_LONG = {"s": "is", "ll": "will", "re": "are"}
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*$")
_LONGEST_PHRASE = 6
"""At most this many words may be between a question word and its auxiliary."""
PAST = re.compile(
    r"(?:.{2,}ed|won|beat|lost|made|took|got|came|gave|said|told|bought|sold|ran|led|left|became|"
    r"went|began|broke|built|chose|fell|found|held|hit|kept|knew|met|paid|put|saw|set|shot|spent|"
    r"stole|struck|taught|wrote|wore|grew|drew|drove|quit|cut)$"
)
"""A verb in the past tense, as far as it can be recognised."""

_BE = frozenset("is are was were".split())


@dataclass(frozen=True, slots=True)
class ProperName:
    """Adjacent words written as a name: `text == question[start:end]`."""

    text: str
    start: int
    end: int


class ParsedQuestion:
    """The parts of a question; each is a slice of `body`, in which "who's" is written "who is".

    `brackets` is the text in brackets at the end, which a completed question may have.
    """

    def __init__(self, question: str) -> None:
        stripped = _SHORT.sub(lambda m: f"{m[1]} {_LONG[m[2].lower()]}", question.strip())
        found = _BRACKETS.search(stripped.rstrip("?!. "))
        self.brackets = "" if found is None else found[1].strip()
        unmarked = stripped.rstrip("?!. ")
        self.body = (unmarked if found is None else unmarked[: found.start()]).rstrip("?!.,; ")
        self.words = words_of(self.body)

    @cached_property
    def opener_count(self) -> int:
        """How many words at the beginning only open the question, such as "and", "so" or "ok"."""
        words = self.words
        count = 0
        while count < len(words) and words[count].low in OPENERS:
            count += 1
        return count

    @cached_property
    def question_word_at(self) -> int | None:
        """The position of the question word, if the question begins with one."""
        at = self.opener_count
        words = self.words
        if [word.low for word in words[at : at + 2]] == ["according", "to"]:
            at += 2
        elif at + 1 < len(words) and words[at].low in PREPOSITIONS:
            at += 1
        return at if at < len(words) and words[at].low in ASKING else None

    @cached_property
    def auxiliary_at(self) -> int | None:
        """The position of the auxiliary, after the question word or at the beginning."""
        words = self.words
        if self.question_word_at is None:
            at = self.opener_count
            return at if at < len(words) and words[at].low in AUXILIARIES else None
        for at in range(
            self.question_word_at + 1, min(self.question_word_at + 1 + _LONGEST_PHRASE, len(words))
        ):
            if words[at].low in AUXILIARIES:
                return at
            if words[at].low in CLAUSES | SUBJECTS:
                break
        return None

    @cached_property
    def rest_at(self) -> int:
        """The position of the first word after the question word, measure word and auxiliary."""
        if self.auxiliary_at is not None:
            return self.auxiliary_at + 1
        if self.question_word_at is None:
            return self.opener_count
        at = self.question_word_at + 1
        while at < len(self.words) and self.words[at].low in MEASURES:
            at += 1
        return at

    @cached_property
    def noun_phrase(self) -> tuple[Word, ...]:
        """The noun after the question word: "victims" in "how many victims were"."""
        if self.question_word_at is None or self.auxiliary_at is None:
            return ()
        between = self.words[self.question_word_at + 1 : self.auxiliary_at]
        return tuple(word for word in between if word.low not in MEASURES | {"else", "exactly"})

    @cached_property
    def asked_noun(self) -> str:
        """The noun after the question word, also without an auxiliary: "which MP went"."""
        if self.auxiliary_at is not None:
            return " ".join(word.text for word in self.noun_phrase)
        return self.words_between(self.rest_at, self.statement_at)

    @cached_property
    def statement_at(self) -> int:
        """The position where the statement of "which MP went over" begins, at its verb."""
        if self.auxiliary_at is not None or self.question_word not in ("which", "what", "how"):
            return self.rest_at
        after = range(self.rest_at + 1, len(self.words))
        return next((at for at in after if PAST.match(self.words[at].low)), self.rest_at)

    @cached_property
    def question_word(self) -> str:
        """The question word in lower case, or an empty string."""
        return "" if self.question_word_at is None else self.words[self.question_word_at].low

    @property
    def asks_for_subject(self) -> bool:
        """Whether the answer is the subject: "who agreed to it"."""
        if self.question_word_at is None or self.question_word not in ("who", "what", "which"):
            return False
        if self.auxiliary_at is None:
            return self.question_word == "who"
        verb = self.words[self.auxiliary_at].low
        follows = self.words[self.auxiliary_at + 1].low if self.rest_at < len(self.words) else ""
        return verb in _BE and self.question_word == "who" and follows.endswith(("ed", "en", "ing"))

    def words_between(self, first: int, last: int | None = None) -> str:
        """The text from word `first` up to but not including word `last`."""
        words = self.words[first:last]
        return self.body[words[0].start : words[-1].end] if words else ""

    @cached_property
    def names(self) -> tuple[ProperName, ...]:
        """The names, in order, not including opening words and the question word."""
        runs: list[ProperName] = []
        begins = self.opener_count if self.question_word_at is None else self.question_word_at + 1
        for word in self.words[begins:]:
            if not word.is_name or word.low in FUNCTION:
                continue
            text = re.sub(r"['’]s$", "", word.text)
            end = word.start + len(text)
            if runs and self.body[runs[-1].end : word.start].strip(" ") == "":
                runs[-1] = ProperName(self.body[runs[-1].start : end], runs[-1].start, end)
            else:
                runs.append(ProperName(text, word.start, end))
        return tuple(runs)


_BE_OR_NOT = frozenset("is are was were isn't aren't wasn't weren't".split())
_HAVE = frozenset("has have had".split())
_PARTICIPLE = re.compile(r".{2,}(?:ed|ing|wn)$|.{3,}en$|(?:made|held|sold|paid|built|found|won)$")
_LEFT_VERB = re.compile(r"(?:[a-z]+[^e]ed|shown|hid|held|made|found|built|given|taken)$")
_POSSESSIVE_END = re.compile(r"(?:['’]s|s['’])$")
_DETERMINING = (DETERMINERS - {"both"}) | POSSESSIVE | {"her", "my", "our", "your"}
_NO_PHRASE = (
    (FUNCTION | REFLEXIVES)
    - _DETERMINING
    - PREPOSITIONS
    - frozenset("other others one ones more most same us very".split())
)


@dataclass(frozen=True)
class Constituent:
    """A noun phrase, `body[start:end]` of a question; `preposition` is empty if it has none.

    Without its preposition, the phrase is `body[bare_start:end]`. If `asked_for`, the question word
    belongs to it: "which film". `tail` is text that goes with it: "of all".
    """

    body: str
    start: int
    bare_start: int
    end: int
    preposition: str = ""
    asked_for: bool = False
    tail: str = ""

    @property
    def text(self) -> str:
        """The phrase with its preposition."""
        return self.body[self.start : self.end]

    @property
    def bare(self) -> str:
        """The phrase without its preposition."""
        return self.body[self.bare_start : self.end]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words of the bare phrase, without "the" or another determiner."""
        words = words_of(self.bare)
        return words[1:] if len(words) > 1 and words[0].low in _DETERMINING else words

    @property
    def is_determined(self) -> bool:
        """Whether the phrase begins with "the" or another determiner."""
        return bool(self.words) and self.words[0].start > 0

    @property
    def head(self) -> str:
        """The last word, in lower case: "final" in "the men's final"."""
        return self.words[-1].low if self.words else ""

    @property
    def is_time(self) -> bool:
        """Whether the phrase is a time, such as "in 2004" or "this year"."""
        return TIME.fullmatch(self.bare) is not None or any(
            word.low in TIME_NOUNS for word in self.words[-1:]
        )

    @property
    def is_possessive(self) -> bool:
        """Whether the phrase ends in an owner whose thing is left out: "the women's"."""
        return _POSSESSIVE_END.search(self.bare) is not None

    @property
    def is_name(self) -> bool:
        """Whether the phrase ends in a name; "the Interpol centre" and "a Bafta" do not."""
        indefinite = self.bare[:3].lower().startswith(("a ", "an "))
        return bool(self.words) and self.words[-1].text[0].isupper() and not indefinite


def constituents(asked: ParsedQuestion) -> tuple[Constituent, ...]:
    """The noun phrases of a question, in order, without its question word and its verb."""
    at = _after_question_word(asked)
    found: list[Constituent] = []
    if asked.auxiliary_at is not None:
        phrases = _phrases(asked.body, asked.words[at : asked.auxiliary_at])
        found += [replace(one, asked_for=True) for one in phrases]
        at = asked.auxiliary_at + 1
    words = asked.words[at:]
    verb = _verb_at(asked, words)
    if verb is None:
        return (*found, *_phrases(asked.body, words))
    return (*found, *_phrases(asked.body, words[:verb]), *_phrases(asked.body, words[verb + 1 :]))


def constituents_of(text: str) -> tuple[Constituent, ...]:
    """The noun phrases of words that are not a question, such as "about debt"."""
    return tuple(_phrases(text, words_of(text)))


def verb_of(asked: ParsedQuestion) -> Word | None:
    """The verb after the question word or the auxiliary, as far as it can be found."""
    at = asked.rest_at if asked.auxiliary_at is not None else _after_question_word(asked)
    verb = _verb_at(asked, asked.words[at:])
    return None if verb is None else asked.words[at + verb]


def _after_question_word(asked: ParsedQuestion) -> int:
    at = asked.opener_count if asked.question_word_at is None else asked.question_word_at + 1
    if asked.question_word_at is not None:
        while at < len(asked.words) and asked.words[at].low in MEASURES:
            at += 1
    return at


def _verb_at(asked: ParsedQuestion, words: Sequence[Word]) -> int | None:
    """The position of the main verb among the words after the question word or the auxiliary."""
    if asked.auxiliary_at is not None:
        return _verb_after_auxiliary(asked.words[asked.auxiliary_at].low, words)
    return None if asked.question_word_at is None else _verb_of_subject_question(asked, words)


def _verb_after_auxiliary(auxiliary: str, words: Sequence[Word]) -> int | None:
    """The verb after the subject: "what did Gordon Brown say about aid"."""
    stretch = _first_stretch(words)
    if stretch < len(words) and words[stretch].low in AUXILIARIES:
        return None  # "what job did his father have"
    participle = auxiliary in _BE_OR_NOT | _HAVE
    plain = [at for at in range(stretch) if _is_plain(words[at])]
    fits = [
        at
        for at in plain
        if not participle or _PARTICIPLE.search(words[at].low) or PAST.match(words[at].low)
    ]
    if participle and fits[:1] == [0]:
        return 0  # "who is building the pier"
    if participle or (words and words[0].low in _DETERMINING):
        fits = [at for at in fits if at == stretch - 1]
    elif (named := [at for at in fits if at > 0 and _ends_name(words[at - 1])]) != []:
        fits = named[:1]
    elif words and words[0].low not in FUNCTION:
        fits = [at for at in fits if at > 0]
    return fits[-1] if fits else None


def _is_plain(word: Word) -> bool:
    return word.low not in FUNCTION and not word.is_name


def _ends_name(word: Word) -> bool:
    return word.is_name and not _POSSESSIVE_END.search(word.text)


def _verb_of_subject_question(asked: ParsedQuestion, words: Sequence[Word]) -> int | None:
    """The verb of "who won the race" or "which film won the prize"."""
    plain = [at for at, word in enumerate(words) if _is_plain(word)]
    if not plain:
        return None
    if asked.question_word in ("who", "whom"):
        return plain[0] if plain[0] == 0 else None
    return next((at for at in plain if PAST.match(words[at].low)), None)


def _first_stretch(words: Sequence[Word]) -> int:
    """How many words come before the first preposition other than "of", or other boundary."""
    for at, word in enumerate(words):
        again = word.low == "of" and any(one.low == "of" for one in words[:at])
        boundary = again or word.low in PREPOSITIONS - {"of"} or word.low in _NO_PHRASE - {"not"}
        determines = word.low in _DETERMINING and at and words[at - 1].low != "of"
        if at and (boundary or determines):
            return at
    return len(words)


def _phrases(body: str, words: Sequence[Word]) -> Iterator[Constituent]:
    """The phrases in words: a preposition or a determiner begins one, a small word ends one."""
    group: list[Word] = []
    for word in words:
        if group and _begins(body, word, group):
            yield from _phrase(body, group)
            group = []
        if group and group[-1].low == "that" and word.is_name:  # "that Arsenal want him"
            group = []
        if word.low in _NO_PHRASE and not (word.text[0].isupper() and group):
            yield from _phrase(body, group)
            group = []
            continue
        group.append(word)
    yield from _phrase(body, group)


def _begins(body: str, word: Word, group: Sequence[Word]) -> bool:
    """Whether a word begins another phrase than the one of the words before it."""
    if body[group[-1].end : word.start].strip() or word.low in PREPOSITIONS:
        return True
    only_preposition = len(group) == 1 and group[0].low in PREPOSITIONS
    return word.low in _DETERMINING and not only_preposition and group[-1].low not in ("all",)


def _phrase(body: str, group: Sequence[Word]) -> Iterator[Constituent]:
    preposition = group[0].low if group and group[0].low in PREPOSITIONS else ""
    bare = list(group[1:] if preposition else group)
    while bare and _LEFT_VERB.match(bare[-1].text):  # "the first film shown"
        bare.pop()
    if not bare or all(word.low in _DETERMINING | MEASURES for word in bare):
        return
    if preposition == "to" and not bare[0].is_name and bare[0].low not in _DETERMINING:
        return  # "to build"
    yield Constituent(body, group[0].start, bare[0].start, bare[-1].end, preposition)
