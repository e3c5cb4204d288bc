"""The data of the first screen: the number of articles, and example questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pullquote.schema import QuestionKind
from pullquote.web.state.example_patterns import ExampleQuestion

_LABELS = {
    QuestionKind.FACT: "A fact",
    QuestionKind.YES_NO: "Yes or no",
    QuestionKind.REASON: "A reason",
    QuestionKind.SPEECH: "What somebody said",
    QuestionKind.COMPARISON: "A comparison",
    QuestionKind.LIST: "A list",
    QuestionKind.KEYWORDS: "Keywords",
}


@dataclass(frozen=True, slots=True)
class ShownExamples:
    """Example questions, each with its kind; `unfinished` if more are being looked for."""

    questions: Sequence[tuple[str, str]]
    unfinished: bool

    @classmethod
    def of(cls, examples: Iterable[ExampleQuestion], *, complete: bool) -> ShownExamples:
        """These examples; `complete` if no more are being looked for."""
        labelled = [(_LABELS[one.kind], one.question) for one in examples]
        return cls(labelled, unfinished=not complete)


@dataclass(frozen=True, slots=True)
class Welcome:
    """An empty conversation: the number of articles, examples, and a notice or ""."""

    articles: int
    examples: ShownExamples
    notice: str
