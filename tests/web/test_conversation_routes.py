"""The routes that check a conversation and return its rated questions."""

from __future__ import annotations

import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from conversation.test_versions import NEW, OLD, holds
from pullquote.conversation import Conversation
from pullquote.conversation.models import Rating
from pullquote.web.conversation_routes import conversation_routes
from pullquote.web.scheduler import Scheduler
from talk import turn

MOST = 100_000


def withhold(conversation: Conversation) -> Conversation:
    """The conversation without any reply."""
    turns = tuple(one.model_copy(update={"reply": None}) for one in conversation.turns)
    return conversation.model_copy(update={"turns": turns})


@pytest.fixture
def client() -> TestClient:
    """A client of the routes; every article is withheld."""
    return TestClient(
        Starlette(routes=conversation_routes(Scheduler(waiting=5), withhold, most=MOST))
    )


@pytest.mark.parametrize("given", [OLD, NEW], ids=["first version", "newer version"])
def test_a_sound_conversation_is_returned_whole(client: TestClient, given: object) -> None:
    """Fields of older and newer versions are in it."""
    answer = client.post("/conversations/check", content=json.dumps(given)).json()
    assert holds(answer["conversation"], given)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"{", "Invalid JSON"),
        (b"\xff", "it is not UTF-8"),
        (b'{"turns": []}', "it has no questions"),
        (b"[" * 50_000, "Invalid JSON"),
        (b"x" * (MOST + 1), "it has 100,001 bytes, more than the 100,000 allowed"),
        (b'{"turns": [{"question": "x", "searched": "x", "asked": "x"}]}', "turns.0"),
    ],
)
@pytest.mark.parametrize("path", ["check", "export", "questions"])
def test_a_fault_is_named(client: TestClient, path: str, body: bytes, fault: str) -> None:
    """What is no conversation is answered with the reason."""
    assert fault in client.post(f"/conversations/{path}", content=body).json()["fault"]


def test_questions_have_no_withheld_words(client: TestClient) -> None:
    """A rated turn whose reply is withheld is left out."""
    rated = turn("who?", "Ida Roe").model_copy(update={"rating": Rating.RIGHT})
    sent = Conversation(turns=(rated,)).to_json()
    answer = client.post("/conversations/questions", content=sent)
    assert answer.json() == {"questions": [], "left_out": 1}


def test_an_export_has_no_withheld_words(client: TestClient) -> None:
    """The question stays, the reply does not, and the answer says how many quotations are gone."""
    sent = Conversation(turns=(turn("who?", "Ida Roe"),), title="Harbour")
    answer = client.post("/conversations/export", content=sent.to_json()).json()
    assert answer["withheld"] == 1
    assert answer["conversation"]["title"] == "Harbour"
    assert answer["conversation"]["turns"][0]["question"] == "who?"
    assert "Ida Roe" not in json.dumps(answer)


def test_an_export_without_withheld_words_is_whole() -> None:
    """Nothing is left out of a conversation whose articles may all be shown."""
    routes = conversation_routes(Scheduler(waiting=5), lambda conversation: conversation, most=MOST)
    sent = Conversation(turns=(turn("who?", "Ida Roe"),))
    answer = TestClient(Starlette(routes=routes)).post(
        "/conversations/export", content=sent.to_json()
    )
    assert answer.json() == {"conversation": json.loads(sent.to_json()), "withheld": 0}
