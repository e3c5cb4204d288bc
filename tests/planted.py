"""An assistant with planted replies and real retrieval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from conftest import Newsroom
from pullquote.answering.retrieval.retriever import Retriever
from pullquote.schema import Answer, Citation, Filters, Hit, Question, Reply, Role, Span
from pullquote.schema.errors import SettingsError
from pullquote.schema.settings import Settings

HARBOUR = "The harbour opened in 1911. Ida Roe built it."
GULLS = "Gulls nest under the roof."


@dataclass
class PlantedReader:
    """Finds the planted words in passages, with the planted log-odds."""

    words: dict[str, float] = field(default_factory=dict)
    silent_below: float = 0.0

    def read(self, question: Question, hits: Sequence[Hit]) -> list[Span]:
        """The planted spans, highest log-odds first."""
        found = [
            Span(hit, at, at + len(words), logit)
            for hit in hits
            for words, logit in self.words.items()
            if (at := hit.passage.text.find(words)) >= 0
        ]
        return sorted(found, key=lambda span: -span.span_logit)


def citation(article: str, text: str, quote: str) -> Citation:
    """A citation of words in the text of an article."""
    start = text.index(quote)
    return Citation(
        article=article,
        title="",
        published=None,
        source=None,
        role=Role.BODY,
        author=None,
        start=start,
        end=start + len(quote),
        quote=quote,
        sentence=text,
        sentence_start=0,
        version="",
        url=None,
    )


class PlantedAssistant:
    """Replaces an Assistant; the article of every answer is `harbour.txt`.

    `replies` maps a question to its answers with their confidences; under 0.5 it abstains. `asked`
    lists the questions it got; `turned` imitates a reranker that reverses the hits.
    """

    def __init__(
        self,
        newsroom: Newsroom,
        replies: dict[str, dict[str, float]],
        reader: PlantedReader | None = None,
    ) -> None:
        self.settings = Settings(candidates=10, hits=2)
        self.encoder = newsroom.encoder
        self.retriever = Retriever(newsroom.encoder, candidates=10, rrf_k=60)
        self.generation = newsroom.open()
        self.reader = PlantedReader() if reader is None else reader
        self.asked: list[str] = []
        self.turned = False
        self._replies = replies

    def retrieve(self, question: str, *, k: int, filters: Filters) -> list[Hit]:
        """The hits of the retriever, reversed if `turned`."""
        asked = self.retriever.question(question, self.generation)
        hits = self.retriever.retrieve(asked, self.generation, k=k, filters=filters)
        return hits[::-1] if self.turned else hits

    def ask(self, question: str, *, filters: Filters, fast: bool = False) -> Reply:
        """The planted reply; the nth takes n milliseconds, the first, unmeasured one 1000."""
        self.asked.append(question)
        if len(question) > 100:
            raise SettingsError("The question is too long.")
        answers = tuple(
            Answer(
                text=text,
                confidence=confidence,
                citations=(citation("harbour.txt", HARBOUR, text),),
            )
            for text, confidence in self._replies.get(question, {}).items()
        )
        return Reply(
            question=question,
            abstained=not answers or answers[0].confidence < 0.5,
            answers=answers,
            generation=self.generation.name,
            took_ms=1000.0 if len(self.asked) == 1 else float(len(self.asked) - 1),
        )


def harbour_newsroom(newsroom: Newsroom) -> Newsroom:
    """The newsroom with two articles of one passage each, indexed."""
    newsroom.write("harbour.txt", HARBOUR)
    newsroom.write("gulls.txt", GULLS)
    newsroom.rebuild()
    return newsroom
