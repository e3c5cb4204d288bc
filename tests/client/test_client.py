"""The client, before a transport that answers as planned."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import httpx
import pytest

from pullquote.client import ApiError, Client, ServerUnreachable
from pullquote.schema import Kind
from pullquote.schema.errors import SettingsError
from pullquote.schema.problem import PROBLEM_JSON, Problem
from pullquote.web.http_api.examples import HITS, REPLY

BUSY = Problem(type="urn:x", title="Busy", status=503, detail="Try again in 5 seconds.")


def client(answer: Callable[[httpx.Request], httpx.Response]) -> Client:
    """A client whose requests get that answer."""
    return Client("http://127.0.0.1:7860/", transport=httpx.MockTransport(answer))


def test_only_what_was_given_is_sent() -> None:
    """The server decides about defaults; enumerations are sent as their values."""
    sent = list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=REPLY.model_dump(mode="json"))

    with client(answer) as opened:
        assert opened.ask("who?", kinds=[Kind.OPINION]) == REPLY
    (request,) = sent
    assert str(request.url) == "http://127.0.0.1:7860/api/v1/ask"
    assert json.loads(request.content) == {
        "question": "who?",
        "kinds": ["opinion"],
        "comments": False,
        "as_typed": False,
        "fast": False,
    }


def test_a_newer_server_is_understood() -> None:
    """Fields that this version does not know are left out, at every level."""
    written = REPLY.model_dump(mode="json")
    written["mood"] = written["answers"][0]["mood"] = "good"
    written["answers"][0]["citations"][0]["mood"] = "good"
    with client(lambda _: httpx.Response(200, json=written)) as opened:
        assert opened.ask("who?") == REPLY


def test_a_problem_in_a_stream_is_raised_after_the_passages() -> None:
    """What was found is there already."""
    text = f"event: hits\ndata: {HITS.model_dump_json()}\n\n: reading\n\n"
    text += f"event: problem\ndata: {BUSY.model_dump_json()}\n\n"
    with client(lambda _: httpx.Response(200, text=text)) as opened:
        events = opened.ask_stream("who?")
        assert next(events) == HITS
        with pytest.raises(ApiError, match="Try again in 5 seconds"):
            next(events)


def test_a_refused_stream_raises_its_problem() -> None:
    """No event is made up."""
    headers = {"content-type": PROBLEM_JSON}
    refused = httpx.Response(503, text=BUSY.model_dump_json(), headers=headers)
    with client(lambda _: refused) as opened, pytest.raises(ApiError) as raised:
        list(opened.ask_stream("who?"))
    assert raised.value.problem == BUSY


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, text="<html>"), httpx.Response(502, text="Bad Gateway")]
)
def test_another_server_is_named(answer: httpx.Response) -> None:
    """The message has the address, and how to start a server."""
    message = r"127\.0\.0\.1:7860.*pullquote serve"
    with client(lambda _: answer) as opened, pytest.raises(ServerUnreachable, match=message):
        opened.index()


def test_a_server_that_is_down_is_named() -> None:
    """A refused connection is no traceback of the HTTP library."""
    with Client("http://127.0.0.1:9") as opened, pytest.raises(ServerUnreachable):
        opened.index()


@pytest.mark.parametrize("url", ["http://127.0.0.1:7860/api/v1", "http://127.0.0.1:7860/api/v1/"])
def test_the_path_of_the_api_may_be_given(url: str) -> None:
    """It is not added twice."""
    sent = list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(str(request.url))
        return httpx.Response(200, json=REPLY.model_dump(mode="json"))

    with Client(url, transport=httpx.MockTransport(answer)) as opened:
        opened.ask("who?")
    assert sent == ["http://127.0.0.1:7860/api/v1/ask"]


@pytest.mark.parametrize(
    "url", ["127.0.0.1:7860", "http://", "http://[::1", "ftp://news.example", "http://h/api/v1?a=1"]
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    """The message has an address to copy."""
    with pytest.raises(SettingsError, match="http://127"):
        Client(url)


def test_the_client_loads_no_model_and_no_search_engine() -> None:
    """It can run on a machine that only asks."""
    heavy = "torch faiss gradio transformers tantivy onnxruntime fastapi uvicorn numpy".split()
    program = f"import sys, pullquote.client; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
