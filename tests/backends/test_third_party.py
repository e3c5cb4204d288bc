"""Backends of other packages are found by entry points, and every command uses them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

from pullquote.integrations.testing.index_conformance import (
    AnswersConformance,
    RebuildsConformance,
    VocabularyConformance,
)
from pullquote.schema import plugins
from pullquote.schema.errors import SettingsError
from pullquote.schema.settings import Settings, load_settings

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "backends.md").read_text(encoding="utf-8")

[MODULE, CONFORMANCE] = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.M | re.S)
"""The example on the page, and its tests."""

ENTRY_POINTS = """
[pullquote.index_backends]
tiny = tiny_backend:TinyBackend
broken = tiny_backend_without:Backend

[pullquote.embedding_backends]
tiny = tiny_backend:TinyEmbedding
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of installed packages, with one that has backends called tiny."""
    site = tmp_path / "site"
    dist_info = site / "tiny_backend-1.0.dist-info"
    dist_info.mkdir(parents=True)
    (site / "tiny_backend.py").write_text(MODULE)
    (dist_info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny-backend\nVersion: 1.0\n")
    (dist_info / "entry_points.txt").write_text(ENTRY_POINTS)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "pier.md").write_text("The council closed the old pier on Monday, said Ana Reyes.")
    return site


def run(site: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command with that folder on the path."""
    return subprocess.run(
        [sys.executable, "-m", "pullquote", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=site.parent,
        env=os.environ | {"PYTHONPATH": str(site), **environment},
    )


def test_an_index_of_another_package_is_built_and_asked(site: Path) -> None:
    """The scheme is enough; the package decides where the index is."""
    built = run(site, "rebuild-index", "--corpus", "corpus", "--index", "tiny://news", "--json")
    assert (built.returncode, built.stderr) == (0, "")
    assert json.loads(built.stdout)["articles"] == 1
    assert (site.parent / "news.tiny" / "generations").is_dir()
    asked = run(site, "ask", "What did the council close?", "--index", "tiny://news")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "Ana Reyes" in asked.stdout
    figures = run(site, "stats", "--json", PULLQUOTE_INDEX="TINY://news")
    assert json.loads(figures.stdout)["articles"] == 1


def test_another_package_parses_and_embeds(site: Path) -> None:
    """The setting has its name and address; the index is in a folder."""
    built = run(
        site, "rebuild-index", "--corpus", "corpus", PULLQUOTE_EMBEDDING_BACKEND="tiny:here:1"
    )
    assert (built.returncode, built.stderr) == (0, "")
    assert (site.parent / "embedded.txt").read_text() == "1 at here:1"
    assert (site.parent / "index").is_dir()


def test_a_refused_address_is_an_error_of_the_setting(site: Path) -> None:
    """The error has the text of the backend."""
    done = run(site, "stats", "--index", "tiny://a/b")
    assert done.returncode == 1
    assert "index" in done.stderr
    assert "a tiny address looks like tiny://name" in " ".join(done.stderr.split())


def test_an_unknown_scheme_lists_the_installed_ones(site: Path) -> None:
    """The error says what to install and repeats no secret; no folder is made."""
    done = run(site, "rebuild-index", "--corpus", "corpus", "--index", "solr://u:s3cret@host/news")
    message = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert "No backend 'solr' is installed, only: broken, milvus, tiny." in message
    assert "Install the package that provides it" in message
    assert "s3cret" not in message
    assert sorted(path.name for path in site.parent.iterdir()) == ["corpus", "site"]


def test_the_address_of_a_chat_is_no_index(site: Path) -> None:
    """The error says how a chat is asked."""
    done = run(site, "stats", "--index", "http://127.0.0.1:7860")
    assert done.returncode == 1
    assert "asked with pullquote.client.Client" in " ".join(done.stderr.split())


def test_a_backend_that_cannot_be_imported_names_its_package(site: Path) -> None:
    """The error includes that of Python."""
    message = " ".join(run(site, "stats", "--index", "broken://news").stderr.split())
    assert "The backend 'broken' (tiny_backend_without:Backend) cannot be imported" in message
    assert "No module named 'tiny_backend_without'" in message
    assert "Reinstall tiny-backend" in message


def test_the_page_declares_its_example() -> None:
    """The entry points in its pyproject.toml are those of this test."""
    [written] = re.findall(r"^```toml\n(.*?)^```", PAGE, flags=re.M | re.S)
    declared = tomllib.loads(written)["project"]["entry-points"]
    tried = ConfigParser()
    tried.read_string(ENTRY_POINTS)
    for group, points in declared.items():
        assert points.items() <= dict(tried[group]).items()


def run_conformance(site: Path, tests: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the conformance tests as that package would."""
    (site.parent / "test_tiny.py").write_text(tests)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "test_tiny.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=site.parent,
        env=os.environ | {"PYTHONPATH": str(site)},
    )


@pytest.mark.slow
def test_another_package_runs_the_conformance_tests(site: Path) -> None:
    """The lines on the page run all tests, and they pass for the example's index."""
    done = run_conformance(site, CONFORMANCE)
    assert done.returncode == 0, done.stdout
    own = [
        name
        for part in (AnswersConformance, VocabularyConformance, RebuildsConformance)
        for name in vars(part)
        if name.startswith("test_")
    ]
    [passed] = re.findall(r"^(\d+) passed", done.stdout, flags=re.M)
    assert int(passed) >= len(own) > 30


def test_an_index_that_breaks_a_promise_does_not_conform(site: Path) -> None:
    """An index that wrongly has no words fails, and the report has the differing values."""
    lying = CONFORMANCE.replace("    @classmethod", "    has_words = False\n\n    @classmethod")
    done = run_conformance(site, lying, "-k", "word_search")
    assert done.returncode == 1
    assert "== {}" in done.stdout


def test_our_own_backends_are_declared() -> None:
    """Our entry points are declared. After a change of them, install the checkout again."""
    assert "milvus" in plugins.installed(plugins.INDEX_BACKENDS)
    assert "ray" in plugins.installed(plugins.EMBEDDING_BACKENDS)


def test_a_backend_that_is_an_extra_of_ours_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """If it is missing, the error has the command that installs it."""
    monkeypatch.setattr(plugins, "_entry_points", lambda _: {})
    with pytest.raises(SettingsError) as caught:
        load_settings(index="milvus://host/news")
    assert 'only: none. Run: pip install "pullquote[milvus]"' in str(caught.value)


@pytest.mark.parametrize(
    ("given", "backend", "address"),
    [
        ({"ray": "auto"}, "ray", "auto"),
        ({"ray": "ray://head:10001"}, "ray", "ray://head:10001"),
        ({"embedding_backend": "tiny"}, "tiny", ""),
        ({"embedding_backend": "tiny:host:1"}, "tiny", "host:1"),
        ({"embedding_backend": "tiny", "ray": "local"}, "ray", "local"),
    ],
)
def test_settings_choose_the_embedding_backend(
    given: dict[str, str], backend: str, address: str
) -> None:
    """`ray` takes precedence; another is chosen by its name, with or without an address."""
    chosen = load_settings(**given).embedding
    assert chosen is not None
    assert (chosen.backend, chosen.address) == (backend, address)


def test_without_a_choice_this_process_embeds() -> None:
    """By default no embedding backend is used."""
    assert Settings().embedding is None
