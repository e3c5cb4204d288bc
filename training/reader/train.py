"""Trains a span reader; resumes after an interruption.

    python -m training.reader.train build/start build/reader --data ../shared/data
    python -m training.reader.train build/start-large build/large --data ../shared/data

Uses a GPU if there is one. Two cores train on about 1,400 tokens a second and take about four
hours; with AMX they are about twice as fast. `build/reader/log.jsonl` has the progress. Use
`--first-pass 1` to start from a model that has had the first pass already.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, log_softmax
from transformers import AutoConfig
from transformers.utils import logging

from pullquote.answering.reader.packaged import load_tokenizer
from training.reader import SEED
from training.reader.batches import (
    PackedTarget,
    Tensors,
    batched,
    sentence_logits,
    targets,
    tensors,
)
from training.reader.development import Development
from training.reader.epochs import EPOCHS, LARGE_EPOCHS, Corpus, Mixture
from training.reader.model import load_model

BATCH_TOKENS = 3200
PEAK = 7e-5
WARMUP = 0.06
"""The share of all steps; the rate then falls linearly to zero."""

AVERAGED = 0.998
"""The decay of the running mean of the weights, which is the model that ships."""

LARGE_PEAK = 4e-5
LARGE_AVERAGED = 0.995
LARGE_WARMUP = 60
"""In steps. The large reader's rate then stays at its peak, so that training can go on at any time.
`--cool-down` lets it fall to zero and writes the model."""

SENTENCE_LOSS = 0.5
"""The weight of the sentence head's loss."""

SAVE_EVERY = 200
DEVELOPMENT_EVERY = 1000
STEPS = (840, 1070, 1500, 1430, 1520, 1390, 1400)
"""The approximate steps of each pass; the schedule needs them before the passes are drawn."""


@dataclass(frozen=True)
class Plan:
    """The passes over the data, and how the weights change.

    `rate` gives the share of the `peak` learning rate at a step. `averaged` is the decay of the
    running mean. With `last_step`, training ends there, and its progress is not saved.
    """

    epochs: Sequence[Mixture]
    peak: float
    averaged: float
    rate: Callable[[int], float]
    last_step: int | None = None


@dataclass
class TrainingState:
    """The progress of the training."""

    epoch: int = 0
    batch: int = 0
    step: int = 0
    tokens: int = 0


