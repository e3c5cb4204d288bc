"""The conversation and the article pane of the chat as HTML, from the current generation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Final

from markupsafe import Markup

from pullquote.answering.retrieval.searcher import SearchResult
from pullquote.base.dates.day_text import moment_text
from pullquote.conversation import Conversation, Turn
from pullquote.conversation.models import forget_unknown
from pullquote.index import OpenGeneration
from pullquote.index.services import check_not_empty
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import (
    CLOSEST_SHOWN,
    Article,
    Citation,
    QuestionKind,
    Status,
    well_formed,
)
from pullquote.schema.errors import (
    ArticleWithheld,
    IndexDamaged,
    PullquoteError,
)
from pullquote.web.pages import render
from pullquote.web.requests import CitedSpan
from pullquote.web.state.browser_conversation import check_citations
from pullquote.web.state.examples import Examples
from pullquote.web.state.facets import CurrentFacets
from pullquote.web.state.near_misses import cite_passage
from pullquote.web.state.question import ShownChip, resolve_again
from pullquote.web.views.answer_view import is_silent, notice_html, place_of
from pullquote.web.views.articles.article_view import opened_article_html
from pullquote.web.views.articles.cited_article import changed_article_html, missing_article_html
from pullquote.web.views.permalinks import Link, permanent_link
from pullquote.web.views.turns import (
    RetryFailure,
    answered_html,
    waiting_html,
)
from pullquote.web.views.unready import RebuildStatus, UnreadyView

_LABELS = {
    QuestionKind.FACT: "A fact",
    QuestionKind.YES_NO: "Yes or no",
    QuestionKind.REASON: "A reason",
    QuestionKind.SPEECH: "What somebody said",
    QuestionKind.COMPARISON: "A comparison",
    QuestionKind.LIST: "A list",
    QuestionKind.KEYWORDS: "Keywords",
}


TEMPLATE: Final = "views/chat.html"

_pane_numbers = count(1)
"""A pane has a number so that the script scrolls when the same place is chosen again."""


class ChatViews:
    """Renders the conversation and the article; most errors become messages on the page.

    `rebuild` says what a rebuild in this process does.
    """

    def __init__(
        self, assistant: Assistant, rebuild: Callable[[], RebuildStatus] = RebuildStatus
    ) -> None:
        self._assistant = assistant
        self._unready = UnreadyView(assistant, rebuild)
        self._examples = Examples(assistant)
        self.facets = CurrentFacets(assistant)

    def turn(
        self,
        turn: Turn,
        *,
        chips: Sequence[ShownChip] | None = None,
        closest: Sequence[Citation] = (),
        current: bool = False,
        failure: RetryFailure | None = None,
    ) -> Markup:
        """A turn without the articles that may not be shown now.

        `chips` are those of a question that was just resolved.

        Raises:
            PullquoteError: there is no index to check the articles against.
        """
        if chips is None:
            chips = resolve_again(turn, self.facets.now().archive)[1].chips
        shown, since = check_citations(turn, self._look_up)
        return answered_html(shown, chips, since, closest=closest, current=current, failure=failure)

    @property
    def generation(self) -> str:
        """The name of the current generation; "" if there is none."""
        try:
            return self._assistant.generation.name
        except PullquoteError:
            return ""

    def article_pane(self, link: Link) -> str:
        """The article pane at the place of a link."""
        return str(
            render(
                TEMPLATE,
                "article_pane",
                number=next(_pane_numbers),
                link=permanent_link(link),
                place=link.place,
                content=self.article(link.place),
            )
        )

    def may_be_shown(self, conversation: Conversation) -> Conversation:
        """The conversation without words from articles that have since been withheld.

        Unknown fields are dropped: a newer version may quote any article in them.
        """
        turns = (check_citations(turn, self._look_up)[0].known for turn in conversation.turns)
        known = forget_unknown(conversation.model_copy(update={"turns": ()}))
        return known.model_copy(update={"turns": tuple(turns)})

    def article(self, place: CitedSpan | None) -> Markup:
        """The article of a place with its words marked, or a hint if no place is given."""
        if place is None:
            return render(TEMPLATE, "no_article")
        try:
            article = self._assistant.article(place.article)
        except ArticleWithheld as error:
            return notice_html(withheld_text(error))
        except PullquoteError:
            return missing_article_html(self._assistant, place)
        if place.version is not None and not article.version.startswith(place.version):
            return changed_article_html(self._assistant, article, place)
        return opened_article_html(self._assistant, article, range(place.start, place.end))

    def welcome(self) -> Markup:
        """The empty conversation: what pullquote does, and example questions."""
        try:
            generation = self._assistant.generation
            articles = generation.manifest.articles
            if articles == 0:
                check_not_empty(self._assistant.settings, generation)
            examples = self._shown_examples(generation)
        except PullquoteError as error:
            return self._unready.html(error)
        notice = _index_notice(generation)
        return render(TEMPLATE, "welcome", articles=articles, examples=examples, notice=notice)

    def unready(self) -> Markup | None:
        """Why nothing can be asked yet; None if questions can be asked."""
        try:
            check_not_empty(self._assistant.settings, self._assistant.generation)
        except PullquoteError as error:
            return self._unready.html(error)
        return None

    def waiting(self, link: Link) -> Markup | None:
        """A question that waits until there is an index; None if questions can be asked."""
        try:
            check_not_empty(self._assistant.settings, self._assistant.generation)
        except PullquoteError as error:
            return waiting_html(link, self._unready.below_question(error))
        return None

    def try_example(self) -> bool:
        """Try one more example question; whether there are more to try.

        Raises:
            PullquoteError: there is no index.
        """
        generation = self._assistant.generation
        self._examples.try_next(generation)
        return not self._examples.complete(generation)

    def examples(self) -> str:
        """The example questions found so far, for suggestions.js.

        Raises:
            PullquoteError: there is no index.
        """
        shown = self._shown_examples(self._assistant.generation)
        return str(render(TEMPLATE, "examples", shown))

    def _shown_examples(self, generation: OpenGeneration) -> Mapping[str, object]:
        """Example questions, each with its kind; `unfinished` if more are being looked for."""
        found = self._examples.found(generation)
        unfinished = not self._examples.complete(generation)
        labelled = [(_LABELS[one.kind], one.question) for one in found]
        return {"questions": labelled, "unfinished": unfinished}

    def damage_notice(self) -> str:
        """A message if the previous generation answers because the current one is damaged."""
        try:
            return _damage_text(self._assistant.damage)
        except PullquoteError as error:
            return str(error)

    def _look_up(self, article: str) -> Article | None:
        """The article as it is now; None if there is none with that id.

        Raises:
            ArticleWithheld: the article may not be shown.
        """
        generation = self._assistant.generation
        # To suggest an id, the assistant compares an unknown id with all others. That is slow.
        if not well_formed(article) or generation.stored_article(article) is None:
            return None
        return self._assistant.article(article)


def closest_of(found: SearchResult) -> list[Citation]:
    """The closest passages, to show until there is an answer, or if there is none."""
    return [cite_passage(hit) for hit in found.hits[:CLOSEST_SHOWN]]


def best_place(turn: Turn) -> CitedSpan | None:
    """The place of the best answer of a turn, if there is one."""
    reply = turn.reply
    if reply is None or is_silent(reply):
        return None
    return place_of(reply.answers[0].citations[0])


def withheld_text(error: ArticleWithheld) -> str:
    """Why an article is not shown."""
    if error.until is not None:
        return f"This article is under embargo until {moment_text(error.until)}."
    if error.status == Status.USABLE:
        return "This article is under embargo and its end date is not known, so it cannot be shown."
    action = "cancelled" if error.status == Status.CANCELED else error.status
    return f"This article has been {action} by its source, so it is no longer shown."


def _index_notice(generation: OpenGeneration) -> str:
    """What people should know about the index before they ask; "" if nothing."""
    progress = generation.manifest.progress
    notes = ["" if progress is None else progress.note, _damage_text(generation.damage)]
    return " ".join(note for note in notes if note)


def _damage_text(damage: IndexDamaged | None) -> str:
    if damage is None:
        return ""
    return f"Answers come from the previous version of the index. {damage}"
