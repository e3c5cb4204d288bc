"""A conversation of an older or newer version is parsed without loss."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pullquote.conversation import Conversation, Filled, Turn, to_markdown
from pullquote.conversation.models import MOST_BYTES, MOST_TURNS
from pullquote.schema import (
    Answer,
    Citation,
    Filters,
    Outcome,
    QueryOptions,
    QuestionKind,
    Reply,
)
from pullquote.schema.errors import ConversationUnreadable
from strategies import hostile_texts
from talk import turn
from weighed import CORRECTED, DISPUTED, weighed

CITATION = {
    "article": "harbour/ferry.md",
    "title": "Ferry terminal delayed",
    "published": "2024-03-14",
    "source": "Harbour Post",
    "role": "body",
    "author": None,
    "start": 120,
    "end": 134,
    "quote": "the contractor",
    "sentence": "It was the contractor who stopped work.",
    "sentence_start": 113,
    "version": "ab" * 32,
    "url": None,
}
TURN = {
    "question": "who stopped work since March 2024?",
    "searched": "who stopped work?",
    "filled": [],
    "filters": {"since": "2024-03-01", "until": None, "sources": ["Harbour Post"], "roles": []},
    "given": {"sources": ["Harbour Post"]},
    "reply": {
        "question": "who stopped work?",
        "abstained": False,
        "answers": [{"text": "the contractor", "confidence": 0.8, "citations": [CITATION]}],
        "generation": "20240605T090000-abcdef",
        "took_ms": 12.5,
    },
    "asked": "2024-06-05T09:31:00Z",
}
OLD = {"version": 1, "turns": [TURN]}
"""JSON of version 0.1, before answers had sources and citations had pages."""

MORE = {"anew": {"deep": [1, {"er": None}]}, "\u00e9": "x"}
NEW: dict[str, Any] = {
    **MORE,
    "version": 2,
    "turns": [
        {
            **TURN,
            **MORE,
            "asked": f"2024-06-05T09:3{place}:00Z",
            "filled": [{"start": 0, "end": 3, "turn": 0, "source": "question", **MORE}],
            "filters": {**TURN["filters"], **MORE},  # type: ignore[dict-item]
            "given": {**TURN["given"], **MORE},  # type: ignore[dict-item]
            "reply": {
                **TURN["reply"],  # type: ignore[dict-item]
                **MORE,
                "answers": [
                    {
                        "text": "the contractor",
                        "confidence": 0.8,
                        "citations": [{**CITATION, **MORE, "start": place}, CITATION],
                        **MORE,
                    }
                ],
            },
        }
        for place in range(3)
    ],
}
"""Unknown fields on every level."""


def rewritten(conversation: object) -> Any:
    """The JSON of a conversation after this version parsed and wrote it."""
    return json.loads(Conversation.from_json(json.dumps(conversation)).to_json())


def holds(written: Any, given: Any) -> bool:
    """Whether `written` contains all of `given`; more fields may be in it."""
    if isinstance(given, dict):
        return isinstance(written, dict) and all(
            name in written and holds(written[name], value) for name, value in given.items()
        )
    if isinstance(given, list):
        return len(written) == len(given) and all(map(holds, written, given))
    return bool(written == given)


def test_a_conversation_of_the_first_version_is_read() -> None:
    """An old conversation gets the defaults of new fields and keeps all others."""
    (first,) = Conversation.from_json(json.dumps(OLD)).turns
    assert first.reply is not None
    assert first.reply.answers[0].sources == 1
    assert first.reply.answers[0].citations[0].page is None
    assert first.unknown_filters == ()
    assert (first.kind, first.as_typed) == (None, False)
    assert first.reply.outcome is Outcome.ANSWER
    assert holds(rewritten(OLD), OLD)


def test_how_a_question_was_read_is_saved() -> None:
    """The chosen kind and the search as typed survive being written and read."""
    chosen = turn("who?").model_copy(update={"kind": QuestionKind.LIST, "as_typed": True})
    saved = Conversation(turns=(chosen,)).to_json()
    (again,) = Conversation.from_json(saved).turns
    assert again.options == QueryOptions(QuestionKind.LIST, as_typed=True)


def test_unknown_fields_are_written_again_on_every_level() -> None:
    """Unknown fields on every level are written again in their order."""
    assert holds(rewritten(NEW), NEW)
    assert rewritten(rewritten(NEW)) == rewritten(NEW)
    assert [one["asked"][15] for one in rewritten(NEW)["turns"]] == ["0", "1", "2"]


def test_another_turn_leaves_unknown_fields_be() -> None:
    """A new turn keeps the unknown fields of the conversation and its turns."""
    more = Conversation.from_json(json.dumps(NEW)).with_turn(turn("who?"))
    written = json.loads(more.to_json())
    assert written["turns"].pop()["question"] == "who?"
    assert holds(written, NEW)


def test_an_answer_that_is_left_out_takes_its_unknown_fields_along() -> None:
    """Unknown fields stay with their object, and no other gets them."""
    (first, *_) = Conversation.from_json(json.dumps(NEW)).turns
    assert first.reply is not None
    answer = first.reply.answers[0]
    cut = answer.model_copy(update={"citations": answer.citations[1:]})
    reply = first.reply.model_copy(update={"answers": (cut,)})
    written = json.loads(first.model_copy(update={"reply": reply}).model_dump_json())
    (only,) = written["reply"]["answers"][0]["citations"]
    assert holds(only, CITATION)
    assert MORE.keys().isdisjoint(only)
    assert holds(written["reply"]["answers"][0], MORE)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | hostile_texts(max_parts=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("ab_é", max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)
KNOWN = {
    name for model in (Conversation, Turn, Reply, Answer, Citation) for name in model.model_fields
}


@settings(max_examples=40)
@given(st.dictionaries(hostile_texts(max_parts=2), JSON, max_size=4))
def test_any_unknown_field_survives(more: dict[str, Any]) -> None:
    """An unknown field of any name and value is written again."""
    given = json.loads(json.dumps(OLD))
    first = given["turns"][0]
    more = {name: value for name, value in more.items() if name not in KNOWN}
    for where in (given, first, first["reply"], first["reply"]["answers"][0]["citations"][0]):
        where.update(more)
    assert holds(rewritten(given), given)


def test_an_unknown_filter_is_named() -> None:
    """An empty unknown filter narrows nothing: newer versions write it with every turn."""
    given = json.loads(json.dumps(OLD))
    given["turns"][0]["filters"] |= {"topics": ["ferries"], "letters": False, "places": []}
    given["turns"][0]["given"]["moods"] = 0
    conversation = Conversation.from_json(json.dumps(given))
    assert conversation.turns[0].unknown_filters == ("moods", "topics")
    assert conversation.turns[0].filters.sources == ("Harbour Post",)
    assert holds(rewritten(given), given)
    assert "Only: since 1 March 2024 · Harbour Post · moods · topics" in to_markdown(conversation)


NOT_UNDERSTOOD: list[dict[str, Any]] = [
    {"searched": ["one", "other"]},
    {"filters": {"roles": ["graphic"]}},
    {"filters": {"since": "2024-02-02", "until": "2024-01-01"}},
    {"reply": {"answers": "none"}},
    {"asked": {"at": 3}},
    {"question": None},
    {"filled": 3},
]


@pytest.mark.parametrize("changed", NOT_UNDERSTOOD)
def test_a_turn_with_another_meaning_is_written_unchanged(changed: dict[str, Any]) -> None:
    """An unreadable turn stays in its place and is marked; other turns are parsed."""
    newer = {**TURN, **changed}
    given = {"version": 2, "turns": [TURN, newer, TURN]}
    conversation = Conversation.from_json(json.dumps(given))
    assert [one.understood for one in conversation.turns] == [True, False, True]
    assert rewritten(given)["turns"][1] == newer
    assert "asked with a newer version of pullquote" in to_markdown(conversation)
    with pytest.raises(ConversationUnreadable):
        Conversation.from_json(json.dumps({**given, "version": 1}))


def test_what_may_be_handed_out_has_no_unknown_fields() -> None:
    """`known` has no unknown fields except filters."""
    newer = {**TURN, "filled": 3}
    turns = Conversation.from_json(json.dumps({**NEW, "turns": [*NEW["turns"], newer]})).turns
    *written, last = [json.loads(one.known.model_dump_json()) for one in turns]
    assert last == {"question": TURN["question"], "asked": TURN["asked"]}
    assert all(one["given"]["anew"] == MORE["anew"] for one in written)
    assert json.dumps(written).count('"anew"') == 2 * len(written)
    assert turns[0].model_extra == MORE


@pytest.mark.parametrize("kind", [Conversation, Turn, Filled, Reply])
def test_the_models_are_strict_elsewhere(kind: Any) -> None:
    """Unknown fields are errors in Python and in other JSON."""
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        kind(more=1)
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        kind.model_validate_json('{"more": 1}')


def test_a_conversation_without_unknown_fields_equals_one_made_in_python() -> None:
    """A parsed conversation equals the one that was written."""
    made = Conversation(turns=(turn("who?", "Ida Roe"),))
    assert Conversation.from_json(made.to_json()) == made


def nested(depth: int) -> str:
    """JSON of that depth."""
    return "[" * depth + "]" * depth


MANY = {str(number): number for number in range(60_000)}
HOSTILE = {
    "one field": f'{{"x": "{"y" * 900_000}"}}',
    "many fields": "{" + ",".join(f'"{n}": {n}' for n in range(65_000)) + "}",
    "deep": f'{{"x": {nested(400_000)}}}',
    "as deep as is read": f'{{"x": {nested(190)}}}',
    "turns of a newer version": f'{{"version": 2, "turns": [{"{}," * 290_000}{{}}]}}',
    "newer turns": json.dumps({"version": 2, "turns": [{"filled": [{}] * 1_100}] * MOST_TURNS}),
    "filters": json.dumps({"turns": [{**TURN, "filters": MANY}]}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_unknown_fields_are_cheap(name: str) -> None:
    """Read, gone on with and written, or refused, in about a second of CPU, within bounds.

    The limit is far above that, so that only time that grows faster than the text exceeds it.
    """
    began = time.process_time()
    try:
        conversation = Conversation.from_json(HOSTILE[name])
    except ConversationUnreadable:
        assert name in ("deep", "turns of a newer version")
    else:
        assert len(conversation.with_turn(turn("who?")).to_json().encode()) <= MOST_BYTES
    assert time.process_time() - began < 5


def test_unknown_fields_count_as_bytes() -> None:
    """Turns are dropped for unknown fields, and these for a turn that needs their room."""
    given = {"version": 2, "x": "y" * 600_000, "turns": [{**TURN, "x": "y" * 390_000}]}
    conversation = Conversation.from_json(json.dumps(given))
    more = conversation.with_turn(turn("who?", "é" * 5_000))
    assert [one.question for one in more.turns] == ["who?"]
    assert more.model_extra == {"x": given["x"]}
    full = Conversation.from_json(json.dumps({"version": 2, "x": "y" * 999_000}))
    more = full.with_turn(turn("who?", "Ida " * 1_000))
    assert more.turns[0].reply is not None
    assert more.turns[0].reply.answers
    assert more.version == 2
    assert not more.model_extra
    assert len(more.to_json().encode()) <= MOST_BYTES


def test_filters_made_in_python_are_left_as_they_are() -> None:
    """An unknown filter comes only from JSON."""
    one = Turn(question="q", searched="q", asked=TURN["asked"], given=Filters(comments=True))
    assert one.unknown_filters == ()


def test_values_and_speakers_are_saved_and_read_again() -> None:
    """Nothing of a weighed reply is lost in a browser."""
    given = weighed(*DISPUTED).model_copy(update={"as_of": date(2024, 12, 31)})
    one = Turn(question="q", searched="q", reply=given, asked=TURN["asked"])
    made = Conversation(turns=(one, one.model_copy(update={"reply": weighed(*CORRECTED)})))
    assert Conversation.from_json(made.to_json()) == made


def test_unknown_fields_of_values_are_preserved() -> None:
    """A newer version may know more about a value, its citations and its correction."""
    written = json.loads(weighed(*CORRECTED).model_dump_json())
    value = written["values"][0]
    for one in (value, value["citations"][0], value["correction"]):
        one.update(MORE)
    given = {"version": 2, "turns": [{**TURN, "reply": written}]}
    assert rewritten(given)["turns"][0]["reply"]["values"][0] == value


def test_a_turn_that_is_too_large_loses_its_values_before_its_best_answer() -> None:
    """The values are several citations more, and the answer is what was asked for."""
    given = weighed(*CORRECTED)
    cited = given.values[0].citations[0].model_copy(update={"sentence": "x" * MOST_BYTES})
    large = given.values[0].model_copy(update={"citations": (cited,)})
    one = Turn(
        question="q",
        searched="q",
        reply=given.model_copy(update={"values": (large,)}),
        asked=TURN["asked"],
    )
    saved = Conversation().with_turn(one).turns[0].reply
    assert saved is not None
    assert saved.answers == given.answers
    assert saved.values == ()
