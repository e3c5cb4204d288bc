"""Writes one line for each request and each work to standard error, as JSON or as text.

A line never has the query of an address, the body of a request or an address of a client. It has
the question only if the setting `log_questions` asks for it. No text that others wrote can start a
line, or make a terminal or an editor do anything: characters that are not printable are escaped.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

from pullquote.answering.retrieval.searcher import SearchResult
from pullquote.schema import Reply
from pullquote.web.monitoring.observed import RequestDone, WorkDone

LogFormat = Literal["text", "json"]


class RequestLog:
    """An observer that writes the log.

    It writes questions if `questions` is true, and never requests for the paths in `unlogged`,
    which monitoring asks for all the time.
    """

    def __init__(
        self, format: LogFormat, *, questions: bool, unlogged: Collection[str] = ()
    ) -> None:
        self._format = format
        self._questions = questions
        self._unlogged = frozenset(unlogged)

    def request_done(self, done: RequestDone) -> None:
        """Write the line of a request."""
        if done.path in self._unlogged:
            return
        facts: dict[str, Any] = {"method": done.method, "path": quote(done.path, errors="replace")}
        self._write("request", done.id, {**facts, "status": done.status, "ms": _ms(done.seconds)})

    def work_done(self, done: WorkDone) -> None:
        """Write the line of a work."""
        facts: dict[str, Any] = {
            "stage": done.stage,
            "waited_ms": _ms(done.waited),
            "ms": _ms(done.seconds),
        }
        if done.error is not None:
            facts["error"] = done.error
        self._write("work", done.request, {**facts, **self._result(done.result)})

    def _result(self, result: object) -> Mapping[str, Any]:
        """What a line says about a search or a reply."""
        facts: dict[str, Any]
        if isinstance(result, Reply):
            question = result.question
            facts = {"kind": str(result.kind), "outcome": str(result.outcome)}
            generation = result.generation
        elif isinstance(result, SearchResult):
            question = result.query.typed
            facts = {"kind": str(result.query.kind), "hits": len(result.hits)}
            generation = result.generation.name
        else:
            return {}
        asked = {"question": question} if self._questions else {}
        return {**facts, "generation": generation, **asked}

    def _write(self, event: str, id: str | None, facts: Mapping[str, Any]) -> None:
        line = {"time": _now(), "event": event, "request_id": id, **facts}
        sys.stderr.write(f"{_json(line) if self._format == 'json' else _text(line)}\n")
        sys.stderr.flush()


class JsonFormatter(logging.Formatter):
    """Formats the messages of the server and of libraries, such as tracebacks, as JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {"time": _now(), "event": "server", "level": record.levelname.lower()}
        failed = record.exc_info is not None and record.exc_info[0] is not None
        traceback = {"traceback": self.formatException(record.exc_info)} if failed else {}  # type: ignore[arg-type]
        return _json({**line, "message": record.getMessage(), **traceback})


class TextFormatter(logging.Formatter):
    """Formats the same messages as text; all lines after the first are indented."""

    def format(self, record: logging.LogRecord) -> str:
        """The level, the message and the traceback."""
        lines = super().format(record).split("\n")
        return "\n  ".join(
            _escaped(line) for line in (f"{record.levelname}: {lines[0]}", *lines[1:])
        )


def server_log_config(format: str) -> dict[str, Any]:
    """The configuration of the logs of uvicorn and all other libraries."""
    formatter = "JsonFormatter" if format == "json" else "TextFormatter"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"escaped": {"()": f"{__name__}.{formatter}"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "escaped",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "uvicorn": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        },
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _json(line: Mapping[str, Any]) -> str:
    return _escaped(json.dumps(line, ensure_ascii=False))


def _escaped(text: str) -> str:
    """The text with the escapes of JSON for all characters that are not printable.

    Those are controls, line separators, marks that reorder or hide text, and lone surrogates. In
    JSON the escapes mean the same characters.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _text(line: Mapping[str, Any]) -> str:
    """The facts as words, those after the first three with their names."""
    facts = dict(line)
    time, event, id = (facts.pop(name) for name in ("time", "event", "request_id"))
    named = (f"{name}={_value(value)}" for name, value in facts.items())
    return " ".join([time, event, id or "-", *named])


def _value(value: object) -> str:
    """A value of printable characters without white space, unless it is quoted as in JSON."""
    text = str(value)
    if text and text.isprintable() and not set(text) & set(' "\\'):
        return text
    return _escaped(json.dumps(text, ensure_ascii=False))


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)
