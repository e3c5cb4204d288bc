"""Asks about figures, dates and names of a draft's sentences where the archive has others."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from pullquote.answering.answers.citing import cite_at
from pullquote.answering.weighing.groups import counterpart
from pullquote.base.cancellation import check_cancelled
from pullquote.conversation.citations import link_to, place_link
from pullquote.english.attribution.tokens import quotations
from pullquote.english.sentences import sentence_spans
from pullquote.english.terms import content_terms
from pullquote.english.values import (
    Name,
    Period,
    Quantity,
    Relation,
    Score,
    Value,
    compare,
    value_of,
    values_in,
)
from pullquote.english.values.names import name_of
from pullquote.english.word_lists import COURTESY_TITLES, NO_NAMES
from pullquote.index import OpenGeneration
from pullquote.newsroom.checking.quotations import DraftQuotation
from pullquote.newsroom.editions import shown_article
from pullquote.schema import Article, Filters, Passage, Role, day_of
from pullquote.schema.quote_check import DraftQuestion, DraftQuestionKind

_MOST_TERMS = 12
"""The rarest terms of a sentence that are searched for."""
_LOOKED_AT = 10
"""Passages for each sentence."""
_CACHED = 1000
"""Passages whose sentences are kept."""


@dataclass(frozen=True, slots=True)
class ArchiveSentence:
    """A sentence of an article; `text` has spaces in the place of quoted words."""

    article: str
    start: int
    end: int
    text: str
    terms: frozenset[str]


class ArchiveSentences:
    """The sentences of a generation. Not safe to share between threads."""

    def __init__(self, generation: OpenGeneration) -> None:
        self._generation = generation
        self._read: OrderedDict[int, tuple[ArchiveSentence, ...]] = OrderedDict()

    def like(self, terms: Sequence[str]) -> list[ArchiveSentence]:
        """The sentences of the passages that match some terms best, without repeats."""
        rarity = self._generation.rarity(terms)
        rarest = sorted(rarity, key=lambda term: -rarity[term])[:_MOST_TERMS]
        found = self._generation.matching(rarest, k=_LOOKED_AT, filters=Filters())
        sentences = (self._sentences(one) for one in self._generation.passages(list(found)))
        return list(dict.fromkeys(one for some in sentences for one in some))

    def article(self, id: str) -> Article | None:
        """An article; None if it may not be shown now."""
        return shown_article(self._generation, id)

    def _sentences(self, passage: Passage) -> tuple[ArchiveSentence, ...]:
        """The sentences of a passage."""
        if passage.id not in self._read:
            self._read[passage.id] = tuple(_sentences_of(passage))
        self._read.move_to_end(passage.id)
        while len(self._read) > _CACHED:
            self._read.popitem(last=False)
        return self._read[passage.id]


def _sentences_of(passage: Passage) -> Iterator[ArchiveSentence]:
    marks = quotations(passage.text, [(0, len(passage.text))])
    text = without_ranges(passage.text, [(one.start, one.end) for one in marks])
    for start, end in sentence_spans(passage.text):
        shown = text[start:end]
        yield ArchiveSentence(
            passage.article,
            passage.start + start,
            passage.start + end,
            shown,
            frozenset(content_terms(shown)) if shown.strip() else frozenset(),
        )


def without_ranges(text: str, ranges: Sequence[tuple[int, int]]) -> str:
    """A text with spaces in the place of some ranges, in order, so that no position changes."""
    parts, at = list[str](), 0
    for start, end in ranges:
        if end > at:
            parts += [text[at:start], " " * (end - max(at, start))]
            at = end
    return "".join([*parts, text[at:]])


_NAME = re.compile(
    r"[^\W\d_a-z][\w’'-]*(?:\.[^\W\d_]\.?)*"
    r"(?: (?:(?:of|de|van|von|al|bin|&) )?[^\W\d_a-z][\w’'-]*\.?(?=[\s\W]|$))*"
)
_POSSESSIVE = re.compile(r"[’']s?$")
_SAME_THING = (
    frozenset("us usa america american americans".split()) | {"united states"},
    frozenset("uk britain british briton britons".split()) | {"united kingdom", "great britain"},
    frozenset("eu europe european".split()) | {"european union"},
)
_STEM = 4
"""In letters. "German" and "Germany" begin with as many equal ones."""


@dataclass(frozen=True, slots=True)
class SentenceValue:
    """A figure, date or name of a sentence, with its range there."""

    start: int
    end: int
    kind: DraftQuestionKind
    value: Value


def sentence_values(sentence: str, *, day: date | None, language: str) -> list[SentenceValue]:
    """The figures, dates and names of a sentence, in order."""
    found = [
        SentenceValue(
            one.start,
            one.end,
            DraftQuestionKind.DATE if isinstance(one.value, Period) else DraftQuestionKind.FIGURE,
            one.value,
        )
        for one in values_in(sentence, day=day, language=language)
        if isinstance(one.value, Quantity | Score | Period)
    ]
    taken = [(one.start, one.end) for one in found]
    for start, end, name in _names(sentence):
        if not any(low < end and start < high for low, high in taken):
            found.append(SentenceValue(start, end, DraftQuestionKind.NAME, name))
    return sorted(found, key=lambda one: one.start)


def _names(sentence: str) -> Iterator[tuple[int, int, Name]]:
    """The capitalised names of a sentence, without a small word that begins it."""
    for found in _NAME.finditer(sentence):
        start, words = found.start(), found[0]
        if words.split(maxsplit=1)[0].lower() in NO_NAMES | COURTESY_TITLES:
            first, space, words = words.partition(" ")
            start += len(first) + len(space)
        words = _POSSESSIVE.sub("", words.rstrip(".’'-"))
        if words and (name := name_of(words)) is not None:
            yield start, start + len(words), name


def opens_sentence(sentence: str, start: int) -> bool:
    """Whether a position is that of the first word, whose capital says nothing."""
    return not any(map(str.isalnum, sentence[:start]))


def contradicts(one: Value, other: Value) -> bool:
    """Whether two values of one kind can surely not both be meant."""
    match one, other:
        case (Name(), Name()):
            return compare(one, other) is Relation.DIFFERENT and not _same_thing(one, other)
        case (Quantity(), Quantity()) if one.low != one.high and other.low != other.high:
            low = compare(replace(one, high=one.low), replace(other, high=other.low))
            high = compare(replace(one, low=one.high), replace(other, low=other.high))
            return Relation.DIFFERENT in (low, high)
    return compare(one, other) is Relation.DIFFERENT


def agrees(one: Value, other: Value) -> bool:
    """Whether two values may mean the same."""
    if contradicts(one, other):
        return False
    names = isinstance(one, Name) and isinstance(other, Name)
    return names or compare(one, other) in (Relation.EQUAL, Relation.COMPATIBLE)


def same_value(one: Value, other: Value) -> bool:
    """Whether two values are the same: equal numbers, days or names, apart from their units."""
    match one, other:
        case (Name(), Name()):
            return agrees(one, other)
        case (Quantity(), Quantity()):
            numbers = (one.low, one.high) == (other.low, other.high)
            return numbers and agrees(one, other)
    return compare(one, other) is Relation.EQUAL


def _same_thing(one: Name, other: Name) -> bool:
    """Whether two names have a word in common, or are forms of one name of a country."""
    here, there = " ".join(one.words), " ".join(other.words)
    if any({here, there} <= names for names in _SAME_THING):
        return True
    if len(one.words) == len(other.words) == 1:
        return here[:_STEM] == there[:_STEM]
    return False


MOST_SENTENCES = 1000
"""So many sentences of a draft are looked up: the first ones with a figure, date or name."""
_LONGEST = 600
"""In characters, of a sentence that is compared."""
_LEAST_TERMS = 4
"""A sentence with fewer content words may be like another one by chance."""
_COMPARED = 4
"""Sentences of the archive that are compared word by word."""
_COMMON_ENDINGS = ("s", "ly", "ing", "ed")
_ON_TOPIC = 0.6
"""The share of a sentence's content words that another one on the same topic has."""


