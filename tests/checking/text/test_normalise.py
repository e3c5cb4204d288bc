"""A text in one typography, and its places in the stored text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.newsroom.checking.normalise import LINE_HYPHEN, normalise

MARKS = "aA é\u0301e\u0301-‐—\n\r\t .…'’‘“”ﬁﬃ\u00ad\u200b\u212a0О"


@pytest.mark.parametrize(
    ("stored", "same"),
    [
        ("“It’s ‘good’,” he said", "\"It's 'good',\" he said"),
        ("2004–05 — a year", "2004-05 - a year"),
        ("two\n  lines\u00a0here", "two lines here"),
        ("wait… what . . . now", "wait... what ... now"),
        ("the ofﬁce aﬄicts", "the office afflicts"),
        ("pro\u00adce\u200bdure", "procedure"),
        ("cafe\u0301", "café"),
        ("well -- then", "well - then"),
        ("``quoted''", '"quoted"'),
    ],
)
def test_typography_does_not_count(stored: str, same: str) -> None:
    """Texts that differ only in typography are equal once normalised."""
    assert normalise(stored).text == normalise(same).text == same


@pytest.mark.parametrize(
    ("one", "other"),
    [("a", "а"), ("O", "0"), ("l", "1"), ("K", "\u212a"), ("１", "1"), ("²", "2"), ("s", "ſ")],
)
def test_letters_that_look_alike_stay_different(one: str, other: str) -> None:
    """No letter or digit is replaced by one that looks like it."""
    assert normalise(one).text != normalise(other).text


def test_capitals_stay() -> None:
    """Case is not typography."""
    assert normalise("May").text == "May"


def test_a_hyphen_at_a_line_end_is_dropped_or_marked() -> None:
    """It may belong to the word or not, so the caller chooses."""
    assert normalise("proce-\n  dure and 2004-\n05").text == "procedure and 2004- 05"
    assert normalise("well-\nknown", line_hyphens=True).text == f"well{LINE_HYPHEN}known"


def test_places_lead_back_to_the_stored_text() -> None:
    """A range of the normalised text stands for a range of the stored one."""
    stored = "The  of\u00adﬁce\nhas “closed”…"
    found = normalise(stored)
    at = found.text.index("office")
    [start], [end] = found.stored_starts([at]), found.stored_ends([at + len("office")])
    assert stored[start:end] == "of\u00adﬁce"


@given(st.text(alphabet=MARKS) | st.text())
def test_every_character_keeps_its_place(text: str) -> None:
    """The places never go back, and lie within the text."""
    found = normalise(text)
    assert len(found.text) == len(found.starts) == len(found.ends)
    assert list(found.starts) == sorted(found.starts)
    assert list(found.ends) == sorted(found.ends)
    assert all(0 <= a < b <= len(text) for a, b in zip(found.starts, found.ends, strict=True))


@given(st.text(MARKS + "-`'–", max_size=14))
def test_marks_of_typography_are_found_where_they_begin(text: str) -> None:
    """A text without accents of their own has the same form if one is added after it."""
    plain = text.replace("\u0301", "")
    assert normalise(f"{plain}|e\u0301").text == f"{normalise(f'{plain}|').text}é"
