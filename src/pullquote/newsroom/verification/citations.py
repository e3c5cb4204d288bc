"""Compares saved citations with the articles of an index."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

from pullquote.base.cancellation import check_cancelled
from pullquote.index import OpenGeneration
from pullquote.index.editions.history import is_version
from pullquote.newsroom.checking.normalise import normalise
from pullquote.newsroom.editions import StoredEdition, cited_edition
from pullquote.newsroom.relocation import Relocation, find_again
from pullquote.newsroom.relocation.relocate import SearchableWords, Words
from pullquote.newsroom.relocation.word_diff import word_changes
from pullquote.newsroom.verification.saved import SavedCitation
from pullquote.schema import Article, well_formed
from pullquote.schema.errors import ArticleUnknown, ArticleWithheld
from pullquote.schema.verification import CitationState, VerifiedCitation

LEAST_SIMILARITY = 0.5
"""Words less similar than this were not edited but replaced."""

MOST_CONTEXT = 1_000_000
"""Characters of an edition that is used as context; a longer one would take seconds."""

_MOST_RENAMED = 50
"""Articles of one file that are searched for the words of an article that is gone."""

_MOST_SUGGESTED = 20
"""Unknown articles for which similar ids are looked for; that takes 70 ms over 2,225 articles."""


def verify_citations(
    saved: Sequence[SavedCitation], generation: OpenGeneration, *, at: int | None = None
) -> list[VerifiedCitation]:
    """What became of each citation at a moment, in seconds since 1970; by default, now."""
    archive = _Archive(generation, int(time.time()) if at is None else at)
    found: list[VerifiedCitation] = []
    for one in saved:
        check_cancelled()
        found.append(_verified(one, archive))
    return found


class _Archive:
    """A generation with its superseded articles, and those by their version."""

    def __init__(self, generation: OpenGeneration, at: int) -> None:
        self._generation = generation
        self._at = at
        self._suggestions_left = _MOST_SUGGESTED

    def article(self, article: str) -> Article:
        """The article, or its newest revision.

        Raises:
            ArticleUnknown, ArticleWithheld: see `OpenGeneration.article`. After some unknown
                articles, the error names no similar ids.
        """
        newest = self._superseded.get(article, article)
        if self._is_unknown(newest):
            if not self._suggestions_left:
                raise ArticleUnknown(newest)
            self._suggestions_left -= 1
        return self._generation.article(newest)

    def _is_unknown(self, article: str) -> bool:
        """Whether the index has no such article; if its files disagree, it is damaged instead."""
        if well_formed(article) and self._generation.stored_article(article) is not None:
            return False
        return article not in self._versions

    def renamed(self, version: str) -> Iterator[Article]:
        """The articles of that version that may be shown."""
        first = bisect_left(self._by_version, (version, ""))
        for known, article in self._by_version[first : first + _MOST_RENAMED]:
            if not known.startswith(version):
                return
            check_cancelled()
            try:
                yield self.article(article)
            except (ArticleUnknown, ArticleWithheld):
                continue

    def cited(self, saved: SavedCitation) -> StoredEdition | None:
        """The edition that a citation quotes; None if the index does not have it."""

        def holds(article: Article) -> bool:
            there = article.text[saved.start : saved.end]
            return bool(there) and (saved.quote is None or _same(there, saved.quote))

        if saved.quote is None and not saved.version:
            return None
        return cited_edition(self._generation, saved.article, saved.version, holds)

    def last_seen(self, article: str) -> int | None:
        """When the last edition of an article that was removed ended."""
        return max((one.until for one in self._generation.history.of(article)), default=None)

    @cached_property
    def _superseded(self) -> dict[str, str]:
        return self._generation.superseded(at=self._at)

    @cached_property
    def _versions(self) -> dict[str, str]:
        return self._generation.article_versions()

    @cached_property
    def _by_version(self) -> list[tuple[str, str]]:
        return sorted((version, id) for id, version in self._versions.items())


def _verified(saved: SavedCitation, archive: _Archive) -> VerifiedCitation:
    try:
        article = archive.article(saved.article)
    except ArticleWithheld as error:
        return _result(saved, CitationState.WITHDRAWN, str(error))
    except ArticleUnknown as error:
        return _renamed(saved, archive) or _gone(saved, archive, error)
    result = compare(saved, article)
    if result.state is CitationState.STANDS and saved.is_of(article.version):
        return result
    return _compared(saved, article, archive.cited(saved))


def _renamed(saved: SavedCitation, archive: _Archive) -> VerifiedCitation | None:
    """The citation in a file with the same bytes under another name; None if there is none."""
    if saved.version is None or not is_version(saved.version):
        return None
    compared = (compare(saved, article) for article in archive.renamed(saved.version))
    return next((one for one in compared if one.state.is_good), None)


def _gone(saved: SavedCitation, archive: _Archive, error: ArticleUnknown) -> VerifiedCitation:
    """The citation of an article that is not in the index, at least not under its old name."""
    cited = archive.cited(saved)
    if cited is None:
        return _result(saved, CitationState.GONE, str(error))
    if cited.article.id != saved.article:
        with suppress(ArticleUnknown, ArticleWithheld):
            return _compared(saved, archive.article(cited.article.id), cited)
    quoting = with_edition(saved, cited.article)
    reason = "The index no longer has the article. It had these words until it was removed."
    if cited.until != archive.last_seen(cited.article.id):
        reason = "The index no longer has the article. An earlier edition had these words."
    result = _result(quoting, CitationState.GONE, reason)
    return result.model_copy(update={"edition": cited.facts, "title": cited.article.title})


def _compared(
    saved: SavedCitation, article: Article, cited: StoredEdition | None
) -> VerifiedCitation:
    """The citation in an article, compared with the edition that it quotes, if that is stored."""
    if cited is None or len(cited.article.text) > MOST_CONTEXT:
        return compare(saved, article)
    result = compare(saved, article, edition=cited.article)
    if cited.until is None or cited.article.text == article.text:
        return result
    return result.model_copy(update={"edition": cited.facts})


def with_edition(saved: SavedCitation, edition: Article) -> SavedCitation:
    """The citation with its words and all the text around them, as they were in an edition."""
    text = edition.text
    quote = text[saved.start : saved.end] if saved.quote is None else saved.quote
    return replace(saved, quote=quote, before=text[: saved.start], after=text[saved.end :])


def compare(
    saved: SavedCitation, article: Article, *, edition: Article | None = None
) -> VerifiedCitation:
    """What became of a citation in an article, which may be a revision of the one cited.

    `edition` is the edition of the article that it quotes, if that is known.
    """
    text = article.text
    there = text[saved.start : saved.end]
    if saved.quote is None and edition is None:
        if saved.is_of(article.version) and there:
            return _found(saved, article, saved.start, saved.end)
        reason = "The article has changed, and the link does not say what the words were."
        return _result(saved, CitationState.UNCLEAR, reason, article)
    whole = saved if edition is None else with_edition(saved, edition)
    quote = str(whole.quote)
    saved = replace(saved, quote=quote)
    if _is_unmoved(whole, quote, text):
        return _found(saved, article, saved.start, saved.end)
    found = _relocated(whole, quote, text, least=1) or _in_sentence(saved, quote, text)
    found = found or _relocated(whole, quote, text, least=LEAST_SIMILARITY)
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
