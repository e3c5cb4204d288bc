"""What the two panes of the chat show, as HTML; every error becomes a polite message."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from pullquote.assistant import Assistant
from pullquote.conversation import Conversation, Turn
from pullquote.conversation.citation_format import moment_text
from pullquote.errors import ArticleWithheld, IndexDamaged, PullquoteError
from pullquote.retrieval.search_result import SearchResult
from pullquote.schema import Article, Citation, Filters, Reply, Status, well_formed
from pullquote.services import check_not_empty
from pullquote.web.requests import CitedSpan
from pullquote.web.state.browser_conversation import check_citations
from pullquote.web.state.examples import Examples
from pullquote.web.state.facets import CurrentFacets
from pullquote.web.state.near_misses import cite_passage
from pullquote.web.state.question import chips_of
from pullquote.web.views.article_view import article_html
from pullquote.web.views.markup import escape
from pullquote.web.views.permalinks import Link, permanent_link
from pullquote.web.views.render import (
    CLOSEST_SHOWN,
    closest_html,
    is_silent,
    notice_html,
    place_attributes,
    place_of,
)
from pullquote.web.views.toolbar import tools_html
from pullquote.web.views.turns import Head, Refusal, answered_html, reading_html

_NO_ARTICLE = (
    '<div class="pq-empty"><p>Choose a citation, and the article opens here at the words it '
    "quotes.</p></div>"
)

_BACK = '<button type="button" class="pq-back">Back to the answers</button>'
"""Shown where the article stands below the conversation, on a phone."""

_views = count(1)


class Panes:
    """Renders the conversation and the article, always from the current generation."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._examples = Examples(assistant)
        self.shelf = CurrentFacets(assistant)

    def find(self, question: str, filters: Filters) -> SearchResult:
        """What there is to read for a question.

        Raises:
            PullquoteError: it cannot be asked, or there is no index to ask.
        """
        return self._assistant.find(question, filters=filters)

    def read(self, found: SearchResult) -> Reply:
        """The answers in what was found.

        Raises:
            PullquoteError: the index or the reader fails.
        """
        return self._assistant.read(found)

    def reading(self, head: Head, found: SearchResult) -> str:
        """The question with the passages that are being read."""
        return reading_html(head, closest_html(closest_of(found)))

    def turn(
        self,
        turn: Turn,
        *,
        closest: Sequence[Citation] = (),
        current: bool = False,
        refusal: Refusal | None = None,
    ) -> str:
        """A turn as it may be shown now."""
        chips = chips_of(turn, self.shelf.now().archive)
        shown, since = check_citations(turn, self._look)
        return answered_html(shown, chips, since, closest=closest, current=current, refusal=refusal)

    @property
    def generation(self) -> str:
        """The name of the generation that shows what is shown; "" where there is none."""
        try:
            return self._assistant.generation.name
        except PullquoteError:
            return ""

    def view(self, link: Link) -> str:
        """The article pane; numbered, so that choosing the same place again scrolls to it again."""
        place = link.place
        back = _BACK if place is not None else ""
        named = "" if place is None else place_attributes(place)
        return (
            f'<div data-view="{next(_views)}" data-link="{escape(permanent_link(link))}"{named}>'
            f"{self.article(place)}{back}</div>"
        )

    def may_be_shown(self, conversation: Conversation) -> Conversation:
        """The conversation without the words of articles that have been withheld since.

        Unknown fields go: a newer version may quote any article in them.
        """
        turns = (check_citations(turn, self._look)[0].known for turn in conversation.turns)
        return Conversation(version=conversation.version, turns=tuple(turns))

    def article(self, place: CitedSpan | None) -> str:
        """The article of a place with its words marked, or a hint where there is no place."""
        if place is None:
            return _NO_ARTICLE
        try:
            article = self._assistant.article(place.article)
        except ArticleWithheld as error:
            return notice_html(withheld_text(error))
        except PullquoteError:
            gone = f"{place.article} is no longer in the index. Ask again to see what is there now."
            return notice_html(gone)
        if place.version is not None and not article.version.startswith(place.version):
            changed = (
                "This article has changed since it was cited, so no words are marked. Ask again "
                "to find them where they stand now."
            )
            return tools_html(article, range(0)) + notice_html(changed) + article_html(article)
        cut = range(place.start, place.end)
        return tools_html(article, cut) + article_html(article, [cut])

    def welcome(self) -> str:
        """The empty conversation: what this is, and questions to begin with."""
        try:
            generation = self._assistant.generation
            count = generation.manifest.articles
            if count == 0:
                check_not_empty(self._assistant.settings, generation)
            examples = self._examples.offered(generation)
        except PullquoteError as error:
            return notice_html(str(error))
        noun = "article" if count == 1 else "articles"
        return (
            f'<div class="pq-empty"><p class="pq-lede">Ask {count:,} {noun} a question. Every '
            "answer is a quotation, with the place where it stands.</p>"
            f"{_examples_html(examples)}</div>{_damage_html(generation.damage)}"
        )

    def damage(self) -> str:
        """A remark where the generation before answers, because the current one is damaged."""
        try:
            return _damage_html(self._assistant.damage)
        except PullquoteError as error:
            return notice_html(str(error))

    def _look(self, article: str) -> Article | None:
        """The article as it is now; None where there is none of that id.

        Raises:
            ArticleWithheld: it may not be shown.
        """
        generation = self._assistant.generation
        # Asked for by name, one that is missing is compared with all the others.
        if not well_formed(article) or generation.stored_article(article) is None:
            return None
        return self._assistant.article(article)


def closest_of(found: SearchResult) -> list[Citation]:
    """The passages that are shown before an answer, and where there is none."""
    return [cite_passage(hit) for hit in found.hits[:CLOSEST_SHOWN]]


def best_place(turn: Turn) -> CitedSpan | None:
    """Where the best answer of a turn stands, if there is one."""
    reply = turn.reply
    if reply is None or is_silent(reply):
        return None
    return place_of(reply.answers[0].citations[0])


def withheld_text(error: ArticleWithheld) -> str:
    """Why an article is not shown, for whoever chose a citation of it."""
    if error.until is not None:
        return f"This article is under an embargo until {moment_text(error.until)}. It opens then."
    if error.status == Status.USABLE:
        return "This article is under an embargo whose end is not known, so it is not shown."
    return f"This article has been {error.status} by its source, so it is not shown any more."


def _damage_html(damage: IndexDamaged | None) -> str:
    return "" if damage is None else notice_html(f"The generation before answers. {damage}")


def _examples_html(questions: Sequence[str]) -> str:
    """Questions that can be asked by choosing them."""
    items = "".join(
        f'<li><button type="button" class="pq-example" data-question="{escape(question)}">'
        f"{escape(question)}</button></li>"
        for question in questions
    )
    offered = f'<p>Try one that it answers:</p><ul class="pq-examples">{items}</ul>'
    return offered if items else ""
