"""The examples in the help of every command work on the sample articles."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.test_cli import run
from pullquote.cli.commands import app
from served import serving

ROOT = Path(__file__).parents[2]
SERVERS = {"demo", "serve"}
"""Commands that go on until they are stopped."""


def helped(command: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each command with its help, and the commands below it."""
    yield name, command.help or ""
    for inner, one in getattr(command, "commands", {}).items():
        yield from helped(one, f"{name} {inner}".strip())


def examples() -> Iterator[str]:
    """Each example of a command, once."""
    found = {}
    for name, text in helped(typer.main.get_command(app)):
        _, _, shown = text.partition("Example:")
        for example in re.findall(r"`([^`]*pullquote [^`]*)`", " ".join(shown.split())):
            found[example] = name
    yield from found


@pytest.fixture
def folder(sample_index: Path, tmp_path: Path) -> Path:
    """A folder with the files that the examples name, made of the sample articles."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    shutil.copytree(ROOT / "corpus", tmp_path / "articles")
    for source in ("harbour-post", "tideline-herald"):
        shutil.copytree(ROOT / "corpus" / source, tmp_path / source)
    shutil.copytree(sample_index, tmp_path / "index")
    quoted = "The cannery “was bought by its own workers”.\n"
    (tmp_path / "story.md").write_text(quoted, encoding="utf-8")
    (tmp_path / "page.html").write_text(
        "<html><head><title>Ferry late</title></head><body><article><h1>Ferry late</h1>"
        f"<p>{'The ferry to Inchbray was an hour late on Monday. ' * 9}</p></article></body></html>"
    )
    record = {"title": "Ferry late", "text": "The ferry to Inchbray was an hour late. " * 9}
    (tmp_path / "dump.jsonl").write_text(f"{json.dumps(record)}\n" * 20, encoding="utf-8")
    (tmp_path / "questions.txt").write_text("who bought the cannery?\n", encoding="utf-8")
    gold = (ROOT / "tests" / "data" / "questions.jsonl").read_text(encoding="utf-8")
    (tmp_path / "gold.jsonl").write_text("".join(gold.splitlines(keepends=True)[::4]))
    return tmp_path


EXAMPLES = list(examples())
ENDING = [one for one in EXAMPLES if shlex.split(one)[1] not in SERVERS]


def test_every_command_with_an_example_is_found() -> None:
    """The walk over the help finds them."""
    assert len(EXAMPLES) >= 27


@pytest.mark.slow
@pytest.mark.parametrize("example", [one for one in EXAMPLES if one not in ENDING])
def test_an_example_that_serves_works(example: str, folder: Path) -> None:
    """The chat answers. Its port is a free one, and no browser opens."""
    words = re.sub(r" --port \d+", "", example).split()
    assert words.pop(0) == "pullquote"
    command = ("-m", "pullquote", *words, "--port", "0")
    more = {"BROWSER": "", "XDG_DATA_HOME": str(folder / "data")}
    with serving(folder, command=command, more=more) as served:
        reply = served.json("ask", question="who bought the cannery?")
        assert reply["answers"]


@pytest.mark.parametrize("example", ENDING)
def test_an_example_works(example: str, folder: Path) -> None:
    """Its exit status is 0, and it prints something; an answer is no silence."""
    command, _, given = example.partition(" < ")
    words = shlex.split(command.rpartition("| ")[2])
    assert words.pop(0) == "pullquote"
    stdin = (folder / given).read_text(encoding="utf-8") if given else None
    if "| pullquote" in command:
        stdin = (folder / "story.md").read_text(encoding="utf-8")
    if words[0] == "evaluate":  # calibrating needs more questions
        gold = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / "gold.jsonl").write_text("".join(gold[::4]), encoding="utf-8")
    if words[0] == "rebuild-index":
        shutil.rmtree(folder / "index")
    if "story.docx" in words:
        assert run("check", "story.md", "--docx", "story.docx", cwd=folder).returncode == 0
    if words[0] == "restore":
        assert run("backup", words[1], cwd=folder).returncode == 0
    if words[0] == "editions":
        article = folder / "articles" / words[1]
        text = article.read_text(encoding="utf-8")
        article.write_text(f"{text}\nIt was delayed again.\n", encoding="utf-8")
        rebuilt = run("rebuild-index", "--corpus", "articles", "--new-corpus", cwd=folder)
        assert rebuilt.returncode == 0, rebuilt.stderr
    if words[0] == "verify":
        reply = run("ask", "who bought the cannery?", "--json", cwd=folder)
        (folder / words[1]).write_text(reply.stdout, encoding="utf-8")
    result = run(*words, cwd=folder, stdin=stdin or "who bought the cannery?\n")
    assert result.returncode == 0, result.stderr
    if "-o" in words:
        assert (folder / words[-1]).stat().st_size
    else:
        assert result.stdout + result.stderr
    assert "No answer found" not in result.stdout
    if words[0] == "speakers":
        assert len(result.stdout.splitlines()) > 1
