"""Quotations as fact-checkers meet them in drafts: markup, footnotes, paraphrase, neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Newsroom, scratch
from pullquote.newsroom.checking.check import check_draft
from pullquote.newsroom.checking.checker import QuoteChecker
from pullquote.newsroom.checking.quotations import draft_of, without_markup
from pullquote.schema.quote_check import CheckedQuote, QuoteDifference, QuoteVerdict

VOTE = (
    "The vote on the assembly is close.\n\nMr Neil Herron said he was not convinced. “The plan is "
    "not going to deliver,” he said. “If you cannot sell a deal in that time, it is a bad deal.” "
    "On Monday, Mr Ray Mallon branded the No campaign “two-bit Tories”. “The campaign is being run "
    "by people who want to hit the party,” he said.\n\nMr Mallon said an assembly would give local "
    "people more of a say over transport. “We will definitely extend the ferry,” he said. “The "
    "option of selling is the pier is still on the table.”"
)


@pytest.fixture(scope="module")
def checker() -> Iterator[QuoteChecker]:
    """A checker over an article with two speakers, and 40 others with some of its words."""
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        newsroom.write("vote.md", VOTE, title="The vote is close")
        for number in range(40):
            text = f"The plan is new. The plan of street {number} is that the plan is a plan."
            newsroom.write(f"plan{number:02}.md", text)
        newsroom.rebuild()
        with closing(newsroom.open()) as generation:
            yield QuoteChecker(generation)


def quotes(checker: QuoteChecker, text: str) -> tuple[CheckedQuote, ...]:
    """The checked quotations of a draft."""
    return check_draft(draft_of(text), checker).quotes


def verdicts(checker: QuoteChecker, text: str) -> list[str]:
    """The verdicts on the quotations of a draft."""
    return [str(one.verdict) for one in quotes(checker, text)]


@pytest.mark.parametrize(
    "words",
    [
        "We will *definitely* extend the ferry",
        "We will **definitely** extend the _ferry_",
        "We will [definitely](https://post.example/a_b) extend the ferry",
        "We will definitely extend the ferry.¹",
        "We will definitely extend the ferry²",
        "We will definitely extend the ferry*,",
        "We will definitely† extend the ferry",
    ],
)
def test_emphasis_links_and_footnote_marks_are_no_words(checker: QuoteChecker, words: str) -> None:
    """Only the draft has them."""
    assert verdicts(checker, f"“{words}” he said.") == ["exact"]


@pytest.mark.parametrize("text", ["f*** off", "20 metres²", "of 20 square metres²", "a_b_c", "5*3"])
def test_signs_that_belong_to_words_stay(text: str) -> None:
    """Swear words with stars, square metres and names in code are as they were."""
    assert without_markup(text) == text


def test_words_that_an_article_reports_without_quote_marks_are_noted(
    checker: QuoteChecker,
) -> None:
    """Nobody surely said them so; without a speaker in the draft, there is nothing to note."""
    words = "an assembly would give local people more of a say over transport"
    [one] = quotes(checker, f"Ray Mallon said “{words}”.")
    assert one.verdict is QuoteVerdict.EXACT
    assert one.warnings == ("the article has these words outside quote marks, in its own report",)
    [one] = quotes(checker, f"It reads “{words}”.")
    assert one.warnings == ()
    [one] = quotes(checker, "Neil Herron said “The plan is not going to deliver”.")
    assert one.warnings == ()


def test_a_condition_at_the_beginning_of_the_sentence_is_noted(checker: QuoteChecker) -> None:
    """However long its clause is."""
    [one] = quotes(checker, "“It is a bad deal,” said Neil Herron.")
    assert one.warnings == ('its sentence begins with "if", a condition',)


def test_an_ellipsis_between_two_people_is_a_splice(checker: QuoteChecker) -> None:
    """Both are “he”, but the second is named only after the words of the first."""
    [one] = quotes(
        checker,
        "“The plan is not going to deliver … The campaign is being run by people who want to hit "
        "the party,” he said.",
    )
    assert one.verdict is QuoteVerdict.SPLICED
    assert one.warnings[-1] == "the ellipsis joins words of Neil Herron and words of Ray Mallon"


def test_words_of_two_people_that_follow_each_other_are_a_splice(checker: QuoteChecker) -> None:
    """Although only a sentence of the report stands between them."""
    text = "“it is a bad deal. The campaign is being run by people who want to hit the party”"
    assert verdicts(checker, text) == ["spliced"]


def test_words_of_one_person_with_an_ellipsis_are_exact(checker: QuoteChecker) -> None:
    """The clause that says who speaks may be left out with them."""
    text = (
        "“The plan is not going to deliver … If you cannot sell a deal in that time, it is a bad "
        "deal,” Neil Herron said."
    )
    assert verdicts(checker, text) == ["exact"]


def test_a_word_that_sic_does_not_stand_for_is_missing(checker: QuoteChecker) -> None:
    """A mended slip is altered, and the word is shown."""
    [one] = quotes(checker, "“The option of selling [sic] the pier is still on the table”")
    assert one.verdict is QuoteVerdict.ALTERED
    assert one.differences == (QuoteDifference(quote="", article="is"),)


def test_a_name_inside_a_quotation_is_not_its_speaker(checker: QuoteChecker) -> None:
    """Also with Swedish marks, which open as they close."""
    [one] = quotes(checker, "Herron sade: ”Ray Mallon branded the No campaign”.")
    assert one.speaker is None


def test_the_possessor_of_a_verdict_is_the_speaker(checker: QuoteChecker) -> None:
    """Such as a view, a reply or a warning."""
    draft = "{}’s short verdict: “The plan is not going to deliver.”"
    assert verdicts(checker, draft.format("Neil Herron")) == ["exact"]
    assert verdicts(checker, draft.format("Ray Mallon")) == ["misattributed"]


def test_an_interrupted_quotation_is_looked_for_where_the_rest_stands(
    checker: QuoteChecker,
) -> None:
    """Its first words are in forty other articles, too, where nobody says them."""
    found = quotes(checker, "“The plan is,” Neil Herron said, “not going to deliver.”")
    assert [one.verdict for one in found] == [QuoteVerdict.EXACT] * 2
    assert [one.article for one in found] == ["vote.md"] * 2
    found = quotes(checker, "“The plan is,” Ray Mallon said, “not going to deliver.”")
    assert [one.verdict for one in found] == [QuoteVerdict.MISATTRIBUTED] * 2


def test_far_quotations_do_not_help(checker: QuoteChecker) -> None:
    """In another paragraph another article may be meant."""
    found = quotes(checker, "“The plan is,” Neil Herron said.\n\n“It is not going to deliver.”")
    assert found[0].verdict is QuoteVerdict.MISATTRIBUTED


@pytest.mark.parametrize(
    "draft",
    [
        "Jane Doe reported that {} had said: “{words}.”",
        "Said {}: “{words}.”",
        "“{words}” was how {} put it.",
        "- “{words}” ({})",
        "> “The plan is not\n> going to deliver,” {} said.\n",
    ],
)
def test_a_name_right_before_the_words_is_the_speaker(checker: QuoteChecker, draft: str) -> None:
    """In the forms that drafts have, besides the usual ones."""
    words = "The plan is not going to deliver"
    assert verdicts(checker, draft.format("Neil Herron", words=words))[-1] == "exact"
    assert verdicts(checker, draft.format("Ray Mallon", words=words))[-1] == "misattributed"
