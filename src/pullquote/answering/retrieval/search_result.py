"""The hits for a question, from which a reader will extract the answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from pullquote.answering.query import Query
from pullquote.answering.retrieval.scope import Scope
from pullquote.base.plurals import counted
from pullquote.index import OpenGeneration
from pullquote.schema import Filters, Hit, Question, short_text


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits for a question, best first. `Assistant.read` extracts the answers from them.

    `query` is the question as typed and its kind; `question` is the text that was searched for.
    `generation` is the generation that was searched; the answers are read from it too. `took_ms`
    is the wall time of the search in milliseconds.

    `further` are the next best hits, in which other values may be found. `scope` says which
    articles were searched. If the question itself names the day of the scope, as in "as of
    3 March", `wider` is the result of the search without that day.
    """

    query: Query
    question: Question
    hits: list[Hit]
    generation: OpenGeneration
    took_ms: float
    further: list[Hit] = field(default_factory=list)
    scope: Scope = field(default_factory=lambda: Scope(Filters()))
    wider: SearchResult | None = None

    def __repr__(self) -> str:
        hits, took = counted(len(self.hits), "hit"), f"{self.took_ms:.0f} ms"
        return f"SearchResult({hits}, {short_text(self.query.typed)!r}, {took})"
