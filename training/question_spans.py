"""Questions for fitting the ranking, with the spans that both readers find for them."""

from __future__ import annotations

import math
import random
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from pullquote.assistant import Assistant
from pullquote.evaluate import GoldQuestion
from pullquote.reader import SentenceModel, SentenceReader, SpanReader
from pullquote.reader.packaged import PackagedNetwork
from pullquote.reader.span_reader import EarlyStopping
from pullquote.schema import Filters, Question, Span
from pullquote.services import rebuild_index
from pullquote.settings import Settings
from training.corpus import write_company, write_newsroom

SEED = 7
NEWSROOM_ASKED = 1000
"""A sample of the 2,296 held-out questions, so that a fit takes minutes."""

WIKI_ASKED = 240
"""A sample of the 593 about the two held-out Wikipedia articles. People asked these with a real
text before them. The newsroom is invented, and its questions are hard on purpose.
"""

READ = Settings.model_fields["hits"].default
AT_ONCE = 4
STAGES = range(AT_ONCE, READ, AT_ONCE)
"""The numbers of passages after which a reader may stop."""


@dataclass(frozen=True, slots=True)
class QuestionSpans:
    """A question, the passages that were read for it, best first, and the spans found in them."""

    gold: GoldQuestion
    question: Question
    passages: tuple[int, ...]
    words: tuple[Span, ...]
    sentences: tuple[Span, ...]
    silent_below: float

    @property
    def group(self) -> str:
        """Questions of one article (for Wikipedia, of one paragraph) stay in one fold."""
        return self.gold.paragraph or next(iter(self.gold.articles))

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans of FallbackReader: sentences only if no words are likely."""
        likely = any(span.span_logit >= self.silent_below for span in self.words)
        return self.words if likely else (*self.words, *self.sentences)

    def until(self, read: int) -> QuestionSpans:
        """The same question, as if the reader had stopped after that many passages.

        Of the later passages, only those with the same words are read.
        """
        seen = frozenset(self.passages[:read])
        early = [span for span in self.words if span.hit.passage.id in seen]
        if early:
            same = max(early, key=lambda span: span.span_logit).text
            early += [
                span
                for span in self.words
                if span.hit.passage.id not in seen and same in span.hit.passage.text
            ]
        return replace(self, words=tuple(early))

    def sure(self, read: int) -> float:
        """The highest log-odds in the first so many passages."""
        seen = frozenset(self.passages[:read])
        words = (span.span_logit for span in self.words if span.hit.passage.id in seen)
        return max(words, default=-math.inf)

    def stopped(self, certain: float) -> QuestionSpans:
        """The same question, as if the reader had stopped at these log-odds."""
        stages = (read for read in STAGES if self.sure(read) >= certain)
        stage = next(stages, None)
        return self if stage is None else self.until(stage)


def collect(newsroom: Path, wiki: Path) -> list[QuestionSpans]:
    """A sample of the held-out questions, with all spans that both readers found."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        corpus.mkdir()
        chance = random.Random(SEED)
        questions = chance.sample(write_newsroom(newsroom, corpus, held_out=True), NEWSROOM_ASKED)
        questions += chance.sample(write_company(wiki, corpus), WIKI_ASKED)
        rebuild_index(corpus, index)
        network = PackagedNetwork.shipped()
        below = network.card.silent_below
        everything = EarlyStopping(at_once=READ, certain=math.inf)
        words = SpanReader(network, silent_below=below, stopping=everything)
        with Assistant(Settings(index=index)) as assistant:
            sentences = SentenceReader(assistant.encoder, SentenceModel.packaged())
            generation = assistant.generation
            cases = []
            for gold in questions:
                question = assistant.retriever.question(gold.question, generation)
                hits = assistant.retriever.retrieve(question, generation, k=READ, filters=Filters())
                cases.append(
                    QuestionSpans(
                        gold,
                        question,
                        tuple(hit.passage.id for hit in hits),
                        tuple(words.read(question, hits)),
                        tuple(sentences.read(question, hits)),
                        below,
                    )
                )
    return cases