class Trainer:
    """A model, its optimiser and running mean, and the passes over the data."""

    def __init__(
        self,
        start: Path,
        out: Path,
        data: dict[str, Path],
        development: Development,
        plan: Plan,
        state: TrainingState,
    ) -> None:
        self._plan, self.state = plan, state
        self._out, self._data, self._development = out, data, development
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(SEED)
        self._tokenizer = load_tokenizer(start)
        self.model = load_model(start).to(self._device)
        self._mean = torch.optim.swa_utils.AveragedModel(
            self.model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(plan.averaged)
        )
        decayed = [p for p in self.model.parameters() if p.ndim > 1]
        plain = [p for p in self.model.parameters() if p.ndim <= 1]
        self._optimiser = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}],
            lr=plan.peak,
            fused=True,
        )
        if (out / "checkpoint.pt").exists():
            self._resume()

    def run(self) -> None:
        """Run the remaining passes, then write the model that ships."""
        self.model.train()
        for epoch in range(self.state.epoch, len(self._plan.epochs)):
            batches = self._batches(epoch)
            self._log(event="pass", epoch=epoch, batches=len(batches))
            started, seen = time.perf_counter(), self.state.tokens
            losses: list[float] = []
            for number in range(self.state.batch, len(batches)):
                losses.append(self._step(tensors(batches[number]).to(self._device)))
                self.state.batch = number + 1
                if self.state.step % 50 == 0:
                    rate = (self.state.tokens - seen) / (time.perf_counter() - started)
                    recent = sum(losses[-50:]) / len(losses[-50:])
                    self._log(event="step", loss=round(recent, 4), tokens_per_second=round(rate))
                if self.state.step == self._plan.last_step:
                    self._finish()
                    return
                if self._plan.last_step is None and self.state.step % SAVE_EVERY == 0:
                    self._save()
                if self.state.step % DEVELOPMENT_EVERY == 0:
                    self._measure()
            self.state.epoch, self.state.batch = epoch + 1, 0
            self._save()
            self._write(self._out / f"pass-{epoch}")
        self._finish()

    def _finish(self) -> None:
        self._measure()
        self._write(self._out / "final")

    def _batches(self, epoch: int) -> list[list[PackedTarget]]:
        examples = Corpus(**self._data).examples(self._plan.epochs[epoch], epoch)
        return batched(targets(self._tokenizer, examples), tokens=BATCH_TOKENS, seed=SEED + epoch)

    def _step(self, batch: Tensors) -> float:
        for group in self._optimiser.param_groups:
            group["lr"] = self._plan.peak * self._plan.rate(self.state.step)
        with torch.autocast(self._device.type, dtype=torch.bfloat16):
            out = self.model(batch.ids, batch.mask, batch.types)
        loss = (
            _span_loss(out.starts, batch.starts, batch.allowed)
            + _span_loss(out.ends, batch.ends, batch.allowed)
            + SENTENCE_LOSS * _sentence_loss(out.settles, batch)
        )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad()
        self._mean.update_parameters(self.model)
        self.state.step += 1
        self.state.tokens += batch.ids.numel()
        return float(loss.detach())

    def _measure(self) -> None:
        model = self._mean.module.eval()
        for figures in self._development.figures(model, self._tokenizer):
            self._log(event="development", **asdict(figures))

    def _log(self, **facts: object) -> None:
        line = {"time": time.strftime("%H:%M:%S"), **asdict(self.state), **facts}
        with (self._out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        print(line, flush=True)

    def _save(self) -> None:
        whole = {
            "model": self.model.state_dict(),
            "mean": self._mean.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "state": asdict(self.state),
            "random": torch.get_rng_state(),
        }
        partial = self._out / "checkpoint.part"
        torch.save(whole, partial)
        partial.replace(self._out / "checkpoint.pt")

    def _resume(self) -> None:
        whole = torch.load(self._out / "checkpoint.pt", weights_only=True)
        self.model.load_state_dict(whole["model"])
        self._mean.load_state_dict(whole["mean"])
        self._optimiser.load_state_dict(whole["optimiser"])
        self.state = replace(self.state, **whole["state"])
        torch.set_rng_state(whole["random"])

    def _write(self, folder: Path) -> None:
        self._mean.module.save_pretrained(folder)
        self._tokenizer.save(str(folder / "tokenizer.json"))


def small_plan(first_pass: int, peak: float) -> Plan:
    """Passes of a known length: the rate rises, then falls linearly to almost zero."""
    total = sum(STEPS[first_pass:])
    warm = WARMUP * total

    def rate(step: int) -> float:
        return min((step + 1) / warm, max(0.02, (total - step) / (total - warm)))

    return Plan(EPOCHS, peak, AVERAGED, rate)


def large_plan(out: Path, cool_down: int) -> Plan:
    """The rate stays at its peak, or falls to zero within the next `cool_down` steps."""
    if not cool_down:
        return Plan(
            LARGE_EPOCHS, LARGE_PEAK, LARGE_AVERAGED, lambda at: min(1, (at + 1) / LARGE_WARMUP)
        )
    last = torch.load(out / "checkpoint.pt", weights_only=True)["state"]["step"] + cool_down
    return Plan(LARGE_EPOCHS, LARGE_PEAK, LARGE_AVERAGED, lambda at: (last - at) / cool_down, last)


def _span_loss(logits: torch.Tensor, shares: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
    """Cross-entropy with the annotators' shares as targets, over the passage and "none of it"."""
    logs = log_softmax(logits.float().masked_fill(~allowed, -1e4), dim=-1)
    return -(shares * logs).sum(dim=-1).mean()


def _sentence_loss(settles: torch.Tensor, batch: Tensors) -> torch.Tensor:
    """The binary cross-entropy of all sentences of an example, averaged over the examples."""
    logits = sentence_logits(settles, batch)
    total = binary_cross_entropy_with_logits(logits, batch.answers, reduction="sum")
    return total / len(batch.ids)


def main() -> None:
    """Train the span reader."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("start", type=Path, help="the checkpoint that training.reader.start wrote")
    parser.add_argument("out", type=Path, help="checkpoints, log and model")
    parser.add_argument("--data", type=Path, required=True, help="holds qamr/, wiki/ and reader/")
    here = Path(__file__).parents[1]
    parser.add_argument("--newsroom", type=Path, default=here / "newsroom.jsonl")
    parser.add_argument("--hard", type=Path, default=here / "hard-questions.jsonl")
    parser.add_argument("--everyday", type=Path, default=here / "everyday-questions.jsonl")
    parser.add_argument("--first-pass", type=int, default=0, choices=range(len(EPOCHS)))
    parser.add_argument("--conversations", type=Path, default=here / "conversations.jsonl")
    parser.add_argument("--encyclopaedia", type=Path, default=here / "encyclopaedia.jsonl")
    parser.add_argument("--events", type=Path, default=here / "events.jsonl")
    parser.add_argument("--peak", type=float, default=PEAK, help="the highest learning rate")
    parser.add_argument(
        "--cool-down",
        type=int,
        default=0,
        metavar="STEPS",
        help="finish the large reader in this many steps from where its training stands",
    )
    arguments = parser.parse_args()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    data = {
        "qamr": arguments.data / "qamr/qamr.jsonl",
        "wiki": arguments.data / "wiki/wiki-train.json",
        "newsroom": arguments.newsroom,
        "hard": arguments.hard,
        "everyday": arguments.everyday,
        "conversations": arguments.conversations,
        "encyclopaedia": arguments.encyclopaedia,
        "events": arguments.events,
        "roles": arguments.data / "roles/roles.jsonl",
        "others": arguments.data / "reader/questions.jsonl",
    }
    arguments.out.mkdir(parents=True, exist_ok=True)
    development = Development.during_training(
        arguments.data / "wiki/wiki-dev.json", arguments.newsroom
    )
    if AutoConfig.from_pretrained(arguments.start).model_type == "mpnet":
        plan = large_plan(arguments.out, arguments.cool_down)
    else:
        plan = small_plan(arguments.first_pass, arguments.peak)
    state = TrainingState(epoch=arguments.first_pass)
    Trainer(arguments.start, arguments.out, data, development, plan, state).run()


if __name__ == "__main__":
    main()
