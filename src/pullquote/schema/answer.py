"""Answers with their citations, and the reply that contains them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import FailFast, Field

from pullquote.schema.article import Model, Role
from pullquote.schema.moments import Moment


@dataclass(frozen=True, slots=True)
class CitationLabel:
    """The text that shows a field of a citation beside its quote; "{}" stands for the value."""

    pattern: str


class Citation(Model):
    """The exact words of an article that answer: `quote == article.text[start:end]`.

    `sentence` is the sentence, or sentences, around the quote and begins at `sentence_start` of
    the article's text. `page` is the page on which the quote begins, in formats that have pages.
    """

    # A field with a `CitationLabel` is shown by the terminal, the web chat and exports without
    # further code. A field that `Article` has too is copied from there.
    article: str
    title: str
    published: Moment | None
    source: str | None
    role: Role
    author: str | None
    start: int
    end: int
    quote: str
    sentence: str
    sentence_start: int
    version: str
    url: str | None
    page: Annotated[int | None, CitationLabel("page {}")] = None

    @property
    def details(self) -> list[str]:
        """The fields that have a label and a value, as text."""
        return [
            label.pattern.format(value)
            for name, field in type(self).model_fields.items()
            for label in field.metadata
            if isinstance(label, CitationLabel) and (value := getattr(self, name)) is not None
        ]


class Answer(Model):
    """Words that answer, the assistant's confidence (0 to 1), and a citation for each occurrence.

    `sources` counts the independent sources among the cited articles. Near duplicates count once,
    such as an agency's story that several papers print.
    """

    text: str
    confidence: float = Field(ge=0, le=1)
    citations: Annotated[tuple[Citation, ...], FailFast()] = Field(min_length=1)
    sources: int = Field(default=1, ge=1)


SearchMode = Literal["dense and lexical", "dense only"]
"""Which searches ran: by vector and by words, or by vector only."""


class Reply(Model):
    """The result of `ask`: the answers, best first, and whether to trust the first.

    `abstained` means that the corpus does not seem to contain the answer; `answers` are then the
    closest ones. `generation` names the state of the index that answered. `searched` says
    which searches ran: some index servers have no lexical search. `took_ms` is the wall time in
    milliseconds.
    """

    id: str | int | None = None
    question: str
    abstained: bool
    answers: Annotated[tuple[Answer, ...], FailFast()]
    generation: str
    searched: SearchMode = "dense and lexical"
    took_ms: float
