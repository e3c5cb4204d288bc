"""Measures accuracy, speed and size of the span reader with several int8 quantisations.

    python -m benchmarks.quantising --checkpoint build/reader/final --data DATA

Prints a Markdown table. The error is the root mean square difference of the logits from float32 on
40 questions of wiki-dev; EM and F1 are of the answerable ones among its first `--first` questions.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from training.reader.export import AT_ONCE, NEVER, examples, feeds, write_card, write_graph
from training.smoothing import Feed, quantise, smooth

from benchmarks.common import machine, table
from pullquote.answering.reader import ReaderInput, SpanReader
from pullquote.answering.reader.packaged import (
    GRAPH,
    TOKENIZER,
    PackagedNetwork,
    TokenWindow,
    load_tokenizer,
    pack,
)
from pullquote.answering.reader.span_reader import EarlyStopping
from pullquote.evaluate import read_questions
from pullquote.evaluate.reading import read_paragraph, reading_figures

COMPARED = 40
ROUNDS = 5


class PassageCalibrationReader(CalibrationDataReader):  # type: ignore[misc]
    """Feeds passages to the calibration."""

    def __init__(self, shown: Sequence[Feed]) -> None:
        self._left: Iterator[Feed] = iter(shown)

    def get_next(self) -> Feed | None:
        """The next passage, or None after the last."""
        return next(self._left, None)


def static(graph: Path, path: Path, shown: Sequence[Feed]) -> None:
    """Quantise the smoothed graph, with activation scales calibrated on the texts shown."""
    with tempfile.TemporaryDirectory() as folder:
        prepared, smoothed = Path(folder) / "prepared.onnx", Path(folder) / "smoothed.onnx"
        quant_pre_process(graph, prepared, skip_symbolic_shape=True)
        smooth(prepared, smoothed, shown)
        quantize_static(
            smoothed,
            path,
            PassageCalibrationReader(shown),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["MatMul", "Gather"],
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"MatMulConstBOnly": True},
        )


def logits(graph: Path, packed: Sequence[TokenWindow]) -> Callable[[], npt.NDArray[np.float32]]:
    """A function that runs a graph over passages on one thread, and returns all logits."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def run() -> npt.NDArray[np.float32]:
        return np.concatenate([np.ravel(session.run(None, feeds(one))) for one in packed])

    return run


def main() -> None:
    """Measure every quantisation and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="holds wiki/")
    parser.add_argument("--newsroom", type=Path, default=Path("training/newsroom.jsonl"))
    parser.add_argument("--first", type=int, default=600)
    options = parser.parse_args()
    tokenizer = load_tokenizer(options.checkpoint)
    wiki = options.data / "wiki/wiki-train.json"
    shown = [feeds(packed) for packed in examples(tokenizer, wiki, options.newsroom)]
    questions = read_questions(options.data / "wiki/wiki-dev.json")
    compared = [
        pack(tokenizer, gold.question, [ReaderInput("", gold.paragraph or "")])[0][0]
        for gold in questions[:: len(questions) // COMPARED][:COMPARED]
    ]
    with tempfile.TemporaryDirectory() as folder:
        ways: dict[str, Path] = {}
        for name in ("float32", "dynamic", "dynamic, smoothed: ships", "static, smoothed"):
            ways[name] = Path(folder) / str(len(ways))
            ways[name].mkdir()
        whole, plain, ships, fixed = (place / GRAPH for place in ways.values())
        write_graph(options.checkpoint, whole)
        quantise(whole, plain, ())
        quantise(whole, ships, shown)
        static(whole, fixed, shown)
        runs = {name: logits(place / GRAPH, compared) for name, place in ways.items()}
        taken: dict[str, list[float]] = {name: [] for name in ways}
        found = {name: run() for name, run in runs.items()}
        for _ in range(ROUNDS):
            for name, run in runs.items():
                started = time.perf_counter()
                run()
                taken[name].append(time.perf_counter() - started)
        rows = []
        for name, place in ways.items():
            (place / TOKENIZER).write_bytes((options.checkpoint / TOKENIZER).read_bytes())
            write_card(place, silent_below=0.0, trained_on="")
            reader = SpanReader(
                PackagedNetwork(place), silent_below=0.0, stopping=EarlyStopping(AT_ONCE, NEVER)
            )
            reads = [
                read_paragraph(reader, gold, gold.paragraph)
                for gold in questions[: options.first]
                if gold.paragraph is not None
            ]
            figures = reading_figures(reads, silent_below=0.0)
            error = float(np.sqrt(((found[name] - found["float32"]) ** 2).mean()))
            speed = COMPARED / statistics.median(taken[name])
            size = (place / GRAPH).stat().st_size / 1e6
            quality = f"{100 * figures.exact_match:.1f} / {100 * figures.f1:.1f}"
            rows.append([name, f"{error:.3f}", quality, f"{speed:.1f}", f"{size:.1f}"])
    print(f"{options.first} questions; {machine()}\n")
    print(table(["", "error of the logits", "EM / F1", "passages/s, one thread", "MB"], rows))


if __name__ == "__main__":
    main()
