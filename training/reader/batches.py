"""Turns examples into padded tensors, in batches of about equal work."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer

from pullquote.answering.reader import ReaderInput
from pullquote.answering.reader.packaged import TokenWindow, pack
from pullquote.english.sentences import sentence_spans
from training.reader.examples import TrainingExample

STRETCH = 4096
"""Examples that are sorted by length together; the order of training stays random."""


@dataclass(frozen=True, slots=True)
class SentenceTarget:
    """The positions of a sentence's tokens, and the share of annotators whose answer is in it."""

    tokens: range
    answers: float


@dataclass(frozen=True, slots=True)
class PackedTarget:
    """A packed example with its labels.

    `starts` and `ends` have the target probability of each position. Position 0 means that the
    passage does not answer.
    """

    packed: TokenWindow
    starts: dict[int, float]
    ends: dict[int, float]
    sentences: tuple[SentenceTarget, ...]

    @property
    def length(self) -> int:
        """The number of its tokens."""
        return len(self.packed.ids)


def targets(tokenizer: Tokenizer, examples: Sequence[TrainingExample]) -> list[PackedTarget]:
    """The examples as the reader packs them, each cut to its first window, with their labels."""
    found = []
    for example in examples:
        reading = ReaderInput(example.context, example.passage)
        found.append(_target(example, pack(tokenizer, example.question, [reading])[0][0]))
    return found


def _target(example: TrainingExample, packed: TokenWindow) -> PackedTarget:
    """The labels of an example. If the cut removed a gold, the passage counts as not answering."""
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for gold in example.golds:
        inside = [
            i for i, (a, b) in enumerate(packed.offsets.tolist()) if a < gold.end and gold.start < b
        ]
        whole = bool(inside) and packed.offsets[inside[-1], 1] >= gold.end
        first, last = (packed.passage + i for i in (inside[0], inside[-1])) if whole else (0, 0)
        starts[first] = starts.get(first, 0.0) + gold.weight
        ends[last] = ends.get(last, 0.0) + gold.weight
    sentences = tuple(_sentence_targets(example, packed))
    return PackedTarget(packed, starts or {0: 1.0}, ends or {0: 1.0}, sentences)


def _sentence_targets(example: TrainingExample, packed: TokenWindow) -> Iterator[SentenceTarget]:
    """The sentences of an example that are whole in its window.

    A sentence that repeats the words of an answer elsewhere is left out: nobody said whether it
    answers.
    """
    starts, ends = packed.offsets[:, 0], packed.offsets[:, 1]
    words = [example.passage[gold.start : gold.end].casefold() for gold in example.golds]
    for left, right in sentence_spans(example.passage):
        first, after = (int(at) for at in np.searchsorted(starts, (left, right)))
        if first == after or ends[-1] < right:
            continue
        share = sum(g.weight for g in example.golds if g.start < right and left < g.end)
        share += sum(start < right and left < end for start, end in example.evidence)
        text = example.passage[left:right].casefold()
        if share == 0 and any(answer in text for answer in words):
            continue
        tokens = range(packed.passage + first, packed.passage + after)
        yield SentenceTarget(tokens, min(1.0, share))


def batched(
    examples: Sequence[PackedTarget], *, tokens: int, seed: int
) -> list[list[PackedTarget]]:
    """Batches of at most `tokens` padded tokens and similar lengths, in random order."""
    chance = random.Random(seed)
    batches: list[list[PackedTarget]] = []
    for left in range(0, len(examples), STRETCH):
        batch: list[PackedTarget] = []
        for item in sorted(examples[left : left + STRETCH], key=lambda e: e.length):
            if batch and (len(batch) + 1) * item.length > tokens:
                batches.append(batch)
                batch = []
            batch.append(item)
        batches.append(batch)
    chance.shuffle(batches)
    return batches


@dataclass(frozen=True, slots=True)
class Tensors:
    """A batch of n examples with m sentences.

    `ids`, `mask` and `types` are int64 (n, length), `allowed` is bool (n, length). `starts` and
    `ends` are float32 (n, length). `sentence_of`, int64 (n, length), is the number of each token's
    sentence, or m. `answers`, float32 (m,), is the target of each sentence.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    types: torch.Tensor
    allowed: torch.Tensor
    starts: torch.Tensor
    ends: torch.Tensor
    sentence_of: torch.Tensor
    answers: torch.Tensor

    def to(self, device: torch.device) -> Tensors:
        """The same on a device."""
        return Tensors(*(getattr(self, name).to(device) for name in self.__slots__))


def tensors(batch: Sequence[PackedTarget]) -> Tensors:
    """A batch, padded to its longest example."""
    shape = len(batch), max(item.length for item in batch)
    ids, mask, types = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    allowed = torch.zeros(shape, dtype=torch.bool)
    starts, ends = torch.zeros(shape), torch.zeros(shape)
    answers = [sentence.answers for item in batch for sentence in item.sentences]
    sentence_of = torch.full(shape, len(answers), dtype=torch.long)
    numbers = itertools.count()
    for row, item in enumerate(batch):
        length, packed = item.length, item.packed
        ids[row, :length] = torch.from_numpy(packed.ids)
        mask[row, :length] = 1
        types[row, :length] = torch.from_numpy(packed.types)
        allowed[row, 0] = True
        allowed[row, packed.passage : length - 1] = True
        for target, shares in ((starts, item.starts), (ends, item.ends)):
            for position, share in shares.items():
                target[row, position] = share
        for sentence in item.sentences:
            sentence_of[row, sentence.tokens.start : sentence.tokens.stop] = next(numbers)
    return Tensors(
        ids,
        mask,
        types,
        allowed,
        starts,
        ends,
        sentence_of,
        torch.tensor(answers, dtype=torch.float32),
    )


def sentence_logits(settles: torch.Tensor, batch: Tensors) -> torch.Tensor:
    """The log-odds of each sentence, float32 (m,): the mean over its tokens."""
    count = len(batch.answers) + 1
    at = batch.sentence_of.flatten()
    zeros = torch.zeros(count, device=settles.device)
    sums = zeros.index_add(0, at, settles.float().flatten())
    return (sums / torch.bincount(at, minlength=count).clamp(min=1))[:-1]
