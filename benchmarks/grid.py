"""Cells per second of a grid, and how many cells equal single questions.

python benchmarks/grid.py INDEX GOLD.jsonl [--questions 10] [--articles 20]

The questions are the first answerable ones of a gold file. The articles are theirs, and then the
first others of the index.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from itertools import islice
from pathlib import Path

from benchmarks.common import machine
from pullquote import Assistant, Filters, GridCell, GridRun, grid
from pullquote import open as open_index
from pullquote.evaluate import read_questions
from pullquote.schema.errors import FiltersLeaveNothing


def main() -> None:
    """Ask a grid, then every cell as a single question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--questions", type=int, default=10)
    parser.add_argument("--articles", type=int, default=20)
    given = parser.parse_args()
    with open_index(given.index) as assistant:
        run = _grid(assistant, given.gold, given.questions, given.articles)
        started = time.perf_counter()
        cells = list(run)
        took = time.perf_counter() - started
        print(machine())
        counts = Counter(cell.label for cell in cells)
        outcomes = ", ".join(f"{number} {label}" for label, number in counts.items())
        print(f"{len(run.spec.questions)} questions × {len(run.spec.columns)} articles: {outcomes}")
        print(f"{took:.1f} s, {len(cells) / took:.1f} cells a second", flush=True)
        equal = sum(_is_single(assistant, cell) for cell in cells)
        print(f"{equal} of {len(cells)} cells equal single questions")


def _grid(assistant: Assistant, gold: Path, questions: int, articles: int) -> GridRun:
    answerable = (one for one in read_questions(gold) if one.answers and one.articles)
    chosen = list(islice(answerable, questions))
    theirs = [article for one in chosen for article in sorted(one.articles)]
    ids = dict.fromkeys([*theirs, *assistant.generation.articles()])
    assistant.ask(chosen[0].question)  # loads the models
    return grid(
        [one.question for one in chosen],
        assistant,
        articles=list(ids)[:articles],
    )


def _is_single(assistant: Assistant, cell: GridCell) -> bool:
    """Whether a cell is what `ask` says with the filter for its article."""
    try:
        reply = assistant.ask(cell.question, filters=Filters(articles=(cell.column,)))
    except FiltersLeaveNothing:
        return not cell.searched
    return (cell.outcome, cell.answer) == (reply.outcome, reply.best)


if __name__ == "__main__":
    main()
