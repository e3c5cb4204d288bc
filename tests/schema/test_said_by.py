"""The words that say whose claim a quote is."""

from __future__ import annotations

from typing import get_args

import pytest

from pullquote.answering.answers import cite
from pullquote.schema import Citation, Manner, Span, Speaker
from pullquote.schema.citation import said_by
from strategies import body, hit

PAPER = cite(Span(hit(body("The tide is low.")), 4, 8, 0.0))


def claim(name: str, canonical: str | None = None, **fields: object) -> Citation:
    """The citation as a claim of somebody."""
    speaker = Speaker(name=name, start=0, end=1, canonical=canonical)
    return PAPER.model_copy(update={"speaker": speaker, **fields})


def test_the_papers_own_reporting_is_said_by_nobody() -> None:
    """There are no words for a quote that is nobody's claim."""
    assert PAPER.said_by == ""


def test_the_fullest_name_and_the_manner_are_shown() -> None:
    """The article has "He" here; the words give the full name."""
    assert claim("He", "Ida Roe", manner="denied").said_by == "denied by Ida Roe"


def test_a_source_without_a_name_is_shown_in_the_articles_words() -> None:
    """A description begins with a small letter."""
    source = claim("A person close to the talks", manner="according-to")
    assert source.said_by == "according to a person close to the talks"
    assert claim("a police officer's", manner="estimated").said_by == (
        "estimated by a police officer"
    )


@pytest.mark.parametrize("name", ["", "They", "he", "its", "Who", "their"])
def test_a_pronoun_names_nobody(name: str) -> None:
    """Without a name there is no speaker, but an allegation is still marked as one."""
    assert said_by("said", name, None) == ""
    assert said_by("said", name, "Ida Roe") == ""
    assert said_by("alleged", name, None) == "an allegation"
    assert said_by("alleged", name, "Ida Roe") == "an allegation, via Ida Roe"


def test_who_passed_a_claim_on_is_shown_once() -> None:
    """The person via whom a claim comes is named, unless it is the speaker."""
    via = claim("Ida Roe", "Ida Roe", manner="promised", via="Tom Ash")
    assert via.said_by == "promised by Ida Roe, via Tom Ash"
    assert claim("Ida Roe", "Ida Roe", manner="said", via="Ida Roe").said_by == "said by Ida Roe"


def test_a_long_name_is_cut_and_stays_on_one_line() -> None:
    """A name from a hostile article takes one short line."""
    shown = said_by("said", "Roe\n" * 500, None)
    assert "\n" not in shown
    assert len(shown) < 100


@pytest.mark.parametrize("manner", get_args(Manner))
def test_every_manner_has_words(manner: Manner) -> None:
    """Each manner is followed by the name."""
    assert said_by(manner, "Ida Roe", None).endswith(" Ida Roe")
