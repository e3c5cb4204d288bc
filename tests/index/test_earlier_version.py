"""An index that version 0.1 has made is opened, and a rebuild continues it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import pullquote

STORED = Path(__file__).parents[1] / "data" / "index-0.1"
"""Built by a 0.1 of November 2026 from one article, without the caches."""

ARTICLE = """---
title: Pier closed after storm
source: Harbour Post
published: 2024-03-14
---
The harbour master Ida Roe closed the pier on Friday.
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A copy of the stored index."""
    return Path(shutil.copytree(STORED, tmp_path / "index"))


def test_it_answers(index: Path) -> None:
    """The words are found where they were."""
    with pullquote.open(index) as assistant:
        reply = assistant.ask("who closed the pier?")
        cited = reply.answers[0].citations[0]
        assert assistant.article(cited.article).text[cited.start : cited.end] == cited.quote
    assert (cited.source, cited.quote) == ("Harbour Post", "Ida Roe")


def test_a_rebuild_continues_it(index: Path, tmp_path: Path) -> None:
    """The article is the same, and a new one is added."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "tide.md").write_text(ARTICLE, encoding="utf-8")
    (corpus / "boat.md").write_text("The ferry sails again from Monday.", encoding="utf-8")
    report = pullquote.rebuild_index(corpus, index, new_corpus=True)
    assert (report.articles, report.added, report.removed) == (2, 1, 0)
    with pullquote.open(index) as assistant:
        assert assistant.retrieve("ferry", k=1)[0].article.id == "boat.md"


def test_it_can_be_backed_up_and_restored(index: Path, tmp_path: Path) -> None:
    """Before it is rebuilt."""
    made = pullquote.backup(tmp_path / "backup.zip", index)
    restored = pullquote.restore(made.file, tmp_path / "restored")
    with pullquote.open(restored.index) as assistant:
        assert assistant.article("tide.md").title == "Pier closed after storm"
