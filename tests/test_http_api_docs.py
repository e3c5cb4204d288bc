"""The examples in docs/reference/http-api.md work against a running chat; its table is complete."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pullquote.schema.problem import Problem
from pullquote.web.http_api.app import API, PATHS
from served import ROOT, Served, serving

DOCS = (ROOT / "docs" / "reference" / "http-api.md").read_text(encoding="utf-8")
SHOWN = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sample_index: Path) -> Iterator[Served]:
    """A chat over the sample corpus."""
    folder = tmp_path_factory.mktemp("docs")
    with serving(folder, corpus=ROOT / "corpus", index=sample_index) as server:
        yield server


def example(language: str) -> str:
    """The first example in a language."""
    found = re.search(rf"^```{language}\n(.*?)^```", DOCS, flags=re.M | re.S)
    assert found is not None
    return found[1]


def test_the_python_example_runs(served: Served) -> None:
    """The citation leads to its words."""
    code = example("python").replace(SHOWN, served.url)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_curl_examples_run(served: Served) -> None:
    """Each prints JSON: a reply, hits and verdicts."""
    code = example("sh").replace(SHOWN, served.url)
    lines = re.sub(r"^(curl.*)$", r"\1; echo", code, flags=re.M)
    done = subprocess.run(
        ["bash", "-c", lines],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    reply, found, checked = map(json.loads, done.stdout.splitlines())
    assert reply["outcome"] == "answer"
    assert len(found["hits"]) == 3
    assert checked["quotes"][0]["verdict"] == "exact"


def test_the_table_has_every_path_with_its_methods() -> None:
    """A new path is in the docs."""
    rows = re.findall(r"^\| `(/api/v1/\S+)` \| (\S.*?) \|", DOCS, flags=re.M)
    assert rows == [(f"{API}/{path.name}", ", ".join(path.methods)) for path in PATHS]


def test_every_parameter_is_named() -> None:
    """So is every new filter."""
    named = set(re.findall(r"`(\w+)`", DOCS))
    for path in PATHS:
        if path.takes is not None:
            assert set(path.takes.model_fields) <= named


def test_the_problem_is_one() -> None:
    """The example has the fields of a problem."""
    assert set(json.loads(example("json"))) == set(Problem.model_fields)
