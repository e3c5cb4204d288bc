"""`pullquote evaluate`, run in a process as a user runs it, with the real models."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cli.test_cli import run
from pullquote.evaluate.plots import can_plot

QUESTIONS = Path(__file__).parents[1] / "data/questions.jsonl"


@pytest.fixture
def measure(sample_index: Path, tmp_path: Path):
    """A function that measures with the sample questions, from another folder."""

    def evaluate(*arguments: str, **environment: str):
        given = ("--questions", str(QUESTIONS), "--index", str(sample_index))
        return run("evaluate", *given, *arguments, cwd=tmp_path, **environment)

    return evaluate


def test_table_is_printed_and_nothing_else(measure) -> None:
    """Status 0, a table on standard output, and no progress where there is no terminal."""
    result = measure("--limit", "3")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("3 questions, 3 of them answerable; 30 articles in ")
    assert "token F1" in result.stdout
    assert result.stderr == ""


def test_json_has_the_figures(measure) -> None:
    """Every citation of the sample corpus quotes exactly."""
    figures = json.loads(measure("--limit", "5", "--json").stdout)
    assert figures["questions"] == 5
    assert figures["finding"]["fused"]["at_20"] >= 0.8
    assert figures["citations"]["exact"] == figures["citations"]["cited"] > 0


def test_both_ways_of_reading_are_compared(measure) -> None:
    """The figures of each stand side by side, and are one object of JSON."""
    result = measure("--limit", "3", "--compare")
    assert result.stdout.split("\n", 1)[0].split() == ["thorough", "fast"]
    assert "Right answer first" in result.stdout
    both = json.loads(measure("--limit", "3", "--compare", "--json").stdout)
    assert [both[way]["questions"] for way in ("thorough", "fast")] == [3, 3]


def test_a_reader_that_reads_once_cannot_be_compared(measure) -> None:
    """The error names the setting, and says what to do."""
    result = measure("--limit", "3", "--compare", PULLQUOTE_READER="fast")
    assert result.returncode == 1
    assert "reader is 'fast'" in " ".join(result.stderr.split())
    assert "Set it to 'thorough'" in " ".join(result.stderr.split())


def test_out_is_a_folder_of_files(measure, tmp_path: Path) -> None:
    """The folder has the printed figures, a row for each question, and plots with matplotlib."""
    result = measure("--limit", "3", "--json", "--out", "figures/today")
    assert result.returncode == 0, result.stderr
    out = tmp_path / "figures/today"
    assert "files to figures/today" in " ".join(result.stderr.split())
    assert json.loads((out / "figures.json").read_text("utf-8")) == json.loads(result.stdout)
    with (out / "questions.csv").open(encoding="utf-8", newline="") as rows:
        assert [row["id"] for row in csv.DictReader(rows)] == [
            "sample-001", "sample-002", "sample-003",
        ]  # fmt: skip
    assert (out / "outcomes.png").exists() == can_plot()


@pytest.mark.slow
def test_how_often_it_may_be_wrong_is_given_in_those_words(measure) -> None:
    """As for `ask`: the fewer answers may be wrong, the fewer have the outcome "answer"."""
    strict, lax = (
        json.loads(measure("--limit", "6", "--wrong-at-most", share, "--json").stdout)["replies"]
        for share in ("0.01", "0.99")
    )
    assert strict["answer"] < lax["answer"]


def test_corpus_is_indexed_for_the_occasion(tmp_path: Path) -> None:
    """Only a folder of articles and questions are needed; nothing is left behind."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles/pier.txt").write_text("Old Pier\n\nThe pier was built by Ida Roe.\n")
    gold = {"id": 1, "question": "Who built the pier?", "answers": ["Ida Roe"]}
    (tmp_path / "gold.jsonl").write_text(json.dumps({**gold, "article": "pier.txt"}))
    given = ("--questions", "gold.jsonl", "--corpus", "articles", "--json")
    result = run("evaluate", *given, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    figures = json.loads(result.stdout)
    assert figures["articles"] == 1
    assert figures["finding"]["fused"]["at_1"] == 1.0
    assert {path.name for path in tmp_path.iterdir()} == {"articles", "gold.jsonl"}


def test_documents_that_differ_are_asked_by_question(tmp_path: Path) -> None:
    """A RAMDocs file needs no corpus; a question is asked of its own documents only."""
    ask = {"question": "Who built the pier?", "gold_answers": ["Ida Roe"], "wrong_answers": []}
    pier = {"text": "The old pier at Marlow was built by Ida Roe in 1911.", "type": "correct"}
    mole = {"text": "The old pier at Kirkwell was built by Jon Vik in 1920.", "type": "correct"}
    lines = [
        {**ask, "documents": [pier]},
        {**ask, "documents": [mole], "gold_answers": ["Jon Vik"]},
    ]
    (tmp_path / "docs.jsonl").write_text("\n".join(map(json.dumps, lines)))
    result = run("evaluate", "--questions", "docs.jsonl", "--json", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    figures = json.loads(result.stdout)
    assert figures["articles"] == 2
    assert [one["kind"] for one in figures["conflicts"]] == ["one right", "all"]
    assert figures["answers"]["exact_match"] == 1.0


def test_stories_are_measured_by_kind(tmp_path: Path) -> None:
    """A folder of stories needs no corpus either."""
    article = {"id": "a1", "title": "Pier", "text": "The pier was built by Ida Roe."}
    value = {"value": ["Ida Roe"], "articles": ["a1"], "status": "current"}
    asked = {"question": "Who built the pier?", "kind": "fact", "answers": ["Ida Roe"]}
    story = {"id": "pier", "articles": [article], "questions": [{**asked, "values": [value]}]}
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories/pier.json").write_text(json.dumps(story))
    result = run("evaluate", "--questions", "stories", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    [_, table] = result.stdout.split("Values over time, by kind of question")
    assert table.splitlines()[2].split()[:4] == ["fact", "1", "1.00", "1.00"]


def test_turns_are_asked_in_their_conversation(tmp_path: Path) -> None:
    """A leaning turn is completed, and the table says how many turns were left as typed."""
    (tmp_path / "articles").mkdir()
    text = "Old Pier\n\nThe pier at Marlow was built by Ida Roe. Ida Roe was born in Kirkwell.\n"
    (tmp_path / "articles/pier.txt").write_text(text)
    turns = [
        {"question": "Who built the pier?", "from": None, "answers": ["Ida Roe"]},
        {"question": "where was she born?", "from": 0, "answers": ["Kirkwell"]},
    ]
    line = {"id": "c", "turns": [{**turn, "article": "pier.txt"} for turn in turns]}
    (tmp_path / "turns.jsonl").write_text(json.dumps(line))
    given = ("--questions", "turns.jsonl", "--corpus", "articles", "--json")
    result = run("evaluate", *given, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    first, leaning = json.loads(result.stdout)["kinds"]
    assert (first["kind"], first["as_typed"]) == ("first turn", 1.0)
    assert (leaning["kind"], leaning["as_typed"]) == ("leaning turn", 0.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--questions", "gone.jsonl"), "gone.jsonl cannot be read"),
        (("--questions", "good.jsonl", "--index", "gone"), "pullquote rebuild-index"),
        (("--questions", "good.jsonl", "--corpus", "gone"), "no corpus folder at gone"),
        (("--questions", "good.jsonl", "--out", "good.jsonl"), "cannot be written to good.jsonl"),
        (("--questions", "empty.jsonl"), "has no questions"),
    ],
)
def test_what_cannot_be_measured_is_explained(tmp_path: Path, arguments, message: str) -> None:
    """The exit status is 1, with one message and no output."""
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "good.jsonl").write_text(
        '{"id": 1, "question": "Who?", "answers": [], "article": null}'
    )
    result = run("evaluate", *arguments, cwd=tmp_path)
    assert result.returncode == 1
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_help_has_an_example(tmp_path: Path) -> None:
    """The example names questions, a corpus and a folder for the figures."""
    shown = " ".join(run("evaluate", "--help", cwd=tmp_path).stdout.split())
    assert "pullquote evaluate --questions gold.jsonl --corpus articles --out figures" in shown
