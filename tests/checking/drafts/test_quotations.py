"""The quotations of a draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.newsroom.checking.quotations import MOST_MARKS, draft_of, quotations_of
from pullquote.schema.errors import SettingsError


def texts(draft: str) -> list[str]:
    return [one.text for one in quotations_of(draft_of(draft))]


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        ('He said "yes" and “no”.', ["yes", "no"]),
        ("„Ja“, »doch«, «oui», ‹si›, ”jo” and 「はい」", ["Ja", "doch", "oui", "si", "jo", "はい"]),
        ("``one'' and 'two'", ["one", "two"]),
        ("“He said ‘go’ twice”", ["He said ‘go’ twice", "go"]),
        ("‘He said “go” twice’", ["He said “go” twice", "go"]),
        ("„Er sagte ‚nein‘ dazu“", ["Er sagte ‚nein‘ dazu", "nein"]),
        ("It's the players' view of the '90s, isn't it?", []),
        ("‘the players’ union agreed’", ["the players’ union agreed"]),
        ("(“one”) — “two”—“three”", ["one", "two", "three"]),
        ('He said "this.\n\nShe said "that".', ["that"]),
        ("He said “this and never closed it.\n\nNext.", ["this and never closed it."]),
        ("He said “this.\n\nNext.", []),
    ],
)
def test_quote_marks_of_many_languages(draft: str, found: list[str]) -> None:
    """Every pair of quote marks holds a quotation, also inside another; an apostrophe none."""
    assert texts(draft) == found


@pytest.mark.parametrize("mark", ['"', "“", "«"])
def test_a_quotation_goes_on_in_the_next_paragraph(mark: str) -> None:
    """The mark is repeated at its beginning."""
    end = {'"': '"', "“": "”", "«": "»"}[mark]
    assert texts(f"{mark}One.\n\n{mark}Two.{end} She left.") == ["One.\nTwo."]


def test_a_block_quote_is_a_quotation() -> None:
    """Each of its paragraphs is one; the marks at the beginnings of lines are no part of it."""
    assert texts("As she said:\n\n> It was\n> gravel.\n>\n> And oak.\n\nThen.") == [
        "It was\ngravel.",
        "And oak.",
    ]


def test_the_range_is_that_of_the_draft() -> None:
    """A quotation stands at its range in the draft, without its marks."""
    draft = "He said “yes, of course” twice."
    [one] = quotations_of(draft_of(draft))
    assert draft[one.start : one.end] == one.text == "yes, of course"


def test_a_draft_of_quote_marks_is_refused() -> None:
    """The work is bounded, and the error names the bound."""
    with pytest.raises(SettingsError, match="100,000"):
        quotations_of(draft_of('"' * (MOST_MARKS + 1)))


def test_deep_nesting_is_read() -> None:
    """Marks inside many others open nothing."""
    assert len(texts("“a " * 50 + "b" + "”" * 50)) <= 6


@given(st.text(alphabet="\"'“”„«»‘’ \na>b-"))
def test_every_quotation_lies_in_the_draft(draft: str) -> None:
    """Whatever the draft is, quotations have words and ranges in order."""
    found = quotations_of(draft_of(draft))
    assert all(0 <= one.start < one.end <= len(draft) for one in found)
    assert all(any(letter.isalnum() for letter in one.text) for one in found)
