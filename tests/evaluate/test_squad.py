"""SQuAD's JSON is read as published, and its pages become a corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import scratch
from pullquote.evaluate import GoldQuestion, read_gold, read_questions
from pullquote.evaluate.datasets import (
    SquadPage,
    SquadParagraph,
    ids_by_title,
    title_key,
    write_pages,
)
from pullquote.parsing import find_files, read_articles
from pullquote.schema.errors import SettingsError

PIER = "The pier opened in 1911. It was the work of Ida Roe."
GULL = "Gulls nest under it."
FILE = {
    "version": "v2.0",
    "data": [
        {
            "title": "North_Pier",
            "paragraphs": [
                {
                    "context": PIER,
                    "qas": [
                        {
                            "id": "q1",
                            "question": "Who built it?",
                            "answers": [
                                {"text": "Ida Roe", "answer_start": 44},
                                {"text": "Ida Roe", "answer_start": 44},
                                {"text": "Roe", "answer_start": 48},
                            ],
                        },
                        {
                            "id": "q2",
                            "question": "When did it close?",
                            "answers": [],
                            "plausible_answers": [{"text": "1911", "answer_start": 19}],
                            "is_impossible": True,
                        },
                    ],
                },
                {"context": GULL, "qas": [{"id": "q3", "question": "Why?", "answers": []}]},
            ],
        }
    ],
}


def squad(folder: Path, content: object = FILE, *, name: str = "squad.json") -> Path:
    """A file in SQuAD's format."""
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_squad_questions_are_read_with_their_paragraph(tmp_path: Path) -> None:
    """Answers are distinct; impossible questions are unanswerable; the title names the article."""
    pier = {"articles": frozenset({"North_Pier"}), "paragraph": PIER}
    assert read_questions(squad(tmp_path)) == [
        GoldQuestion(id="q1", question="Who built it?", answers=("Ida Roe", "Roe"), **pier),
        GoldQuestion(id="q2", question="When did it close?", answers=(), **pier),
        GoldQuestion(
            id="q3",
            question="Why?",
            answers=(),
            articles=frozenset({"North_Pier"}),
            paragraph=GULL,
        ),
    ]


def test_format_is_recognised_by_content_not_name(tmp_path: Path) -> None:
    """SQuAD's JSON is known whatever its file is called."""
    assert len(read_questions(squad(tmp_path, name="questions.jsonl"))) == 3


def test_a_fault_is_named_by_its_place(tmp_path: Path) -> None:
    """The path is written as in code."""
    broken = json.loads(json.dumps(FILE))
    del broken["data"][0]["paragraphs"][0]["qas"][1]["question"]
    with pytest.raises(
        SettingsError, match=r"squad\.json, data\[0\]\.paragraphs\[0\]\.qas\[1\]\.question: Field"
    ):
        read_questions(squad(tmp_path, broken))


def test_json_that_ends_early_is_named(tmp_path: Path) -> None:
    """An incomplete download is not taken for JSON Lines."""
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(FILE)[:-5], encoding="utf-8")
    with pytest.raises(SettingsError, match=r"squad\.json is not JSON: .* line 1 column"):
        read_questions(path)


def test_an_id_that_comes_twice_is_named_with_both_places(tmp_path: Path) -> None:
    """The error names both paragraphs."""
    twice = json.loads(json.dumps(FILE))
    twice["data"][0]["paragraphs"][1]["qas"][0]["id"] = "q1"
    with pytest.raises(
        SettingsError,
        match=r"graphs\[1\]\.qas\[0\] repeats the id 'q1' of data\[0\]\.paragraphs\[0\]\.qas\[0\]",
    ):
        read_questions(squad(tmp_path, twice))


def test_pages_become_articles_with_their_paragraphs(tmp_path: Path) -> None:
    """The title comes first; pages of one title from two files are one article without repeats."""
    path = squad(tmp_path)
    asked = [{"id": "q4", "question": "When?", "answers": []}]
    burned = {"context": "It burned.", "qas": asked}
    more = {"title": "north pier", "paragraphs": [burned, {"context": GULL}]}
    other = squad(tmp_path, {"data": [more]}, name="other.json")
    pages = [page for one in (path, other) for page in read_gold(one).pages]
    write_pages(pages, tmp_path / "corpus")
    assert find_files(tmp_path / "corpus").articles == ("North_Pier.txt",)
    [article] = read_articles(tmp_path / "corpus/North_Pier.txt", id="North_Pier.txt")
    assert article.title == "North Pier"
    assert article.text == f"North Pier\n\n{PIER}\n\n{GULL}\n\nIt burned.\n"


@pytest.mark.parametrize(
    ("title", "article"),
    [
        ("Black_Death", "Black_Death.txt"),
        ("Black Death", "wiki/black_death.md"),
        ("St._John's", "St._John's.txt"),
        ("AC/DC", "AC_DC.txt"),
        ("What?", "What.txt"),
    ],
)
def test_title_is_matched_with_a_stem(title: str, article: str) -> None:
    """Case, spaces, underscores and characters that file names lack make no difference."""
    assert ids_by_title([article, "other.md"])[title_key(title)] == {article}


@given(st.text(min_size=1, max_size=120))
def test_any_title_finds_the_file_made_of_it(title: str) -> None:
    """Any title and its file's stem have the same key."""
    with scratch() as folder:
        corpus = Path(folder) / "corpus"
        write_pages([SquadPage(title=title, paragraphs=[SquadParagraph(context=PIER)])], corpus)
        [name] = find_files(corpus).articles
    assert ids_by_title([name])[title_key(title)] == {name}
