"""The article of a permanent link or citation, as it is now, if it has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pullquote.index.editions.history import is_version
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.relocation.word_diff import shortened
from pullquote.newsroom.verification import SavedCitation, verify_citations
from pullquote.schema import Article, CitationState, VerifiedCitation, WordDifference
from pullquote.schema.errors import PullquoteError
from pullquote.schema.verification import Edition
from pullquote.web.pages import render
from pullquote.web.requests import CitedSpan
from pullquote.web.views.answer_view import notice_html
from pullquote.web.views.articles.article_view import opened_article_html

MOST_COMPARED = 200_000
"""Characters of an article whose changes are shown; more would make the page slow."""

_UNKNOWN: Final = (
    "This article has changed since it was cited, so the quoted words are not marked. "
    "Ask again to find them in the new text."
)


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """What became of cited words, as the template needs it.

    `earlier` are the words as they were cited; "" if `words` shows them or they are the same.
    `words` are the cited words and those of today, and `article` both texts, shortened.
    """

    message: str
    edition: Edition | None
    earlier: str = ""
    words: Sequence[WordDifference] = ()
    article: Sequence[WordDifference] = ()


def changed_article_html(assistant: Assistant, article: Article, place: CitedSpan) -> Markup:
    """The article with its cited words marked where they stand now, and what has changed.

    `place` names another version of the article.
    """
    found = _verified(assistant, place)
    if found is None or (found.edition is None and found.start is None):
        return opened_article_html(assistant, article, range(0), notice_html(_UNKNOWN))
    return _found_html(assistant, found, article.id)


def missing_article_html(assistant: Assistant, place: CitedSpan) -> Markup:
    """What is known about an article that the index no longer has under its id."""
    gone = f"{place.article} is no longer in the index."
    found = _verified(assistant, place)
    if found is not None and found.article_now is not None:
        return _found_html(assistant, found, found.article_now)
    if found is None or found.edition is None:
        return notice_html(f"{gone} Ask again to get answers from the current articles.")
    message = f"{gone} It had these words:"
    return _change_html(ArticleChange(message, found.edition, earlier=found.quote))


def _found_html(assistant: Assistant, found: VerifiedCitation, article: str) -> Markup:
    try:
        now = assistant.article(article if found.article_now is None else found.article_now)
    except PullquoteError as error:  # a rebuild has just removed it
        return notice_html(str(error))
    cited = range(0) if found.start is None or found.end is None else range(found.start, found.end)
    notice: Markup | None
    if found.edition is not None:
        notice = _change_html(_change_of(assistant, found, found.edition, now))
    else:  # the file was renamed, or only other articles of it have changed
        notice = notice_html(found.reason) if found.reason else None
    return opened_article_html(assistant, now, cited, notice)


def _verified(assistant: Assistant, place: CitedSpan) -> VerifiedCitation | None:
    """What became of the words at a place; None if it has none, or if that cannot be told."""
    saved = SavedCitation(place.article, place.start, place.end, None, place.version)
    if place.version is None or not is_version(place.version) or place.start >= place.end:
        return None
    try:
        [found] = verify_citations([saved], assistant.generation)
    except PullquoteError:
        return None
    return found


def _change_of(
    assistant: Assistant, found: VerifiedCitation, edition: Edition, now: Article
) -> ArticleChange:
    article = _article_changes(assistant, edition, now)
    if found.state.is_good:
        message = "The article has changed since; the words stand here now."
        return ArticleChange(message, edition, article=article)
    if found.start is not None:
        message = "The article has changed since; it has other words here now."
        return ArticleChange(message, edition, words=found.differences, article=article)
    message = "These words are no longer in the article where they were cited:"
    if found.state is CitationState.CHANGED:
        message = "These words are no longer in the article:"
    return ArticleChange(message, edition, earlier=found.quote, article=article)


def _article_changes(
    assistant: Assistant, edition: Edition, now: Article
) -> Sequence[WordDifference]:
    """The words that changed since an edition; none if the articles are long or not the same."""
    if edition.article != now.id or max(edition.characters, len(now.text)) > MOST_COMPARED:
        return ()
    try:
        changes = assistant.editions.changes(now.id, old=edition.version)
    except PullquoteError:
        return ()
    return shortened(changes.differences) if changes.has_changes else ()


def _change_html(change: ArticleChange) -> Markup:
    return render("views/cited_article.html", "change", change)
