"""Finds the articles that may have the words of a quotation, by its rarest words."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

from pullquote.english.terms import content_terms
from pullquote.index import OpenGeneration
from pullquote.index.duplicates.revisions import MOST_REVISIONS, is_uploaded
from pullquote.newsroom.checking.matching.clauses import clauses_in
from pullquote.newsroom.checking.text.form import WordRange
from pullquote.newsroom.checking.text.words import WordList, words_of
from pullquote.schema import Article, Filters
from pullquote.schema.errors import ArticleUnknown, ArticleWithheld

_MOST_TERMS = 12
"""The rarest terms of a quotation that are searched for; more take longer and find the same."""
_FEW_TERMS = 3
_PASSAGES, _MORE_PASSAGES = 30, 200
"""How many passages are looked at; more for few terms, since many passages have them."""
_MOST_ARTICLES, _MORE_ARTICLES = 12, 30
"""How many of their articles are read at most."""
_LONG = 200_000
"""In characters. Of a longer article only the surroundings of its passages are read."""
_AROUND = 20_000
_CACHED = 200
"""Readings of articles that are kept for the next quotations."""

_UNSHOWN = re.compile(
    "[\u00ad\u200b-\u200f\u2060\ufeff\ufb00-\ufb06]"
    r"|(?<=[^\W\d_])[-\u2010][ \t]*[\r\n\x0b\x0c\x85\u2028\u2029]"
)
_EVERYTHING = Filters(comments=True)


@dataclass(frozen=True)
class ReadArticle:
    """An article, or the part of a long one around a passage; its words are read when needed.

    The words' places are in the article's text from `offset` on, up to `end`.
    """

    article: Article
    offset: int
    end: int

    @cached_property
    def words(self) -> WordList:
        """The words of the part."""
        return words_of(self.article.text[self.offset : self.end])

    @cached_property
    def letters(self) -> str | None:
        """The part in lower case; None if its words are not those that its letters show.

        These are divided words, and words with ligatures or with marks that take no room.
        """
        text = self.article.text[self.offset : self.end]
        return None if _UNSHOWN.search(text) else text.lower()

    @cached_property
    def clauses(self) -> tuple[WordRange, ...]:
        """The words between quotations that may say who speaks; see `clauses_in`."""
        return clauses_in(self.article, self.words, self.offset, self.end)

    def without_clauses(self) -> ReadArticle:
        """The same part without these clauses."""
        shorter = ReadArticle(self.article, self.offset, self.end)
        vars(shorter)["words"] = self.words.without(self.clauses)
        return shorter


class Candidates:
    """Finds and reads articles of a generation. Not safe to share between threads."""

    def __init__(self, generation: OpenGeneration) -> None:
        self._generation = generation
        self._read: OrderedDict[tuple[str, int], ReadArticle] = OrderedDict()

    def having(self, text: str, *, more: bool = False) -> list[ReadArticle]:
        """The articles whose passages match the words of a text best, best first.

        With `more`, or for a text of few words, more articles are read.
        """
        terms = self._rarest(text)
        if not terms:
            return []
        few = more or len(terms) <= _FEW_TERMS
        most = _MORE_PASSAGES if few else _PASSAGES
        found = self._generation.matching(terms, k=most, filters=_EVERYTHING)
        places = dict[tuple[str, int], ReadArticle]()
        low = text.lower()
        passages = list(self._generation.passages(list(found)))
        passages.sort(key=lambda one: low not in one.text.lower())
        for passage in passages:
            if (read := self._reading(passage.article, passage.start)) is not None:
                places.setdefault((read.article.id, read.offset), read)
            if len(places) == (_MORE_ARTICLES if few else _MOST_ARTICLES):
                break
        return list(places.values())

    def copies_of(self, article: str) -> list[ReadArticle]:
        """The near duplicates of an article that was read."""
        found = (self._reading(one, 0) for one in self._generation.near_duplicates_of(article))
        return [one for one in found if one is not None][:_MORE_ARTICLES]

    def at(self, address: str) -> str | None:
        """The id of the newest article with a web address; None if it identifies no article.

        An uploaded article states its address itself, so it comes after those that were not.
        """
        every = self._generation.articles_at(address)
        found = [one for one in every if not is_uploaded(one)] or every
        if len(found) > MOST_REVISIONS:
            return None
        old = self._generation.superseded(at=int(time.time())) if len(found) > 1 else {}
        return next((one for one in found if one not in old), None)

    def named(self, article: str) -> ReadArticle | None:
        """The article with an id, or the beginning of a long one; None if it cannot be shown."""
        return self._reading(article, 0)

    def _rarest(self, text: str) -> list[str]:
        """The rarest terms of a text that the index knows."""
        terms = content_terms(text)
        unknown = set(self._generation.unknown_terms(terms))
        rarity = self._generation.rarity([term for term in terms if term not in unknown])
        return sorted(rarity, key=lambda term: -rarity[term])[:_MOST_TERMS]

    def _reading(self, id: str, start: int) -> ReadArticle | None:
        """An article, read around a position if it is long."""
        try:
            article = self._generation.article(id)
        except (ArticleUnknown, ArticleWithheld):
            return None
        part = start // _AROUND if len(article.text) > _LONG else 0
        key = (id, part)
        if key not in self._read:
            low = max(0, (part - 1) * _AROUND)
            high = low + 3 * _AROUND if len(article.text) > _LONG else len(article.text)
            self._read[key] = ReadArticle(article, low, high)
        self._read.move_to_end(key)
        while len(self._read) > _CACHED:
            self._read.popitem(last=False)
        return self._read[key]
