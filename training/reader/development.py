"""Measures how a model reads the right passage, on questions that are not trained on.

    python -m training.reader.development build/reader/final build/mean --data ../shared/data

Compares checkpoints on samples of the articles that are held out, to choose between them.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import nn
from transformers.utils import logging

from pullquote.answering.reader.packaged import load_tokenizer
from pullquote.evaluate import exact_match, token_f1
from training.reader import SEED
from training.reader.batches import PackedTarget, Tensors, targets, tensors
from training.reader.examples import (
    Source,
    TrainingExample,
    read_conversations,
    read_encyclopaedia,
    read_everyday,
    read_newsroom,
    read_squad,
)
from training.reader.model import load_model

HERE = Path(__file__).parents[1]
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
    """Samples of the questions about some texts, by the name of the sample."""

    def __init__(self, sets: Mapping[str, Sequence[Source]], *, questions: int = 300) -> None:
        self._sets = {name: _sample(sources, questions) for name, sources in sets.items()}

    @classmethod
    def during_training(cls, wiki: Path, newsroom: Path) -> Development:
        """Samples of wiki-dev and of the newsroom's held-out articles."""
        held_out = read_newsroom(newsroom, held_out=True)
        return cls({"wiki-dev": read_squad(wiki, held_out=False), "newsroom": held_out})

    @classmethod
    def held_out(cls, wiki: Path, *, questions: int) -> Development:
        """Samples of all held-out articles; `wiki` is the file that has others for training."""
        newsroom = HERE / "newsroom.jsonl"
        return cls(
            {
                "Wikipedia": read_squad(wiki, held_out=True),
                "encyclopaedia": read_encyclopaedia(HERE / "encyclopaedia.jsonl", held_out=True),
                "newsroom": read_newsroom(newsroom, held_out=True),
                "everyday": read_everyday(
                    newsroom, HERE / "everyday-questions.jsonl", held_out=True
                ),
                "conversations": read_conversations(
                    newsroom, HERE / "conversations.jsonl", held_out=True
                ),
            },
            questions=questions,
        )

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


def main() -> None:
    """Compare checkpoints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True, help="holds wiki/wiki-train.json")
    parser.add_argument("--questions", type=int, default=400, help="in each sample, at most")
    given = parser.parse_args()
    logging.set_verbosity_error()
    wiki = given.data / "wiki/wiki-train.json"
    development = Development.held_out(wiki, questions=given.questions)
    for folder in given.checkpoints:
        model = load_model(folder).eval()
        for one in development.figures(model, load_tokenizer(folder)):
            print(f"{folder}  {one}")


if __name__ == "__main__":
    main()
