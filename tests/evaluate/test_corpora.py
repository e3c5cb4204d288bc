"""Which corpus is asked; nobody's index is replaced by accident."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Newsroom
from planted import harbour_newsroom
from pullquote.evaluate.gold_file import EvaluationCorpus, evaluation_corpus
from pullquote.schema.errors import CorpusMissing, SettingsError


def squad(folder: Path, name: str, title: str) -> Path:
    """A file of SQuAD with one page of one paragraph and one question."""
    asked = {"id": name, "question": "Who?", "answers": []}
    page = {"title": title, "paragraphs": [{"context": f"{title} it is.", "qas": [asked]}]}
    path = folder / name
    path.write_text(json.dumps({"data": [page]}), encoding="utf-8")
    return path


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """Questions as JSON Lines."""
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": 1, "question": "Who?", "answers": [], "article": null}')
    return path


def test_questions_alone_are_put_to_the_index_of_the_settings(lines: Path) -> None:
    """The index of the settings is not rebuilt."""
    with evaluation_corpus(lines, corpora=(), index=None) as ready:
        assert ready == EvaluationCorpus(corpus=None, index=None)


def test_index_alone_is_asked_as_it_is(tmp_path: Path) -> None:
    """SQuAD's paragraphs must not replace an existing corpus."""
    with evaluation_corpus(
        squad(tmp_path, "a.json", "A"), corpora=(), index=tmp_path / "i"
    ) as ready:
        assert ready == EvaluationCorpus(corpus=None, index=tmp_path / "i")


def test_questions_of_squad_bring_their_paragraphs(tmp_path: Path) -> None:
    """The temporary corpus and its index are removed afterwards."""
    with evaluation_corpus(squad(tmp_path, "a.json", "Old_Pier"), corpora=(), index=None) as ready:
        assert ready.corpus is not None
        assert ready.index is not None
        assert (ready.corpus / "Old_Pier.txt").read_text() == "Old Pier\n\nOld_Pier it is.\n"
        assert ready.index.parent == ready.corpus.parent
    assert not ready.corpus.exists()


def test_several_files_of_squad_are_one_corpus(tmp_path: Path) -> None:
    """All their pages are articles; the user may choose the folder of the index."""
    files = [squad(tmp_path, "a.json", "A"), squad(tmp_path, "b.json", "B")]
    with evaluation_corpus(files[0], corpora=files, index=tmp_path / "index") as ready:
        assert ready.corpus is not None
        assert sorted(path.name for path in ready.corpus.iterdir()) == ["A.txt", "B.txt"]
        assert ready.index == tmp_path / "index"


def test_folder_of_articles_is_the_corpus_itself(lines: Path, tmp_path: Path) -> None:
    """The folder is indexed where it is, into a temporary index."""
    with evaluation_corpus(lines, corpora=[tmp_path], index=None) as ready:
        assert ready.corpus == tmp_path
        assert ready.index is not None
        assert tmp_path not in ready.index.parents


def test_missing_corpus_is_named(lines: Path, tmp_path: Path) -> None:
    """A missing corpus raises, as everywhere."""
    with (
        pytest.raises(CorpusMissing, match="gone"),
        evaluation_corpus(lines, corpora=[tmp_path / "gone"], index=None),
    ):
        pass


def test_folder_and_file_are_not_one_corpus(lines: Path, tmp_path: Path) -> None:
    """A corpus is one folder, or SQuAD files."""
    given = [tmp_path, squad(tmp_path, "a.json", "A")]
    with (
        pytest.raises(SettingsError, match="one folder of articles or one or more files"),
        evaluation_corpus(lines, corpora=given, index=None),
    ):
        pass


def test_file_of_another_kind_is_no_corpus(lines: Path) -> None:
    """JSON Lines contain questions and no articles."""
    with (
        pytest.raises(SettingsError, match=r"gold\.jsonl is neither a folder of articles nor"),
        evaluation_corpus(lines, corpora=[lines], index=None),
    ):
        pass


def test_index_of_another_corpus_is_not_taken(lines: Path, newsroom: Newsroom) -> None:
    """It would lose its articles. An index of the same corpus, or of one that is gone, is used."""
    harbour_newsroom(newsroom)
    index, other = newsroom.index.path, newsroom.corpus.parent / "other"
    other.mkdir()
    with (
        pytest.raises(SettingsError, match="Give another folder with --index"),
        evaluation_corpus(lines, corpora=[other], index=index),
    ):
        pass
    with evaluation_corpus(lines, corpora=[newsroom.corpus], index=index) as ready:
        assert ready.index == index
    newsroom.corpus.rename(newsroom.corpus.with_name("moved"))
    with evaluation_corpus(lines, corpora=[other], index=index) as ready:
        assert ready.index == index
