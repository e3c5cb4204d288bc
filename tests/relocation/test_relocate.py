"""Quotations are found again in edited articles, and never at a wrong place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pullquote
from pullquote.newsroom.relocation import find_again
from pullquote.schema.errors import SettingsError
from strategies import hostile_texts

MOVED = Path(__file__).parents[3] / "shared" / "data" / "quotes" / "moved-dev.jsonl"

REPORT = (
    "Harbour wall to be rebuilt\n\n"
    "The council agreed on Monday to rebuild the harbour wall. The work will cost 4 million "
    "pounds, said Ida Roe, who leads the council.\n\n"
    "Fishermen doubt that the wall will last. The work will cost 4 million pounds, but the sea "
    "takes what it wants, one of them said.\n"
)
COST = "The work will cost 4 million pounds"


def place_in(text: str, quote: str, *, of: str = REPORT, nth: int = 0, width: int = 10_000) -> str:
    """The text at which an occurrence of a quotation of `of` is found in `text`; "" if none is.

    The words before it follow, to tell equal places apart.
    """
    start = -1
    for _ in range(nth + 1):
        start = of.index(quote, start + 1)
    end = start + len(quote)
    found = pullquote.relocate(
        text,
        quote=quote,
        start=start,
        before=of[max(0, start - width) : start],
        after=of[end : end + width],
    )
    return "" if found is None else f"{text[slice(*found)]} < {text[: found[0]][-11:]}"


def test_words_stand_where_they_stood() -> None:
    """In an article that was not edited, each occurrence is found at its own place."""
    assert place_in(REPORT, COST) == f"{COST} < bour wall. "
    assert place_in(REPORT, COST, nth=1) == f"{COST} < will last. "


@pytest.mark.parametrize("width", [30, 60, 10_000])
def test_context_tells_equal_words_apart(width: int) -> None:
    """After a text is put in front, both occurrences are found, each by the words around it."""
    edited = "Updated on Tuesday.\n\n" + REPORT.replace("on Monday ", "")
    assert place_in(edited, COST, width=width) == f"{COST} < bour wall. "
    assert place_in(edited, COST, nth=1, width=width) == f"{COST} < will last. "


def test_paragraphs_that_change_places_are_followed() -> None:
    """Words are found in their paragraph, even if the other occurrence now stands first."""
    head, first, second = REPORT.strip().split("\n\n")
    moved = "\n\n".join([head, second, first])
    assert place_in(moved, COST) == f"{COST} < bour wall. "
    assert place_in(moved, COST, nth=1) == f"{COST} < will last. "


def test_equal_words_elsewhere_do_not_replace_deleted_ones() -> None:
    """If the quoted paragraph is gone, the same words in another paragraph are not its place."""
    head, first, second = REPORT.strip().split("\n\n")
    assert place_in(f"{head}\n\n{second}", COST) == ""
    assert place_in(f"{head}\n\n{first}", COST, nth=1) == ""
    assert place_in(f"{head}\n\n{second}", COST, width=40) == ""


def test_a_copied_paragraph_is_not_the_place() -> None:
    """A copy at the end has the same words, but the words around the paragraph decide."""
    first = REPORT.strip().split("\n\n")[1]
    assert place_in(f"{REPORT}\n{first}\n", "rebuild the harbour wall") == (
        "rebuild the harbour wall <  Monday to "
    )


def test_two_places_that_fit_alike_are_none() -> None:
    """If the context cannot decide between two places, no place is given."""
    note = "Corrections are printed on page two every day."
    old = f"News.\n\n{note}"
    new = f"Weather.\n\n{note}\n\nSport.\n\n{note}\n\nMore."
    assert place_in(new, "printed on page two", of=old) == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the harbour wall. The", "the harbour  wall.\nThe"),
        ("said Ida Roe, who", "said Ida Roe – who"),
        ("The work will", "The\xa0work will"),
        ("Fishermen doubt", "“Fishermen doubt"),
    ],
)
def test_typography_does_not_count(before: str, after: str) -> None:
    """White space, quote marks, dashes and punctuation may change within the words."""
    assert place_in(REPORT.replace(before, after), before).startswith(after.lstrip("“"))


def test_marks_of_the_quotation_belong_to_its_place() -> None:
    """A quotation with quote marks is found with the marks that the article has now."""
    old = 'He said: "It is over," and left the room at once.'
    new = "Later, he said: “It is over,” and left the room at once."
    assert place_in(new, '"It is over,"', of=old).startswith("“It is over,” <")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("4 million", "5 million"),
        ("4 million", "4 thousand million"),
        ("will cost 4", "will not cost 4"),
        ("million pounds", "million"),
    ],
)
def test_changed_words_are_no_longer_there(before: str, after: str) -> None:
    """A word that was replaced, added or removed inside the quotation makes it another one."""
    edited = REPORT.replace(before, after)
    assert place_in(edited, COST) == ""


@pytest.mark.parametrize("figure", ["3-5", "3,5", "3:5"])
def test_a_mark_inside_a_number_counts(figure: str) -> None:
    """Another mark between two digits makes another number."""
    old = "The wall has grown by 3.5 metres in a year, said Ida Roe, who built it."
    quote = "has grown by 3.5 metres in a year"
    assert place_in(old.replace("3.5", figure), quote, of=old) == ""


def test_changed_words_are_found_if_asked_for() -> None:
    """With a least similarity, the place of words that were corrected is found."""
    edited = REPORT.replace("cost 4 million pounds, said", "cost 41 million pounds, said")
    start = REPORT.index(COST)
    end = start + len(COST)
    given = {"start": start, "before": REPORT[:start], "after": REPORT[end:]}
    found = find_again(edited, quote=COST, least=0.75, **given)  # type: ignore[arg-type]
    assert found is not None
    assert edited[found.start : found.end] == "The work will cost 41 million pounds"
    assert 0.9 < found.similarity < 1
    assert pullquote.relocate(
        edited,
        quote=COST,
        least_similarity=0.75,
        **given,  # type: ignore[arg-type]
    ) == (found.start, found.end)


@pytest.mark.parametrize("quote", ["", " ", "“”", "…"])
def test_a_quotation_without_words_has_no_place(quote: str) -> None:
    """Marks alone are not looked for."""
    assert pullquote.relocate("“” …", quote=quote, start=0, before="", after="") is None


def test_a_wrong_type_is_named() -> None:
    """A place instead of a text is an error that names the argument."""
    with pytest.raises(SettingsError, match="quote is None"):
        pullquote.relocate("text", quote=None, start=0, before="", after="")  # type: ignore[arg-type]


@given(hostile_texts(), st.integers(0, 50), st.integers(1, 20), hostile_texts())
def test_a_place_has_the_quoted_words(old: str, start: int, size: int, new: str) -> None:
    """Whatever the texts are, a place lies in the text and has the words of the quotation."""
    quote = old[start : start + size]
    edited = f"{new} {old}"
    found = pullquote.relocate(
        edited, quote=quote, start=start, before=old[:start], after=old[start + size :]
    )
    if found is not None:
        from pullquote.newsroom.relocation.relocate import Words  # noqa: PLC0415

        assert Words.of(edited[slice(*found)]).keys == Words.of(quote).keys


def test_many_equal_words_take_little_time() -> None:
    """A text of one word a million times is searched, and no place is chosen."""
    text = "a " * 1_000_000
    assert pullquote.relocate(text, quote="a a a", start=9, before="b", after="c") is None


@pytest.mark.skipif(not MOVED.exists(), reason="../shared/data/quotes is not there")
def test_quotations_of_edited_articles() -> None:
    """Of 300 quotations, 98 in 100 whose words survive are found, and none at a wrong place."""
    right = survived = 0
    for row in map(json.loads, MOVED.read_text("utf-8").splitlines()):
        old, start, end = row["old"], row["start"], row["end"]
        found = pullquote.relocate(
            row["new"], quote=row["quote"], start=start, before=old[:start], after=old[end:]
        )
        expect = None if row["expect"] is None else tuple(row["expect"])
        assert found in (expect, None), row["id"]
        survived += expect is not None
        right += found is not None
    assert right >= 0.98 * survived


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("The low was −5 °C that night, and −£3m was lost.", True),
        ("The low was 5 °C that night, and −£3m was lost.", False),
        ("The low was –5 °C that night, and £3m was lost.", False),
    ],
    ids=["other dashes", "no minus", "no minus before a currency"],
)
def test_a_minus_sign_counts(now: str, found: bool) -> None:
    """A temperature below zero is no temperature above it; the shape of the dash does not count."""
    old = "The low was -5 °C that night, and -£3m was lost."
    assert bool(place_in(now, old[4:-1], of=old)) is found


def test_a_dash_that_joins_is_no_minus_sign() -> None:
    """Ranges, names and clauses have dashes that typography may change."""
    old = "From 1990-95 the A-5 was shut, and people - 5 of them - left."
    assert place_in(old.replace("-", " – ").replace("  ", " "), "1990-95 the A-5 was shut", of=old)
