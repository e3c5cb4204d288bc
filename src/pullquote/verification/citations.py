"""Compares saved citations with the articles of an index."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from pullquote.cancellation import check_cancelled
from pullquote.checking.normalise import normalise
from pullquote.errors import ArticleUnknown, ArticleWithheld
from pullquote.index import OpenGeneration
from pullquote.relocation import Relocation, find_again
from pullquote.relocation.edited_article import SearchableWords
from pullquote.relocation.word_diff import word_changes
from pullquote.relocation.words import Words
from pullquote.schema import Article
from pullquote.schema.verification import CitationState, VerifiedCitation
from pullquote.verification.saved_citation import SavedCitation

LEAST_SIMILARITY = 0.5
"""Words less similar than this were not edited but replaced."""

_MOST_RENAMED = 50
"""Articles of one file that are searched for the words of an article that is gone."""


def verify_citations(
    saved: Sequence[SavedCitation], generation: OpenGeneration, *, at: int | None = None
) -> list[VerifiedCitation]:
    """What became of each citation at a moment, in seconds since 1970; by default, now."""
    archive = _Archive(generation, int(time.time()) if at is None else at)
    return [_verified(one, archive) for one in saved]


class _Archive:
    """A generation with its superseded articles, and those by their version."""

    def __init__(self, generation: OpenGeneration, at: int) -> None:
        self._generation = generation
        self._at = at

    def article(self, article: str) -> Article:
        """The article, or its newest revision.

        Raises:
            ArticleUnknown, ArticleWithheld: see `OpenGeneration.article`.
        """
        return self._generation.article(self._superseded.get(article, article))

    def renamed(self, version: str) -> Iterator[Article]:
        """The articles of that version that may be shown."""
        ids = sorted(id for id, one in self._versions.items() if one.startswith(version))
        for article in islice(ids, _MOST_RENAMED):
            try:
                yield self.article(article)
            except (ArticleUnknown, ArticleWithheld):
                continue

    @cached_property
    def _superseded(self) -> dict[str, str]:
        return self._generation.superseded(at=self._at)

    @cached_property
    def _versions(self) -> dict[str, str]:
        return self._generation.article_versions()


def _verified(saved: SavedCitation, archive: _Archive) -> VerifiedCitation:
    check_cancelled()
    try:
        article = archive.article(saved.article)
    except ArticleWithheld as error:
        return _result(saved, CitationState.WITHDRAWN, str(error))
    except ArticleUnknown as error:
        return _renamed(saved, archive) or _result(saved, CitationState.GONE, str(error))
    return compare(saved, article)


def _renamed(saved: SavedCitation, archive: _Archive) -> VerifiedCitation | None:
    """The citation in a file with the same bytes under another name; None if there is none."""
    if not saved.version:
        return None
    compared = (compare(saved, article) for article in archive.renamed(saved.version))
    return next((one for one in compared if one.state.is_good), None)


def compare(saved: SavedCitation, article: Article) -> VerifiedCitation:
    """What became of a citation in an article, which may be a revision of the one cited."""
    text = article.text
    there = text[saved.start : saved.end]
    if saved.quote is None:
        if saved.is_of(article.version) and there:
            return _found(saved, article, saved.start, saved.end)
        reason = "The article has changed, and the link does not say what the words were."
        return _result(saved, CitationState.UNCLEAR, reason, article)
    if _is_unmoved(saved, saved.quote, text):
        return _found(saved, article, saved.start, saved.end)
    found = _relocated(saved, saved.quote, text, least=1) or _in_sentence(saved, saved.quote, text)
    found = found or _relocated(saved, saved.quote, text, least=LEAST_SIMILARITY)
    if found is None:
        return _not_found(saved, article)
    if found.similarity == 1:
        return _found(saved, article, found.start, found.end)
    return _changed(saved, article, found.start, found.end)


def _is_unmoved(saved: SavedCitation, quote: str, text: str) -> bool:
    """Whether the words stand where they stood, in the same sentence as far as that is known."""
    before = text[max(0, saved.start - len(saved.before)) : saved.start]
    after = text[saved.end : saved.end + len(saved.after)]
    around = _same(before, saved.before) and _same(after, saved.after)
    return around and _same(text[saved.start : saved.end], quote)


def _relocated(saved: SavedCitation, quote: str, text: str, *, least: float) -> Relocation | None:
    return find_again(
        text,
        quote=quote,
        start=saved.start,
        before=saved.before,
        after=saved.after,
        least=least,
    )


def _in_sentence(saved: SavedCitation, quote: str, text: str) -> Relocation | None:
    """The place of a short quote in its whole sentence, if that stands in the article once."""
    before = len(Words.of(saved.before))
    whole = f"{saved.before}{quote}{saved.after}"
    begins = saved.start - len(saved.before)
    found = find_again(text, quote=whole, start=max(0, begins), before="", after="", least=1)
    quoted = len(Words.of(quote))
    if found is None or not quoted or whole == quote:
        return None
    words = Words.of(text[found.start : found.end])
    start, end = words.starts[before], words.ends[before + quoted - 1]
    return Relocation(found.start + start, found.start + end, 1.0)


def _same(one: str, other: str) -> bool:
    return normalise(one).text.split() == normalise(other).text.split()


def _found(saved: SavedCitation, article: Article, start: int, end: int) -> VerifiedCitation:
    stands = article.id == saved.article and start == saved.start
    state = CitationState.STANDS if stands else CitationState.MOVED
    reason = "" if stands else _moved_reason(saved, article)
    return _result(saved, state, reason, article, start, end)


def _moved_reason(saved: SavedCitation, article: Article) -> str:
    if article.id == saved.article:
        return "The words stand elsewhere in the article now."
    if saved.is_of(article.version):
        return f"The article is called {article.id} now."
    return f"The words stand in a newer revision, {article.id}."


def _changed(saved: SavedCitation, article: Article, start: int, end: int) -> VerifiedCitation:
    result = _result(
        saved, CitationState.CHANGED, "The article has other words here now.", article, start, end
    )
    changes = word_changes(str(saved.quote), article.text[start:end])
    return result.model_copy(update={"differences": changes})


def _not_found(saved: SavedCitation, article: Article) -> VerifiedCitation:
    """The words are gone, or stand at places that the context does not tell apart."""
    found = SearchableWords(Words.of(article.text).keys).find(
        Words.of(str(saved.quote)).keys, most=100
    )
    if found:
        many = "more than 100 places" if len(found) > 100 else f"{len(found)} of its places"
        reason = f"The article has these words at {many}, but in other contexts than before."
        return _result(saved, CitationState.UNCLEAR, reason, article)
    result = _result(saved, CitationState.CHANGED, "The words are gone from the article.", article)
    return result.model_copy(update={"differences": word_changes(str(saved.quote), "")})


def _result(
    saved: SavedCitation,
    state: CitationState,
    reason: str,
    article: Article | None = None,
    start: int | None = None,
    end: int | None = None,
) -> VerifiedCitation:
    moved = article is not None and article.id != saved.article
    return VerifiedCitation(
        where=saved.where,
        article=saved.article,
        title=saved.title if article is None else article.title,
        quote="" if saved.quote is None else saved.quote,
        state=state,
        reason=reason,
        start=start,
        end=end,
        words=None if article is None or start is None else article.text[start:end],
        article_now=article.id if article is not None and moved else None,
        version_now=None if article is None else article.version,
    )
