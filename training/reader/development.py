"""Measures how a model reads the right passage, on questions that are not trained on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import nn

from pullquote.evaluate import exact_match, token_f1
from training.reader import SEED
from training.reader.batches import PackedTarget, Tensors, targets, tensors
from training.reader.examples import Source, TrainingExample, read_newsroom, read_squad

LONGEST_ANSWER = 30
AT_ONCE = 24


@dataclass(frozen=True, slots=True)
class DevelopmentFigures:
    """EM and F1 in percent over answerable questions; AUROC of the log-odds for answerable."""

    data: str
    questions: int
    em: float
    f1: float
    auroc: float


@dataclass(frozen=True, slots=True)
class _PredictedSpan:
    words: str
    log_odds: float


class Development:
    """Samples of wiki-dev and of the newsroom's held-out articles."""

    def __init__(self, wiki: Path, newsroom: Path, *, questions: int = 300) -> None:
        self._sets = {
            "wiki-dev": _sample(read_squad(wiki, held_out=False), questions),
            "newsroom held out": _sample(read_newsroom(newsroom, held_out=True), questions),
        }

    def figures(self, model: nn.Module, tokenizer: Tokenizer) -> list[DevelopmentFigures]:
        """The figures on each sample."""
        return [
            _scored(name, examples, read(model, tokenizer, examples))
            for name, examples in self._sets.items()
        ]


def _sample(sources: Sequence[Source], questions: int) -> list[TrainingExample]:
    whole = [
        TrainingExample(asked.question, source.title, source.text, asked.golds)
        for source in sources
        for asked in source.asked
    ]
    return random.Random(SEED).sample(whole, min(questions, len(whole)))


def _scored(
    name: str, examples: Sequence[TrainingExample], reads: Sequence[_PredictedSpan]
) -> DevelopmentFigures:
    right = [
        (read.words, [e.passage[g.start : g.end] for g in e.golds])
        for e, read in zip(examples, reads, strict=True)
        if e.golds
    ]
    return DevelopmentFigures(
        name,
        len(examples),
        round(100 * sum(exact_match(*pair) for pair in right) / len(right), 1),
        round(100 * sum(token_f1(*pair) for pair in right) / len(right), 1),
        round(
            float(roc_auc_score([bool(e.golds) for e in examples], [r.log_odds for r in reads])), 3
        ),
    )


@torch.inference_mode()
def read(
    model: nn.Module, tokenizer: Tokenizer, examples: Sequence[TrainingExample]
) -> list[_PredictedSpan]:
    """The best words of each passage, in the given order, and their log-odds against "none"."""
    device = next(model.parameters()).device
    packed = targets(tokenizer, examples)
    order = sorted(range(len(packed)), key=lambda i: packed[i].length)
    found: dict[int, _PredictedSpan] = {}
    for left in range(0, len(order), AT_ONCE):
        rows = order[left : left + AT_ONCE]
        batch = tensors([packed[i] for i in rows]).to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            out = model(batch.ids, batch.mask, batch.types)
        for i, place in zip(rows, _best(out.starts, out.ends, batch), strict=True):
            found[i] = _words(examples[i], packed[i], *place)
    return [found[i] for i in range(len(examples))]


def _best(starts: torch.Tensor, ends: torch.Tensor, batch: Tensors) -> list[tuple[int, int, float]]:
    starts, ends = (
        logits.float().masked_fill(~batch.allowed, -1e4).cpu() for logits in (starts, ends)
    )
    pairs = starts[:, :, None] + ends[:, None, :]
    length = starts.shape[1]
    legal = torch.ones(length, length).triu() - torch.ones(length, length).triu(LONGEST_ANSWER)
    legal[0], legal[:, 0] = 0, 0
    pairs = pairs.masked_fill(legal == 0, -1e5).flatten(1)
    top, at = pairs.max(dim=1)
    none = starts[:, 0] + ends[:, 0]
    return [
        (int(i) // length, int(i) % length, float(score))
        for i, score in zip(at, top - none, strict=True)
    ]


def _words(
    example: TrainingExample, target: PackedTarget, first: int, last: int, log_odds: float
) -> _PredictedSpan:
    packed = target.packed
    start = int(packed.offsets[first - packed.passage, 0])
    end = int(packed.offsets[last - packed.passage, 1])
    return _PredictedSpan(example.passage[start:end], log_odds)