@dataclass(frozen=True, slots=True)
class _DraftSentence:
    """A sentence outside the quotations of a draft; `text` has spaces where words are quoted."""

    start: int
    end: int
    text: str
    terms: frozenset[str]
    values: tuple[SentenceValue, ...]


@dataclass(frozen=True, slots=True)
class _Counterpart:
    """What a sentence of the archive has in the place of a value."""

    sentence: ArchiveSentence
    words: str
    value: Value


def questions_by_sentence(
    draft: Article, quotations: Sequence[DraftQuotation], archive: ArchiveSentences
) -> Iterator[list[DraftQuestion]]:
    """The questions about each sentence of a draft with a figure, date or name; most have none.

    There is none where some article agrees with the draft.
    """
    for sentence in islice(_sentences(draft, quotations), MOST_SENTENCES):
        check_cancelled()
        near = archive.like(sorted(sentence.terms))
        near.sort(key=lambda one: -len(one.terms & sentence.terms))
        others = ((value, _other(sentence, value, near, archive)) for value in sentence.values)
        yield [
            question
            for value, other in others
            if other is not None
            for question in _question(draft, sentence, value, other, archive)
        ]


def _sentences(draft: Article, quotations: Sequence[DraftQuotation]) -> Iterator[_DraftSentence]:
    """The sentences of a draft that have a value and enough other words, without quoted words."""
    masked = without_ranges(draft.text, [(one.start, one.end) for one in quotations])
    day, language = day_of(draft.published), draft.language
    for block in draft.blocks:
        if block.role in (Role.QUOTATION, Role.BOILERPLATE):
            continue
        for low, high in sentence_spans(draft.text[block.start : block.end], language):
            start, end = block.start + low, block.start + high
            text = masked[start:end]
            if high - low > _LONGEST or text.isspace():
                continue
            terms = frozenset(content_terms(text))
            if len(terms) < _LEAST_TERMS:
                continue
            values = tuple(sentence_values(text, day=day, language=language))
            if values:
                yield _DraftSentence(start, end, text, terms, values)


