"""The chat page: conversation and question box on the left, the cited article on the right."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any, Final, Literal

import gradio as gr
from gradio.components import Component
from gradio.events import api

from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import PullquoteError
from pullquote.web.api.endpoints import Endpoints
from pullquote.web.gradio.answering import Answering
from pullquote.web.gradio.handlers import Handlers
from pullquote.web.gradio.queue import Handler, in_turn
from pullquote.web.pages import render, script
from pullquote.web.scheduler import Scheduler
from pullquote.web.slots import CallerLeft
from pullquote.web.state.browser_conversation import SENT_TURNS
from pullquote.web.views.chat_views import ChatViews
from pullquote.web.views.filter_form import filter_form_html


def suggesting(views: ChatViews, scheduler: Scheduler) -> Callable[[], AsyncIterator[str]]:
    """The handler; it tries one question at a time, in turn with the questions of others."""

    async def suggest() -> AsyncIterator[str]:
        """The example questions found so far, each time that one more has been tried."""
        try:
            while await scheduler.read(views.try_example):
                yield views.examples()
            yield views.examples()
        except (PullquoteError, CallerLeft):
            return  # the page can do without

    return suggest


TEMPLATE: Final = "views/chat.html"


def build_chat(assistant: Assistant, scheduler: Scheduler, views: ChatViews) -> gr.Blocks:
    """The page and its API endpoints for one assistant; the scheduler runs their work."""
    endpoints = Endpoints(assistant, scheduler)
    handlers = Handlers(views)
    answering = Answering(assistant, views, scheduler, most=assistant.settings.body_bytes // 2)
    chat: gr.Blocks
    with gr.Blocks(title="pullquote", analytics_enabled=False) as chat:
        gr.HTML(str(render(TEMPLATE, "header")), elem_id="pq-header", js_on_load=script("keys"))
        with gr.Row(elem_id="pq-work"):
            with gr.Column(elem_id="pq-ask", min_width=0):
                actions = _Actions()
                conversation = _conversation()
                controls = _Controls()
            article = gr.HTML(
                "",
                elem_id="pq-article",
                apply_default_css=False,
                js_on_load=script("find", "archive", "article"),
            )
        gr.HTML(
            str(render("views/conversations.html", "panel")),
            elem_id="pq-library",
            apply_default_css=False,
            js_on_load=script("conversation_list"),
        )
        suggested = gr.HTML(
            "", elem_id="pq-suggested", apply_default_css=False, js_on_load=script("suggestions")
        )
        shown: list[Component] = [conversation, article, controls.question]
        runs = partial(in_turn, scheduler)
        controls.wire(answering, conversation, shown)
        actions.wire(handlers, runs, controls.saved, shown)
        # To send only the last of several events, Gradio (6.31) would send the data of the first.
        opens = runs(handlers.open_citation, "The article could not be opened.")
        _on(conversation.cite, opens, [], [article], trigger_mode="multiple")
        checks = runs(
            handlers.show_anew,
            "Whether the articles quoted above have changed could not be checked.",
        )
        _on(conversation.anew, checks, [controls.saved], [conversation])
        reopens = runs(
            handlers.open_conversation,
            "The conversation could not be opened.",
            instead=handlers.unopened,
        )
        _on(conversation.opened, reopens, [controls.saved], [conversation, article])
        suggest = suggesting(views, scheduler)
        _on(suggested.wanted, suggest, [], [suggested], trigger_mode="once")
        begun = [conversation, article, controls.filters]
        begins = runs(
            handlers.begin,
            "Your conversation could not be shown.",
            instead=handlers.not_begun,
        )
        _on(chat.load, begins, [controls.saved], begun, trigger_mode="once")
        for call in (endpoints.ask, endpoints.retrieve, endpoints.article, endpoints.check):
            api(call, api_name=call.__name__, concurrency_limit=None)
    return chat


class _Controls:
    """The question box, its button and the filters."""

    def __init__(self) -> None:
        self.saved = gr.Textbox(visible=False)  # saved_conversation.js fills it
        with gr.Row(elem_id="pq-line"):
            self.question = gr.Textbox(
                label="Your question",
                placeholder="Ask the articles a question",
                lines=1,
                max_lines=4,
                scale=1,
                min_width=0,
                elem_id="pq-question",
            )
            self.send = gr.Button(
                "Ask", variant="primary", scale=0, min_width=84, elem_id="pq-send"
            )
        self.narrowed = gr.Textbox(visible=False)  # saved_conversation.js fills it, as in a link
        # The template is fixed, so Gradio leaves the element to filters.js. The value has the
        # choices, which each page gets when it loads.
        self.filters = gr.HTML(
            "",
            elem_id="pq-filters",
            html_template=str(filter_form_html()),
            apply_default_css=False,
            js_on_load=script("filters", "combobox"),
        )

    def wire(self, answering: Answering, conversation: gr.HTML, shown: Sequence[Component]) -> None:
        """Connect the events that ask a new question or repeat one."""
        asks = partial(_on, outputs=shown, sent="recent")
        narrowed = self.narrowed
        chosen = partial(asks, narrowed=True)
        pressed = partial(gr.on, [self.question.submit, self.send.click])
        chosen(pressed, answering.answer, [self.saved, self.question, narrowed])
        chosen(conversation.example, answering.answer_example, [self.saved, narrowed])
        asks(conversation.restore, answering.restore, [self.saved])
        asks(conversation.again, answering.again, [self.saved], sent="asked")


class _Actions:
    """Buttons for a whole conversation, shown above the first turn as soon as there is one."""

    def __init__(self) -> None:
        with gr.Row(elem_id="pq-actions"):
            self.markdown, self.json, self.clear = (
                gr.Button(label, variant="secondary", size="sm", scale=0, min_width=0)
                for label in ("Save as Markdown", "Save as JSON", "New conversation")
            )
            gr.HTML(
                str(render("views/evidence.html", "packing", "this conversation", True)),
                elem_id="pq-whole-pack",
                apply_default_css=False,
            )
        self.download = gr.HTML(
            "", elem_id="pq-download", apply_default_css=False, js_on_load=script("download")
        )

    def wire(
        self,
        handlers: Handlers,
        runs: Callable[[Handler, str], Handler],
        saved: Component,
        shown: Sequence[Component],
    ) -> None:
        """Connect the buttons."""
        clears = runs(handlers.clear, "The conversation could not be cleared.")
        _on(self.clear.click, clears, [], shown)
        for button, handler in (
            (self.markdown, handlers.save_markdown),
            (self.json, handlers.save_json),
        ):
            saves = runs(handler, "The conversation could not be saved as a file.")
            _on(button.click, saves, [saved], [self.download])


def _on(
    listen: Callable[..., Any],
    handler: Callable[..., Any],
    inputs: Sequence[Component],
    outputs: Sequence[Component],
    *,
    sent: Literal["all", "recent", "asked"] = "all",
    narrowed: bool = False,
    trigger_mode: str = "always_last",
) -> None:
    """Connect an event to a handler; its first input, if any, is the saved conversation.

    If `narrowed` is true, its last input are the filters that are chosen in the drawer.

    `sent` says which turns the browser sends: all, the most recent ones, or the turn that is
    asked again and those before it.

    All work waits in the scheduler's queue, like questions that come in otherwise. In Gradio's own
    queue (6.31), one call would wait for the whole work on each call before it.
    """
    listen(
        handler,
        inputs=list(inputs),
        outputs=list(outputs),
        js=_saved_script(len(inputs), sent, narrowed=narrowed) if inputs else None,
        show_progress="hidden",
        concurrency_limit=None,
        trigger_mode=trigger_mode,
        api_visibility="private",
    )


def _saved_script(inputs: int, sent: str, *, narrowed: bool) -> str:
    """The script saved_conversation.js for an event with that many inputs."""
    text = script("saved_conversation")
    for name, value in {
        "INPUTS": str(inputs),
        "SENT": f'"{sent}"',
        "MOST": str(SENT_TURNS),
        "NARROWED": str(narrowed).lower(),
    }.items():
        text = text.replace(name, value)
    return text


def _conversation() -> gr.HTML:
    """The conversation. Its template is fixed, so Gradio leaves the element to conversation.js."""
    return gr.HTML(
        "",
        elem_id="pq-conversation",
        html_template=str(render(TEMPLATE, "conversation")),
        apply_default_css=False,
        js_on_load=script(
            *("history", "conversation_store", "conversation", "narrowing"),
            *("copying", "evidence", "remarks", "draft", "unready"),
        ),
    )
