"""The chips under a question: chosen filters and phrases, each of which can be switched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pullquote.conversation import Archive, Turn
from pullquote.schema import Filters, Kind
from pullquote.web.state.facets import label_of
from pullquote.web.state.question import (
    QuestionInput,
    narrowed_further,
    resolve_again,
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
    given = replace(GIVEN, not_sources=("Gazette",))
    planned = resolve_question(
        QuestionInput(question="who left in 2004?", given=given), ARCHIVE, today=TODAY, before=()
    )
    assert [(chip.label, chip.on) for chip in planned.chips] == [
        ("from 2 January 2024", True),
        ("Post", True),
        ("Courier", True),
        ("English", True),
        ("Opinion", True),
        ("with reader comments", True),
        ("without Gazette", True),
        ("2004", False),
    ]
    assert planned.filters == given
    assert planned.completed.text == "who left in 2004?"


def test_a_phrase_replaces_chosen_filters_of_its_field() -> None:
    """Their chips are gone, and are back when the phrase is switched off."""
    asking = QuestionInput(question=QUESTION, given=GIVEN)
    planned = resolve_question(asking, ARCHIVE, today=TODAY, before=())
    assert planned.filters == replace(GIVEN, sources=("Post",))
    assert [(chip.label, chip.on) for chip in planned.chips] == [
        ("from 2 January 2024", True),
        ("English", True),
        ("Opinion", True),
        ("with reader comments", True),
        ("2004", False),
        ("Post", True),
    ]
    without = resolve_question(
        asking.switching(planned.chips[-1].id), ARCHIVE, today=TODAY, before=()
    )
    assert without.filters == GIVEN
    assert [chip.label for chip in without.chips if chip.on][1:3] == ["Post", "Courier"]


@pytest.mark.parametrize("left_out", [(), ("Post", "Gazette")])
@pytest.mark.parametrize("sources", [(), ("Post",), ("Post", "Courier")])
@pytest.mark.parametrize(
    "question", ["who left, in the Post, according to Post?", "who left in 2004, says Post?"]
)
def test_no_two_chips_have_the_same_label(
    question: str, sources: tuple[str, ...], left_out: tuple[str, ...]
) -> None:
    """Labels stay distinct however chips are switched, and each press switches its chip."""
    asking = QuestionInput(
        question=question, given=Filters(sources=sources, not_sources=left_out, comments=True)
    )
    for _ in range(8):
        chips = resolve_question(asking, ARCHIVE, today=TODAY, before=()).chips
        assert len({chip.label for chip in chips}) == len(chips)
        on = [chip for chip in chips if chip.on]
        if not on:
            return
        asking = asking.switching(on[0].id)
    raise AssertionError("some chip cannot be switched off")


def test_a_turn_is_narrowed_further() -> None:
    """Later filters replace those of the same field, and phrases do not double them."""
    turn = asked("what did Post report in 2004?", Filters(sources=("Post",), kinds=(Kind.OPINION,)))
    again = narrowed_further(turn, Filters(sources=("Courier",)), ARCHIVE)
    planned = resolve_question(again, ARCHIVE, today=TODAY, before=())
    assert planned.completed.text == turn.searched
    assert planned.filters == Filters(sources=("Courier",), kinds=(Kind.OPINION,))
    assert [chip.label for chip in planned.chips if chip.on] == ["Courier", "Opinion"]
    without = narrowed_further(turn, Filters(not_sources=("post",)), ARCHIVE)
    planned = resolve_question(without, ARCHIVE, today=TODAY, before=())
    assert planned.filters == Filters(not_sources=("post",), kinds=(Kind.OPINION,))


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
    again, resolved = resolve_again(turn, ARCHIVE)
    assert again == QuestionInput(question=QUESTION)
    assert [(chip.label, chip.on) for chip in resolved.chips] == [
        ("2004", False),
        ("Post", True),
    ]


def test_a_turn_shows_the_filters_that_it_had() -> None:
    """A filter has a chip even if the archive no longer has that source."""
    turn = asked(QUESTION, Filters(sources=("Post",)))
    again, resolved = resolve_again(turn, Archive())
    assert again == QuestionInput(
        question=QUESTION, given=Filters(sources=("Post",)), edited=QUESTION
    )
    assert ("sources=Post", True) in [(chip.id, chip.on) for chip in resolved.chips]


def test_the_ids_of_chips_stay_as_they_are() -> None:
    """Links and saved conversations name switched chips by id, so their words do not change it."""
    given = Filters(until=date(2024, 5, 1), not_sources=("Gazette",))
    chips = resolve_question(
        QuestionInput(question="who left?", given=given), ARCHIVE, today=TODAY, before=()
    ).chips
    assert [(chip.id, chip.label) for chip in chips] == [
        ("until=to 1 May 2024", "until 1 May 2024"),
        ("not_sources=not Gazette", "without Gazette"),
    ]


def test_names_are_written_as_people_write_them() -> None:
    """A language is named with its region; an unknown one by its tag."""
    assert label_of("languages", "en-GB") == "English (GB)"
    assert label_of("languages", "tlh") == "tlh"
    assert label_of("kinds", "opinion") == "Opinion"
    assert label_of("sources", "the post") == "the post"
