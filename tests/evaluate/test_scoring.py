"""Replies are scored by the kind of the question."""

from __future__ import annotations

from typing import Any

import pytest

from planted import HARBOUR, citation
from pullquote.evaluate import GoldQuestion, answer_is_right, score
from pullquote.schema import Answer, Outcome, Reply

PIER = "The pier burned in 1920."


def answer(text: str, sentence: str = HARBOUR, article: str = "harbour.txt") -> Answer:
    """An answer quoted from a sentence."""
    return Answer(text=text, confidence=0.9, citations=(citation(article, sentence, text),))


def reply(*answers: Answer, outcome: Outcome = Outcome.ANSWER) -> Reply:
    """A reply with these answers."""
    return Reply(question="?", outcome=outcome, answers=answers, generation="g", took_ms=1)


def gold(kind: str, *answers: str, **others: Any) -> GoldQuestion:
    """A gold question about the harbour."""
    articles = frozenset({"harbour.txt"})
    return GoldQuestion(
        id="1", question="?", answers=answers, kind=kind, articles=articles, **others
    )


def scored(given: Reply, asked: GoldQuestion, first_article: str | None = "harbour.txt") -> float:
    """The score with that first hit."""
    return score(given, asked, first_article=first_article)


def test_a_fact_needs_the_right_words_from_a_right_article() -> None:
    """The first answer counts, and words from another article do not."""
    who = gold("who", "Ida Roe")
    assert scored(reply(answer("Ida Roe")), who) == 1
    assert scored(reply(answer("Ida Roe", article="other.txt")), who) == 0
    assert scored(reply(answer("1911"), answer("Ida Roe")), who) == 0


def test_a_list_scores_the_share_of_its_items() -> None:
    """Every answer that is shown counts, in any wording."""
    items = gold("list", "Ida Roe", items=(("Ida Roe", "Roe"), ("Jon Vik",)))
    assert scored(reply(answer("1911"), answer("Ida Roe")), items) == 0.5
    assert answer_is_right(answer("Roe"), items)
    assert not answer_is_right(answer("1911"), items)


@pytest.mark.parametrize("kind", ["compare", "comparison"])
def test_a_comparison_scores_the_share_of_sides(kind: str) -> None:
    """A side counts if the sentence of an answer shows its evidence."""
    sides = gold(kind, "1911", evidence=(HARBOUR, PIER))
    assert scored(reply(answer("Ida Roe")), sides) == 0.5
    assert scored(reply(answer("Ida Roe"), answer("1920", PIER)), sides) == 1


def test_an_unlikely_answer_that_is_not_shown_does_not_count() -> None:
    """An answer after the first is shown only if it may well be right."""
    unlikely = answer("Jon Vik", PIER.replace("1920", "Jon Vik"))
    unlikely = unlikely.model_copy(update={"confidence": 0.01})
    items = gold("list", "Ida Roe", items=(("Ida Roe", "Roe"), ("Jon Vik",)))
    assert scored(reply(answer("Ida Roe"), unlikely), items) == 0.5


def test_yes_or_no_needs_evidence_in_the_first_sentence() -> None:
    """Which words of the sentence are marked does not matter."""
    settled = gold("yes-no", "opened", evidence=(HARBOUR.upper(),))
    assert scored(reply(answer("Ida Roe")), settled) == 1
    assert scored(reply(answer("1920", PIER), answer("Ida Roe")), settled) == 0


@pytest.mark.parametrize("kind", ["keyword", "keywords"])
def test_keywords_need_evidence_and_a_right_first_hit(kind: str) -> None:
    """Keywords have no accepted answers."""
    words = gold(kind, evidence=(HARBOUR,))
    assert scored(reply(answer("1911")), words) == 1
    assert scored(reply(answer("1911")), words, first_article="other.txt") == 0
    assert scored(reply(answer("1920", PIER)), words) == 0


@pytest.mark.parametrize(
    "asked",
    [
        gold("who", "Ida Roe"),
        gold("list", "Ida Roe", items=(("Ida Roe",),)),
        gold("yes-no", "Ida Roe", evidence=(HARBOUR,)),
        gold("compare", "Ida Roe", evidence=(HARBOUR,)),
        gold("keyword", evidence=(HARBOUR,)),
    ],
    ids=lambda asked: asked.kind,
)
def test_possible_counts_as_shown_and_nothing_does_not(asked: GoldQuestion) -> None:
    """A possible answer scores like a certain one, and a withheld answer scores 0."""
    right = answer("Ida Roe")
    assert scored(reply(right, outcome=Outcome.POSSIBLE), asked) == 1
    assert scored(reply(right, outcome=Outcome.NOTHING), asked) == 0


@pytest.mark.parametrize("kind", ["list", "yes-no", "compare", "keyword", "of my own"])
def test_a_kind_without_what_its_rule_needs_is_scored_like_a_fact(kind: str) -> None:
    """Files with kinds but without evidence or items can still be measured."""
    assert scored(reply(answer("Ida Roe")), gold(kind, "Ida Roe")) == 1
