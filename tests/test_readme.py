"""The examples and tables of the README are right."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pullquote.cli import app
from pullquote.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.M | re.S)


@pytest.mark.parametrize("snippet", blocks("python"))
def test_python_snippets_run(snippet, tmp_path, monkeypatch):
    """Every Python example runs unchanged, on the sample corpus."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet, "README.md", "exec"), {})  # noqa: S102 - that is the promise


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)$", README, flags=re.M))
def test_make_targets_exist(target):
    """Every `make` target in the README exists."""
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)  # noqa: S607


def test_every_command_is_in_the_readme_and_the_other_way_round():
    """The README's table of commands is the list of commands."""
    named = set(re.findall(r"^\| `pullquote ([\w-]+)", README, flags=re.M))
    listed = CliRunner().invoke(app, ["--help"]).output
    assert named == {
        command.name or command.callback.__name__ for command in app.registered_commands
    }
    assert all(command in listed for command in named)


@pytest.mark.parametrize("snippet", blocks("toml"))
def test_settings_example_is_taken(snippet, tmp_path, monkeypatch):
    """The settings in the example of pullquote.toml exist and take effect."""
    (tmp_path / "pullquote.toml").write_text(snippet, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    given = tomllib.loads(snippet)
    assert Settings().model_dump(include=set(given), exclude_unset=True, mode="json") == given
