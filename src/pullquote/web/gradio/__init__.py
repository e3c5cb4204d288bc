"""The modules that are built with Gradio, or work around it."""

from typing import Final

GRADIO: Final = "/gradio_api/"
"""The prefix of Gradio's API, for the page and for programs."""
