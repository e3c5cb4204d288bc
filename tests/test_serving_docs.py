"""The examples in the pages about serving work against a running chat."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from doc_pages import Example, examples, name_of
from pullquote.schema.settings import Settings
from served import ROOT, Served, serving

PAGES = (
    "how-to/programs.md",
    "how-to/serving.md",
    "how-to/updating.md",
    "reference/http.md",
    "reference/http-api.md",
    "reference/server-limits.md",
)
DOCS = "".join((ROOT / "docs" / page).read_text(encoding="utf-8") for page in PAGES)
SHOWN = "http://127.0.0.1:7860"
EXAMPLES = [
    one for one in examples() if name_of(one.page) == "docs/how-to/programs.md" and not one.not_run
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sample_index: Path) -> Iterator[Served]:
    """A chat over the sample corpus."""
    folder = tmp_path_factory.mktemp("docs")
    with serving(folder, corpus=ROOT / "corpus", index=sample_index) as server:
        yield server


def run(arguments: list[str], example: Example, server: Served) -> str:
    """What an example prints, run in a process of its own, since its client leaves open sockets."""
    done = subprocess.run(
        [*arguments, example.code.replace(SHOWN, server.url)],
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def of(language: str, *, gradio: bool) -> Example:
    """The example in a language, with `/api/v1` or with Gradio's endpoints."""
    [found] = [
        one for one in EXAMPLES if one.language == language and ("gradio" in one.code) == gradio
    ]
    return found


def test_the_client_asks_and_checks(served: Served) -> None:
    """The Python example prints the quote with its place, and the verdict."""
    quoted, verdict = run([sys.executable, "-c"], of("python", gradio=False), served).splitlines()
    assert quoted.startswith("Saturday 19 October ")
    assert verdict == "exact"


def test_the_python_example_of_gradio_runs(served: Served) -> None:
    """The citation leads to its words."""
    run([sys.executable, "-c"], of("python", gradio=True), served)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_curl_example_prints_json(served: Served) -> None:
    """A reply, hits of the paper that was asked for, and verdicts."""
    example = of("sh", gradio=False)
    lines = replace(example, code=re.sub(r"^(curl.*)$", r"\1; echo", example.code, flags=re.M))
    printed = run(["bash", "-c"], lines, served).splitlines()
    reply, found, checked = map(json.loads, printed)
    assert reply["outcome"] == "answer"
    assert {hit["source"] for hit in found["hits"]} == {"Harbour Post"}
    assert checked["quotes"][0]["verdict"] == "exact"


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_curl_example_of_gradio_runs(served: Served) -> None:
    """The output ends with the answer."""
    printed = run(["bash", "-c"], of("sh", gradio=True), served)
    assert "event: complete" in printed
    assert '"citations"' in printed


def test_the_settings_named_exist() -> None:
    """The endpoints have the documented names."""
    named = {"allowed_hosts", "body_bytes", "waiting", "proxy_header", "host", "port"}
    named |= {"trusted_proxies", "connections_per_address"}
    assert named <= set(Settings.model_fields)
    assert all(f"`{name}`" in DOCS for name in named)
