"""The command that compares what two commits do sees a change, and nothing but the change."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def behaviour(task: str, stored: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the command without data, on a few units of the sample articles."""
    command = [sys.executable, "-m", "benchmarks.behaviour", task, str(stored), *more]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_only_a_change_is_seen(tmp_path: Path) -> None:
    """A run without a change is equal; one word that differs is found, and shown."""
    chosen = ("--only", "names,http,replies-news", "--limit", "1", "--data", "nowhere")
    done = behaviour("store", tmp_path, *chosen)
    assert done.returncode == 0, done.stderr
    assert "replies-news: left out" in done.stdout
    same = behaviour("compare", tmp_path)
    assert same.returncode == 0, same.stdout + same.stderr
    part = tmp_path / "http.jsonl"
    text = part.read_text(encoding="utf-8")
    assert "Skip to the question" in text
    part.write_text(text.replace("Skip to the question", "Jump to the question"), encoding="utf-8")
    changed = behaviour("compare", tmp_path, "--only", "http")
    assert changed.returncode == 3, changed.stderr
    assert "Jump to the question" in (tmp_path / "diffs" / "http.diff").read_text(encoding="utf-8")
