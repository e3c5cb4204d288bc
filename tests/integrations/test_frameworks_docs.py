"""The examples in docs/how-to/frameworks.md run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

for package in ("langchain_core", "llama_index.core", "haystack"):
    pytest.importorskip(package, reason="needs the extras `langchain`, `llama-index`, `haystack`")

ROOT = Path(__file__).parents[2]
EXAMPLES = re.findall(
    r"```python\n(.*?)```",
    (ROOT / "docs/how-to/frameworks.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_runs(
    example: str, sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder with an index of the sample corpus."""
    (tmp_path / "index").symlink_to(sample_index)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "frameworks.md", "exec"), {})  # noqa: S102 - our own page
