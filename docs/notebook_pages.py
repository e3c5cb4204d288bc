"""Makes a page of the site from each notebook in docs/notebooks/, with its stored outputs.

A notebook is JSON, and its cells become Markdown, so no other library is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).parent / "notebooks"

PLOT = "The plot that the code above draws"
"""The text for those who do not see a plot."""


def notebook_page(notebook: Path) -> str:
    """The notebook as Markdown: its texts, its code, and what the code shows."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join(part for cell in cells for part in _parts(cell)) + "\n"


def texts_of(notebook: Path) -> list[str]:
    """The texts of a notebook, one for each Markdown cell."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def _parts(cell: Mapping[str, Any]) -> Iterator[str]:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield source
        return
    yield _fenced(source, "python")
    for output in cell["outputs"]:
        yield _shown(output)


def _shown(output: Mapping[str, Any]) -> str:
    """What a notebook shows of an output: HTML or a picture, or else its text."""
    data = output.get("data", {})
    if "text/html" in data:
        return "".join(data["text/html"])
    if "image/png" in data:
        return f"![{PLOT}](data:image/png;base64,{''.join(data['image/png']).strip()})"
    return _fenced("".join(output.get("text") or data["text/plain"]).rstrip("\n"), "text")


def _fenced(text: str, language: str) -> str:
    return f"```{language}\n{text}\n```"
