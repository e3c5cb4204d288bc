"""Rated replies become gold questions that evaluate reads; notes and names are saved."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from pydantic import ValidationError

import pullquote
from pullquote.conversation import Conversation, Turn, to_markdown
from pullquote.conversation.models import MAX_NOTE_CHARS, Rating
from pullquote.conversation.rated_questions import RatedQuestions, rated_questions
from pullquote.evaluate import GoldQuestion, answer_is_right, evaluate, read_questions
from pullquote.schema import Filters, QuestionKind
from strategies import hostile_texts
from talk import ASKED, citation, reply, turn


def rated(rating: Rating | None, *turns: Turn, **changed: object) -> RatedQuestions:
    """The gold questions of turns with a rating and other changes, a minute apart."""
    given = [
        one.model_copy(update={"rating": rating, "asked": ASKED + timedelta(minutes=at), **changed})
        for at, one in enumerate(turns)
    ]
    return rated_questions(Conversation(turns=tuple(given)))


def read(found: RatedQuestions, folder: Path) -> list[GoldQuestion]:
    """The questions, after they were written to a file and read again."""
    path = folder / "gold.jsonl"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in found.questions), encoding="utf-8")
    return read_questions(path)


def test_a_right_answer_is_gold(tmp_path: Path) -> None:
    """The completed question has the answer's words, and only the articles that have them."""
    several = reply("x", citation("Ida Roe"), citation("Jo", article="b.md"))
    asked = turn("who built it?", searched="who built the quay?").model_copy(
        update={"reply": several}
    )
    (gold,) = read(rated(Rating.RIGHT, asked), tmp_path)
    assert (gold.question, gold.answers) == ("who built the quay?", ("Ida Roe",))
    assert gold.articles == {"a.md"}
    assert answer_is_right(several.answers[0], gold)
    assert not answer_is_right(several.answers[1], gold)


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_a_right_reply_of_each_kind_is_right_by_its_own_gold(
    kind: QuestionKind, tmp_path: Path
) -> None:
    """The rule of the kind finds what it needs."""
    given = reply("x", citation("Ida Roe"), citation("Jo Fo", article="b.md"))
    asked = turn("x").model_copy(update={"reply": given.model_copy(update={"kind": kind})})
    (gold,) = read(rated(Rating.RIGHT, asked), tmp_path)
    assert gold.answerable
    assert answer_is_right(given.answers[0], gold)


def test_a_wrong_answer_has_no_accepted_one(tmp_path: Path) -> None:
    """The line names what was wrong."""
    found = rated(Rating.WRONG, turn("who?", "Ida Roe"))
    assert found.questions[0]["rejected"] == "Ida Roe"
    (gold,) = read(found, tmp_path)
    assert not gold.answerable


def test_what_is_rightly_not_found_has_no_answer(tmp_path: Path) -> None:
    """The closest passages are not accepted."""
    (gold,) = read(rated(Rating.RIGHT, turn("who?", "Ida Roe", abstained=True)), tmp_path)
    assert not gold.answerable


def test_what_cannot_be_gold_is_counted() -> None:
    """Narrowed or withheld replies and wrongly empty ones; comments are a field of gold."""
    narrowed = turn("who?", "Ida Roe").model_copy(update={"filters": Filters(sources=("Post",))})
    withheld = turn("who?", "Ida Roe").model_copy(update={"reply": None})
    silent = turn("who?", "Ida Roe", abstained=True)
    assert rated(Rating.WRONG, narrowed, withheld, silent).left_out == 3
    commented = rated(Rating.RIGHT, turn("who?", "Ida Roe"), filters=Filters(comments=True))
    assert (commented.left_out, commented.questions[0]["comments"]) == (0, True)
    assert rated(None, narrowed) == RatedQuestions([], 0)


def test_evaluate_measures_them(sample_index: Path, tmp_path: Path) -> None:
    """On the same index, a right answer is right, and a wrong one is wrongly answered."""
    with pullquote.open(sample_index) as assistant:
        asked = [one.question for one in read_questions(QUESTIONS)[:3]]
        turns = [
            turn(question).model_copy(update={"reply": assistant.ask(question)})
            for question in asked
        ]
        assert all(one.reply and one.reply.best for one in turns)
        right = evaluate(assistant, read(rated(Rating.RIGHT, *turns), tmp_path))
        wrong = evaluate(assistant, read(rated(Rating.WRONG, *turns), tmp_path))
    assert [one.outcome for one in right.asked] == ["right"] * 3
    assert [one.outcome for one in wrong.asked] == ["wrongly answered"] * 3


QUESTIONS = Path(__file__).parents[1] / "data/questions.jsonl"


@given(note=hostile_texts())
def test_remarks_are_saved_and_exported(note: str) -> None:
    """The note, the rating and the name survive, and Markdown has no markup of the note's own."""
    noted = turn("who?").model_copy(update={"note": note[:MAX_NOTE_CHARS], "rating": Rating.WRONG})
    saved = Conversation(turns=(noted,), id="a", title="# Quay")
    assert Conversation.from_json(saved.to_json()).to_json() == saved.to_json()
    markdown = to_markdown(saved)
    assert markdown.startswith("# \\# Quay\n")
    assert "\nRated as wrong.\n" in markdown
    assert ("\nNote:\n" in markdown) == bool(note.strip())


def test_a_note_has_a_limit() -> None:
    """A longer one is not a turn."""
    with pytest.raises(ValidationError, match="note"):
        Turn(question="x", searched="x", note="x" * (MAX_NOTE_CHARS + 1), asked=ASKED)
