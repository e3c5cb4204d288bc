"""Renamed settings can be set by their old names for one release."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pullquote.schema.settings import load_settings


def test_an_old_name_works_as_a_keyword() -> None:
    """It sets the new setting, with a warning that names both."""
    with pytest.warns(FutureWarning, match="milvus_kept_seconds has .* milvus_cache_seconds"):
        settings = load_settings(milvus_kept_seconds=5)
    assert settings.milvus_cache_seconds == 5.0


def test_an_old_name_works_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The warning names the variable."""
    monkeypatch.setenv("PULLQUOTE_MILVUS_KEPT_SECONDS", "6")
    with pytest.warns(FutureWarning, match="KEPT_SECONDS has .* PULLQUOTE_MILVUS_CACHE_SECONDS"):
        settings = load_settings()
    assert settings.milvus_cache_seconds == 6.0


def test_an_old_name_works_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment counts before the file, whichever name it uses."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pullquote.toml").write_text("milvus_kept_seconds = 7\n")
    with pytest.warns(FutureWarning, match="(?i)milvus_cache_seconds"):
        assert load_settings().milvus_cache_seconds == 7.0
    (tmp_path / "pullquote.toml").write_text("milvus_cache_seconds = 7\n")
    monkeypatch.setenv("PULLQUOTE_MILVUS_KEPT_SECONDS", "8")
    with pytest.warns(FutureWarning, match="(?i)milvus_cache_seconds"):
        assert load_settings().milvus_cache_seconds == 8.0


def test_the_new_name_counts_before_the_old() -> None:
    """If both are given, the old one is only warned about."""
    with pytest.warns(FutureWarning, match="(?i)milvus_cache_seconds"):
        settings = load_settings(milvus_cache_seconds=9, milvus_kept_seconds=5)
    assert settings.milvus_cache_seconds == 9.0


def test_the_warning_is_shown() -> None:
    """Python hides some warnings; this one reaches who runs a command."""
    code = "from pullquote.schema.settings import load_settings; load_settings()"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PULLQUOTE_MILVUS_KEPT_SECONDS": "6"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "use PULLQUOTE_MILVUS_CACHE_SECONDS" in shown.stderr
