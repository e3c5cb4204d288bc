"""The command `attribute`."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from pullquote.cli.commands import app


def test_prints_a_line_of_json_for_each_article(tmp_path: Path) -> None:
    """With --json, each article is one line with its id and its attributions."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Title\n\nThe bridge is safe, Ida Roe said.\n", "utf-8")
    result = CliRunner().invoke(
        app, ["attribute", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--json"]
    )
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert [line["article"] for line in lines] == ["a.txt", "b.txt"]
    assert [one["speaker"] for one in lines[0]["attributions"]] == ["Ida Roe"]


def test_prints_who_says_what(tmp_path: Path) -> None:
    """Without --json, the speaker, the manner and the words are shown."""
    (tmp_path / "a.txt").write_text("Title\n\nThe bridge is safe, Ida Roe said.\n", "utf-8")
    output = CliRunner().invoke(app, ["attribute", str(tmp_path / "a.txt")]).output
    assert "Ida Roe  (said)" in output
    assert "The bridge is safe" in output
