"""`constraints.txt` has every package that `make` needs, and no build of torch."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LINES = ROOT.joinpath("constraints.txt").read_text(encoding="utf-8").splitlines()
PINNED = [Requirement(line) for line in LINES if not line.startswith("#")]
LISTS = [PROJECT["dependencies"], *EXTRAS.values()]
NEEDED = [Requirement(line) for listed in LISTS for line in listed]


def test_every_dependency_has_a_version_that_suits() -> None:
    """Every dependency has a suitable version; `make constraints` updates them."""
    pinned: dict[str, list[str]] = {}
    for pin in PINNED:
        versions = pinned.setdefault(canonicalize_name(pin.name), [])
        versions += [version.version for version in pin.specifier]
    unsuitable = {}
    for needed in NEEDED:
        versions = pinned.get(canonicalize_name(needed.name), [])
        suit = all(needed.specifier.contains(version) for version in versions)
        if not suit or bool(versions) != (needed.name != "torch"):
            unsuitable[str(needed)] = versions
    assert unsuitable == {}


def test_which_build_of_torch_is_for_pip_to_choose() -> None:
    """There is no version of torch, no GPU library, and no package index for one."""
    names = {pin.name for pin in PINNED}
    assert not {name for name in names if re.match("torch|nvidia|cuda|triton", name)}
    assert all(pin.url is None for pin in PINNED)
    assert not [line for line in LINES if "://" in line]


def test_no_dependency_is_named_twice() -> None:
    """Each list has a dependency once, since a second bound is easily missed."""
    lists = {"dependencies": PROJECT["dependencies"], **EXTRAS}
    twice = [
        (listed, name)
        for listed, lines in lists.items()
        for name, times in Counter(canonicalize_name(Requirement(x).name) for x in lines).items()
        if times > 1
    ]
    assert twice == []


@pytest.mark.slow
def test_an_index_that_cannot_be_reached_is_named_with_a_way_around_it(tmp_path: Path) -> None:
    """`TORCH=cpu make run` then names the address, and the command that needs no such index."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    nowhere = "http://127.0.0.1:9/whl"
    command = ["make", "TORCH=cpu", f"PYTORCH_CPU={nowhere}", ".venv/installed"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"could not be installed from {nowhere}" in done.stdout
    assert "make run " in done.stdout
    assert ".venv/bin/pip install FILE" in done.stdout
    assert "WARNING" not in done.stderr
    assert not (tmp_path / ".venv" / "installed").exists()
