"""Names in the code have one meaning each and no retired word."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.prose import ROOT, retired_words

SRC = ROOT / "src" / "pullquote"
MODULES = sorted(SRC.rglob("*.py"))
DEPRECATED = {"src/pullquote/index/stats.py: recipe"}
"""Names that work for one more release, with a warning."""


def identifiers(path: Path) -> Iterator[str]:
    """Every name that a module defines or sets, and the module's own name."""
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


@functools.cache
def words(identifier: str) -> list[str]:
    """The words of a name: `LruCache` and `lru_cache` are "lru" and "cache".

    "Held out" is a term of machine learning. `Citation.said_by` is the words of a citation that say
    whose claim it is.
    """
    name = identifier
    for term in ("held_out", "HELD_OUT", "said_by"):
        name = name.replace(term, "")
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


@pytest.mark.parametrize("folder", ["src", "tests", "benchmarks", "training"])
def test_no_name_has_a_retired_word(folder: str) -> None:
    """The retired words of docs/reference/glossary.md are in no identifier and no file name."""
    retired = {each.word for each in retired_words()}
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in identifiers(path)
        if not retired.isdisjoint(words(name))
    }
    assert sorted(found - DEPRECATED) == []
