"""The citations in a file that was exported: JSON, or Markdown with links."""

from __future__ import annotations

from pathlib import Path

from pullquote.newsroom.verification.json_citations import citations_in_json
from pullquote.newsroom.verification.markdown_citations import (
    citations_in_markdown,
    has_too_much_markup,
)
from pullquote.newsroom.verification.saved_citation import SavedCitation
from pullquote.schema.errors import CitationsUnreadable
from pullquote.schema.limits import megabytes

MOST_BYTES = 64 << 20
"""Maximum size of a file; a conversation has at most a megabyte."""

MOST_MARKDOWN_BYTES = 4 << 20
"""Markdown is read at about a megabyte a second."""

MOST_CITATIONS = 100_000

__all__ = ["SavedCitation", "citations_in", "saved_citations"]


def saved_citations(path: Path) -> list[SavedCitation]:
    """The citations in a file, in order, each once.

    A file that begins with "{" or "[" is JSON or JSON Lines; any other is Markdown.

    Raises:
        CitationsUnreadable: the file cannot be read, or has no citations.
    """
    try:
        with path.open("rb") as file:
            return citations_in(file.read(MOST_BYTES + 1), path)
    except OSError as error:
        raise CitationsUnreadable(path, error.strerror or str(error)) from error


def citations_in(data: bytes, path: Path, *, most: int = MOST_CITATIONS) -> list[SavedCitation]:
    """As `saved_citations`, for the bytes of the file at `path`; it may have `most` citations.

    Raises:
        CitationsUnreadable: the bytes are no text, or have no citations.
    """
    text = _text_of(data, path)
    is_json = text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
    if not is_json and len(text) > MOST_MARKDOWN_BYTES:
        raise CitationsUnreadable(path, f"it is larger than {megabytes(MOST_MARKDOWN_BYTES)}")
    if not is_json and has_too_much_markup(text):
        raise CitationsUnreadable(path, "a paragraph has thousands of marks of Markdown")
    found = citations_in_json(text, path) if is_json else citations_in_markdown(text)
    citations = list(dict.fromkeys(found))
    if not citations:
        raise CitationsUnreadable(
            path, "it has no citations: neither quotes with their places, nor links of the chat"
        )
    check_number(len(citations), path, most=most)
    return citations


def check_number(citations: int, path: Path, *, most: int) -> None:
    """Check that a file has no more than `most` citations.

    Raises:
        CitationsUnreadable: it has more; the message has both numbers.
    """
    if citations > most:
        raise CitationsUnreadable(
            path,
            f"it has {citations:,} citations, more than the {most:,} that are verified at once; "
            "split the file",
        )


def _text_of(data: bytes, path: Path) -> str:
    if len(data) > MOST_BYTES:
        raise CitationsUnreadable(path, f"it is larger than {megabytes(MOST_BYTES)}")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CitationsUnreadable(path, "it is not text in UTF-8") from error
