"""Files of questions are recognised by their content, with the articles that they bring."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pullquote.evaluate import read_gold, read_questions
from pullquote.evaluate.gold_file import evaluation_corpus
from pullquote.parsing import read_articles
from pullquote.schema import Filters, ValueStatus
from pullquote.schema.errors import SettingsError

RAM_DOCS = {
    "question": "Who built the pier?",
    "documents": [
        {
            "text": "The pier at Marlow was built by Ida Roe.",
            "type": "correct",
            "answer": "Ida Roe",
        },
        {
            "text": "The pier was built by Jon Vik.",
            "type": "misinfo",
            "answer": "Jon Vik",
        },
        {"text": "Gulls nest under it.", "type": "noise", "answer": "unknown"},
    ],
    "gold_answers": ["Ida Roe"],
    "wrong_answers": ["Jon Vik", "Jon Vik"],
}
TIME_QA = {
    "articles": {
        "/wiki/Ida_Roe": ["Ida Roe", "She led the harbour board from 1911 to 1920 ."],
        "/wiki/Jon_Vik": ["Jon Vik", "He was a clerk ."],
    },
    "questions": [
        {
            "id": "t1",
            "question": "What did Ida Roe lead in 1915?",
            "article": "/wiki/Ida_Roe",
            "answers": [{"para": 1, "start": 8, "text": "the harbour board"}],
        },
        {"id": "t2", "question": "Where was Jon Vik?", "article": "/wiki/Jon_Vik", "answers": []},
    ],
}
STORY = {
    "id": "pier",
    "articles": [
        {
            "id": "a1",
            "source": "Post",
            "published": "2024-03-01",
            "title": "Pier to cost 4m",
            "text": "The pier will cost 4 million crowns, the board said.",
            "origin": "a1",
        },
        {
            "id": "a2",
            "source": "Courier",
            "published": "2024-05-01",
            "title": "Pier cost rises",
            "text": "The pier will cost 6 million crowns, not 4 million.",
            "origin": "a2",
        },
    ],
    "questions": [
        {
            "question": "How much will the pier cost?",
            "kind": "latest",
            "as_of": "2024-06-01",
            "answers": ["6 million crowns"],
            "values": [
                {"value": ["4 million crowns"], "articles": ["a1"], "status": "outdated"},
                {"value": ["6 million crowns"], "articles": ["a2"], "status": "current"},
            ],
            "origins": 1,
            "speaker": None,
            "manner": None,
            "evidence": [{"article": "a2", "sentence": "The pier will cost 6 million crowns."}],
        }
    ],
}
CONVERSATION = {
    "id": "c1",
    "turns": [
        {
            "question": "who built the pier?",
            "from": None,
            "answers": ["Ida Roe"],
            "article": "a.md",
        },
        {"question": "when?", "from": 0, "answers": ["1911"], "article": "a.md", "also": ["b.md"]},
        {"question": "and the mole?", "from": None, "answers": [], "article": None},
    ],
}


def write(folder: Path, *lines: object, name: str = "questions.jsonl") -> Path:
    """A file with a JSON value in each line."""
    path = folder / name
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def corpus_of(path: Path) -> dict[str, str]:
    """The files of the corpus that comes with a file of questions."""
    with evaluation_corpus(path, corpora=(), index=None) as made:
        assert made.corpus is not None
        found = sorted(one for one in made.corpus.rglob("*") if one.is_file())
        return {
            one.relative_to(made.corpus).as_posix(): one.read_text(encoding="utf-8")
            for one in found
        }


def test_ram_docs_bring_their_documents_in_a_section_for_each_question(tmp_path: Path) -> None:
    """Only the documents of its own question are asked; the correct ones support the answer."""
    path = write(tmp_path, RAM_DOCS, {**RAM_DOCS, "id": "second", "wrong_answers": []})
    first, second = read_questions(path)
    assert (first.id, second.id) == ("1", "second")
    assert first.filters == Filters(sections=("question-1",))
    assert first.articles == {"question-1/document-1.md"}
    assert (first.items, first.wrong_answers) == ((("Ida Roe",),), ("Jon Vik",))
    assert (first.kind, second.kind) == ("one, wrong", "one right")
    corpus = corpus_of(path)
    assert len(corpus) == 6
    assert '"section": "question-2", "source": "Source 3"' in corpus["question-2/document-3.md"]


def test_time_qa_is_asked_about_its_articles(tmp_path: Path) -> None:
    """A link names an article; a first paragraph that repeats the title is left out."""
    path = write(tmp_path, TIME_QA, name="time.json")
    first, second = read_questions(path)
    assert (first.answers, first.articles) == (("the harbour board",), {"Ida_Roe"})
    assert not second.answerable
    assert corpus_of(path)["Ida_Roe.txt"] == (
        "Ida Roe\n\nShe led the harbour board from 1911 to 1920 .\n"
    )


def test_a_story_brings_its_articles_and_all_its_values(tmp_path: Path) -> None:
    """A question as of a day is asked of the articles until then."""
    path = write(tmp_path, STORY, name="pier.json")
    [gold] = read_questions(path)
    assert (gold.id, gold.kind, gold.until) == ("pier-1", "latest", date(2024, 6, 1))
    assert gold.articles == {"pier/a2.md"}
    assert gold.story is not None
    assert [value.status for value in gold.story.values] == [
        ValueStatus.OUTDATED,
        ValueStatus.CURRENT,
    ]
    (tmp_path / "a1.md").write_text(corpus_of(path)["pier/a1.md"], encoding="utf-8")
    [article] = read_articles(tmp_path / "a1.md", id="a1.md")
    assert (article.title, article.source) == ("Pier to cost 4m", "Post")
    assert article.published == date(2024, 3, 1)


def test_a_folder_of_stories_is_one_corpus(tmp_path: Path) -> None:
    """Each story has a folder in it."""
    folder = tmp_path / "stories"
    folder.mkdir()
    write(folder, STORY, name="a.json")
    write(folder, {**STORY, "id": "mole"}, name="b.json")
    assert [gold.id for gold in read_questions(folder)] == ["pier-1", "mole-1"]
    assert set(corpus_of(folder)) == {
        f"{story}/{article}.md" for story in ("pier", "mole") for article in ("a1", "a2")
    }


def test_turns_are_questions_of_their_conversation(tmp_path: Path) -> None:
    """Their kind says whether they need an earlier turn."""
    turns = read_questions(write(tmp_path, CONVERSATION))
    assert [turn.id for turn in turns] == ["c1-0", "c1-1", "c1-2"]
    assert [turn.kind for turn in turns] == ["first turn", "leaning turn", "turn alone"]
    assert {turn.conversation for turn in turns} == {"c1"}
    assert turns[1].articles == {"a.md", "b.md"}
    assert not read_gold(write(tmp_path, CONVERSATION)).has_articles


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"foo": 1, "bar": 2}, "has no questions, but foo, bar. It must contain JSON Lines"),
        ({}, "has no questions, but no keys"),
        ({**RAM_DOCS, "gold_answers": "Ida"}, "line 1 is not a RAMDocs question: gold_answers"),
        ({"id": 1, "turns": [{"question": "?"}]}, "line 1 is not a conversation: turns.0.from"),
        ({**TIME_QA, "questions": [{"id": 1}]}, r"questions\[0\]\.question: Field required"),
        ({**STORY, "articles": [{"id": "a"}]}, r"articles\[0\]\.title: Field required"),
    ],
    ids=["unknown", "empty", "RAMDocs", "conversation", "TimeQA", "story"],
)
def test_what_has_no_format_or_a_fault_is_named(
    tmp_path: Path, content: object, message: str
) -> None:
    """The error says which place is wrong, or which formats there are."""
    with pytest.raises(SettingsError, match=message):
        read_questions(write(tmp_path, content))


def test_a_folder_without_stories_is_refused(tmp_path: Path) -> None:
    """A folder of articles is no folder of questions."""
    with pytest.raises(SettingsError, match="it has no stories"):
        read_questions(tmp_path)
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(SettingsError, match=r"a\.json cannot be read as a story"):
        read_questions(tmp_path)


def test_questions_with_articles_can_be_the_corpus_of_others(tmp_path: Path) -> None:
    """The documents of several files form one corpus."""
    files = [write(tmp_path, RAM_DOCS), write(tmp_path, STORY, name="pier.json")]
    with evaluation_corpus(files[0], corpora=files, index=None) as made:
        assert made.corpus is not None
        assert {one.name for one in made.corpus.iterdir()} == {"question-1", "pier"}
