"""The page: conversation and question box on the left, the cited article on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce, wraps
from importlib.resources import files
from typing import Any, Literal

import gradio as gr
from gradio.components import Component
from gradio.events import api

from pullquote.assistant import Assistant
from pullquote.errors import PullquoteError
from pullquote.web.api.endpoints import Endpoints
from pullquote.web.gradio.answering import Answering
from pullquote.web.gradio.handlers import Handlers
from pullquote.web.gradio.panel import Panel
from pullquote.web.scheduler import MAX_CONCURRENT_READS, MAX_CONCURRENT_SEARCHES, Scheduler
from pullquote.web.state.browser_conversation import SENT_TURNS
from pullquote.web.views.views import Panes

_HEADER = (
    '<a class="pq-skip" href="#pq-question" data-to="#pq-question textarea">To the question</a>'
    '<a class="pq-skip" href="#pq-article" data-to="#pq-article [role=region]">To the article</a>'
    '<header class="pq-header"><h1>pullquote</h1>'
    "<p>Answers in the exact words of the archive, with their place.</p>"
    '<nav aria-label="Pages"><a href="corpus">Corpus</a></nav>'
    '<p id="pq-status" class="pq-hidden" role="status"></p></header>'
)


def build_chat(assistant: Assistant, scheduler: Scheduler) -> gr.Blocks:
    """The page and its named endpoints over one assistant, served when it is their turn."""
    panes, endpoints = Panes(assistant), Endpoints(assistant, scheduler)
    handlers = Handlers(panes)
    answering = Answering(panes, scheduler, most=assistant.settings.body_bytes // 2)
    chat: gr.Blocks
    with gr.Blocks(title="pullquote", analytics_enabled=False) as chat:
        gr.HTML(_HEADER, elem_id="pq-header", js_on_load=None)
        with gr.Row(elem_id="pq-work"):
            with gr.Column(elem_id="pq-ask", min_width=0):
                actions = _Actions()
                conversation = _conversation()
                controls = _Controls()
            article = _pane("article", "find")
        shown: list[Component] = [conversation, article, controls.question]
        in_turn = partial(_in_turn, scheduler)
        controls.wire(answering, conversation, shown)
        actions.wire(handlers, in_turn, controls.kept, shown)
        _on(conversation.cite, in_turn(handlers.open_citation), [], [article])
        _on(conversation.anew, in_turn(handlers.show_anew), [controls.kept], [conversation])
        begun = [conversation, article, *controls.panel.lists]
        _on(
            chat.load,
            in_turn(handlers.begin),
            [controls.kept],
            begun,
            trigger_mode="once",
            at_once=None,
        )
        # Programs wait in Gradio's queue, which tells them when it is full.
        api(endpoints.ask, api_name="ask", concurrency_limit=MAX_CONCURRENT_READS)
        for call in (endpoints.retrieve, endpoints.article):
            api(call, api_name=call.__name__, concurrency_limit=MAX_CONCURRENT_SEARCHES)
    return chat


class _Controls:
    """The question box, its button and the filters."""

    def __init__(self) -> None:
        self.kept = gr.Textbox(visible=False)  # kept.js puts in what the browser keeps
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
            comments = gr.Checkbox(
                label="Include reader comments", container=False, min_width=0, elem_id="pq-comments"
            )
        self.panel = Panel(comments)

    def wire(self, answering: Answering, conversation: gr.HTML, shown: Sequence[Component]) -> None:
        """Say what happens when something is asked, or asked again."""
        asks = partial(_on, outputs=shown, at_once=None, sent="recent")
        typed = [self.kept, self.question, *self.panel.inputs]
        asks(partial(gr.on, [self.question.submit, self.send.click]), answering.answer, typed)
        asks(conversation.example, answering.answer_example, [self.kept, *self.panel.inputs])
        asks(conversation.restore, answering.restore, [self.kept])
        asks(conversation.again, answering.again, [self.kept], sent="asked")


class _Actions:
    """What can be done with a whole conversation; shown above it as soon as there is one."""

    def __init__(self) -> None:
        with gr.Row(elem_id="pq-actions"):
            self.markdown, self.json, self.clear = (
                gr.Button(label, variant="secondary", size="sm", scale=0, min_width=0)
                for label in ("Save as Markdown", "Save as JSON", "New conversation")
            )
        self.download = gr.HTML(
            "", elem_id="pq-download", apply_default_css=False, js_on_load=_script("download")
        )

    def wire(
        self,
        handlers: Handlers,
        in_turn: Callable[[Callable[..., Any]], Callable[..., Any]],
        kept: Component,
        shown: Sequence[Component],
    ) -> None:
        """Say what happens when one is chosen."""
        _on(self.clear.click, handlers.clear, [], shown)
        _on(self.markdown.click, in_turn(handlers.save_markdown), [kept], [self.download])
        _on(self.json.click, in_turn(handlers.save_json), [kept], [self.download])


def _in_turn(scheduler: Scheduler, handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler, done by the desk: bounded, given up in time, and cancelled with its caller."""

    @wraps(handler)
    async def handled(*given: Any) -> Any:  # noqa: ANN401
        try:
            return await scheduler.find(partial(handler, *given))
        except PullquoteError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return handled


def _on(
    listen: Callable[..., Any],
    handler: Callable[..., Any],
    inputs: Sequence[Component],
    outputs: Sequence[Component],
    *,
    at_once: int | str | None = "default",
    sent: Literal["all", "recent", "asked"] = "all",
    trigger_mode: str = "always_last",
) -> None:
    """Have a handler called; the first of its inputs, if any, is what the browser keeps.

    `sent` says which turns of it: all, the last, or the one asked again with those before it.
    """
    listen(
        handler,
        inputs=list(inputs),
        outputs=list(outputs),
        js=_kept_script(len(inputs), sent) if inputs else None,
        show_progress="hidden",
        concurrency_limit=at_once,
        trigger_mode=trigger_mode,
        api_visibility="private",
    )


def _script(*names: str) -> str:
    """The scripts of those names, in one."""
    folder = files("pullquote") / "web" / "static"
    return "\n".join((folder / f"{name}.js").read_text(encoding="utf-8") for name in names)


def _kept_script(inputs: int, sent: str) -> str:
    """kept.js for an event with so many inputs."""
    given = {"INPUTS": inputs, "SENT": f'"{sent}"', "MOST": SENT_TURNS}
    return reduce(lambda text, name: text.replace(name, str(given[name])), given, _script("kept"))


def _conversation() -> gr.HTML:
    """The conversation. Its element is conversation.js's own: the template is always the same."""
    return gr.HTML(
        "",
        elem_id="pq-conversation",
        html_template="<div></div>",
        apply_default_css=False,
        js_on_load=_script("conversation"),
    )


def _pane(name: str, *before: str) -> gr.HTML:
    """A pane that the server fills; its script is NAME.js, the scripts `before` stand above it."""
    return gr.HTML(
        "", elem_id=f"pq-{name}", apply_default_css=False, js_on_load=_script(*before, name)
    )
