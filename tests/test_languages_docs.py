"""The settings and commands in docs/how-to/languages.md exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from pullquote.cli.commands import app
from pullquote.schema.settings import Settings

DOCS = (Path(__file__).parents[1] / "docs" / "how-to" / "languages.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The code blocks in a language."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", DOCS, flags=re.M | re.S)
    return [text for name, text in found if name == language]


@pytest.mark.parametrize("snippet", blocks("toml"))
def test_settings_are_accepted(
    snippet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each example of pullquote.toml has settings that exist and valid values."""
    (tmp_path / "pullquote.toml").write_text(snippet, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    given = tomllib.loads(snippet)
    assert given
    assert Settings().model_dump(include=set(given)) == given


def test_commands_exist() -> None:
    """Each command in the page is one of pullquote's."""
    commands = {
        one.name or one.callback.__name__ for one in app.registered_commands if one.callback
    }
    named = set(re.findall(r"\bpullquote ([a-z][a-z-]+)", "\n".join(blocks(""))))
    assert named == {"rebuild-index", "calibrate", "evaluate"}
    assert named <= commands
