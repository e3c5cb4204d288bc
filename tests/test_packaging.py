"""What a release consists of: one version everywhere, a wheel and an sdist with the right files."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from datetime import date
from email import message_from_string
from email.message import Message
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest
import yaml
from docs.licences import needed
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION = PROJECT["version"]
CHANGELOG = ROOT.joinpath("CHANGELOG.md").read_text(encoding="utf-8")
LICENCES = ROOT.joinpath("docs", "reference", "licences.md").read_text(encoding="utf-8")
QUESTION = "who agreed to the Interpol centre?"


def files_in(folder: str) -> set[str]:
    """The files of a folder of the project, without what running it leaves there."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def built(source: Path, folder: Path) -> dict[str, Path]:
    """The wheel and the sdist of a source tree, built without a network, by their suffixes."""
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return {path.suffix: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the sdist of the project."""
    return built(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(release: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(release[".whl"]) as wheel:
        wheel.extractall(folder)  # noqa: S202 - we built it
    return folder


def metadata_of(wheel: Path) -> Message:
    """The metadata of a wheel."""
    with zipfile.ZipFile(wheel) as opened:
        written = opened.read(f"pullquote-{VERSION}.dist-info/METADATA")
    return message_from_string(written.decode())


def pullquote(*arguments: str, installed: Path, folder: Path) -> str:
    """The output of a command of an installed wheel, run in another folder."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pullquote", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(installed), "HOME": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_changelog_begins_with_this_version() -> None:
    """The newest release in the changelog is the version of the project, with its day."""
    assert "\n## [Unreleased]\n" in CHANGELOG
    releases = re.findall(r"^## \[([\d.]+)\] - (\S+)$", CHANGELOG, re.M)
    assert releases[0][0] == VERSION
    days = [date.fromisoformat(day) for _, day in releases]
    assert days == sorted(days, reverse=True)


def imported(folder: str) -> dict[str, str]:
    """The top-level modules that the programs of a folder import, each with one that does."""
    found = dict[str, str]()
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            found |= {name.partition(".")[0]: path.name for name in names}
    return found


@pytest.mark.parametrize("folder", ["src", "tests", "benchmarks", "docs", "training"])
def test_whatever_is_imported_is_declared(folder: str) -> None:
    """A package that only another package needs may be gone with its next release."""
    extras = PROJECT["optional-dependencies"]
    groups = [needed for name, needed in extras.items() if folder != "src" or name != "dev"]
    lines = [*PROJECT["dependencies"], *chain.from_iterable(groups)]
    declared = {canonicalize_name(Requirement(line).name) for line in lines} | {"pullquote"}
    installed = packages_distributions()
    missing = {
        name: where
        for name, where in imported(folder).items()
        if name in installed and declared.isdisjoint(map(canonicalize_name, installed[name]))
    }
    assert missing == {}


def test_the_citation_names_this_release() -> None:
    """CITATION.cff has the version, day and licence of the release."""
    cited = yaml.safe_load(ROOT.joinpath("CITATION.cff").read_text(encoding="utf-8"))
    assert f"## [{cited['version']}] - {cited['date-released']}" in CHANGELOG
    assert (cited["version"], cited["license"]) == (VERSION, PROJECT["license"])
    assert cited["title"] == PROJECT["name"]
    assert cited["abstract"].strip() == PROJECT["description"]


def test_the_security_policy_supports_this_release() -> None:
    """SECURITY.md says that this minor version gets fixes."""
    policy = ROOT.joinpath("SECURITY.md").read_text(encoding="utf-8")
    assert f"| {VERSION.rpartition('.')[0]} | yes |" in policy


def test_every_package_has_a_licence() -> None:
    """The page of licences has each package that this environment needs, and knows its licence."""
    rows = dict(re.findall(r"^\| ([a-z0-9-]+) \| [^|]+ \| ([^|]+) \|$", LICENCES, re.M))
    named = {*rows, *re.findall("`([a-z-]+)` ", LICENCES)}
    assert needed() - named == set()
    assert {name for name, licence in rows.items() if "UNKNOWN" in licence} == set()


@pytest.mark.slow
def test_the_wheel_has_the_package_and_the_sample(release: dict[str, Path]) -> None:
    """It has every file of the package and of the sample corpus, its metadata, and no more."""
    with zipfile.ZipFile(release[".whl"]) as wheel:
        names = set(wheel.namelist())
    about = {name for name in names if name.startswith(f"pullquote-{VERSION}.dist-info/")}
    package = {name.removeprefix("src/") for name in files_in("src")}
    sample = {re.sub("^corpus", "pullquote/sample_articles", name) for name in files_in("corpus")}
    assert names - about == package | sample
    assert {name.partition("/")[2] for name in about} == {
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "licenses/LICENSE",
    }


@pytest.mark.slow
def test_the_sdist_has_what_the_wheel_is_made_of(release: dict[str, Path]) -> None:
    """It has neither tests nor their data, nor anything that building or running leaves."""
    with tarfile.open(release[".gz"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    roots = "app.py constraints.txt pyproject.toml .gitignore LICENSE PKG-INFO README.md".split()
    roots += ["CHANGELOG.md", "CITATION.cff", "SECURITY.md"]
    assert names == files_in("src") | files_in("corpus") | set(roots)


@pytest.mark.slow
def test_the_same_files_give_the_same_bytes(release: dict[str, Path], tmp_path: Path) -> None:
    """What is built from the unpacked sdist, elsewhere and later, equals both to the last byte."""
    with tarfile.open(release[".gz"]) as sdist:
        sdist.extractall(tmp_path, filter="data")
    again = built(tmp_path / f"pullquote-{VERSION}", tmp_path / "dist")
    for suffix, path in release.items():
        assert again[suffix].read_bytes() == path.read_bytes(), path.name


@pytest.mark.slow
def test_the_metadata_say_what_a_package_index_shows(release: dict[str, Path]) -> None:
    """They have name, version, licence, Python, extras and the README."""
    metadata = metadata_of(release[".whl"])
    facts = [metadata[name] for name in ("Name", "Version", "License-Expression")]
    assert facts == ["pullquote", VERSION, PROJECT["license"]]
    assert set(str(metadata["Requires-Python"]).split(",")) == {">=3.11", "<3.14"}
    assert set(metadata.get_all("Provides-Extra", [])) == set(PROJECT["optional-dependencies"])
    assert not [line for line in metadata.get_all("Requires-Dist", []) if "@" in line]
    readme = ROOT.joinpath("README.md").read_text(encoding="utf-8")
    assert str(metadata.get_payload()).strip() == readme.strip()


@pytest.mark.slow
def test_the_wheel_answers_without_a_checkout(installed: Path, tmp_path: Path) -> None:
    """The installed wheel indexes its own sample articles and answers from them."""
    assert pullquote("--version", installed=installed, folder=tmp_path) == f"pullquote {VERSION}\n"
    sample = installed / "pullquote" / "sample_articles"
    where = ("--corpus", str(sample))
    pullquote("rebuild-index", *where, installed=installed, folder=tmp_path)
    reply = json.loads(pullquote("ask", QUESTION, "--json", installed=installed, folder=tmp_path))
    assert "Surachate" in reply["answers"][0]["text"]


@pytest.mark.slow
def test_the_demo_of_the_wheel_has_its_own_articles(installed: Path, tmp_path: Path) -> None:
    """The sample articles of an installed wheel are those in the wheel."""
    program = "from pullquote.cli.serving import sample_articles; print(sample_articles())"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{installed / 'pullquote' / 'sample_articles'}\n"
