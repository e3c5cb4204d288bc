"""The chips under a question: chosen filters and phrases, each of which can be switched."""

from __future__ import annotations

from datetime import date

from pullquote.conversation import Archive, Turn
from pullquote.schema import Filters, Kind
from pullquote.web.state.facets import label_of
from pullquote.web.state.question import (
    QuestionInput,
    chips_of,
    question_input_of,
    resolve_question,
)
from talk import ASKED

TODAY = date(2024, 6, 5)
ARCHIVE = Archive(sources=("Post",), oldest=date(2020, 1, 1), newest=TODAY, undated=3)
GIVEN = Filters(
    since=date(2024, 1, 2),
    sources=("Post", "Courier"),
    languages=("en",),
    kinds=(Kind.OPINION,),
    comments=True,
)
QUESTION = "who left in 2004, according to Post?"


def asked(question: str, filters: Filters, **more: object) -> Turn:
    """A turn without a reply."""
    return Turn.model_validate(
        {"question": question, "searched": question, "filters": filters, "asked": ASKED, **more}
    )


def test_every_filter_has_a_chip_of_its_own() -> None:
    """Chosen filters come first, then the phrases of the question."""
    planned = resolve_question(
        QuestionInput(question=QUESTION, given=GIVEN), ARCHIVE, today=TODAY, before=()
    )
    assert [(chip.label, chip.on) for chip in planned.chips] == [
        ("from 2 January 2024", True),
        ("Post", True),
        ("Courier", True),
        ("English", True),
        ("Opinion", True),
        ("with reader comments", True),
        ("2004", False),
        ("Post", True),
    ]
    assert planned.filters == GIVEN
    assert planned.completed.text == "who left in 2004?"


def test_switching_twice_changes_nothing() -> None:
    """Switching a chip once turns off only its filter."""
    asking = QuestionInput(question="who left?", given=GIVEN)
    once = asking.switching("sources=Courier")
    planned = resolve_question(once, ARCHIVE, today=TODAY, before=())
    assert planned.filters.sources == ("Post",)
    assert [chip.label for chip in planned.chips if not chip.on] == ["Courier"]
    assert once.switching("sources=Courier") == asking


def test_a_turn_is_asked_again_as_it_was() -> None:
    """The filters and switches are the same while its phrases mean the same."""
    turn = asked(QUESTION, Filters(sources=("Post",)))
    assert question_input_of(turn, ARCHIVE) == QuestionInput(question=QUESTION)
    assert [(chip.label, chip.on) for chip in chips_of(turn, ARCHIVE)] == [
        ("2004", False),
        ("Post", True),
    ]


def test_a_turn_shows_the_filters_that_it_had() -> None:
    """A filter has a chip even if the archive no longer has that source."""
    turn = asked(QUESTION, Filters(sources=("Post",)))
    assert question_input_of(turn, Archive()) == QuestionInput(
        question=QUESTION, given=Filters(sources=("Post",)), edited=QUESTION
    )
    assert ("sources=Post", True) in [(chip.id, chip.on) for chip in chips_of(turn, Archive())]


def test_names_are_written_as_people_write_them() -> None:
    """A language is named with its region; an unknown one by its tag."""
    assert label_of("languages", "en-GB") == "English (GB)"
    assert label_of("languages", "tlh") == "tlh"
    assert label_of("kinds", "opinion") == "Opinion"
    assert label_of("sources", "the post") == "the post"
