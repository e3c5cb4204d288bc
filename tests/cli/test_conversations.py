"""Conversations on the command line: from a file, and in a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pullquote.cli.commands import app

INTERPOL = "strait-dispatch/2023-06-01-interpol-hub-thailand.md"


@pytest.fixture
def run(sample_index: Path):
    """A function that runs a command on the sample index."""

    def invoke(*arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(app, [*arguments, "--index", str(sample_index)], input=stdin)

    return invoke


def test_a_line_for_each_turn(run) -> None:
    """A turn's line has what was searched for, the articles found and the answers."""
    turns = ["who agreed to the Interpol centre?", "and in Songkhla?"]
    given = json.dumps({"id": "a", "turns": turns})
    result = run("ask", "--conversations", "-", "--json", stdin=given)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [(line["id"], line["turn"], line["question"]) for line in lines] == [
        ("a", 0, turns[0]),
        ("a", 1, turns[1]),
    ]
    assert lines[1]["searched_for"] == "in Songkhla (who agreed to the Interpol centre)"
    assert set(lines[0]) == {
        "id", "turn", "question", "searched_for", "kind", "outcome", "hits", "answers",
    }  # fmt: skip
    assert lines[0]["hits"][0] == INTERPOL
    assert len(set(lines[0]["hits"])) == len(lines[0]["hits"])
    assert lines[0]["answers"][0]["citations"][0]["article"] == INTERPOL


def test_an_error_names_its_line(run) -> None:
    """A bad line or turn is reported with the line's number, and the others are answered."""
    bad = ['{"id": 1, "turns": []}', '{"id": 2}', "no JSON", '{"id": 4, "turns": ["", "eels"]}']
    stdin = "\n".join(["", *bad])
    result = run("ask", "--conversations", "-", "--json", stdin=stdin)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [line.get("error", "")[:7] for line in lines] == [
        "line 2:", "line 3:", "line 4:", "line 5:", "",
    ]  # fmt: skip
    assert "turns" in lines[1]["error"]
    assert (lines[3]["id"], lines[3]["turn"]) == (4, 0)


def test_a_file_of_conversations_needs_json(run) -> None:
    """Without --json, and together with a question, the option is refused."""
    assert "--json" in str(run("ask", "--conversations", "-").exception)
    assert "--conversations" in str(run("ask", "who?", "--conversations", "-").exception)


def test_chat_goes_on_until_it_is_ended(run) -> None:
    """`chat` shows the text that was searched for if it differs; /new forgets earlier turns."""
    asked = ["who agreed to the Interpol centre?", "", "and in Songkhla?"]
    stdin = "\n".join([*asked, "/new", "and in Songkhla?", "/quit", "x"])
    result = run("chat", stdin=stdin)
    assert result.exit_code == 0
    assert INTERPOL in result.stdout
    assert result.stdout.count("Searched for: ") == 1
    assert "Searched for: in Songkhla (who agreed to the Interpol centre" in result.stdout
    assert "New conversation." in result.stdout
    assert "> x" not in result.stdout


def test_chat_survives_mistakes(run) -> None:
    """An unknown command lists the commands, and a refused question does not end the chat."""
    result = run("chat", stdin=f"/nwe\n{'x' * 100_000}\nwho counts the eels?\n")
    assert result.exit_code == 0
    assert "/new" in result.stdout
    assert "> who counts the eels?" in result.stdout


def test_chat_says_that_the_filters_leave_nothing(run) -> None:
    """A filter that no passage passes is named, so that it is not taken for an answer."""
    result = run("chat", "--from", "2090", stdin="who counts the eels?\n")
    assert "leave nothing to answer from: since 2090-01-01" in " ".join(result.stdout.split())
