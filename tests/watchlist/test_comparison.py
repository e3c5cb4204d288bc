"""What counts as a change between two replies to a standing question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from pullquote.newsroom.watchlist.comparison import basis, differences
from pullquote.newsroom.watchlist.models import ChangeKind
from pullquote.schema import (
    Answer,
    Citation,
    CitationState,
    Outcome,
    QuestionKind,
    Reply,
    ReportedValue,
    Role,
    ValueStatus,
    VerifiedCitation,
)


def cited(text: str, article: str = "a.md", version: str = "1") -> Citation:
    """A citation of words in a sentence of their own."""
    return Citation(
        article=article,
        title="Dam bursts",
        published=date(2024, 5, 1),
        source="Post",
        role=Role.BODY,
        author=None,
        start=10,
        end=10 + len(text),
        quote=text,
        sentence=f"In all, {text} there.",
        sentence_start=2,
        version=version,
        url=None,
    )


def answer(
    text: str,
    article: str = "a.md",
    version: str = "1",
    *,
    confidence: float = 0.9,
    status: ValueStatus | None = None,
) -> Answer:
    """An answer with one citation."""
    return Answer(
        text=text,
        confidence=confidence,
        citations=(cited(text, article, version),),
        status=status,
    )


def reply(
    *answers: Answer,
    values: Sequence[ReportedValue] = (),
    kind: QuestionKind = QuestionKind.FACT,
    outcome: Outcome | None = None,
) -> Reply:
    """A reply with these answers; nothing found without any."""
    return Reply(
        question="how many are missing?",
        searched_for="how many are missing?",
        kind=kind,
        outcome=outcome or (Outcome.ANSWER if answers else Outcome.NOTHING),
        answers=answers,
        values=tuple(values),
        generation="g",
        took_ms=1.0,
    )


def value(
    text: str, status: ValueStatus, article: str = "a.md", correction: Citation | None = None
) -> ReportedValue:
    """A value that one article gives."""
    return ReportedValue(
        text=text,
        status=status,
        first_reported=None,
        last_reported=None,
        sources=1,
        citations=(cited(text, article),),
        correction=correction,
    )


def all_in(state: CitationState):
    """Every citation is in this state."""

    def verify(citations: Sequence[Citation]) -> list[VerifiedCitation]:
        return [
            VerifiedCitation(
                where="", article=one.article, title=one.title, quote=one.quote, state=state
            )
            for one in citations
        ]

    return verify


STANDS = all_in(CitationState.STANDS)
GONE = all_in(CitationState.GONE)
CHANGED = all_in(CitationState.CHANGED)


def kinds(old: Reply, new: Reply, verify=STANDS) -> list[ChangeKind]:
    """The kinds of all differences."""
    return [one.kind for one in differences(old, new, verify)]


def test_an_answer_after_silence_is_new():
    """Nothing was found, and now something is."""
    (found,) = differences(reply(), reply(answer("140 people")), STANDS)
    assert found.kind is ChangeKind.NEW_ANSWER
    assert found.new is not None
    assert found.new.text == "140 people"


def test_another_number_is_a_changed_value():
    """Both values are given with their citations."""
    (found,) = differences(reply(answer("140 people")), reply(answer("212 people", "b.md")), STANDS)
    assert found.kind is ChangeKind.CHANGED_VALUE
    assert found.old is not None
    assert found.new is not None
    assert (found.old.text, found.new.text) == ("140 people", "212 people")
    assert (found.old.citation.article, found.new.citation.article) == ("a.md", "b.md")


def test_the_same_value_in_other_words_is_no_change():
    """Other words, and another confidence, are not reported."""
    old, new = reply(answer("1,200 people")), reply(answer("1200 people", confidence=0.6))
    assert kinds(old, new) == []


def test_more_articles_with_the_same_value_are_quiet():
    """Further support is in the report, but not reported."""
    both = answer("140 people").model_copy(
        update={"citations": (cited("140 people"), cited("140 people", "b.md"))}
    )
    (found,) = differences(reply(answer("140 people")), reply(both), STANDS)
    assert found.kind is ChangeKind.FURTHER_SUPPORT
    assert found.kind.is_quiet


@pytest.mark.parametrize("verify", [GONE, CHANGED])
def test_an_answer_whose_words_are_gone_is_no_longer_supported(verify):
    """Nothing is found now, and the article is gone or has other words."""
    assert kinds(reply(answer("140 people")), reply(), verify) == [ChangeKind.NO_LONGER_SUPPORTED]


def test_an_answer_that_is_only_less_sure_is_quiet_and_is_compared_again():
    """The words stand, but their score fell: when it rises again, nothing is reported."""
    old = reply(answer("140 people"))
    found = differences(old, reply(), STANDS)
    assert [one.kind for one in found] == [ChangeKind.LESS_SURE]
    assert basis(old, reply(), found) == old
    assert kinds(old, old) == []


def test_other_words_from_a_withdrawn_article_are_no_longer_supported():
    """The article is gone, and the best answer is now in another one."""
    old, new = reply(answer("the mayor")), reply(answer("a fishing boat", "b.md"))
    (found,) = differences(old, new, GONE)
    assert found.kind is ChangeKind.NO_LONGER_SUPPORTED
    assert found.new is not None
    assert found.new.text == "a fishing boat"


def test_another_order_of_known_answers_is_quiet():
    """The same two answers from unchanged articles change places."""
    first, second = answer("the storm broke it"), answer("it had rusted away", "b.md")
    assert kinds(reply(first, second), reply(second, first)) == [ChangeKind.OTHER_ORDER]


def test_another_order_is_reported_if_an_article_has_changed():
    """The second answer comes first because its article has a new version."""
    first, second = answer("the storm broke it"), answer("it had rusted away", "b.md")
    later = answer("it had rusted away", "b.md", "2")
    assert kinds(reply(first, second), reply(later, first)) == [ChangeKind.OTHER_ANSWER]


def test_a_corrected_value_is_reported_with_its_correction():
    """The correction is quoted."""
    correction = cited("Not 140 people but 212", "c.md")
    new = reply(
        answer("212 people", "c.md", status=ValueStatus.CURRENT),
        values=(
            value("140 people", ValueStatus.CORRECTED, correction=correction),
            value("212 people", ValueStatus.CURRENT, "c.md"),
        ),
    )
    (found,) = differences(reply(answer("140 people")), new, STANDS)
    assert found.kind is ChangeKind.CORRECTED
    assert found.correction == correction


def test_a_correction_of_an_older_value_is_reported():
    """The best answer is the same, but another value that was shown was wrong."""
    best = answer("212 people", "b.md", status=ValueStatus.CURRENT)
    now = value("212 people", ValueStatus.CURRENT, "b.md")
    old = reply(best, values=(value("140 people", ValueStatus.OUTDATED), now))
    new = reply(best, values=(value("140 people", ValueStatus.CORRECTED), now))
    assert kinds(old, new) == [ChangeKind.CORRECTED]


def test_a_dispute_is_reported_when_it_begins_and_when_its_article_is_gone():
    """The value itself is the same."""
    sure = reply(answer("140 people", status=ValueStatus.CURRENT))
    disputed = disputed_reply()
    assert kinds(sure, disputed) == [ChangeKind.DISPUTED]
    assert kinds(disputed, sure, GONE) == [ChangeKind.SETTLED]


def test_a_dispute_that_only_lost_its_score_is_quiet():
    """Both articles stand unchanged, so nothing has been settled."""
    sure = reply(answer("140 people", status=ValueStatus.CURRENT))
    assert kinds(disputed_reply(), sure) == [ChangeKind.OTHER_ORDER]


def disputed_reply() -> Reply:
    """Two papers give different numbers."""
    return reply(
        answer("140 people", status=ValueStatus.DISPUTED),
        values=(
            value("140 people", ValueStatus.DISPUTED),
            value("212 people", ValueStatus.DISPUTED, "b.md"),
        ),
    )


def test_at_least_19_and_then_at_least_21_is_a_changed_value():
    """A toll that rises is a change, although both bounds may be true."""
    new = reply(
        answer("At least 21", "b.md", status=ValueStatus.CURRENT),
        values=(
            value("At least 19", ValueStatus.OUTDATED),
            value("At least 21", ValueStatus.CURRENT, "b.md"),
        ),
    )
    assert kinds(reply(answer("At least 19")), new) == [ChangeKind.CHANGED_VALUE]


def test_a_new_item_of_a_list_is_a_new_answer():
    """The items that were there are not reported again, whatever their order."""
    old = reply(answer("Ghana"), kind=QuestionKind.LIST)
    new = reply(answer("Malawi", "b.md"), answer("Ghana"), kind=QuestionKind.LIST)
    (found,) = differences(old, new, STANDS)
    assert found.kind is ChangeKind.NEW_ANSWER
    assert found.new is not None
    assert found.new.text == "Malawi"


def test_an_item_that_is_less_sure_is_not_new_when_it_returns():
    """The item is remembered while its words stand."""
    both = reply(answer("Ghana"), answer("Malawi", "b.md"), kind=QuestionKind.LIST)
    one = reply(answer("Ghana"), kind=QuestionKind.LIST)
    found = differences(both, one, STANDS)
    assert [each.kind for each in found] == [ChangeKind.LESS_SURE]
    assert kinds(basis(both, one, found), both) == []


def test_silence_after_silence_is_no_change():
    """Nothing was found, and nothing is."""
    assert kinds(reply(), reply()) == []
