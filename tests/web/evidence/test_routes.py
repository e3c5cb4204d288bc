"""The evidence that the chat saves is that of the commands, and has no withheld words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html as parser
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

import pullquote
from pullquote.base.zip_file import read_zip
from pullquote.cli.commands import app
from pullquote.conversation import Conversation, Turn, shown_only
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Filters, Outcome
from pullquote.web.evidence.routes import evidence_routes
from pullquote.web.scheduler import Scheduler

ANSWERED = "who agreed to the Interpol centre?"
SILENT = "how many submarines did Norway buy in 1987?"
MOST = 500_000


@pytest.fixture(scope="module")
def assistant(sample_index: Path) -> Iterator[Assistant]:
    """An assistant over the sample corpus."""
    with pullquote.open(sample_index) as opened:
        yield opened


@pytest.fixture
def client(assistant: Assistant) -> Iterator[TestClient]:
    """A client of the routes; nothing is withheld."""
    routes = evidence_routes(assistant, Scheduler(waiting=5), lambda one: one, most=MOST)
    with TestClient(Starlette(routes=routes)) as opened:
        yield opened


@pytest.fixture(scope="module")
def conversation(assistant: Assistant) -> Conversation:
    """A question with an answer, and one without."""
    return Conversation(turns=(turn(assistant, ANSWERED), turn(assistant, SILENT)))


def turn(assistant: Assistant, question: str, filters: Filters | None = None) -> Turn:
    """The turn of a question as the chat saves it."""
    chosen = Filters() if filters is None else filters
    return Turn(
        question=question,
        searched=question,
        filters=chosen,
        reply=assistant.ask(question, filters=chosen),
        asked=datetime(2024, 6, 5, 9, 31, tzinfo=UTC),
    )


@pytest.mark.parametrize("choice", ["yes", "no"])
def test_the_pack_of_a_conversation_is_that_of_the_command(
    client: TestClient,
    conversation: Conversation,
    sample_index: Path,
    tmp_path: Path,
    choice: str,
) -> None:
    """The conversation saved as JSON gives the same bytes, with texts and without them."""
    saved, out = tmp_path / "saved.json", tmp_path / "pack.zip"
    saved.write_text(shown_only(conversation).to_json(), encoding="utf-8")
    command = ["pack", "--conversation", str(saved), "-o", str(out), "--index", str(sample_index)]
    without = ["--digests-only"] if choice == "no" else []
    assert CliRunner().invoke(app, [*command, *without]).exit_code == 0
    sent = client.post(f"/conversations/pack?texts={choice}", content=conversation.to_json())
    assert sent.content == out.read_bytes()
    assert sent.headers["content-type"] == "application/zip"
    assert 'filename="pullquote-evidence-2024-06-05.zip"' in sent.headers["content-disposition"]
    assert "It states what was searched" in sent.headers["pullquote-message"]


def test_the_statement_is_that_of_the_command(
    client: TestClient, conversation: Conversation, sample_index: Path, tmp_path: Path
) -> None:
    """Both files are the same to the byte as those of `absence`, and the page shows the sources."""
    answer = client.post("/conversations/absence", content=conversation.to_json())
    shown = parser.fromstring(answer.text)
    files = {one.get("data-name"): one.get("data-text") for one in shown.iter("button")}
    for ending, option in (("md", []), ("json", ["--json"])):
        out = tmp_path / f"absence.{ending}"
        command = ["absence", SILENT, "-o", str(out), "--index", str(sample_index), *option]
        assert CliRunner().invoke(app, command).exit_code == 0
        assert files[f"pullquote-absence-2024-06-05.{ending}"] == out.read_text(encoding="utf-8")
    assert "No answer was found in" in shown.text_content()


def test_the_statement_has_the_filters_of_the_turn(
    client: TestClient, assistant: Assistant
) -> None:
    """Field for field that of `pullquote.absence`, for a question that was narrowed."""
    filters = Filters(languages=("en",))
    asked = turn(assistant, SILENT, filters)
    assert asked.reply is not None
    sent = client.post("/conversations/absence", content=Conversation(turns=(asked,)).to_json())
    expected = pullquote.absence(asked.reply, assistant, filters=filters)
    assert json.loads(expected.to_json())["filters"]["languages"] == ["en"]
    files = [one.get("data-text") for one in parser.fromstring(sent.text).iter("button")]
    assert expected.to_json() in files


def test_an_answer_has_no_statement(client: TestClient, assistant: Assistant) -> None:
    """The reason is a fault that the page shows."""
    sent = Conversation(turns=(turn(assistant, ANSWERED),)).to_json()
    answer = client.post("/conversations/absence", content=sent).json()
    assert "has an answer" in answer["fault"]


def test_a_reply_of_another_index_has_no_statement(
    client: TestClient, assistant: Assistant
) -> None:
    """Only the articles that were searched can be stated."""
    asked = turn(assistant, SILENT)
    assert asked.reply is not None
    older = asked.reply.model_copy(update={"generation": "20200101T000000-000000"})
    sent = Conversation(turns=(asked.model_copy(update={"reply": older}),)).to_json()
    assert (
        "Ask the question again"
        in client.post("/conversations/absence", content=sent).json()["fault"]
    )


@pytest.mark.parametrize("path", ["pack", "absence"])
@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"turns": []}', b"[" * 50_000, b"x" * (MOST + 1)]
)
def test_what_is_no_conversation_is_a_fault(client: TestClient, path: str, body: bytes) -> None:
    """The server never fails, and says what is wrong."""
    answer = client.post(f"/conversations/{path}", content=body)
    assert answer.status_code == 200
    assert "cannot be read" in answer.json()["fault"]


def test_forged_places_and_hostile_words_are_left_out(
    client: TestClient, conversation: Conversation
) -> None:
    """A pack has only words that articles have; others are named in it, escaped."""
    asked = conversation.turns[0]
    assert asked.reply is not None
    hostile = "<script>alert(1)</script>\u202e"
    (first, *others) = asked.reply.answers
    forged = first.citations[0].model_copy(
        update={"quote": hostile, "article": f"no/{hostile}", "end": 10**9}
    )
    answers = (first.model_copy(update={"citations": (forged, *first.citations)}), *others)
    reply = asked.reply.model_copy(update={"answers": answers, "question": hostile})
    sent = Conversation(turns=(asked.model_copy(update={"reply": reply}),))
    answer = client.post("/conversations/pack", content=sent.to_json())
    members = read_zip(answer.content).members
    facts = json.loads(members["pack.json"])
    assert [one["quote"] for one in facts["left_out"]] == [hostile]
    assert b"<script" not in members["index.html"]
    assert "1 quote left out" in answer.headers["pullquote-message"]


def test_a_pack_without_a_quote_is_refused(client: TestClient, conversation: Conversation) -> None:
    """A pack without a quote and without a statement is not saved."""
    asked = conversation.turns[0]
    assert asked.reply is not None
    reply = asked.reply.model_copy(update={"answers": ()})
    sent = Conversation(turns=(asked.model_copy(update={"reply": reply}),))
    answer = client.post("/conversations/pack", content=sent.to_json())
    assert "nothing to pack" in answer.json()["fault"]


def test_withheld_turns_have_no_statement(assistant: Assistant, conversation: Conversation) -> None:
    """What may not be shown is removed before anything is stated."""

    def withhold(one: Conversation) -> Conversation:
        turns = tuple(each.model_copy(update={"reply": None}) for each in one.turns)
        return one.model_copy(update={"turns": turns})

    silent = conversation.turns[1]
    assert silent.reply is not None
    assert silent.reply.outcome is Outcome.NOTHING
    routes = evidence_routes(assistant, Scheduler(waiting=5), withhold, most=MOST)
    sent = TestClient(Starlette(routes=routes)).post(
        "/conversations/absence", content=conversation.to_json()
    )
    assert "no reply" in sent.json()["fault"]
