"""What is true of the values of any text."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pullquote.english.values import Relation, compare, value_of, values_in
from strategies import hostile_texts
from values.phrases import MOMENTS, QUANTITIES

PHRASES = [words for words, _ in (*QUANTITIES, *MOMENTS)]
DAYS = st.none() | st.dates()
LANGUAGES = st.sampled_from(["en", "de", "fr", "ar", "zh"])
TEXTS = st.lists(
    hostile_texts(max_parts=2) | st.sampled_from([*PHRASES, "Ida Roe", "the U.N.", "New York"]),
    max_size=4,
).map(" ".join)


@given(TEXTS, DAYS, LANGUAGES, TEXTS)
def test_no_text_raises(text: str, day: date | None, language: str, sentence: str) -> None:
    """Any text has a value or none, and a value equals itself."""
    value = value_of(text, day=day, language=language, sentence=f"{sentence} {text}")
    if value is not None:
        assert compare(value, value) is Relation.EQUAL


@given(TEXTS, TEXTS, DAYS, DAYS)
def test_comparing_has_no_direction(
    one: str, other: str, day: date | None, other_day: date | None
) -> None:
    """Two values relate to each other in the same way in both directions."""
    here, there = value_of(one, day=day), value_of(other, day=other_day)
    if here is not None and there is not None:
        assert compare(here, there) is compare(there, here)


@given(TEXTS, DAYS, LANGUAGES)
def test_found_values_do_not_overlap(text: str, day: date | None, language: str) -> None:
    """The values in a text are in order, inside the text, and apart."""
    end = 0
    for found in values_in(text, day=day, language=language):
        assert end <= found.start < found.end <= len(text)
        end = found.end
