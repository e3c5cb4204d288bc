"""The lines of the log."""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
import unicodedata
from functools import partial

import pytest

from pullquote.web.http_api.examples import REPLY
from pullquote.web.monitoring.logs import (
    JsonFormatter,
    RequestLog,
    TextFormatter,
    server_log_config,
)
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


UNSEEN = [
    chr(code)
    for code in range(sys.maxunicode + 1)
    if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
]
"""All controls, marks that reorder or hide text, lone surrogates and line separators."""


def record_of(text: str) -> logging.LogRecord:
    """The record of an error with a text in its message and in its traceback."""
    try:
        raise ValueError(text)
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    return logging.LogRecord("gradio", logging.ERROR, "", 1, "Failed %s", (text,), info)


def test_no_character_of_others_reaches_the_log_unless_it_is_seen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each is escaped wherever a text of others is written, in text and in JSON."""
    assert {"\x1b", "\x7f", "\x85", "\x9b", "\u200b", "\u202e", "\u2028", "\u2069"} <= set(UNSEEN)
    text = "".join(f"a{one}" for one in UNSEEN)
    error = WorkDone("read", 0.1, 0.2, None, text, "id-1")
    read = dataclasses.replace(READ, result=REPLY.model_copy(update={"question": text}))
    request = RequestDone("id-1", "GET", f"/{text}", 404, 0.1)
    lines = []
    for format in ("json", "text"):
        log = RequestLog(format, questions=True)  # type: ignore[arg-type]
        for write in (partial(log.work_done, read), partial(log.work_done, error)):
            write()
        log.request_done(request)
        written = capsys.readouterr().err.removesuffix("\n")
        assert written.count("\n") == 2
        lines += written.split("\n")
    assert (
        json.loads(lines[0])["question"] == json.loads(lines[3].partition("question=")[2]) == text
    )
    assert json.loads(lines[1])["error"] == text
    lines.append(JsonFormatter().format(record_of(text)))
    traceback = TextFormatter().format(record_of(text)).split("\n")
    assert all(line.startswith("  ") for line in traceback[1:])
    for line in (*lines, *traceback):
        assert [hex(ord(one)) for one in UNSEEN if one in line] == []


def test_a_printable_question_is_logged_as_it_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    """Other scripts stay readable."""
    typed = REPLY.model_copy(update={"question": "Кто купил мельницу? 磨坊"})
    for format in ("json", "text"):
        log = RequestLog(format, questions=True)  # type: ignore[arg-type]
        log.work_done(dataclasses.replace(READ, result=typed))
    assert capsys.readouterr().err.count('"Кто купил мельницу? 磨坊"') == 2


def test_libraries_log_through_the_same_formatter() -> None:
    """The configuration covers the root logger, in both formats."""
    for format, name in (("text", "TextFormatter"), ("json", "JsonFormatter")):
        config = server_log_config(format)
        assert config["formatters"]["escaped"]["()"].endswith(name)
        assert config["root"]["handlers"] == config["loggers"]["uvicorn"]["handlers"] == ["stderr"]


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
