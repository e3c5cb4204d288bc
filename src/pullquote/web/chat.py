"""The page: conversation and question box on the left, the cited article on the right."""

from __future__ import annotations

from importlib.resources import files

import gradio as gr
from gradio.components import Component
from gradio.events import api

from pullquote.assistant import Assistant
from pullquote.web.endpoints import Endpoints
from pullquote.web.handlers import Handlers

AT_ONCE = 2
"""Questions read at a time; the rest wait in the queue. Each keeps a core busy."""

_HEADER = (
    '<a class="pq-skip" href="#pq-question" data-to="#pq-question textarea">To the question</a>'
    '<a class="pq-skip" href="#pq-article" data-to="#pq-article [role=region]">To the article</a>'
    '<header class="pq-header"><h1>pullquote</h1>'
    "<p>Answers in the exact words of the archive, with their place.</p>"
    '<nav aria-label="Pages"><a href="corpus">Corpus</a></nav>'
    '<p id="pq-status" class="pq-hidden" role="status"></p></header>'
)


def build_chat(assistant: Assistant) -> gr.Blocks:
    """The page and its named endpoints over one assistant."""
    handlers, endpoints = Handlers(assistant), Endpoints(assistant)
    chat: gr.Blocks
    with gr.Blocks(title="pullquote", analytics_enabled=False) as chat:
        gr.HTML(_HEADER, elem_id="pq-header", js_on_load=None)
        with gr.Row(elem_id="pq-work"):
            with gr.Column(elem_id="pq-ask", min_width=0):
                conversation = _pane("conversation")
                controls = _Controls()
            article = _pane("article", "find")
        controls.wire(handlers, conversation=conversation, article=article)
        chat.load(
            handlers.begin,
            outputs=[conversation, article, controls.sources, controls.sections],
            show_progress="hidden",
            concurrency_limit=None,
            api_visibility="private",
        )
        for call in (endpoints.ask, endpoints.retrieve, endpoints.article):
            api(call, api_name=call.__name__, concurrency_limit=AT_ONCE, concurrency_id="ask")
    return chat


class _Controls:
    """The question box, its button and the filters."""

    def __init__(self) -> None:
        self.turns = gr.State([])
        with gr.Row(elem_id="pq-line"):
            self.question = gr.Textbox(
                label="Your question",
                placeholder="Ask the archive",
                lines=1,
                max_lines=4,
                scale=1,
                min_width=0,
                elem_id="pq-question",
            )
            self.send = gr.Button(
                "Ask", variant="primary", scale=0, min_width=84, elem_id="pq-send"
            )
        with gr.Row(elem_id="pq-options"):
            self.comments = gr.Checkbox(
                label="Include reader comments", container=False, min_width=0, elem_id="pq-comments"
            )
            self.clear = gr.Button(
                "New conversation", variant="secondary", size="sm", scale=0, elem_id="pq-clear"
            )
        with gr.Accordion("Narrow by date, source or section", open=False, elem_id="pq-filters"):
            with gr.Row():
                self.since = _day("Published from")
                self.until = _day("Published to")
            with gr.Row():
                self.sources = gr.Dropdown(label="Source", choices=[], multiselect=True)
                self.sections = gr.Dropdown(label="Section", choices=[], multiselect=True)

    def wire(self, handlers: Handlers, *, conversation: gr.HTML, article: gr.HTML) -> None:
        """Say what happens when: asking, choosing an example or a citation, beginning anew."""
        filters: list[Component] = [
            self.turns,
            self.comments,
            self.since,
            self.until,
            self.sources,
            self.sections,
        ]
        shown: list[Component] = [conversation, article, self.turns, self.question]
        gr.on(
            [self.question.submit, self.send.click],
            handlers.answer,
            inputs=[self.question, *filters],
            outputs=shown,
            show_progress="hidden",
            concurrency_limit=AT_ONCE,
            concurrency_id="ask",
            trigger_mode="always_last",
            api_visibility="private",
        )
        for chosen, answer in (
            (conversation.example, handlers.answer_example),
            (conversation.restore, handlers.restore),
        ):
            chosen(
                answer,
                inputs=filters,
                outputs=shown,
                show_progress="hidden",
                concurrency_limit=AT_ONCE,
                concurrency_id="ask",
                trigger_mode="always_last",
                api_visibility="private",
            )
        conversation.cite(
            handlers.open_citation,
            outputs=article,
            show_progress="hidden",
            trigger_mode="always_last",
            api_visibility="private",
        )
        self.clear.click(
            handlers.clear, outputs=shown, show_progress="hidden", api_visibility="private"
        )


def _pane(name: str, *before: str) -> gr.HTML:
    """A pane that the server fills; its script, NAME.js, lies beside this module.

    The scripts `before` stand above it in the same function.
    """
    folder = files("pullquote") / "web"
    scripts = [(folder / f"{one}.js").read_text(encoding="utf-8") for one in (*before, name)]
    return gr.HTML("", elem_id=f"pq-{name}", apply_default_css=False, js_on_load="\n".join(scripts))


def _day(label: str) -> gr.Textbox:
    """A field for a day, YYYY-MM-DD; conversation.js makes it the browser's own date field."""
    return gr.Textbox(label=label, lines=1, max_lines=1, min_width=0, elem_classes="pq-day")
