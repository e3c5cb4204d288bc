"""Quotations that leave out the words that say who speaks."""

from __future__ import annotations

import pytest

from pullquote.newsroom.checking.checker import QuoteChecker


@pytest.mark.parametrize(
    ("quote", "omitted"),
    [
        ("The bed was cleaned. Then we left the harbour", ["said Ida Roe, the harbour master."]),
        ("we left the harbour for good and nobody came back", ["she added,"]),
        (
            "The bed was cleaned. Then we left the harbour for good, and nobody came back.",
            ["said Ida Roe, the harbour master.", "she added,"],
        ),
        ("The crane fell twice in June. No one was hurt", ["Tom Hall told the council."]),
    ],
)
def test_a_clause_that_says_who_speaks_may_be_left_out(
    checker: QuoteChecker, quote: str, omitted: list[str]
) -> None:
    """The words are exact, and the clause is reported as left out by no mark."""
    found = checker.check(quote)
    assert found.verdict == "exact"
    assert [one.text for one in found.omitted] == omitted
    assert {one.mark for one in found.omitted} == {""}


def test_the_clause_may_be_left_out_beside_an_ellipsis(checker: QuoteChecker) -> None:
    """Both omissions are reported."""
    found = checker.check("The bed was cleaned … for good, and nobody came back")
    assert found.verdict == "exact"
    assert [one.mark for one in found.omitted] == ["…", ""]


@pytest.mark.parametrize(
    ("quote", "one", "other"),
    [
        ("Nobody warned the anglers. We were all surprised", "Tom Hall", "Vera Quill"),
        ("The jetty is made of stone. The jetty is made of oak", "the minister", "the mayor"),
    ],
)
def test_the_words_of_two_people_stay_apart(
    checker: QuoteChecker, quote: str, one: str, other: str
) -> None:
    """Words on both sides of a clause are spliced if two people say them."""
    found = checker.check(quote)
    assert found.verdict == "spliced"
    assert f"the quotation joins words of {one} and words of {other}" in found.warnings


@pytest.mark.parametrize(
    "quote",
    [
        "The ship left early. It was never seen again",
        "slow and cold to build nearly over by now",
        "The bed was cleaned, the harbour master. Then we left the harbour",
        "The bed was cleaned. We left the harbour",
    ],
)
def test_nothing_else_may_be_left_out_without_a_mark(checker: QuoteChecker, quote: str) -> None:
    """Neither the paper's own report nor a part of the clause, and no word of the speaker."""
    assert checker.check(quote).verdict != "exact"


def test_a_changed_word_beside_a_clause_is_the_only_difference(checker: QuoteChecker) -> None:
    """The clause that was left out is no difference."""
    found = checker.check("The bed was cleared. Then we left the harbour for good")
    assert [(one.quoted, one.stored) for one in found.changes] == [("cleared", "cleaned")]
