"""Measures the variants, and makes their table rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.encoder_backends.backends import VARIANTS
from benchmarks.encoder_backends.data import Data
from benchmarks.encoder_backends.worker import Worker
from pullquote.evaluate import GoldQuestion, recall
from pullquote.index.passages import embedding_text
from pullquote.schema import Passage

CUTS = (1, 5, 10, 20)
REPEATS = 3
QUESTION = "Who won the men's race in Paris?"
QUESTION_REPEATS = 75

HEAD = (
    "",
    "passages/s (times the first)",
    "a question, ms",
    "load, s",
    "peak MiB loaded / at work",
    f"wiki recall@{'/'.join(map(str, CUTS))}",
    "news recall",
    "most a number differs, alone or in a batch",
    "least cosine with the first",
)


class VariantTrial:
    """A loaded variant and its measurements so far."""

    def __init__(self, name: str, graph: Path) -> None:
        self.name = name
        self.worker = Worker(name, graph)
        self.loading = self.worker.embed([QUESTION])
        self.rates: list[float] = []
        self.question_ms: list[float] = []
        self.recalls: list[str] = []

    def measure_quality(self, data: Data) -> None:
        """Measure recall, and how much a vector changes with the other texts in its batch."""
        self.embedded = self.worker.embed([embedding_text(passage) for passage in data.recall])
        for questions in (data.wiki, data.news):
            ranks = list(self._ranks(data.recall, questions))
            self.recalls.append("/".join(f"{recall(ranks, k=k):.3f}" for k in CUTS))
        # Short texts among long ones, so that padding matters.
        mixed = data.speed[:96] + [gold.question for gold in data.news[:32]]
        alone = np.concatenate([self.worker.embed([text]).vectors for text in mixed])
        self.drift = float(np.abs(alone - self.worker.embed(mixed).vectors).max())

    def row(self, first: VariantTrial) -> list[str]:
        """The cells of this row, in the order of `HEAD`."""
        ratios = [mine / other for mine, other in zip(self.rates, first.rates, strict=True)]
        cosines = np.einsum("ij,ij->i", self.embedded.vectors, first.embedded.vectors)
        return [
            f"{self.name}, {VARIANTS[self.name].company}",
            f"{median(self.rates):.0f} ({median(ratios):.2f}x)",
            f"{median(self.question_ms):.1f}",
            f"{self.loading.seconds:.1f}",
            f"{self.loading.peak:.0f} / {self.embedded.peak:.0f}",
            *self.recalls,
            f"{self.drift:.0e}",
            f"{cosines.min():.4f}",
        ]

    def _ranks(
        self, passages: Sequence[Passage], questions: Sequence[GoldQuestion]
    ) -> Iterator[int | None]:
        """For each question, the rank (from 1) of the first passage with an answer, or None."""
        asked = self.worker.embed([gold.question for gold in questions]).vectors
        orders = np.argsort(-(asked @ self.embedded.vectors.T), axis=1, kind="stable")
        for gold, order in zip(questions, orders, strict=True):
            ranking = enumerate((passages[at] for at in order), start=1)
            yield next((rank for rank, p in ranking if gold.found_in(p.article, p.text)), None)


def measure_speed(trials: Sequence[VariantTrial], texts: list[str]) -> None:
    """Measure the variants in turn, so that other load on the machine affects all equally."""
    for trial in trials:
        trial.worker.embed(texts[:64])  # warm-up
    for _ in range(REPEATS):
        for trial in trials:
            trial.rates.append(len(texts) / trial.worker.embed(texts).seconds)
        for trial in trials:
            took = [trial.worker.embed([QUESTION]).seconds for _ in range(QUESTION_REPEATS)]
            trial.question_ms += [1000 * seconds for seconds in took[5:]]