def _other(
    sentence: _DraftSentence,
    value: SentenceValue,
    near: Sequence[ArchiveSentence],
    archive: ArchiveSentences,
) -> _Counterpart | None:
    """What the archive has in place of a value; None if it has nothing else, or agrees."""
    found: _Counterpart | None = None
    for one in near[:_COMPARED]:
        article = archive.article(one.article)
        if article is None:
            continue
        other = _counterpart(sentence, value, one, article)
        if other is None:
            continue
        if agrees(value.value, other.value):
            return None
        if found is None and contradicts(value.value, other.value):
            found = other
    if found is None or _stands_elsewhere(sentence, value, near, found):
        return None
    return found


def _counterpart(
    sentence: _DraftSentence, value: SentenceValue, one: ArchiveSentence, article: Article
) -> _Counterpart | None:
    """The value that a sentence of the archive has in the place of another."""
    place = counterpart(sentence.text, value.start, value.end, one.text)
    if place is None:
        return None
    if value.kind is DraftQuestionKind.NAME:
        return _name_there(sentence, value, one, place)
    words = one.text[slice(*place)]
    day, language = day_of(article.published), article.language
    there = value_of(words, day=day, language=language, sentence=one.text)
    return None if there is None else _Counterpart(one, words, there)


def _name_there(
    sentence: _DraftSentence, value: SentenceValue, one: ArchiveSentence, place: tuple[int, int]
) -> _Counterpart | None:
    """The name that a sentence of the archive has in a range; None if it is no sure name."""
    names = [
        each
        for each in sentence_values(one.text, day=None, language="en")
        if each.kind is DraftQuestionKind.NAME and each.start < place[1] and place[0] < each.end
    ]
    if (
        not names
        or not _is_sure(sentence.text, value, one)
        or not _is_sure(one.text, names[0], one)
    ):
        return None
    there = names[0]
    return _Counterpart(one, one.text[there.start : there.end], there.value)


def _is_sure(text: str, name: SentenceValue, archive: ArchiveSentence) -> bool:
    """Whether a name is more than a common word with which a sentence begins."""
    words = text[name.start : name.end]
    if not opens_sentence(text, name.start) or " " in words or words.isupper():
        return True
    return not words.lower().endswith(_COMMON_ENDINGS) and words.lower() not in archive.text


def _stands_elsewhere(
    sentence: _DraftSentence,
    value: SentenceValue,
    near: Sequence[ArchiveSentence],
    found: _Counterpart,
) -> bool:
    """Whether a sentence on the same topic, or near in the same article, agrees with the draft."""
    least = _ON_TOPIC * len(sentence.terms)
    for one in near:
        beside = one.article == found.sentence.article and value.kind is not DraftQuestionKind.NAME
        if not beside and len(one.terms & sentence.terms) < least:
            continue
        there = sentence_values(one.text, day=None, language="en")
        if any(same_value(value.value, each.value) for each in there):
            return True
    return False


def _question(
    draft: Article,
    sentence: _DraftSentence,
    value: SentenceValue,
    other: _Counterpart,
    archive: ArchiveSentences,
) -> Iterator[DraftQuestion]:
    article = archive.article(other.sentence.article)
    if article is None:
        return
    citation = cite_at(article, range(other.sentence.start, other.sentence.end))
    start, end = sentence.start + value.start, sentence.start + value.end
    yield DraftQuestion(
        kind=value.kind,
        sentence=draft.text[sentence.start : sentence.end],
        words=draft.text[start:end],
        draft_start=start,
        draft_end=end,
        article_words=other.words,
        citation=citation,
        place=place_link(citation),
        link=link_to(citation),
    )
