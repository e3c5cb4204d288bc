"""The commands `speakers` and `audit`."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import pullquote
from pullquote.cli.commands import app
from pullquote.schema.errors import SettingsError, SpeakerUnknown

FORMULA = "=cmd|' /C calc'!A0"
ARTICLE = f"""---
title: "{FORMULA}"
source: Harbour Post
published: 2024-03-01
---
The bridge is safe, Ida Roe said. "{FORMULA} is what I typed," she said.

Officials denied that the bridge had been closed.
"""
OTHER = """---
title: Ferry
source: Vennick Courier
published: 2024-04-01
---
Sir Ida Roe denied that the ferry was late.
"""

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two articles."""
    folder = tmp_path_factory.mktemp("speakers")
    (folder / "corpus").mkdir()
    (folder / "corpus/bridge.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "corpus/ferry.md").write_text(OTHER, encoding="utf-8")
    pullquote.rebuild_index(folder / "corpus", folder / "index")
    return folder


@pytest.fixture
def run(built: Path, tmp_path: Path) -> Run:
    """A function that runs a command on a copy of the index."""
    shutil.copytree(built / "index", tmp_path / "index")

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--index", str(tmp_path / "index")])

    return invoke


def rows(result: Result) -> list[dict[str, str]]:
    """The rows of a table."""
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_speakers_are_listed_in_all_three_forms(run: Run) -> None:
    """As text, JSON and CSV, the same speakers have the same counts."""
    listed = json.loads(run("speakers", "--json").stdout)["speakers"]
    assert listed[0]["name"] == "Ida Roe"
    assert listed[0]["articles"] == 2
    assert [row["speaker"] for row in rows(run("speakers", "--csv"))] == ["Ida Roe"]
    assert f"Ida Roe: {listed[0]['claims']} claims" in run("speakers").stdout


def test_everything_that_one_speaker_says_is_listed(run: Run) -> None:
    """Each claim has its manner, its exact words and its article; filters narrow the list."""
    denied = json.loads(run("speakers", "ida roe", "--manner", "denied", "--json").stdout)["claims"]
    assert [(one["words"], one["article"]) for one in denied] == [
        (["the ferry was late"], "ferry.md")
    ]
    early = run("speakers", "Ida Roe", "--to", "2024-03", "--source", "harbour post").stdout
    assert "the bridge is safe" in early.lower()
    assert "the ferry was late" not in early


def test_no_cell_of_a_table_is_a_formula(run: Run) -> None:
    """Words and titles that begin like a formula are escaped in every table."""
    found = rows(run("speakers", "Ida Roe", "--csv"))
    assert {row["title"] for row in found} == {f"'{FORMULA}", "Ferry"}
    cells = [cell for row in found for cell in row.values() if cell]
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r"]


def test_an_audit_counts_papers_and_the_sources_of_an_article(run: Run) -> None:
    """All articles are counted by paper, and one article by source."""
    papers = rows(run("audit", "--csv"))
    assert [row["source"] for row in papers] == ["Harbour Post", "Vennick Courier", "all"]
    assert papers[0]["unnamed"] == "1"
    sources = rows(run("audit", "bridge.md", "--csv"))
    assert [(row["source"], row["naming"]) for row in sources] == [
        ("Ida Roe", "named"),
        ("Officials", "unnamed"),
    ]
    assert json.loads(run("audit", "--json").stdout)["counts"]["unnamed"] == 1
    assert "Harbour Post: 1 article" in run("audit").stdout
    assert "unnamed: Officials" in run("audit", "bridge.md").stdout


def test_an_unknown_name_or_source_is_an_error(run: Run) -> None:
    """The error names similar ones."""
    for arguments, error in (
        (("speakers", "Ida Rowe"), SpeakerUnknown),
        (("speakers", "--source", "Harbor Post"), SettingsError),
        (("speakers", "--manner", "sang"), SettingsError),
        (("speakers", "--csv", "--json"), SettingsError),
        (("audit", "bridge.md", "--source", "Harbour Post"), SettingsError),
    ):
        assert isinstance(run(*arguments).exception, error)
