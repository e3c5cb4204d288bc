"""The filters beside a question: comments, days, and names from the index."""

from __future__ import annotations

import gradio as gr
from gradio.components import Component

from pullquote.web.state.facets import CHOSEN

_LABELS = {"sources": "Source", "sections": "Section", "languages": "Language", "kinds": "Kind"}


class FilterPanel:
    """The filters; `comments` is made by the caller, in a row of its own."""

    def __init__(self, comments: gr.Checkbox) -> None:
        with gr.Accordion(
            "Narrow by date, source, section, language or kind", open=False, elem_id="pq-filters"
        ):
            with gr.Row():
                days = [_day("Published from"), _day("Published until")]
            self.lists = []
            for at in range(0, len(CHOSEN), 2):
                with gr.Row():
                    self.lists += [
                        # Each page gets its choices when it loads. Gradio would refuse a value that
                        # is not among the choices it remembers, and a restart makes it forget them.
                        gr.Dropdown(
                            label=_LABELS[name],
                            choices=[],
                            multiselect=True,
                            allow_custom_value=True,
                        )
                        for name in CHOSEN[at : at + 2]
                    ]
        self.inputs: list[Component] = [comments, *days, *self.lists]


def _day(label: str) -> gr.Textbox:
    """A field for a day, YYYY-MM-DD; conversation.js turns it into a date field."""
    return gr.Textbox(label=label, lines=1, max_lines=1, min_width=0, elem_classes="pq-day")
