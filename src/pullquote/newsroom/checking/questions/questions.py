"""Asks about figures, dates and names of a draft's sentences where the archive has others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pullquote.answering.answers.citing import cite_at
from pullquote.answering.weighing.parallel import counterpart
from pullquote.base.cancellation import check_cancelled
from pullquote.conversation.citation_format import link_to, place_link
from pullquote.english.sentences import sentence_spans
from pullquote.english.terms import content_terms
from pullquote.english.values import Value, value_of
from pullquote.newsroom.checking.drafts.quotations import DraftQuotation
from pullquote.newsroom.checking.questions.archive_sentences import (
    ArchiveSentence,
    ArchiveSentences,
    without_ranges,
)
from pullquote.newsroom.checking.questions.sentence_values import (
    SentenceValue,
    agrees,
    contradicts,
    opens_sentence,
    same_value,
    sentence_values,
)
from pullquote.schema import Article, Role, day_of
from pullquote.schema.quote_check import DraftQuestion, DraftQuestionKind

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
    """The question about a value."""
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
