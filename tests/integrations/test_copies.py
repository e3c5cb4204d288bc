"""Frameworks copy and pickle what they are given, so everything that we offer them can be."""

from __future__ import annotations

import copy
import importlib
import inspect
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pullquote

FRAMEWORKS = {"haystack": "haystack", "langchain": "langchain_core", "llama_index": "llama_index"}
"""The package that each module of `pullquote.integrations` needs."""


def offered(framework: str) -> Iterator[type[Any]]:
    """The classes that a module offers and that take an index."""
    pytest.importorskip(FRAMEWORKS[framework], reason="needs its extra")
    module = importlib.import_module(f"pullquote.integrations.{framework}")
    for name, kind in inspect.getmembers(module, inspect.isclass):
        takes = getattr(kind, "model_fields", inspect.signature(kind.__init__).parameters)
        if name.startswith("Pullquote") and "index" in takes:
            yield kind


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_everything_offered_can_be_copied_and_pickled(framework: str, sample_index: Path) -> None:
    """Before and after it was used; copies share an assistant that is open."""
    kinds = list(offered(framework))
    assert len(kinds) == 2
    with pullquote.open(sample_index) as assistant:
        for kind in kinds:
            for source in (sample_index, assistant):
                made = kind(source) if framework != "langchain" else kind(index=source)
                assert made._lazy.assistant.settings.index
                for twin in (copy.copy(made), copy.deepcopy(made)):
                    assert twin._lazy.assistant is made._lazy.assistant
                if source is sample_index:
                    again = pickle.loads(pickle.dumps(made))  # noqa: S301
                    assert again._lazy.source == sample_index
                    made._lazy.assistant.close()
