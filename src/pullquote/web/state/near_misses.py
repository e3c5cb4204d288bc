"""Near misses: the words of a question that the passages found do not contain."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pullquote.answering.answers import cite
from pullquote.answering.retrieval.searcher import SearchResult
from pullquote.english.questions.words import THIN, is_foreign, is_thin_word, words_of
from pullquote.english.terms import terms, typed_words
from pullquote.schema import Citation, Hit, Span

_REQUESTS = frozenset(
    "list name show find give compare compared comparison difference versus vs please".split()
)
"""Words that ask for something, but do not say about what."""

_STEMS = frozenset(term for word in THIN | _REQUESTS for term in terms(word))


@dataclass(frozen=True, slots=True)
class MissingWords:
    """Words of a question, as typed: those in no article, and those in no passage found."""

    nowhere: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()


def missing_words(
    typed: str, searched: str, *, unknown: Collection[str], near: Iterable[str]
) -> MissingWords:
    """The content words that a person typed, that were searched for, and that were not found.

    `unknown` are the search terms that are in no passage of the index. `near` are the texts found.
    Words of filters and misspelt words are in `typed` alone. Words from earlier questions are in
    `searched` alone.
    """
    found = {term for text in near for term in terms(text)}
    foreign = is_foreign(words_of(typed))
    searched_terms = set(terms(searched))
    missing = {
        term: word
        for term, word in typed_words(typed).items()
        if term in searched_terms and term not in found and _has_content(word, term, foreign)
    }
    return MissingWords(
        nowhere=tuple(word for term, word in missing.items() if term in unknown),
        not_near=tuple(word for term, word in missing.items() if term not in unknown),
    )


def _has_content(word: str, term: str, foreign: bool) -> bool:
    """Whether a word, with this stem, says what a question is about."""
    return term not in _STEMS and not is_thin_word(word, foreign=foreign)


def missing_from(found: SearchResult, *, typed: str) -> MissingWords:
    """The words of a question, as typed, that are not in its hits or their headlines."""
    question = found.question
    return missing_words(
        typed,
        question.text,
        unknown=found.generation.unknown_terms(list(question.rarity)),
        near=(f"{hit.passage.context}\n{hit.passage.text}" for hit in found.hits),
    )


def cite_passage(hit: Hit) -> Citation:
    """The citation of a whole passage."""
    return cite(Span(hit, 0, len(hit.passage.text), 0.0))
