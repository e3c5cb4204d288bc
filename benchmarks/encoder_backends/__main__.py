"""Compares ways to run all-MiniLM-L6-v2 on a CPU: speed, memory, recall, stability of vectors.

    python -m benchmarks.encoder_backends --wiki WIKI.json --news ARTICLES --questions NEWS.jsonl

The rows "pullquote" are the encoder as users get it, in int8 by default. All others embed in
batches of the same size, which PULLQUOTE_BATCH_SIZE sets. A row whose package is missing (pip
install openvino nncf) says so. Runs on Linux only, because it reads a process's peak memory and
allowed cores from the system.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from benchmarks.common import machine, table
from benchmarks.encoder_backends.backends import VARIANTS, shipped
from benchmarks.encoder_backends.data import read_data
from benchmarks.encoder_backends.exports import Exporter, stop_telemetry
from benchmarks.encoder_backends.measure import HEAD, VariantTrial, measure_speed
from pullquote.schema.settings import Settings


def runtimes() -> str:
    """The versions that `machine` leaves out, and the CPU's instructions for int8 and bf16."""
    names = filter(find_spec, ("onnxruntime", "onnx", "openvino", "nncf"))
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    small = ("avx_vnni", "avx512_vnni", "avx512_bf16", "amx_int8", "amx_bf16")
    return ", ".join([*(f"{n} {version(n)}" for n in names), *(n for n in small if n in flags)])


def main() -> None:
    """Export, load, measure, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.encoder_backends",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name in ("--wiki", "--news", "--questions"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--speed-passages", type=int, default=256)
    parser.add_argument("--only", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    given = parser.parse_args()
    stop_telemetry()
    encoder = shipped("float32")
    encoder.encode_question("")  # exports the model, unless it is in the cache
    paths = given.wiki, given.news, given.questions
    data = read_data(*paths, speed_passages=given.speed_passages, encoder=encoder)
    trials, skipped = [], []
    with tempfile.TemporaryDirectory() as folder:
        source = Settings().cache / encoder.identity.digest
        exporter = Exporter(source, Path(folder), data.calibration)
        for name in given.only:
            try:
                with contextlib.redirect_stdout(sys.stderr):  # exporters print
                    graph = VARIANTS[name].export(exporter)
                trials.append(VariantTrial(name, graph))
            except ModuleNotFoundError as error:
                skipped.append([name, f"skipped, not installed: {error.name}"])
        measure_speed(trials, data.speed)
        for trial in trials:
            trial.measure_quality(data)
            trial.worker.close()
    print(f"{machine()}, {runtimes()}\n")
    print(
        f"{len(data.speed)} passages for speed; {len(data.recall)} for recall, "
        f"with {len(data.wiki)} and {len(data.news)} questions\n"
    )
    print(table(HEAD, [*(trial.row(trials[0]) for trial in trials), *skipped]))


if __name__ == "__main__":
    main()
