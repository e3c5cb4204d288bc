"""Docs, docstrings and comments are short sentences of plain words."""

from __future__ import annotations

import re

import pytest
from benchmarks.prose import (
    ROOT,
    Prose,
    default_paths,
    long_sentences,
    prose_of,
    retired_in,
    retired_words,
)


@pytest.fixture(scope="module")
def prose() -> list[Prose]:
    """All docs, docstrings and comments."""
    return [paragraph for path in default_paths() for paragraph in prose_of(path)]


def test_no_sentence_is_too_long(prose: list[Prose]) -> None:
    """No sentence has more than 35 words."""
    assert long_sentences(prose) == []


def test_no_retired_word_is_written(prose: list[Prose]) -> None:
    """The glossary's retired words are gone from docs, docstrings and comments."""
    assert retired_in(prose, retired_words()) == []


def test_docs_name_files_that_exist() -> None:
    """A path in the docs, such as `parsing/html/`, is one in the project or its package."""
    package = ROOT / "src" / "pullquote"
    roots = (ROOT, ROOT / "src", package, package / "web", package / "newsroom")
    missing = [
        (path.relative_to(ROOT).as_posix(), named)
        for path in [*(ROOT / "docs").rglob("*.md"), ROOT / "CONTRIBUTING.md"]
        for named in re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`", path.read_text("utf-8"))
        if not any((root / named).exists() for root in roots)
    ]
    assert missing == []


def test_links_between_docs_lead_somewhere() -> None:
    """A relative link in a Markdown file names a file that exists."""
    missing = [
        (path.relative_to(ROOT).as_posix(), target)
        for path in [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]
    assert missing == []


def test_finds_what_it_looks_for() -> None:
    """A long sentence and a retired word are found, and named with file and line."""
    path = ROOT / "example.md"
    long = Prose("docs", path, 3, " ".join(["word"] * 36) + ".")
    assert long_sentences([long])[0].startswith("example.md:3: 36 words")
    retired = [each for each in retired_words() if each.prose][:1]
    assert retired_in([Prose("docs", path, 4, f"A {retired[0].word}.")], retired) == [
        f"example.md:4: {retired[0].word!r}; write {retired[0].instead}"
    ]
