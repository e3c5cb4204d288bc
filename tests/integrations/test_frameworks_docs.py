"""The examples in docs/how-to/frameworks.md run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pullquote.client import Client
from served import Served, serving

for package in ("langchain_core", "llama_index.core", "haystack"):
    pytest.importorskip(package, reason="needs the extras `langchain`, `llama-index`, `haystack`")

ROOT = Path(__file__).parents[2]
EXAMPLES = re.findall(
    r"```python\n(.*?)```",
    (ROOT / "docs/how-to/frameworks.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


SHOWN = "http://127.0.0.1:7860"
"""The address of the server in the examples."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sample_index: Path) -> Iterator[Served]:
    """A chat over the sample corpus."""
    folder = tmp_path_factory.mktemp("served")
    with serving(folder, corpus=ROOT / "corpus", index=sample_index) as server:
        yield server


@pytest.mark.parametrize("example", [one for one in EXAMPLES if SHOWN not in one])
def test_an_example_runs(
    example: str, sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder with an index of the sample corpus."""
    (tmp_path / "index").symlink_to(sample_index)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "frameworks.md", "exec"), {})  # noqa: S102 - our own page


@pytest.mark.parametrize("example", [one for one in EXAMPLES if SHOWN in one])
def test_an_example_with_a_server_runs(
    example: str, served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    """It prints an answer of the sample corpus with its place."""
    session: dict[str, Client] = {}
    exec(compile(example.replace(SHOWN, served.url), "frameworks.md", "exec"), session)  # noqa: S102
    session["client"].close()
    printed = capsys.readouterr().out
    assert "Surachate Hakparn" in printed
    assert "Place: " in printed
