"""Malformed API calls are refused with a message; well-formed ones pass."""

from __future__ import annotations

import json

import pytest

from pullquote.web.gradio.api_calls import fault_of_call

ASK = "/gradio_api/call/v2/ask"
PLACES = "/gradio_api/call/article"
JOIN = "/gradio_api/queue/join"


@pytest.mark.parametrize(
    ("path", "given"),
    [
        (ASK, {"question": "who?"}),
        (ASK, {"question": None, "k": "many"}),
        (PLACES, {"data": ["otters.txt"]}),
        (JOIN, {"fn_index": 3, "data": ["", 1]}),
        (JOIN, {"fn_index": 3, "data": [None, []], "event_data": {"key": 1}}),
        ("/gradio_api/cancel", {"anything": 1}),
        ("/gradio_api/reset", []),
    ],
)
def test_a_well_formed_call_passes(path: str, given: object) -> None:
    """Only the form is checked here, not the values."""
    assert fault_of_call(path, json.dumps(given).encode(), functions={3: 2}) is None


LONG = b'{"k":' + b"9" * 5000 + b"}"


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, LONG, b"\xff"])
def test_a_body_that_is_not_json_passes(body: bytes) -> None:
    """The JSON parser reports such a body."""
    assert fault_of_call(ASK, body, functions={}) is None


@pytest.mark.parametrize(
    ("path", "given", "fault"),
    [
        (
            ASK,
            {"q": "who?"},
            "ask has no argument 'q'; its arguments are question, k, since, until, sources, ",
        ),
        (ASK, {"k": 3}, "ask needs 'question'."),
        (PLACES, {"data": []}, "article takes 1 values, in this order: article; 0 were given."),
        (JOIN, {"fn_index": 4}, "There is no function 4."),
        (JOIN, {}, "There is no function None."),
        (JOIN, {"fn_index": [3]}, "There is no function [3]."),
        (JOIN, {"fn_index": 3}, "Function 3 takes a list of 2 values as data."),
        (JOIN, {"fn_index": 3, "data": [1]}, "Function 3 takes a list of 2 values as data."),
        (
            JOIN,
            {"fn_index": 3, "data": [1, 2], "event_data": "x"},
            "event_data must be an object or null.",
        ),
        (JOIN, {"fn_index": 3, "data": [["\ud800"], ""]}, "A string is not valid Unicode."),
    ],
)
def test_a_malformed_call_is_refused_with_the_right_form(
    path: str, given: object, fault: str
) -> None:
    """The message names what the endpoint takes."""
    found = fault_of_call(path, json.dumps(given).encode(), functions={3: 2})
    assert found is not None
    assert found.startswith(fault)
