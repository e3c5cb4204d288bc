"""The command `grid`."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import pullquote
from pullquote.cli.commands import app
from pullquote.schema.errors import GridMismatch, SettingsError
from served import until

QUESTIONS = "\ufeffwho stole the tide engine?\n\nhow many people marched?\r\n"
ARTICLES = (
    "harbour-post/2024-02-10-cannery-march.md\ncorrow-courier/2024-02-06-tide-engine-stolen.txt\n"
)

Run = Callable[..., Result]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a file of questions and one of articles."""
    (tmp_path / "questions.txt").write_text(QUESTIONS, encoding="utf-8")
    (tmp_path / "articles.txt").write_text(ARTICLES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(sample_index: Path, files: Path) -> Run:
    """A function that asks the questions; by default, of the articles in the file."""

    def invoke(*arguments: str) -> Result:
        given = ["grid", str(files / "questions.txt"), "--index", str(sample_index), *arguments]
        if not {"--by", "--source", "--article"}.intersection(arguments):
            given += ["--articles", str(files / "articles.txt")]
        return CliRunner().invoke(app, given)

    return invoke


def cells(result: Result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_grid_is_printed_in_all_forms(run: Run, files: Path) -> None:
    """As text, JSON, CSV and HTML, the same cells have the same quotes; nothing is asked twice."""
    output = str(files / "grid.jsonl")
    found = cells(run("--json", "--output", output))
    assert [one["outcome"] for one in found] == ["nothing", "possible", "answer", "nothing"]
    size = Path(output).stat().st_size
    quotes = [one["answer"]["citations"][0]["quote"] for one in found if one["answer"]]
    rows = list(csv.reader(io.StringIO(run("--csv", "--output", output).stdout)))
    asked = ["who stole the tide engine?", "how many people marched?"]
    assert [row[0] for row in rows[1:]] == asked
    assert rows[1][1] == "nothing found"
    assert [rows[1][2].split("\n")[0], rows[2][1].split("\n")[0]] == quotes
    long = list(csv.DictReader(io.StringIO(run("--csv", "--long", "--output", output).stdout)))
    assert [row["quote"] for row in long] == ["", *quotes, ""]
    page = run("--html", "--output", output, "--address", "https://archive.example/").stdout
    assert page.startswith("<!doctype html>")
    assert page.count("<mark>") == 2
    assert "https://archive.example/?article=" in page
    text = run("--output", output).stdout
    assert all(quote in text for quote in quotes)
    assert "a quote in 1; nothing found in 1 of 2 articles" in text
    assert Path(output).stat().st_size == size


def test_cells_of_a_source_equal_ask(run: Run, sample_index: Path) -> None:
    """A column by source says what `ask --source` says."""
    found = cells(run("--by", "source", "--json", "--source", "Harbour Post"))
    for one in found:
        asked = ["ask", one["question"], "--index", str(sample_index), "--json"]
        reply = json.loads(CliRunner().invoke(app, [*asked, "--source", "Harbour Post"]).stdout)
        assert one["outcome"] == reply["outcome"]
        assert one["answer"] == (None if reply["abstained"] else reply["answers"][0])


def test_a_saved_grid_of_other_settings_is_an_error(run: Run, files: Path) -> None:
    """--restart asks all cells again."""
    output = str(files / "grid.jsonl")
    first = cells(run("--json", "--output", output, "-k", "3"))
    assert isinstance(run("--output", output).exception, GridMismatch)
    again = cells(run("--json", "--output", output, "--restart"))
    assert len(again) == len(first) == 4
    assert Path(output).read_bytes().count(b"\n") == 5


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--csv", "--json"], "only one of"),
        (["--long"], "add --csv"),
        (["--restart"], "--output"),
        (["--most", "1"], "may have 1 columns"),
    ],
)
def test_options_that_contradict_each_other(run: Run, arguments: list[str], error: str) -> None:
    """The error says what to do."""
    failure = run(*arguments).exception
    assert isinstance(failure, SettingsError)
    assert error in str(failure)


def test_ctrl_c_saves_what_is_done(sample_index: Path, files: Path) -> None:
    """The same command continues, and the finished file has every cell once."""
    output = files / "grid.jsonl"
    questions = [f"how many people marched on day {number}?" for number in range(6)]
    (files / "questions.txt").write_text("\n".join(questions), encoding="utf-8")
    command = [
        *(sys.executable, "-m", "pullquote", "grid", str(files / "questions.txt")),
        *("--articles", str(files / "articles.txt"), "--index", str(sample_index)),
        *("--output", str(output), "--json"),
    ]

    def lines() -> list[bytes]:
        return output.read_bytes().splitlines() if output.exists() else []

    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ
    ) as process:
        until(lambda: len(lines()) >= 3)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        message = process.stderr.read().decode()
        assert process.wait() == 130
    before = lines()
    assert f"{len(before) - 1} of 12 cells are saved. The same command continues." in message
    finished = subprocess.run(command, capture_output=True, check=True, env=os.environ)
    assert lines()[: len(before)] == before
    asked = [json.loads(line)["cell"] for line in lines()[1:]]
    assert len({(one["question"], one["column"]) for one in asked}) == len(asked) == 12
    assert [json.loads(line) for line in finished.stdout.splitlines()] == asked


def test_questions_come_from_standard_input(sample_index: Path) -> None:
    """For "-", the questions are read from there."""
    arguments = ["grid", "-", "--by", "month", "--to", "2024-01", "--index", str(sample_index)]
    result = CliRunner().invoke(app, arguments, input="who closes the cannery?\n")
    assert "nothing found" in result.stdout or "a quote in" in result.stdout
    assert "who closes the cannery?" in result.stdout
    with pytest.raises(SettingsError, match="cannot be read"):
        raise CliRunner().invoke(app, ["grid", "/none.txt"]).exception  # type: ignore[misc]
    assert pullquote.grid is not None
