"""Importing the module of a framework that is not installed says how to install it."""

from __future__ import annotations

import subprocess
import sys

import pytest

FRAMEWORKS = {
    "langchain": ("langchain_core", "langchain"),
    "llama_index": ("llama_index.core", "llama-index"),
    "haystack": ("haystack", "haystack"),
}


@pytest.mark.parametrize("module", FRAMEWORKS)
def test_a_missing_framework_is_named(module: str) -> None:
    """The error is an ImportError, and has the command that installs the extra."""
    package, extra = FRAMEWORKS[module]
    program = f"""
import sys
sys.modules[{package!r}] = None  # as if it were not installed
try:
    import pullquote.integrations.{module}
except ImportError as error:
    print(error)
"""
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert f'pip install "pullquote[{extra}]"' in found.stdout
