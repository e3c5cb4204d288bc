"""The largest form that each page beside the chat takes causes a bounded amount of work."""

from __future__ import annotations

import functools
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pullquote.newsroom.checking.quotations import draft_of
from pullquote.web.grid.routes import MAX_GRID_COLUMNS, MAX_GRID_QUESTIONS
from pullquote.web.request_limits import (
    MAX_DRAFT_BYTES,
    MAX_DRAFT_CHARS,
    MAX_ID_CHARS,
    MAX_NAME_CHARS,
    MAX_QUESTION_CHARS,
)
from pullquote.web.verify.routes import MOST_BYTES
from served import ROOT, Served, serving
from web.test_request_limits import (
    BODY,
    MOST_SECONDS,
    MOST_SECONDS_OF_A_DRAFT,
    cited,
    drafts,
    least_work,
    saved,
)

MOST_SECONDS_OF_A_FILE = 8.0
"""Of processor time, for the largest file to verify. Files are verified one at a time."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path("/proc/self/stat").exists(), reason="reads a process's time from /proc"
    ),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sample_index: Path) -> Iterator[Served]:
    """The chat over the sample corpus, with everything loaded that first requests load."""
    folder = tmp_path_factory.mktemp("forms")
    with serving(
        folder,
        corpus=ROOT / "corpus",
        index=sample_index,
        update_at_start="false",
        watchlist=folder,
    ) as running:
        running.json("check", draft="“It was gravel, for two metres,” said Rosalind Achterberg.")
        yield running


def post(server: Served, path: str, **given: Any) -> httpx.Response:
    """The answer to a form."""
    return httpx.post(f"{server.url}{path}", timeout=240, **given)


@pytest.mark.parametrize("way", drafts())
def test_the_largest_draft_is_shown_with_bounded_work(server: Served, way: str) -> None:
    """The page with the verdicts takes little more than the check itself."""
    draft = drafts()[way]
    seconds, answer = least_work(
        server,
        lambda: post(server, "/check", files={"text": (None, draft), "file": ("", b"")}),
        most=MOST_SECONDS_OF_A_DRAFT,
    )
    assert seconds < MOST_SECONDS_OF_A_DRAFT
    assert answer.status_code in (200, 422, 503)


@pytest.mark.parametrize("format", ["html", "docx", "json"])
def test_the_largest_report_is_bounded_work(server: Served, format: str) -> None:
    """A report has a mark or a comment for each of the most quotations that a draft may have."""
    draft = draft_of(drafts()["mixed words"])
    fields = {"draft": (None, draft.model_dump_json()), "format": (None, format)}
    seconds, answer = least_work(
        server,
        lambda: post(server, "/check/report", files=fields),
        most=MOST_SECONDS_OF_A_DRAFT,
    )
    assert seconds < MOST_SECONDS_OF_A_DRAFT
    assert answer.status_code == 200


@functools.cache
def bomb(name: str) -> bytes:
    """A small ZIP that unpacks to a lot of one letter."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(name, b"<w:p>" * 40_000_000)
    return stream.getvalue()


