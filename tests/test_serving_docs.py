"""The examples in the pages about serving work against a running chat."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pullquote.settings import Settings
from served import ROOT, Served, serving

PAGES = (
    "how-to/programs.md",
    "how-to/serving.md",
    "how-to/updating.md",
    "reference/server-limits.md",
)
DOCS = "".join((ROOT / "docs" / page).read_text(encoding="utf-8") for page in PAGES)
SHOWN = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sample_index: Path) -> Iterator[Served]:
    """A chat over the sample corpus."""
    folder = tmp_path_factory.mktemp("docs")
    with serving(folder, corpus=ROOT / "corpus", index=sample_index) as server:
        yield server


def example(language: str, server: Served) -> str:
    """The first example in a language, with the address of the server."""
    found = re.search(rf"^```{language}\n(.*?)^```", DOCS, flags=re.M | re.S)
    assert found is not None
    return found[1].replace(SHOWN, server.url)


def test_the_python_example_runs(served: Served) -> None:
    """The Python example runs in its own process, since its client leaves open sockets."""
    done = subprocess.run(
        [sys.executable, "-c", example("python", served)],
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_curl_example_runs(served: Served) -> None:
    """The output ends with the answer."""
    done = subprocess.run(
        ["bash", "-c", example("sh", served)],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "event: complete" in done.stdout
    assert '"citations"' in done.stdout


def test_the_settings_named_exist() -> None:
    """The endpoints have the documented names."""
    named = {"allowed_hosts", "body_bytes", "waiting", "proxy_header", "host", "port"}
    named |= {"trusted_proxies", "connections_per_address"}
    assert named <= set(Settings.model_fields)
    assert all(f"`{name}`" in DOCS for name in named)
