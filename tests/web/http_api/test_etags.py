"""An ETag changes with all that a response depends on, and with nothing else."""

from __future__ import annotations

from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from conftest import Newsroom
from pullquote.schema.settings import Settings
from pullquote.web.http_api.endpoints import ETags, is_known

MAY_2030 = 1_903_824_000.0
ASKED = {"question": "who?", "k": None}


@pytest.fixture
def filled(newsroom: Newsroom) -> Newsroom:
    """An index of two articles, one of which may be shown from May 2030 on."""
    newsroom.write("tide.md", "The tide was low.")
    newsroom.write("later.md", "---\nembargoed: 2030-05-01T00:00:00Z\n---\nThe tide was high.")
    newsroom.rebuild()
    return newsroom


def etags(newsroom: Newsroom, *, now: float = 0.0, **settings: Any) -> ETags:
    """The ETags of an assistant for the index."""
    assistant = SimpleNamespace(
        settings=Settings(index=newsroom.index.path, **settings), generation=newsroom.open()
    )
    return ETags(assistant, clock=lambda: now)  # type: ignore[arg-type]


def test_the_same_request_has_the_same_etag(filled: Newsroom) -> None:
    """Also in another process with the same settings."""
    assert etags(filled).of("ask", ASKED) == etags(filled).of("ask", dict(reversed(ASKED.items())))


def test_another_request_has_another(filled: Newsroom) -> None:
    """Each parameter and the endpoint count."""
    made = etags(filled)
    all_of_them = {
        made.of("ask", ASKED),
        made.of("search", ASKED),
        made.of("ask", {**ASKED, "k": 3}),
        etags(filled, answers=7).of("ask", ASKED),
    }
    assert len(all_of_them) == 4


def test_the_end_of_an_embargo_changes_it(filled: Newsroom) -> None:
    """From that moment on, another article may answer; no rebuild is needed."""
    before, after = (etags(filled, now=MAY_2030 + second) for second in (-1, 1))
    assert before.of("ask", ASKED) != after.of("ask", ASKED)
    assert before.of("ask", ASKED) == etags(filled).of("ask", ASKED)


def test_a_new_calibration_and_a_new_generation_change_it(filled: Newsroom) -> None:
    """Both may change an answer or its confidence."""
    made = etags(filled)
    first = made.of("ask", ASKED)
    (filled.index.path / "calibration.json").write_text("{}")
    second = made.of("ask", ASKED)
    filled.write("boat.md", "The ferry sails.")
    filled.rebuild()
    assert len({first, second, etags(filled).of("ask", ASKED)}) == 3


def test_an_index_that_cannot_tell_its_embargoes_has_none(filled: Newsroom) -> None:
    """A backend need not know when they end."""
    made = etags(filled)
    made._assistant.generation = SimpleNamespace(name="20240101T000000-000000")  # type: ignore[misc, assignment]
    assert made.of("ask", ASKED) is None


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ('W/"a"', True),
        ('"a"', True),
        ('"b", W/"a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
        (None, False),
    ],
)
def test_what_a_client_has(given: str | None, known: bool) -> None:
    """Weak and strong tags are compared alike, in a list too."""
    headers = [] if given is None else [(b"if-none-match", given.encode())]
    request = Request({"type": "http", "headers": headers})
    assert is_known(request, 'W/"a"') is known
    assert not is_known(request, None)


def test_the_index_knows_its_embargoes(filled: Newsroom) -> None:
    """Their ends are sorted moments; 0 stands for articles without one."""
    with closing(filled.open()) as generation:
        assert list(generation.releases) == [0, MAY_2030]
