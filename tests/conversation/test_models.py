"""A conversation can be saved and parsed, is bounded, and is refused if it is invalid."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pullquote.conversation import Conversation, Turn, complete_question
from pullquote.conversation.models import MOST_BYTES, MOST_TURNS
from pullquote.schema import Filters, Role
from pullquote.schema.errors import ConversationUnreadable
from strategies import hostile_texts
from talk import ASKED, citation, reply, turn

MOMENTS = st.datetimes(timezones=st.just(UTC))


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    """Turns of hostile texts under all kinds of filters."""
    texts = hostile_texts(max_parts=4)
    cited = citation(
        draw(texts),
        before=draw(texts),
        title=draw(texts),
        url=draw(st.none() | texts),
        role=draw(st.sampled_from(Role)),
        published=draw(st.none() | st.dates() | MOMENTS),
    )
    days = sorted(draw(st.tuples(st.dates(), st.dates())))
    return Turn(
        question=draw(texts),
        searched=draw(texts),
        filters=Filters(
            since=draw(st.none() | st.just(days[0])),
            until=draw(st.none() | st.just(days[1])),
            sources=tuple(draw(st.lists(texts, max_size=2))),
            roles=tuple(draw(st.lists(st.sampled_from(Role), max_size=2))),
            comments=draw(st.booleans()),
        ),
        given=Filters(languages=("en",), comments=draw(st.booleans())),
        switched=tuple(draw(st.lists(texts, max_size=2))),
        edited=draw(st.none() | texts),
        nowhere=tuple(draw(st.lists(texts, max_size=2))),
        not_near=tuple(draw(st.lists(texts, max_size=2))),
        reply=draw(st.none() | st.just(reply(draw(texts), cited, abstained=draw(st.booleans())))),
        asked=draw(MOMENTS),
    )


@given(st.lists(turns(), max_size=3))
def test_a_conversation_reads_back_as_it_was(turns: list[Turn]) -> None:
    """Every field of every turn survives JSON, with any text."""
    conversation = Conversation()
    for one in turns:
        conversation = conversation.with_turn(one)
    assert conversation.turns == tuple(turns)
    assert Conversation.from_json(conversation.to_json()) == conversation


def test_a_turn_says_what_was_searched_and_by_which_state() -> None:
    """A turn has the completed question, its filled words and the generation."""
    first = turn("who bought the cannery?", "the workers")
    done = complete_question("when?", [first])
    second = Turn.of("when?", done, reply("when?", citation("on Thursday")), asked=ASKED)
    assert second.question == "when?"
    assert second.searched == "when (bought the cannery, the workers)"
    assert [filled.source for filled in second.filled] == ["question", "answer"]
    assert second.generation == "20240605T090000-abcdef"
    assert Turn.of("when?", done, None, asked=ASKED).generation is None


def test_the_oldest_turns_go_first() -> None:
    """The oldest turns are dropped from a conversation of too many."""
    conversation = Conversation()
    for number in range(MOST_TURNS + 3):
        conversation = conversation.with_turn(turn(f"{number}?"))
    assert len(conversation.turns) == MOST_TURNS
    assert conversation.turns[0].question == "3?"
    assert conversation.turns[-1].question == f"{MOST_TURNS + 2}?"


def test_a_conversation_has_a_size() -> None:
    """A conversation of long quotes fits into a browser and contains the newest turn."""
    conversation = Conversation()
    for number in range(8):
        conversation = conversation.with_turn(turn(f"{number}?", "é" * 50_000))
    assert len(conversation.to_json().encode()) <= MOST_BYTES
    assert [one.question for one in conversation.turns] == ["5?", "6?", "7?"]
    assert Conversation.from_json(conversation.to_json()) == conversation


def test_a_turn_too_large_keeps_its_best_answers() -> None:
    """A turn that is too large loses its last answers, never its question."""
    best, second = citation("a" * 100_000), citation("b" * 900_000)
    large = turn("who?").model_copy(update={"reply": reply("who?", best, second)})
    saved = Conversation().with_turn(large).turns[0]
    assert saved.reply is not None
    assert [answer.text for answer in saved.reply.answers] == ["a" * 100_000]


@pytest.mark.parametrize(
    ("saved", "named"),
    [
        ("", "JSON"),
        ("[]", "object"),
        ('{"version": 0, "turns": []}', "version"),
        ('{"turns": [{}]}', "turns.0.question"),
        ("x" * (MOST_BYTES + 1), "1,000,001"),
    ],
)
def test_what_is_no_conversation_is_refused(saved: str, named: str) -> None:
    """The message says what is wrong; half a conversation is never returned."""
    with pytest.raises(ConversationUnreadable, match=named):
        Conversation.from_json(saved)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("asked", "2024-06-05T09:31:00"),
        ("question", "x" * 10_001),
        ("filters", {"since": "2024-02-02", "until": "2024-01-01"}),
        ("filters", {"roles": ["king"]}),
    ],
)
def test_a_turn_that_was_tampered_with_is_refused(field: str, value: object) -> None:
    """Invalid values of a turn are refused: no time zone, a long question, bad filters."""
    saved = json.loads(Conversation(turns=(turn("who?"),)).to_json())
    saved["turns"][0][field] = value
    with pytest.raises(ConversationUnreadable):
        Conversation.from_json(json.dumps(saved))


def test_half_a_character_is_refused() -> None:
    """A lone surrogate is refused, since it cannot be stored."""
    with pytest.raises(ValidationError, match="unicode string"):
        Turn(question="\ud800", searched="who?", asked=ASKED)


def test_time_zones_stay() -> None:
    """The time of a question keeps its time zone."""
    asked = datetime(2024, 6, 5, 16, 31, tzinfo=timezone(timedelta(hours=7)))
    one = turn("who?").model_copy(
        update={"asked": asked, "filters": Filters(since=date(2024, 1, 1))}
    )
    back = Conversation.from_json(Conversation(turns=(one,)).to_json()).turns[0]
    assert back.asked.isoformat() == "2024-06-05T16:31:00+07:00"
    assert back.filters.since == date(2024, 1, 1)
