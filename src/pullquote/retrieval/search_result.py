"""What was found for a question, before anything is read."""

from __future__ import annotations

from dataclasses import dataclass

from pullquote.index import OpenGeneration
from pullquote.schema import Hit, Question


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits for a question, best first, before anything is read; `Assistant.read` goes on.

    It holds the generation that they are of, so that the reply comes from the same one. `took_ms`
    is the wall time of finding, in milliseconds.
    """

    question: Question
    hits: list[Hit]
    generation: OpenGeneration
    took_ms: float
