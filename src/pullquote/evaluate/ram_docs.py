"""Parses RAMDocs: questions that each have a few documents, some of them wrong.

Source: Wang et al., Retrieval-Augmented Generation with Conflicting Evidence, COLM 2025.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from pullquote.evaluate.corpus_files import CorpusFile, markdown_file
from pullquote.evaluate.gold import GoldQuestion, LocatedQuestion
from pullquote.evaluate.parse_errors import parsed_lines


class _Document(BaseModel):
    text: str = Field(min_length=1)
    type: Literal["correct", "misinfo", "noise"]


class _RamDocsLine(BaseModel):
    id: str | int | None = None
    question: str
    documents: list[_Document]
    gold_answers: list[str]
    wrong_answers: list[str]


def read_ram_docs(path: Path, text: str) -> tuple[list[LocatedQuestion], list[CorpusFile]]:
    """The questions of a RAMDocs file, and all their documents.

    All documents are in one corpus, which is quicker than a corpus for each question. A section for
    each question keeps them apart.
    """
    questions: list[LocatedQuestion] = []
    files: list[CorpusFile] = []
    lines = parsed_lines(path, text, _RamDocsLine.model_validate, what="a RAMDocs question")
    for number, line in lines:
        name = str(number if line.id is None else line.id)
        section = f"question-{number}"
        gold = GoldQuestion(
            id=name,
            question=line.question,
            answers=tuple(line.gold_answers),
            articles=frozenset(_ids(section, line, "correct")),
            kind=_kind(line),
            items=tuple((answer,) for answer in dict.fromkeys(line.gold_answers)),
            wrong_answers=tuple(dict.fromkeys(line.wrong_answers)),
            section=section,
        )
        questions.append(LocatedQuestion(f"line {number}", gold))
        files += _files(section, line)
    return questions, files


def _kind(line: _RamDocsLine) -> str:
    """Whether a question has one right answer or several, and whether documents are wrong."""
    right = "several" if len(set(line.gold_answers)) > 1 else "one"
    return f"{right}, wrong" if line.wrong_answers else f"{right} right"


def _files(section: str, line: _RamDocsLine) -> Iterator[CorpusFile]:
    """The documents of a question; each stands for a source of its own."""
    for number, document in enumerate(line.documents, 1):
        source = f"Source {number}"
        yield markdown_file(_id(section, number), document.text, section=section, source=source)


def _ids(section: str, line: _RamDocsLine, kind: str) -> Iterator[str]:
    for number, document in enumerate(line.documents, 1):
        if document.type == kind:
            yield _id(section, number)


def _id(section: str, number: int) -> str:
    return f"{section}/document-{number}.md"
