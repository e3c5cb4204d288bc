"""What comes closest to a question: the passages found, and which of its words they lack."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pullquote.answers import cite
from pullquote.retrieval.findings import Found
from pullquote.schema import Citation, Hit, Span
from pullquote.terms import terms, typed_words


@dataclass(frozen=True, slots=True)
class MissingWords:
    """Words of a question, as typed: those of no article, and those of no passage found."""

    nowhere: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()


def missing_words(question: str, *, unknown: Collection[str], near: Iterable[str]) -> MissingWords:
    """The words of a question that carry meaning and were not found.

    `unknown` are those of its terms that no passage of the index holds, `near` the texts found.
    """
    found = {term for text in near for term in terms(text)}
    typed = typed_words(question)
    return MissingWords(
        nowhere=tuple(word for term, word in typed.items() if term in unknown),
        not_near=tuple(
            word for term, word in typed.items() if term not in found and term not in unknown
        ),
    )


def missing_from(found: Found) -> MissingWords:
    """The words of a question that its hits lack, headlines counted with them."""
    question = found.question
    return missing_words(
        question.text,
        unknown=found.generation.unknown(list(question.rarity)),
        near=(f"{hit.passage.context}\n{hit.passage.text}" for hit in found.hits),
    )


def cite_passage(hit: Hit) -> Citation:
    """Where a whole passage stands."""
    return cite(Span(hit, 0, len(hit.passage.text), 0.0))
