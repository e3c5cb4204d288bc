"""The filters beside a question, in a drawer; filters.js handles them."""

from __future__ import annotations

import gradio as gr

from pullquote.web.static_files import script
from pullquote.web.views.filter_form import filter_form_html


class FilterPanel:
    """The drawer. The page sends the chosen filters in `narrowed`, as they are in a link."""

    def __init__(self) -> None:
        self.narrowed = gr.Textbox(visible=False)  # saved_conversation.js fills it
        # The template is fixed, so Gradio leaves the element to filters.js. The value has the
        # choices, which each page gets when it loads.
        self.form = gr.HTML(
            "",
            elem_id="pq-filters",
            html_template=str(filter_form_html()),
            apply_default_css=False,
            js_on_load=script("filters", "combobox"),
        )