HOSTILE_FILES = {
    "a text": lambda: ("draft.txt", b"x " * (MAX_DRAFT_BYTES // 2)),
    "marks": lambda: ("draft.txt", "“".encode() * (MAX_DRAFT_CHARS // 3)),
    "Markdown": lambda: ("draft.md", b"> [" * (MAX_DRAFT_BYTES // 3)),
    "quotations": lambda: ("draft.html", b"<blockquote cite='https://a.example/b'>x" * 200_000),
    "links": lambda: ("draft.html", "“x” <a href='https://a.example/b'>b</a>".encode() * 150_000),
    "brackets": lambda: ("draft.md", "“x” [".encode() * 1_000_000),
    "a bomb": lambda: ("draft.docx", bomb("word/document.xml")),
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_the_largest_file_of_a_draft_is_a_second_of_work(server: Served, name: str) -> None:
    """It is parsed in a process of its own, and checked or refused."""
    seconds, answer = least_work(
        server, lambda: post(server, "/check", files={"file": HOSTILE_FILES[name]()})
    )
    assert seconds < MOST_SECONDS
    assert answer.status_code in (200, 422)


def grids() -> dict[str, tuple[str, dict[str, Any]]]:
    """The largest requests of the Grid page, each large in another way, with their paths."""
    lines = "\n".join(f"{at} who won? ".ljust(MAX_QUESTION_CHARS, "x") for at in range(9))
    many = "\n".join(f"{at} who won?" for at in range(MAX_GRID_QUESTIONS))
    ids = "\n".join(f"{at}/".ljust(MAX_ID_CHARS, "x") for at in range(MAX_GRID_COLUMNS))
    cell = {"by": "article", "generation": "x" * MAX_NAME_CHARS}
    return {
        "long questions": ("/grid/start", {"questions": lines, "by": "month"}),
        "questions": ("/grid/start", {"questions": many, "by": "source"}),
        "columns": ("/grid/start", {"questions": "who?", "by": "article"}),
        "articles": ("/grid/start", {"questions": "who?", "by": "article", "articles": ids}),
        "lines": ("/grid/start", {"questions": "\n" * 400_000, "by": "article"}),
        "a cell": (
            "/grid/cell",
            {**cell, "question": "who won? " * 1000, "column": "x" * MAX_ID_CHARS},
        ),
        "over the limit": ("/grid/start", {"questions": "q\n" * (BODY // 4), "by": "article"}),
        "wrong ones": ("/grid/cell", {**cell, "question": [1] * 300_000, "column": {}}),
    }


@pytest.mark.parametrize("way", grids())
def test_the_largest_grid_is_begun_in_a_second_of_work(server: Served, way: str) -> None:
    """Its cells are asked one by one, each like a question."""
    path, given = grids()[way]
    seconds, answer = least_work(server, lambda: post(server, path, content=json.dumps(given)))
    assert seconds < MOST_SECONDS
    assert answer.status_code == 200


def files_to_verify() -> dict[str, tuple[str, bytes]]:
    """The largest files for the Verify page, each large in another way."""
    known = [str(path.relative_to(ROOT / "corpus")) for path in (ROOT / "corpus").rglob("*.*")]
    export = saved([cited(known, 1000)]).encode()
    return {
        "an export": ("chat.json", export),
        "padded": ("chat.json", export + b" " * (MOST_BYTES - len(export) - 9)),
        "nested": ("chat.json", b"[" * MOST_BYTES),
        "numbers": ("chat.json", b"[" + b"1," * (MOST_BYTES // 2 - 9) + b"1]"),
        "links": ("chat.md", b"> q\n\n[a](?article=a.md&start=0&end=1)\n\n" * 200_000),
        "brackets": ("chat.md", b"[(" * (MOST_BYTES // 2)),
        "no file": ("chat.md", b"x" * MOST_BYTES),
        "a bomb": ("pack.zip", bomb("pack.json")),
    }


@pytest.mark.parametrize("way", files_to_verify())
def test_the_largest_file_is_verified_with_bounded_work(server: Served, way: str) -> None:
    """It is verified, or refused with a reason."""
    files = {"file": files_to_verify()[way], "compare": (None, "on")}
    seconds, answer = least_work(
        server, lambda: post(server, "/verify", files=files), most=MOST_SECONDS_OF_A_FILE
    )
    assert seconds < MOST_SECONDS_OF_A_FILE
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize(
    "form",
    [
        {"action": "add", "question": "x" * (BODY - 100)},
        {"action": "add", "question": "who?", "since": "9" * (BODY - 100)},
        {"action": "add", "question": "who?", "source": "x" * (BODY - 100)},
        {"action": "remove", "id": "x" * (BODY - 100)},
        {f"{number}": "" for number in range(100_000)},
    ],
    ids=["question", "day", "source", "id", "fields"],
)
def test_the_largest_form_of_the_watchlist_is_a_second_of_work(
    server: Served, form: dict[str, str]
) -> None:
    """It is refused, and the page says why; fields that the form does not have are ignored."""
    seconds, answer = least_work(server, lambda: post(server, "/watchlist", data=form))
    assert seconds < MOST_SECONDS
    assert answer.status_code in (303, 400)


def test_nothing_was_logged(server: Served) -> None:
    """The log has no traceback after all tests above."""
    assert "Traceback" not in server.errors.read_text()
