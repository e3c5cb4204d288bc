"""The notebooks run offline, and their stored outputs are what a run shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from docs.notebook_pages import notebook_page, texts_of
from docs.notebook_runs import NOTEBOOKS, executed
from docs.site_hooks import NOTEBOOK_PAGES, with_links

MOST_WORDS = 1_200
"""Words of a notebook with its code: ten minutes of reading."""

VARIES = re.compile(r"\b\d+ ms\b|\b\d+%|\b0\.\d+\b")
"""Times, which differ between runs, and confidences, which may differ between processors."""

ALL = sorted(NOTEBOOKS.glob("*.ipynb"))
EACH = pytest.mark.parametrize("notebook", ALL, ids=lambda path: path.stem)


def content_of(notebook: Path) -> dict[str, Any]:
    """The notebook as JSON."""
    content: dict[str, Any] = json.loads(notebook.read_text(encoding="utf-8"))
    return content


def shown(content: dict[str, Any]) -> list[list[str]]:
    """What the cells show: their text and HTML without what varies; of a plot, only its type."""
    return [
        [_text(output) for output in cell["outputs"]]
        for cell in content["cells"]
        if cell["cell_type"] == "code"
    ]


def _text(output: dict[str, Any]) -> str:
    data = output.get("data", {})
    if "image/png" in data:
        return "image/png"
    text = data.get("text/html") or data.get("text/plain") or output.get("text", "")
    return VARIES.sub("…", "".join(text))


def test_there_are_three_notebooks() -> None:
    """Each has a page on the site."""
    assert [path.stem for path in ALL] == ["ask-your-archive", "measure", "weigh-and-check"]
    assert list(NOTEBOOK_PAGES) == [f"docs/notebooks/{path.name}" for path in ALL]


@pytest.mark.slow
@EACH
def test_a_notebook_shows_what_it_stores(notebook: Path, tmp_path: Path) -> None:
    """All cells run without a network; `python -m docs.notebook_runs` updates what is stored."""
    content = json.loads(json.dumps(executed(notebook, tmp_path)))
    assert shown(content) == shown(content_of(notebook))


@EACH
def test_each_cell_was_run_once_from_the_first_to_the_last(notebook: Path) -> None:
    """The counts of the cells are 1, 2, 3 and so on, and no cell failed."""
    cells = [one for one in content_of(notebook)["cells"] if one["cell_type"] == "code"]
    assert [one["execution_count"] for one in cells] == list(range(1, len(cells) + 1))
    kinds = {output["output_type"] for one in cells for output in one["outputs"]}
    assert kinds <= {"stream", "execute_result", "display_data"}


@EACH
def test_a_notebook_has_a_plot_and_a_rich_display(notebook: Path) -> None:
    """One output is a picture, and at least one is HTML."""
    types = [
        kind
        for cell in content_of(notebook)["cells"]
        for output in cell.get("outputs", ())
        for kind in output.get("data", ())
    ]
    assert types.count("image/png") == 1
    assert "text/html" in types


@EACH
def test_no_output_has_a_warning_or_a_path_of_a_machine(notebook: Path) -> None:
    """Outputs have no text of standard error, and no absolute path."""
    outputs = [one for cell in content_of(notebook)["cells"] for one in cell.get("outputs", ())]
    assert not [one for one in outputs if one.get("name") == "stderr"]
    assert not re.search(r'(?:^|[\s"(])/(?:home|root|tmp|work|Users)/', json.dumps(outputs))


@EACH
def test_a_notebook_is_read_in_ten_minutes(notebook: Path) -> None:
    """Texts and code together have at most 1,200 words."""
    sources = ("".join(cell["source"]) for cell in content_of(notebook)["cells"])
    assert len(re.findall(r"[^\W_][\w'’.,-]*", " ".join(sources))) <= MOST_WORDS


@EACH
def test_links_of_a_notebook_lead_somewhere(notebook: Path) -> None:
    """Each relative link names a file; on the site, one to a notebook leads to its page."""
    text = "\n".join(texts_of(notebook))
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    assert targets
    assert [one for one in targets if not (notebook.parent / one).exists()] == []
    assert ".ipynb)" not in with_links(text, f"notebooks/{notebook.stem}.md")


@EACH
def test_the_page_of_a_notebook_has_its_texts_its_code_and_its_outputs(notebook: Path) -> None:
    """Nothing is left out, and a plot is part of the page."""
    page = notebook_page(notebook)
    for cell in content_of(notebook)["cells"]:
        assert "".join(cell["source"]) in page
    assert "<section>" in page
    assert "(data:image/png;base64," in page
