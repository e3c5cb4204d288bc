"""Lines of tags that are run together."""

from __future__ import annotations

import pytest

from pullquote.parsing.news.tags import split_run

WORDS = frozenset({"cannabis", "phuket", "police"})


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("crimeCannabispolice", ("crime", "Cannabis", "police")),
        ("human traffickingPhuket", ("human trafficking", "Phuket")),
        ("kulturÉducation", ("kultur", "Éducation")),
        ("新闻Phuket", ("新闻", "Phuket")),
        ("crime", ("crime",)),
    ],
)
def test_tags_are_split_where_they_are_run_together(line: str, tags: tuple[str, ...]) -> None:
    """A tag begins at a capital after another letter, and between two known words."""
    assert split_run(line, words=WORDS) == tags


@pytest.mark.parametrize("line", ["PROCÈS-VERBAL", "Procès-verbal", "The police came."])
def test_other_lines_are_no_tags(line: str) -> None:
    """Accented capitals inside a word in capitals do not begin a tag."""
    assert split_run(line, words=WORDS) is None
