"""Compares the shipped reader with onnxruntime on its bare model, in passages a second.

    python -m benchmarks.reading --index INDEX --questions FILE

The bare model gets the same padded token ids: in batches of several sizes on all cores, and one
passage a thread, as in the reader. The last is run without the optimizer that the reader switches
off, too. The fastest counts. Its time excludes tokenizing and finding spans. The rounds alternate.
The table has the medians and their ratios.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime

import pullquote
from benchmarks.common import machine, table
from pullquote.answering.reader import ReaderInput, SpanReader
from pullquote.answering.reader.packaged import (
    GRAPH,
    SMALL,
    PackagedNetwork,
    TokenWindow,
    load_tokenizer,
    pack,
)
from pullquote.answering.reader.span_reader import EarlyStopping
from pullquote.evaluate import read_questions
from pullquote.index.encoder.backend import SWITCHED_OFF, cores
from pullquote.schema import Hit, Question

MODEL = Path(pullquote.__file__).parent / "base/models/span-reader"
BATCHES = (1, 2, 4, 8, 16, 32)
ROUNDS = 5
LEAST, MOST = 130, 170
"""Tokens of each passage: about 150."""


def chosen(index: Path, questions: Path, count: int) -> tuple[str, list[Hit]]:
    """A question, and that many passages of about 150 tokens, retrieved for many questions."""
    tokenizer = load_tokenizer(MODEL)
    hits: dict[int, Hit] = {}
    gold = read_questions(questions)
    with pullquote.open(index) as assistant:
        for one in gold:
            for hit in assistant.retrieve(one.question):
                tokens = len(tokenizer.encode(hit.passage.text, add_special_tokens=False).ids)
                if LEAST <= tokens <= MOST:
                    hits[hit.passage.id] = hit
            if len(hits) >= count:
                break
    return gold[0].question, list(hits.values())[:count]


def bare(windows: Sequence[TokenWindow], batch: int) -> Callable[[], None]:
    """Runs the model over the windows in padded batches of similar length."""
    session = _session(threads=cores())
    ordered = sorted(windows, key=lambda window: len(window.ids))
    feeds = [_padded(ordered[at : at + batch]) for at in range(0, len(ordered), batch)]

    def run() -> None:
        for feed in feeds:
            session.run(None, feed)

    return run


def side_by_side(
    windows: Sequence[TokenWindow], switched_off: Sequence[str] = ()
) -> Callable[[], None]:
    """Runs the model over one window a thread, with a thread for each core."""
    session = _session(threads=1, switched_off=switched_off)
    feeds = [_padded([window]) for window in windows]
    pool = ThreadPoolExecutor(cores())

    def run() -> None:
        for _ in pool.map(partial(session.run, None), feeds):
            pass

    return run


def _session(*, threads: int, switched_off: Sequence[str] = ()) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(
        MODEL / GRAPH,
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=list(switched_off),
    )


def _padded(windows: Sequence[TokenWindow]) -> dict[str, np.ndarray]:
    length = max(len(window.ids) for window in windows)
    ids, mask, types = (np.zeros((len(windows), length), dtype=np.int64) for _ in range(3))
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = window.ids
        mask[row, : len(window.ids)] = 1
        types[row, : len(window.ids)] = window.types
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


def seconds(run: Callable[[], object]) -> float:
    """The seconds that one call takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=96)
    arguments = parser.parse_args()
    text, hits = chosen(arguments.index, arguments.questions, arguments.passages)
    question = Question(text, rarity={})
    network = PackagedNetwork.shipped(SMALL)
    reader = SpanReader(network, silent_below=0.0, stopping=EarlyStopping(len(hits), math.inf))
    inputs = [ReaderInput(hit.passage.context, hit.passage.text) for hit in hits]
    packed = pack(load_tokenizer(MODEL), text, inputs)
    windows = [window for one in packed for window in one]
    runs: dict[str, Callable[[], object]] = {
        f"bare, batches of {batch}": bare(windows, batch) for batch in BATCHES
    }
    runs["bare, one passage a thread"] = side_by_side(windows)
    runs["bare, one passage a thread, not fused"] = side_by_side(windows, SWITCHED_OFF)
    runs["pullquote's reader"] = lambda: reader.read(question, hits)
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS + 1):  # the first is a warm-up
        for name, run in runs.items():
            taken[name].append(seconds(run))
    rates = {name: len(hits) / statistics.median(times[1:]) for name, times in taken.items()}
    best = max(rate for name, rate in rates.items() if name.startswith("bare"))
    length = statistics.mean(len(window.ids) for window in windows)
    print(f"{machine()}, onnxruntime {onnxruntime.__version__}")
    print(f"{len(hits)} passages, {length:.0f} tokens with question and context\n")
    rows = [(name, f"{rate:.1f}", f"{rate / best:.2f}") for name, rate in rates.items()]
    print(table(("", "passages/s", "of the best bare"), rows))


if __name__ == "__main__":
    main()
