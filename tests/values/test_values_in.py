"""Finding the quantities and times in a sentence."""

from __future__ import annotations

import pytest

from pullquote.english.values import values_in
from values.describing import described
from values.phrases import DAY


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "At least 19 people were killed and some 140 are missing, police said on Tuesday.",
            {
                "At least 19 people": "at-least 19 people dead",
                "some 140": "about 140 people missing",
                "Tuesday": "2024-03-12",
            },
        ),
        (
            "Shares rose from 5 to 7 per cent, to 6.20 crowns a share.",
            {"5": "5", "7 per cent": "7 %", "6.20 crowns a share": "6.2 crown/share"},
        ),
        (
            "Joss Tamberley, 34, was standing about 30 metres away at half past nine.",
            {"34": "34 year", "about 30 metres": "about 30 m", "half past nine": "09:30"},
        ),
        ("One of them may spring up in the summer.", {"in the summer": "2024-06-01/2024-08-31"}),
        ("It has 1900 inhabitants and was founded in 1900.", {
            "1900 inhabitants": "1900 people", "1900": "1900-01-01/1900-12-31",
        }),
        ("“About 31,000 people were with us”", {"About 31,000 people": "about 31000 people"}),
        ("“That is what one sees”", {}),
        ("They won 2-3 at home.", {"2-3": "2:3"}),
        ("It runs from 2 March to 4 April.", {"from 2 March to 4 April": "2024-03-02/2024-04-04"}),
    ],
)  # fmt: skip
def test_values_with_their_words(sentence: str, expected: dict[str, str]) -> None:
    """Every quantity and time is found, with the words that say it."""
    found = values_in(sentence, day=DAY)
    assert {sentence[one.start : one.end]: described(one.value) for one in found} == expected
