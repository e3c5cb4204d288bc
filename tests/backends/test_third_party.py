"""Backends of other packages: found by their entry points, used by every command."""

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

from pullquote import plugins
from pullquote.errors import SettingsError
from pullquote.settings import Settings, load_settings
from pullquote.testing.index_conformance import AnswersConformance, RebuildsConformance

PAGE = (Path(__file__).parents[2] / "docs" / "backends.md").read_text(encoding="utf-8")

[MODULE, CONFORMANCE] = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.M | re.S)
"""The example of the page, whole, and how it is tested."""

ENTRY_POINTS = """
[pullquote.index_backends]
tiny = tiny_backend:TinyBackend
broken = tiny_backend_without:Backend

[pullquote.embedding_backends]
tiny = tiny_backend:TinyEmbedding
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of installed packages, with one that brings backends called tiny."""
    site = tmp_path / "site"
    told = site / "tiny_backend-1.0.dist-info"
    told.mkdir(parents=True)
    (site / "tiny_backend.py").write_text(MODULE)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny-backend\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text(ENTRY_POINTS)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "pier.md").write_text("The council closed the old pier on Monday, said Ana Reyes.")
    return site


def run(site: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a command says where that folder is on the path."""
    return subprocess.run(
        [sys.executable, "-m", "pullquote", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=site.parent,
        env=os.environ | {"PYTHONPATH": str(site), **environment},
    )


def test_an_index_of_another_package_is_built_and_asked(site: Path) -> None:
    """By its scheme alone; it stands where that package puts it."""
    built = run(site, "rebuild-index", "--corpus", "corpus", "--index", "tiny://news", "--json")
    assert (built.returncode, built.stderr) == (0, "")
    assert json.loads(built.stdout)["articles"] == 1
    assert (site.parent / "news.tiny" / "generations").is_dir()
    asked = run(site, "ask", "Who said that the pier was closed?", "--index", "tiny://news")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "Ana Reyes" in asked.stdout
    figures = run(site, "stats", "--json", PULLQUOTE_INDEX="TINY://news")
    assert json.loads(figures.stdout)["articles"] == 1


def test_another_package_reads_and_embeds(site: Path) -> None:
    """The setting names it, and the address that it is given; the index is in a folder."""
    built = run(
        site, "rebuild-index", "--corpus", "corpus", PULLQUOTE_EMBEDDING_BACKEND="tiny:here:1"
    )
    assert (built.returncode, built.stderr) == (0, "")
    assert (site.parent / "embedded.txt").read_text() == "1 at here:1"
    assert (site.parent / "index").is_dir()


def test_an_address_that_a_backend_refuses_is_an_error_of_the_setting(site: Path) -> None:
    """In the backend's own words."""
    done = run(site, "stats", "--index", "tiny://a/b")
    assert done.returncode == 1
    assert "index" in done.stderr
    assert "an address of tiny is like tiny://name" in " ".join(done.stderr.split())


def test_an_unknown_scheme_is_told_with_those_that_are_installed(site: Path) -> None:
    """And with what to install; no folder of that name is made, and no secret repeated."""
    done = run(site, "rebuild-index", "--corpus", "corpus", "--index", "solr://u:s3cret@host/news")
    said = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert "No backend 'solr' is installed, only: broken, milvus, tiny." in said
    assert "Install the package that brings it" in said
    assert "s3cret" not in said
    assert sorted(path.name for path in site.parent.iterdir()) == ["corpus", "site"]


def test_a_backend_that_cannot_be_imported_names_its_package(site: Path) -> None:
    """With what Python says of it."""
    said = " ".join(run(site, "stats", "--index", "broken://news").stderr.split())
    assert "The backend 'broken' (tiny_backend_without:Backend) cannot be imported" in said
    assert "No module named 'tiny_backend_without'" in said
    assert "Reinstall tiny-backend" in said


def test_the_page_declares_its_example() -> None:
    """The entry points in its pyproject.toml are those that are tried here."""
    [written] = re.findall(r"^```toml\n(.*?)^```", PAGE, flags=re.M | re.S)
    declared = tomllib.loads(written)["project"]["entry-points"]
    tried = ConfigParser()
    tried.read_string(ENTRY_POINTS)
    for group, points in declared.items():
        assert points.items() <= dict(tried[group]).items()


def run_conformance(site: Path, tests: str, *options: str) -> subprocess.CompletedProcess[str]:
    """What pytest says of the conformance tests, as that package would run them."""
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
    """By the few lines of the page; all of them pass for its index, and none is left out."""
    done = run_conformance(site, CONFORMANCE)
    assert done.returncode == 0, done.stdout
    own = [
        name
        for part in (AnswersConformance, RebuildsConformance)
        for name in vars(part)
        if name.startswith("test_")
    ]
    [passed] = re.findall(r"^(\d+) passed", done.stdout, flags=re.M)
    assert int(passed) >= len(own) > 30


def test_an_index_that_breaks_a_promise_does_not_conform(site: Path) -> None:
    """Of one that says it finds by meaning alone and does not, with the values that differ."""
    lying = CONFORMANCE.replace("    @classmethod", "    has_words = False\n\n    @classmethod")
    done = run_conformance(site, lying, "-k", "words_match")
    assert done.returncode == 1
    assert "== {}" in done.stdout


def test_our_own_backends_are_declared() -> None:
    """As those of any other package; a checkout is installed anew when these change."""
    assert "milvus" in plugins.installed(plugins.INDEX_BACKENDS)
    assert "ray" in plugins.installed(plugins.EMBEDDING_BACKENDS)


def test_a_backend_that_is_an_extra_of_ours_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not found, the command that installs it is said."""
    monkeypatch.setattr(plugins, "_found", lambda _: {})
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
def test_what_embeds_is_chosen_by_settings(
    given: dict[str, str], backend: str, address: str
) -> None:
    """`ray` as ever, which counts first; any other by its name, with an address or without."""
    chosen = load_settings(**given).embedding
    assert chosen is not None
    assert (chosen.backend, chosen.address) == (backend, address)


def test_without_a_choice_this_process_embeds() -> None:
    """No backend is looked for."""
    assert Settings().embedding is None
