"""Turns examples into padded tensors, in batches of about equal work."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer

from pullquote.reader import ReaderInput
from pullquote.reader.packing import TokenWindow, pack
from training.reader.examples import TrainingExample

STRETCH = 4096
"""Examples that are sorted by length together; the order of training stays random."""


@dataclass(frozen=True, slots=True)
class PackedTarget:
    """A packed example with its labels.

    `starts` and `ends` have the target probability of each position. Position 0 means that the
    passage does not answer.
    """

    packed: TokenWindow
    starts: dict[int, float]
    ends: dict[int, float]

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
    return PackedTarget(packed, starts or {0: 1.0}, ends or {0: 1.0})


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
    """A batch: ids, mask, types (n, length) int64; allowed (n, length) bool; targets float32."""

    ids: torch.Tensor
    mask: torch.Tensor
    types: torch.Tensor
    allowed: torch.Tensor
    starts: torch.Tensor
    ends: torch.Tensor

    def to(self, device: torch.device) -> Tensors:
        """The same on a device."""
        return Tensors(*(getattr(self, name).to(device) for name in self.__slots__))


def tensors(batch: Sequence[PackedTarget]) -> Tensors:
    """A batch, padded to its longest example."""
    shape = len(batch), max(item.length for item in batch)
    ids, mask, types = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    allowed = torch.zeros(shape, dtype=torch.bool)
    starts, ends = torch.zeros(shape), torch.zeros(shape)
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
    return Tensors(ids, mask, types, allowed, starts, ends)
