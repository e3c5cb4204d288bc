"""What is said: answers with their citations, and the reply that holds them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import FailFast, Field

from pullquote.schema.article import Model, Role
from pullquote.schema.moments import Moment


class Citation(Model):
    """Where an answer stands: `quote == article.text[start:end]`, inside `sentence`.

    The sentence, or sentences, begin at `sentence_start` of the article's text. `page` is that on
    which the quote begins, in formats that have pages.
    """

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
    page: int | None = None


class Answer(Model):
    """Words that answer, how sure the assistant is (0 to 1), and every place they stand.

    `sources` counts the independent sources among the articles that are cited: near-copies, as of
    an agency's story that several papers print, are one.
    """

    text: str
    confidence: float = Field(ge=0, le=1)
    citations: Annotated[tuple[Citation, ...], FailFast()] = Field(min_length=1)
    sources: int = Field(default=1, ge=1)


SearchMode = Literal["dense and lexical", "dense only"]
"""By what passages are found: by meaning, and by words too."""


class Reply(Model):
    """What `ask` returns: the answers, best first, and whether to trust the first.

    `abstained` says that the corpus does not seem to hold the answer; `answers` then holds what
    came closest. `generation` names the state of the index that answered, and `searched` by what
    it was searched: by meaning, and by words too unless its server cannot. `took_ms` is the wall
    time in milliseconds.
    """

    id: str | int | None = None
    question: str
    abstained: bool
    answers: Annotated[tuple[Answer, ...], FailFast()]
    generation: str
    searched: SearchMode = "dense and lexical"
    took_ms: float
