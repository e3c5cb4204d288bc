"""What the two panes of the chat show, as HTML; every error becomes a polite message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pullquote.assistant import Assistant, Found
from pullquote.errors import IndexDamaged, PullquoteError
from pullquote.schema import Reply
from pullquote.web.closest import cite_passage, missing_from
from pullquote.web.examples import Examples
from pullquote.web.markup import escape
from pullquote.web.render import (
    CLOSEST_SHOWN,
    answer_html,
    answer_said,
    closest_html,
    is_silent,
    notice_html,
    place_of,
    question_html,
)
from pullquote.web.requests import Place, Search
from pullquote.web.timeline import timeline_html
from pullquote.web.tools import tools_html
from pullquote.web.typeset import article_html

QUESTION_SHOWN = 300
"""Characters of a question that stand above its answer."""

_NO_ARTICLE = (
    '<div class="pq-empty"><p>Choose a citation, and the article opens here at the words it '
    "quotes.</p></div>"
)
_LOOKING = '<p class="pq-looking">Looking through the articles…</p>'


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with what came of it; `place` is where the best answer stands."""

    html: str
    place: Place | None


class Panes:
    """Renders the conversation and the article, always from the current generation."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._examples = Examples(assistant)

    def find(self, search: Search) -> Found:
        """What there is to read for a question.

        Raises:
            PullquoteError: it cannot be asked, or there is no index to ask.
        """
        return self._assistant.find(search.question, k=search.k, filters=search.filters)

    def closest(self, found: Found) -> str:
        """The question with the passages that are being read."""
        near = [cite_passage(hit) for hit in found.hits[:CLOSEST_SHOWN]]
        said = "Reading the closest passages." if near else ""
        return turn_html(found.question.text, closest_html(near) or _LOOKING, said, busy=True)

    def answer(self, found: Found) -> Turn:
        """The question answered.

        Raises:
            PullquoteError: the index or the reader fails.
        """
        reply = self._assistant.read(found)
        silent = is_silent(reply)
        said = answer_html(
            reply,
            closest=[cite_passage(hit) for hit in found.hits[:CLOSEST_SHOWN]] if silent else (),
            missing=missing_from(found) if silent else None,
        )
        below = said + timeline_html(reply) + _damage_html(self._assistant.damage)
        return Turn(turn_html(found.question.text, below, answer_said(reply)), _best_place(reply))

    def article(self, place: Place | None) -> str:
        """The article of a place with its words marked, or a hint where there is no place."""
        if place is None:
            return _NO_ARTICLE
        try:
            article = self._assistant.article(place.article)
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
            examples = self._examples.offered(generation)
        except PullquoteError as error:
            return notice_html(str(error))
        count = generation.manifest.articles
        noun = "article" if count == 1 else "articles"
        return (
            f'<div class="pq-empty"><p class="pq-lede">Ask {count:,} {noun} a question. Every '
            "answer is a quotation, with the place where it stands.</p>"
            f"{_examples_html(examples)}</div>{_damage_html(generation.damage)}"
        )


def refused(question: str, error: PullquoteError) -> str:
    """The question with the reason why it was not answered."""
    return turn_html(question, notice_html(str(error)), str(error))


def looking(question: str) -> str:
    """The question while it is being answered."""
    return turn_html(question, _LOOKING, "Looking through the articles.", busy=True)


def to_ask(question: str) -> str:
    """A question that the page is to ask as soon as it is there, as if it had been typed."""
    asking = turn_html(question, _LOOKING, "", busy=True)
    return asking.replace("<section ", "<section data-ask ", 1)


def turn_html(question: str, below: str, said: str, *, busy: bool = False) -> str:
    """One question and what stands below it; `said` is what a screen reader speaks of it."""
    shown = question if len(question) <= QUESTION_SHOWN else f"{question[:QUESTION_SHOWN]}…"
    return (
        f'<section class="pq-turn" data-asked="{escape(question)}" data-said="{escape(said)}" '
        f'aria-busy="{str(busy).lower()}">{question_html(shown)}{below}</section>'
    )


def conversation_html(turns: Sequence[str]) -> str:
    """All turns, oldest first."""
    return f'<div class="pq-turns">{"".join(turns)}</div>'


def _damage_html(damage: IndexDamaged | None) -> str:
    """A remark where the generation before answers, because the current one is damaged."""
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


def _best_place(reply: Reply) -> Place | None:
    if is_silent(reply):
        return None
    return place_of(reply.answers[0].citations[0])
