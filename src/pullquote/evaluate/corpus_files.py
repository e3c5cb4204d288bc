"""Articles that come with gold questions, written as files of a corpus folder."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusFile:
    """An article as a file: its path in the corpus, which is its id, and its content."""

    id: str
    content: str


def markdown_file(id: str, text: str, **metadata: str | None) -> CorpusFile:
    """An article as Markdown, with its metadata as front matter."""
    known = {name: value for name, value in metadata.items() if value is not None}
    head = json.dumps(known, ensure_ascii=False)
    return CorpusFile(id=id, content=f"---\n{head}\n---\n{text}\n")


def write_files(files: Iterable[CorpusFile], corpus: Path) -> None:
    """Write the articles into a corpus folder, which is made if it does not exist."""
    corpus.mkdir(parents=True, exist_ok=True)
    for one in files:
        path = corpus / one.id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.content.encode("utf-8", errors="replace"))
