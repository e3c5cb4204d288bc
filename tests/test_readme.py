"""The README is short, and its figures are those that the docs state as measured.

Its examples are tested with those of all pages, in `tests/docs/test_examples.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BENCHMARKS = ROOT / "docs" / "explanation" / "benchmarks"


def rows(text: str) -> dict[str, list[str]]:
    """The rows of all tables, by their first cell; of several such rows, the first."""
    cells = [[one.strip() for one in line.split("|")[1:-1]] for line in text.splitlines()]
    return {row[0]: row[1:] for row in reversed(cells) if row}


def test_it_has_at_most_150_lines() -> None:
    """A stranger reads it in some minutes; the rest is in docs/."""
    assert README.count("\n") <= 150


def test_the_moving_picture_is_small() -> None:
    """A slow connection loads the picture: it has less than 2 MB."""
    [picture] = re.findall(r"\((docs/pictures/[\w-]+\.gif)\)", README)
    assert (ROOT / picture).stat().st_size < 2_000_000


def test_other_tools_have_the_figures_of_the_benchmark() -> None:
    """Each figure of the table of other tools is one of the benchmark's table."""
    measured = rows((BENCHMARKS / "peers.md").read_text(encoding="utf-8"))
    shown = rows(README.partition("## Beside other tools")[2].partition("\n## ")[0])
    for tool in (
        "pullquote",
        "txtai, default",
        "txtai, best",
        "Haystack, default",
        "Haystack, best",
    ):
        f1, exact, among, _, median, *_, failed = measured[tool.replace("Haystack", "haystack")]
        milliseconds = median.partition(" ")[0]
        assert shown[tool] == [f1, exact, among, f"{milliseconds} ms", failed]


def test_how_far_to_trust_it_has_the_figures_of_the_benchmark() -> None:
    """The replies that were right are those of the benchmark on news."""
    measured = rows((BENCHMARKS / "answers.md").read_text(encoding="utf-8"))
    shown = rows(README.partition("## How far to trust it")[2].partition("\n## ")[0])
    news = {name: cells[0] for name, cells in measured.items() if cells}
    right = re.findall(
        r"\| of these, right \| ([\d.]+) \|", (BENCHMARKS / "answers.md").read_text()
    )
    assert shown["an answer"] == [
        news['an answer, with the default "wrong at most 0.1"'],
        f"{float(right[0]):.0%}".replace("%", " %"),
    ]
    assert shown["a possible answer, to be checked"] == [
        news["a possible answer"],
        f"{float(right[1]):.0%}".replace("%", " %"),
    ]
    assert shown["nothing found"][0].startswith(
        news["nothing found, of the unanswerable questions"].replace(" of 30", " of the 30")
    )
    among = float(news["a right answer among the first 3"])
    assert f"For {among * 100:.0f} of the 100 questions" in README
