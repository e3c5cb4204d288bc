"""What happens when someone asks, opens a citation or begins anew: events -> HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import gradio as gr

from pullquote.assistant import Assistant
from pullquote.errors import PullquoteError, SettingsError
from pullquote.index import Generation
from pullquote.web.conversation import Panes, conversation_html, looking, refused, to_ask
from pullquote.web.markup import escape
from pullquote.web.references import Link, parse_link, permanent_link
from pullquote.web.render import notice_html, place_attributes
from pullquote.web.requests import parse_place, parse_search

TURNS_KEPT = 50
"""Turns that a browser tab keeps on the page and in the server's memory."""

_BACK = '<button type="button" class="pq-back">Back to the answers</button>'
"""Shown where the article stands below the conversation, on a phone."""

_views = count(1)


@dataclass(frozen=True, slots=True)
class _Choices:
    """The sources and sections of the generation of that name."""

    generation: str
    sources: tuple[str, ...]
    sections: tuple[str, ...]


class Handlers:
    """The page's events. What they yield is, in order: conversation, article, turns, question."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._panes = Panes(assistant)
        self._known = _Choices("", (), ())

    def begin(self, request: gr.Request) -> tuple[str, str, gr.Dropdown, gr.Dropdown]:
        """The page as its address says, with the sources and sections that the index holds now."""
        try:
            generation = self._assistant.generation
            if self._known.generation != generation.name:
                self._known = _choices(generation)
        except PullquoteError:
            self._known = _Choices("", (), ())
        known = self._known
        conversation, article = self._opened(dict(request.query_params))
        return (
            conversation,
            article,
            gr.Dropdown(choices=list(known.sources)),
            gr.Dropdown(choices=list(known.sections)),
        )

    def _opened(self, query: dict[str, str]) -> tuple[str, str]:
        """Conversation and article as an address opens them."""
        try:
            link = parse_link(query)
        except SettingsError as error:
            return self._panes.welcome(), notice_html(str(error))
        asked = conversation_html([to_ask(link.question)]) if link.question else None
        return asked or self._panes.welcome(), self._view(link)

    def answer(
        self,
        question: str,
        turns: list[str],
        comments: bool,
        since: str | None,
        until: str | None,
        sources: list[str],
        sections: list[str],
    ) -> Iterator[tuple[Any, ...]]:
        """The question at once, then the closest passages, then what came of it."""
        # The box is emptied now and not with the answer, which would wipe what is typed meanwhile.
        yield conversation_html([*turns, looking(question)]), gr.skip(), gr.skip(), ""
        try:
            search = parse_search(
                question=question,
                comments=comments,
                since=since,
                until=until,
                sources=sources,
                sections=sections,
            )
            found = self._panes.find(search)
            closest = conversation_html([*turns, self._panes.closest(found)])
            yield closest, gr.skip(), gr.skip(), gr.skip()
            turn = self._panes.answer(found)
        except PullquoteError as error:
            kept = [*turns, refused(question, error)][-TURNS_KEPT:]
            yield conversation_html(kept), gr.skip(), kept, question
        else:
            kept = [*turns, turn.html][-TURNS_KEPT:]
            yield conversation_html(kept), self._view(Link(turn.place, question)), kept, gr.skip()

    def answer_example(
        self,
        event: gr.EventData,
        turns: list[str],
        *filters: Any,  # noqa: ANN401 - they go on as they came
    ) -> Iterator[tuple[Any, ...]]:
        """What `answer` yields for the question on the button that was pressed."""
        yield from self.answer(str(event.question), turns, *filters)

    def restore(
        self,
        event: gr.EventData,
        turns: list[str],
        *filters: Any,  # noqa: ANN401 - they go on as they came
    ) -> Iterator[tuple[Any, ...]]:
        """What `answer` yields for the question of the page's address.

        The article stays that of the address, where that names one.
        """
        keeps = bool(getattr(event, "keeps", False))
        for conversation, article, *others in self.answer(str(event.question), turns, *filters):
            yield conversation, gr.skip() if keeps else article, *others

    def open_citation(self, event: gr.EventData) -> str:
        """The article of the citation that was chosen, with its words marked."""
        try:
            place = parse_place(getattr(event, "place", None))
            return self._view(Link(place, str(getattr(event, "question", ""))))
        except SettingsError as error:
            return notice_html(str(error))

    def clear(self) -> tuple[str, str, list[str], str]:
        """The empty page."""
        return self._panes.welcome(), self._view(Link()), [], ""

    def _view(self, link: Link) -> str:
        """The article pane; numbered, so that choosing the same place again scrolls to it again."""
        place = link.place
        article = self._panes.article(place)
        back = _BACK if place is not None else ""
        named = "" if place is None else place_attributes(place)
        return (
            f'<div data-view="{next(_views)}" data-link="{escape(permanent_link(link))}"{named}>'
            f"{article}{back}</div>"
        )


def _choices(generation: Generation) -> _Choices:
    """What can be chosen from in a generation, as some article of each writes it."""
    sources, sections = (generation.store.articles_by(fact) for fact in ("source", "section"))
    return _Choices(
        generation.name, tuple(sorted(filter(None, sources))), tuple(sorted(filter(None, sections)))
    )
