"""Figures by hand, and gold questions that cannot be misread."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.errors import SettingsError
from pullquote.evaluate import (
    GoldQuestion,
    contains,
    exact_match,
    read_questions,
    recall,
    token_f1,
)

GOLD = {"id": "1", "question": "Who?", "answers": ["the chief"], "article": "a.md"}
SAMPLE = Path(__file__).parent / "data/questions.jsonl"


def write(folder: Path, *lines: object) -> Path:
    """A file of questions, one a line."""
    path = folder / "questions.jsonl"
    written = [x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines]
    path.write_text("\n".join(written), encoding="utf-8")
    return path


def test_recall_by_hand() -> None:
    """Four questions: found first, third, sixth and never."""
    ranks = [1, 3, 6, None]
    assert [recall(ranks, k=k) for k in (1, 2, 3, 5, 6, 20)] == [0.25, 0.25, 0.5, 0.5, 0.75, 0.75]
    assert recall([], k=5) == 0.0


@pytest.mark.parametrize(
    ("answer", "gold", "exact", "f1", "within"),
    [
        ("The deputy chief.", ["deputy chief"], True, 1.0, True),
        ("deputy police chief", ["deputy chief"], False, 2 * 2 / 5, False),
        ("the deputy chief of police", ["deputy chief"], False, 2 * 2 / 6, True),
        ("chief chief", ["chief"], False, 2 * 1 / 3, True),
        ("mischief", ["chief"], False, 0.0, False),
        ("mayor", ["chief", "the mayor"], True, 1.0, True),
        ("mayor", [], False, 0.0, False),
        ("", ["mayor"], False, 0.0, False),
    ],
)
def test_answers_are_compared_by_hand(
    answer: str, gold: list[str], exact: bool, f1: float, within: bool
) -> None:
    """Exact match, token F1 and containing, after SQuAD's normalisation, best of the gold."""
    assert exact_match(answer, gold) is exact
    assert token_f1(answer, gold) == pytest.approx(f1)
    assert contains(answer, gold) is within


@given(
    st.lists(st.sampled_from("tide pier boat".split())),
    st.lists(st.sampled_from("tide boat gull".split())),
)
def test_f1_is_the_harmonic_mean_of_precision_and_recall(a: list[str], b: list[str]) -> None:
    """The definition, computed once more; symmetric, 1 only for the same words."""
    shared = sum(min(a.count(word), b.count(word)) for word in set(a) & set(b))
    precision, found = shared / len(a) if a else 0, shared / len(b) if b else 0
    mean = 2 * precision * found / (precision + found) if shared else 0.0
    f1 = token_f1(" ".join(a), [" ".join(b)])
    assert f1 == pytest.approx(mean)
    assert f1 == token_f1(" ".join(b), [" ".join(a)])
    assert (f1 == 1) is (sorted(a) == sorted(b) != [])


def test_questions_are_read_with_all_their_articles(tmp_path: Path) -> None:
    """Blank lines are nothing, keys for people are left alone, `also` names more articles."""
    path = write(
        tmp_path,
        {**GOLD, "also": ["b.md"], "comments": True, "kind": "who"},
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
        ),
        GoldQuestion(id="2", question="Why?", answers=(), articles=frozenset()),
    ]
    assert [question.answerable for question in read_questions(path)] == [True, False]


def test_a_line_ends_at_a_newline_only(tmp_path: Path) -> None:
    """JSON lets a line separator stand in a string."""
    [question] = read_questions(write(tmp_path, {**GOLD, "question": "Who\u2028then\x85?"}))
    assert question.question == "Who\u2028then\x85?"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        {**GOLD, "answers": None},
        {**GOLD, "answers": "the chief"},
        {"id": "1", "question": "Who?", "answers": []},
        {"question": "Who?", "answers": [], "article": None},
    ],
    ids=["json", "list", "null", "no answers", "a string", "no article", "no id"],
)
def test_a_bad_line_is_named(tmp_path: Path, line: object) -> None:
    """The message says which file and which line, counted from 1."""
    path = write(tmp_path, GOLD, "", line)
    with pytest.raises(SettingsError, match=r"questions\.jsonl, line 3 is not a gold question"):
        read_questions(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Neither a missing file nor one that is not UTF-8 escapes as another error."""
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
    ],
)
def test_found_in_the_right_article_with_the_words(article: str, text: str, found: bool) -> None:
    """A passage is right when its article supports the answer and an accepted one is in it."""
    gold = GoldQuestion(
        id="1", question="Who?", answers=("the chief",), articles=frozenset({"a.md"})
    )
    assert gold.found_in(article, text) is found


def test_the_sample_questions_are_gold_questions() -> None:
    """What ships can be read: at least 60 questions, 15 of them without an answer, no id twice."""
    questions = read_questions(SAMPLE)
    assert len({question.id for question in questions}) == len(questions) >= 60
    assert sum(not question.answerable for question in questions) >= 15
