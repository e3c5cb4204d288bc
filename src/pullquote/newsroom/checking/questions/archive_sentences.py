"""Finds the sentences of an index that are most like a sentence of a draft."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pullquote.english.attribution.tokens import quotations
from pullquote.english.sentences import sentence_spans
from pullquote.english.terms import content_terms
from pullquote.index import OpenGeneration
from pullquote.schema import Article, Filters, Passage
from pullquote.schema.errors import ArticleUnknown, ArticleWithheld

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
        try:
            return self._generation.article(id)
        except (ArticleUnknown, ArticleWithheld):
            return None

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
