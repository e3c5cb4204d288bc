"""Runs the notebooks in docs/notebooks/ offline, each in a temporary folder.

    python -m docs.notebook_runs

stores the outputs in the notebooks, so that GitHub and the docs site show them.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "docs" / "notebooks"

NEEDED = ("corpus", "tests")
"""The folders of the project that the notebooks read."""

NO_NETWORK = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
"""Settings that let every request to another host fail."""

SECONDS = 600
"""The most time for one cell; the whole notebook takes a quarter of a minute."""


def executed(notebook: Path, folder: Path) -> nbformat.NotebookNode:
    """The notebook with the outputs of a run in `folder`, which gets the project's layout."""
    working = folder / "docs" / "notebooks"
    working.mkdir(parents=True)
    for name in NEEDED:
        (folder / name).symlink_to(ROOT / name)
    content = nbformat.read(notebook, as_version=4)
    client = NotebookClient(
        content,
        timeout=SECONDS,
        kernel_name="python3",
        coalesce_streams=True,
        record_timing=False,
        resources={"metadata": {"path": str(working)}},
    )
    client.execute(env=os.environ | NO_NETWORK)
    content.metadata.language_info = {"name": "python"}  # without the version that ran it
    return content


def main() -> None:
    """Run all notebooks and store their outputs."""
    for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
        with TemporaryDirectory() as folder:
            nbformat.write(executed(notebook, Path(folder)), notebook)
        print(f"Wrote the outputs of {notebook.name}.")


if __name__ == "__main__":
    main()
