"""What stands in a nearly equal sentence in place of a value."""

from __future__ import annotations

import pytest

from pullquote.answering.weighing.groups import counterpart

SENTENCES = [
    (
        "The repair of the old bridge would cost [£3m], the mayor said.",
        "Repair of the old bridge would cost £4.5m, the mayor said.",
        "£4.5m",
    ),
    (
        "[Ida Roe] won the women's open at Pattaya on Sunday.",
        "Odd Vik won the women's open at Pattaya on Sunday.",
        "Odd Vik",
    ),
    (
        "The ferry will sail again from the north quay on [4 March].",
        "The ferry will sail again from the north quay on 11 March.",
        "11 March",
    ),
    (
        "The repair of the old bridge would cost [£3m], the mayor said.",
        "The mayor said that nobody had asked him about the old bridge.",
        None,
    ),
    ("It cost [£3m].", "It cost £4m.", None),
]


@pytest.mark.parametrize(("marked", "other", "expected"), SENTENCES)
def test_the_counterpart_of_a_value(marked: str, other: str, expected: str | None) -> None:
    """Sentences must be long enough and nearly equal."""
    start, end = marked.index("["), marked.index("]") - 1
    place = counterpart(marked.replace("[", "").replace("]", ""), start, end, other)
    assert (None if place is None else other[place[0] : place[1]]) == expected
