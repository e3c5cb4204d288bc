"""The examples of docs/explanation/values.md."""

from __future__ import annotations

import doctest
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_examples_give_what_they_show() -> None:
    """Every example in the page runs and prints what stands below it."""
    done = doctest.testfile(str(DOCS / "explanation" / "values.md"), module_relative=False)
    assert (done.failed, done.attempted) == (0, 4)
