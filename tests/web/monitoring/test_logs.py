"""The lines of the log."""

from __future__ import annotations

import json
import logging

import pytest

from pullquote.web.http_api.examples import REPLY
from pullquote.web.monitoring.logs import JsonFormatter, RequestLog
from pullquote.web.monitoring.observed import RequestDone, WorkDone

READ = WorkDone("read", 0.0012, 0.3456, REPLY, None, "id-1")


def test_questions_are_logged_only_if_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """The setting decides; a line in JSON has the facts of the reply."""
    for questions in (False, True):
        RequestLog("json", questions=questions).work_done(READ)
    without, with_question = map(json.loads, capsys.readouterr().err.splitlines())
    assert (without["waited_ms"], without["ms"], without["outcome"]) == (1.2, 345.6, "answer")
    assert "question" not in without
    assert with_question["question"] == "who bought the cannery?"


def test_a_line_of_text_has_the_same_facts(capsys: pytest.CaptureFixture[str]) -> None:
    """Each fact has its name; a value with spaces is quoted."""
    RequestLog("text", questions=True).work_done(READ)
    written = capsys.readouterr().err
    assert written.split(" ", 1)[1] == (
        "work id-1 stage=read waited_ms=1.2 ms=345.6 kind=fact outcome=answer "
        'generation=20241129T131232-0ac43d question="who bought the cannery?"\n'
    )


@pytest.mark.parametrize("format", ["text", "json"])
def test_a_path_cannot_forge_a_line(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A line break or a lone surrogate in it stays in its line."""
    done = RequestDone("id-1", "GET", "/a\n2024 request x\ud800", 404, 0.1)
    RequestLog(format, questions=False).request_done(done)  # type: ignore[arg-type]
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_failure_of_the_server_is_one_line_of_json() -> None:
    """The traceback is in it."""
    try:
        raise ValueError("out of\nluck")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("uvicorn", logging.ERROR, "", 1, "Failed %s", ("x",), info)
    line = json.loads(JsonFormatter().format(record))
    assert (line["level"], line["message"]) == ("error", "Failed x")
    assert "ValueError: out of\nluck" in line["traceback"]
