"""Questions for fitting the ranking, with what the readers find for them."""

from __future__ import annotations

import math
import random
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pullquote.answering.query import understand
from pullquote.answering.reader import SentenceModel, SentenceReader, SpanReader
from pullquote.answering.reader.packaged import SMALL, PackagedNetwork
from pullquote.answering.reader.span_reader import EarlyStopping
from pullquote.index.services import rebuild_index
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Filters, Hit, Question, Span
from pullquote.schema.settings import Settings
from training.corpus import write_company, write_newsroom
from training.everyday import EverydayQuestion, read_everyday, read_follow_ups

SEED = 7
NEWSROOM_ASKED = 350
"""A sample of the 2,296 held-out factual questions, so that a fit takes minutes."""

WIKI_ASKED = 240
"""A sample of the 593 about the two held-out Wikipedia articles. People asked these with a real
text before them. The newsroom is invented, and its questions are hard on purpose.
"""

READ = Settings.model_fields["hits"].default
AT_ONCE = 4
STAGES = range(AT_ONCE, READ, AT_ONCE)
"""The numbers of passages after which a reader may stop."""


@dataclass(frozen=True, slots=True, eq=False)
class QuestionSpans:
    """A question, its hits, best first, and the spans found in them.

    `spans` are from the network: exact words, and whole sentences. `fallback` are sentences from
    the sentence reader.
    """

    asked: EverydayQuestion
    question: Question
    hits: tuple[Hit, ...]
    spans: tuple[Span, ...]
    fallback: tuple[Span, ...]

    @property
    def group(self) -> str:
        """Questions of one article (for Wikipedia, of one paragraph) stay in one fold."""
        return self.asked.gold.paragraph or next(iter(self.asked.gold.articles))

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers the question."""
        return self.asked.gold.answerable or bool(self.asked.evidence)

    @property
    def words(self) -> list[Span]:
        """The spans that are exact words."""
        return [span for span in self.spans if not span.whole_sentence]

    def until(self, read: int) -> QuestionSpans:
        """The same question, as if the reader had stopped after that many passages.

        Of the later passages, only those with the same words are read.
        """
        seen = frozenset(hit.passage.id for hit in self.hits[:read])
        early = [span for span in self.words if span.hit.passage.id in seen]
        if not early:
            return self
        same = max(early, key=lambda span: span.span_logit).text
        spans = (s for s in self.spans if s.hit.passage.id in seen or same in s.hit.passage.text)
        return replace(self, spans=tuple(spans))

    def sure(self, read: int) -> float:
        """The highest log-odds of exact words in the first so many passages."""
        seen = frozenset(hit.passage.id for hit in self.hits[:read])
        words = (span.span_logit for span in self.words if span.hit.passage.id in seen)
        return max(words, default=-math.inf)

    def stopped(self, certain: float) -> QuestionSpans:
        """The same question, as if the reader had stopped at these log-odds."""
        stages = (read for read in STAGES if self.sure(read) >= certain)
        stage = next(stages, None)
        return self if stage is None else self.until(stage)


def collect(newsroom: Path, wiki: Path, everyday: Path, conversations: Path) -> list[QuestionSpans]:
    """All held-out everyday questions and follow-ups, and samples of the factual questions.

    Each comes with all that the readers find.
    """
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        corpus.mkdir()
        chance = random.Random(SEED)
        factual = chance.sample(write_newsroom(newsroom, corpus, held_out=True), NEWSROOM_ASKED)
        factual += chance.sample(write_company(wiki, corpus), WIKI_ASKED)
        asked = read_everyday(newsroom, everyday, held_out=True)
        asked += read_follow_ups(newsroom, conversations, held_out=True)
        asked += [EverydayQuestion(gold, (), ()) for gold in factual]
        rebuild_index(corpus, index)
        with Assistant(Settings(index=index)) as assistant:
            return list(_read(assistant, asked))


def _read(assistant: Assistant, asked: Iterable[EverydayQuestion]) -> Iterable[QuestionSpans]:
    network = PackagedNetwork.shipped(SMALL)
    everything = EarlyStopping(at_once=READ, certain=math.inf)
    reader = SpanReader(network, silent_below=network.card.silent_below, stopping=everything)
    sentences = SentenceReader(assistant.encoder, SentenceModel.packaged())
    generation = assistant.generation
    for one in asked:
        query = understand(one.gold.question, generation)
        question = assistant.retriever.question(query.text, generation, query.kind)
        hits = assistant.retriever.retrieve(question, generation, k=READ, filters=Filters())
        spans, fallback = (part.read(question, hits) for part in (reader, sentences))
        yield QuestionSpans(one, question, tuple(hits), tuple(spans), tuple(fallback))
