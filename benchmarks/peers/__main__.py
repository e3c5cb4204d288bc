"""Compares pullquote with txtai and Haystack on the same articles, passages and questions.

    python -m benchmarks.peers --corpus DIR --questions FILE --index DIR --reader FOLDER --out FILE

The index is brought up to date first, and the passages are taken from it. `--articles` limits the
articles; those of the questions come first. `--environments` is the folder of the peers' virtual
environments, which are made if they are missing.

benchmarks/peers/README.md describes the method. Runs on Linux only, because it reads a process's
peak memory from /proc.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from benchmarks.common import machine, table
from benchmarks.peers.environments import do, python_of
from benchmarks.peers.exchange import PeerQuestion, PeerRun, PeerTask
from benchmarks.peers.material import (
    chosen_articles,
    chosen_questions,
    complete_reader,
    copy_articles,
    read_article_ids,
    read_passages,
    write_lines,
)
from benchmarks.peers.scores import HEAD, PeerFigures, figures_of, row
from pullquote.evaluate import GoldQuestion, read_questions
from pullquote.index.encoder.model_cache import find_model
from pullquote.index.services import rebuild_index
from pullquote.schema.settings import load_settings

ROWS: tuple[tuple[str, Literal["default", "best", "int8"]], ...] = (
    ("pullquote", "default"),
    ("pullquote", "best"),
    ("txtai", "default"),
    ("txtai", "best"),
    ("txtai", "int8"),
    ("haystack", "default"),
    ("haystack", "best"),
)

NAMES = {
    ("pullquote", "default"): "pullquote",
    ("pullquote", "best"): "pullquote, --reader on torch",
    ("txtai", "int8"): "txtai, best, --reader as int8 ONNX",
}


@dataclass(frozen=True, slots=True)
class PeerRow:
    """A run and its figures."""

    name: str
    figures: PeerFigures
    run: PeerRun


def main() -> None:
    """Run every peer on the same data, and print the table."""
    given = _arguments()
    questions = chosen_questions(read_questions(given.questions), given.questions_limit)
    pythons = {peer: python_of(peer, given.environments) for peer, _ in ROWS}
    rows: list[PeerRow] = []
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        prepared = _prepare(given, questions, Path(scratch))
        for peer, settings in ROWS:
            out = str(Path(scratch) / f"{peer}-{settings}.json")
            order = replace(prepared, peer=peer, settings=settings, out=out)
            name = NAMES.get((peer, settings), f"{peer}, {settings}")
            try:
                run = do(order, pythons[peer])
            except subprocess.CalledProcessError as error:
                failed.append(f"{name}: exit code {error.returncode}")
                continue
            rows.append(PeerRow(name, figures_of(run, questions), run))
            print(f"{name}: {rows[-1].figures}", file=sys.stderr)
    _report(given, rows, failed)


def _prepare(given: argparse.Namespace, questions: list[GoldQuestion], scratch: Path) -> PeerTask:
    """Write the data that all peers share to a folder, and return pullquote's task."""
    settings = load_settings(corpus=given.corpus, index=given.index, encoder=given.encoder)
    rebuild_index(settings=settings)
    articles = chosen_articles(read_article_ids(given.index), questions, given.articles)
    passages = read_passages(given.index, articles)
    corpus = given.corpus.resolve()
    if given.articles is not None:
        corpus = copy_articles(corpus, articles, scratch / "corpus")
    asked = [PeerQuestion(gold.id, gold.question) for gold in questions]
    print(
        f"{len(articles)} articles, {len(passages)} passages, {len(asked)} questions; {machine()}"
    )
    print(f"reader {given.reader}, encoder {given.encoder}\n", flush=True)
    return PeerTask(
        peer="pullquote",
        settings="default",
        passages=str(write_lines(scratch / "passages.jsonl", passages)),
        questions=str(write_lines(scratch / "questions.jsonl", asked)),
        corpus=str(corpus),
        encoder=str(find_model(given.encoder).folder),
        encoder_name=given.encoder,
        reader=str(complete_reader(given.reader, scratch / "reader")),
        out=str(scratch / "pullquote.json"),
    )


def _report(given: argparse.Namespace, rows: list[PeerRow], failed: list[str]) -> None:
    ours = next((one.figures for one in rows if one.name == "pullquote"), None)
    print(table(HEAD, [row(one.name, one.figures, ours) for one in rows]))
    print()
    for one in rows:
        print(f"- {one.name}: {', '.join(one.run.versions)}; {one.figures.exceptions} exceptions")
    for line in failed:
        print(f"- did not finish: {line}")
    facts = {
        "machine": machine(),
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "arguments": {name: str(value) for name, value in vars(given).items()},
        "rows": [asdict(one) for one in rows],
        "failed": failed,
    }
    given.out.write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name in ("--corpus", "--questions", "--index", "--reader", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--encoder", default="all-MiniLM-L6-v2")
    parser.add_argument("--environments", type=Path, default=Path("build/peers"))
    parser.add_argument("--articles", type=int)
    parser.add_argument("--questions-limit", type=int)
    return parser.parse_args()


if __name__ == "__main__":
    main()
