"""Leaves the words of withheld articles out of stored changes."""

from __future__ import annotations

from pullquote.index import OpenGeneration
from pullquote.newsroom.watchlist.models import WatchChange, WatchedAnswer
from pullquote.schema import Citation
from pullquote.schema.errors import ArticleUnknown, ArticleWithheld

WITHHELD = "Words of an article that may not be shown are left out."


class WithheldWords:
    """Removes what an index may not show now. An article that is gone may be quoted."""

    def __init__(self, generation: OpenGeneration) -> None:
        self._generation = generation
        self._known: dict[str, bool] = {}

    def without(self, change: WatchChange) -> WatchChange:
        """The change without words of withheld articles."""
        shown = {
            "old": self._answer(change.old),
            "new": self._answer(change.new),
            "correction": self._citation(change.correction),
        }
        if all(getattr(change, name) == value for name, value in shown.items()):
            return change
        return change.model_copy(update={**shown, "reason": WITHHELD})

    def _answer(self, answer: WatchedAnswer | None) -> WatchedAnswer | None:
        return None if answer is None or self._is_withheld(answer.citation.article) else answer

    def _citation(self, cited: Citation | None) -> Citation | None:
        return None if cited is None or self._is_withheld(cited.article) else cited

    def _is_withheld(self, article: str) -> bool:
        if article not in self._known:
            try:
                self._generation.article(article)
                self._known[article] = False
            except ArticleUnknown:
                self._known[article] = False
            except ArticleWithheld:
                self._known[article] = True
        return self._known[article]
