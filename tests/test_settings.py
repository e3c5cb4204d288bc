"""Settings: the sources of values, and errors for invalid ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from pullquote.schema.errors import SettingsError
from pullquote.schema.file_limits import Limits
from pullquote.schema.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder without settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PULLQUOTE_")]:
        monkeypatch.delenv(name)


def test_fields_of_exports_are_named_in_the_settings(tmp_path: Path) -> None:
    """Fields of exports are set by name; an unknown name is refused."""
    (tmp_path / "pullquote.toml").write_text('[fields]\nbody = "story.text"\n')
    assert load_settings().fields == {"body": "story.text"}
    (tmp_path / "pullquote.toml").write_text('[fields]\nbdy = "story.text"\n')
    with pytest.raises(SettingsError, match=r"fields\.bdy"):
        load_settings()


def test_limits_are_settings_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One limit can be set in the file or the environment; an invalid one is named."""
    (tmp_path / "pullquote.toml").write_text("[limits]\nseconds = 300\nentries = 5\n")
    monkeypatch.setenv("PULLQUOTE_LIMITS__ENTRIES", "6")
    assert load_settings().limits == Limits(seconds=300, entries=6)
    monkeypatch.setenv("PULLQUOTE_LIMITS__ENTRIES", "0")
    with pytest.raises(SettingsError, match=r"limits\.entries"):
        load_settings()


def test_every_limit_says_what_it_is() -> None:
    """Each limit has a description, as settings do."""
    assert [name for name, field in Limits.model_fields.items() if not field.description] == []


def test_one_core_is_left_to_the_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process for each other core, at least one and at most eight."""
    for cores, processes in ((1, 1), (2, 1), (6, 5), (64, 8)):
        monkeypatch.setattr(
            os, "sched_getaffinity", lambda _, n=cores: set(range(n)), raising=False
        )
        assert Settings().reading_processes == processes


def test_the_strongest_source_of_a_value_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller has precedence over the environment, pullquote.toml and the defaults."""
    (tmp_path / "pullquote.toml").write_text("hits = 3\nanswers = 4\nport = 8000\n")
    monkeypatch.setenv("PULLQUOTE_HITS", "5")
    monkeypatch.setenv("PULLQUOTE_ANSWERS", "6")
    settings = load_settings(hits=7)
    assert (settings.hits, settings.answers, settings.port, settings.candidates) == (7, 6, 8000, 50)


def test_none_leaves_a_setting_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """An option that was not given does not undo the environment."""
    monkeypatch.setenv("PULLQUOTE_INDEX", "elsewhere")
    assert load_settings(index=None, corpus=None) == Settings(index=Path("elsewhere"))
    assert load_settings(index=None).corpus == Path("corpus")


def test_zero_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """0 is not the same as no value."""
    assert load_settings(overlap_sentences=0).overlap_sentences == 0
    monkeypatch.setenv("PULLQUOTE_OVERLAP_SENTENCES", "0")
    assert load_settings().overlap_sentences == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hits", 0),
        ("candidates", 1001),
        ("passage_tokens", 15),
        ("passage_tokens", 513),
        ("overlap_sentences", -1),
        ("wrong_at_most", 1.0),
        ("port", 65536),
        ("rrf_k", "many"),
        ("milvus_ca", "nowhere.pem"),
    ],
)
def test_a_value_out_of_range_is_named(name: str, value: object) -> None:
    """The message has the name of the setting."""
    with pytest.raises(SettingsError, match=f"A setting cannot be used: {name}: "):
        load_settings(**{name: value})


def test_an_unknown_setting_in_the_file_is_named(tmp_path: Path) -> None:
    """A misspelt setting is refused."""
    (tmp_path / "pullquote.toml").write_text("hitz = 3\n")
    with pytest.raises(SettingsError, match="hitz"):
        load_settings()


@pytest.mark.parametrize("content", [b"hits = = 3\n", b"hits = '\xff'\n"], ids=["toml", "utf-8"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    """A pullquote.toml that cannot be read is a SettingsError."""
    (tmp_path / "pullquote.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"pullquote\.toml cannot be read"):
        load_settings()


def test_settings_cannot_be_changed() -> None:
    """Settings are immutable, so threads may share them."""
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.hits = 3  # type: ignore[misc]


def test_every_setting_says_what_it_is() -> None:
    """Each setting has a description."""
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is shown neither by settings nor by the error about a short one."""
    monkeypatch.setenv("PULLQUOTE_PASSWORD", "correct horse")
    shown = f"{load_settings()!r} {load_settings()} {load_settings().model_dump(mode='json')}"
    assert "correct" not in shown
    monkeypatch.setenv("PULLQUOTE_PASSWORD", "horse")
    with pytest.raises(SettingsError, match=r"password: .*8") as caught:
        load_settings()
    assert "horse" not in str(caught.value)


@pytest.mark.parametrize("written", ["a.example, b.example", "a.example,b.example,"])
def test_names_are_written_with_commas(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    """In the environment a list is separated by commas."""
    monkeypatch.setenv("PULLQUOTE_ALLOWED_HOSTS", written)
    assert load_settings().allowed_hosts == ("a.example", "b.example")
