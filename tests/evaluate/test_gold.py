"""Gold questions are parsed, and errors in them are reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pullquote.evaluate import GoldQuestion, read_questions
from pullquote.schema.errors import SettingsError

GOLD = {"id": "1", "question": "Who?", "answers": ["the chief"], "article": "a.md"}
SAMPLE = Path(__file__).parents[1] / "data/questions.jsonl"


def write(folder: Path, *lines: object) -> Path:
    """Write a file of questions, one a line."""
    path = folder / "questions.jsonl"
    written = [x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines]
    path.write_text("\n".join(written), encoding="utf-8")
    return path


def test_questions_are_read_with_all_their_articles(tmp_path: Path) -> None:
    """Blank lines and unknown keys are ignored; `also` names more articles."""
    path = write(
        tmp_path,
        {**GOLD, "also": ["b.md"], "comments": True, "kind": "who", "note": "hard"},
        "",
        {"id": 2, "question": "Why?", "answers": [], "article": None},
    )
    assert read_questions(path) == [
        GoldQuestion(
            id="1",
            question="Who?",
            answers=("the chief",),
            articles=frozenset({"a.md", "b.md"}),
            comments=True,
            kind="who",
        ),
        GoldQuestion(id="2", question="Why?", answers=(), articles=frozenset()),
    ]
    assert [question.answerable for question in read_questions(path)] == [True, False]


def test_kinds_have_evidence_items_and_a_second_article(tmp_path: Path) -> None:
    """Evidence may be one sentence or several; an empty one is none."""
    path = write(
        tmp_path,
        {**GOLD, "kind": "list", "all": [["Ida", "Roe"], ["Jon"]], "article2": "b.md"},
        {**GOLD, "id": "2", "answers": [], "kind": "keyword", "evidence": ["Ida won."]},
        {**GOLD, "id": "3", "evidence": "Ida won."},
        {**GOLD, "id": "4", "answers": [], "article": None, "evidence": ""},
    )
    items, keywords, fact, none = read_questions(path)
    assert items.items == (("Ida", "Roe"), ("Jon",))
    assert items.articles == {"a.md", "b.md"}
    assert keywords.evidence == fact.evidence == ("Ida won.",)
    assert (keywords.answerable, none.answerable) == (True, False)
    assert keywords.found_in("a.md", "On Monday, Ida won. Jon fell.")
    assert not keywords.found_in("a.md", "On Monday, Jon fell.")


def test_a_line_ends_at_a_newline_only(tmp_path: Path) -> None:
    """A JSON string may contain a line separator."""
    [question] = read_questions(write(tmp_path, {**GOLD, "question": "Who\u2028then\x85?"}))
    assert question.question == "Who\u2028then\x85?"


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    """A file from a Windows editor is read."""
    [question] = read_questions(write(tmp_path, "\ufeff" + json.dumps(GOLD)))
    assert question.id == "1"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        {**GOLD, "answers": None},
        {**GOLD, "answers": "the chief"},
        {**GOLD, "answers": [7]},
        {**GOLD, "question": 7},
        {"id": "1", "question": "Who?", "answers": []},
        {"question": "Who?", "answers": [], "article": None},
    ],
    ids=[
        "json", "list", "null", "no answers", "a string", "a number", "no text", "no article",
        "no id",
    ],
)  # fmt: skip
def test_a_bad_line_is_named(tmp_path: Path, line: object) -> None:
    """The message says which file and which line, counted from 1."""
    path = write(tmp_path, GOLD, "", line)
    with pytest.raises(SettingsError, match=r"questions\.jsonl: line 3 is not a gold question"):
        read_questions(path)


def test_a_list_of_questions_is_refused_with_the_format_of_a_line(tmp_path: Path) -> None:
    """The message does not mention our classes."""
    with pytest.raises(SettingsError, match="line 1 is not a gold question: it is not a JSON"):
        read_questions(write(tmp_path, [GOLD]))


def test_lines_are_known_whatever_their_file_is_called(tmp_path: Path) -> None:
    """The content decides, even if the name ends as SQuAD's files do."""
    path = write(tmp_path, GOLD, {**GOLD, "id": "2"}).rename(tmp_path / "questions.json")
    assert [gold.id for gold in read_questions(path)] == ["1", "2"]


@pytest.mark.parametrize("question", ["", " \n", "who \ud800?"], ids=["none", "space", "surrogate"])
def test_a_question_that_cannot_be_asked_is_named(tmp_path: Path, question: str) -> None:
    """The error comes before the first question is asked."""
    path = write(tmp_path, GOLD, json.dumps({**GOLD, "id": 2, "question": question}))
    with pytest.raises(SettingsError, match="line 2 has no usable question"):
        read_questions(path)


def test_an_empty_accepted_answer_is_named(tmp_path: Path) -> None:
    """Every passage would contain an empty answer."""
    with pytest.raises(SettingsError, match="line 1 has an accepted answer without text"):
        read_questions(write(tmp_path, {**GOLD, "answers": [" "]}))


def test_an_id_that_comes_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    """A number and an equal string are the same id."""
    path = write(tmp_path, GOLD, {**GOLD, "id": "2"}, {**GOLD, "id": 1})
    with pytest.raises(SettingsError, match="line 3 repeats the id '1' of line 1"):
        read_questions(path)


@pytest.mark.parametrize("content", ["", "\n\n", '{"data": []}'])
def test_a_file_without_questions_is_refused(tmp_path: Path, content: str) -> None:
    """A file of blank lines raises."""
    with pytest.raises(SettingsError, match="has no questions"):
        read_questions(write(tmp_path, content))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing file, or one that is not UTF-8, is a SettingsError."""
    with pytest.raises(SettingsError, match=r"missing\.jsonl cannot be read"):
        read_questions(tmp_path / "missing.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9")
    with pytest.raises(SettingsError, match=r"latin\.jsonl cannot be read"):
        read_questions(tmp_path / "latin.jsonl")


@pytest.mark.parametrize(
    ("article", "text", "found"),
    [
        ("a.md", "They met THE CHIEF there.", True),
        ("b.md", "the chief", False),
        ("a.md", "the deputy", False),
        ("a.md", "the chiefs of the chiefdom", False),
        ("a.md", "(the chief)", True),
    ],
)
def test_found_in_the_right_article_with_the_words(article: str, text: str, found: bool) -> None:
    """A passage is right if its article supports the answer and it contains an accepted one."""
    gold = GoldQuestion(
        id="1", question="Who?", answers=("the chief",), articles=frozenset({"a.md"})
    )
    assert gold.found_in(article, text) is found


def test_the_sample_questions_are_gold_questions() -> None:
    """The sample has at least 60 questions, 15 without an answer, and no id twice."""
    questions = read_questions(SAMPLE)
    assert len({question.id for question in questions}) == len(questions) >= 60
    assert sum(not question.answerable for question in questions) >= 15
