"""Every failure of a file comes with a next step that fits its reason."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from conftest import Newsroom
from pullquote.web.corpus.listing import failure_advice


def zip_with(name: str, content: bytes) -> bytes:
    """A ZIP archive with one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "step"),
    [
        ("a.md", b"---\ntitle: [\n---\nText.", "Correct the lines between the two “---”"),
        ("a.md", b"", "Export the article again"),
        ("a.txt", bytes(range(256)) * 20, "Save it in one of the supported formats"),
        ("a.docx", b"PK\x03\x04 cut off", "Export or save it again"),
        ("a.json", b'{"title": "a', "Export or save it again"),
        ("a.csv", b"one\ntwo\n", "Check that the file contains the text"),
        ("a.jsonl", b'{"author": "Jo"}\n', "In the setting “fields”, name the field"),
        ("a.zip", zip_with("a.md", b""), "Export the article again"),
        ("a.zip", b"no archive", "Export or save it again"),
    ],
)
def test_the_next_step_fits_the_reason(
    newsroom: Newsroom, name: str, content: bytes, step: str
) -> None:
    """Files that really fail get the advice for their reason."""
    newsroom.corpus.mkdir(exist_ok=True)
    (Path(newsroom.corpus) / name).write_bytes(content)
    newsroom.rebuild()
    failed = newsroom.open().manifest.failed
    assert len(failed) == 1
    assert failure_advice(failed[0].reason).step.startswith(step), failed[0].reason


def test_advice_in_a_reason_becomes_the_next_step() -> None:
    """A reason that ends with advice is divided, so that the advice is not repeated."""
    found = failure_advice("it is protected by a password; save it without a password")
    assert found.reason == "it is protected by a password"
    assert found.step == "Save it without a password."


def test_an_unknown_reason_has_a_step_too() -> None:
    """A reason that no pattern knows still says what to do."""
    assert failure_advice("it is odd").step == "Correct the file, and update the index."
